"""What a broken reply may be taken for, judged from its bytes alone, without the code that is judged."""

from __future__ import annotations

import json
import re
import zlib
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from order_sync.model.outcomes import Created, GroupCreated, Halt, Halted, InDoubt, Outcome
from order_sync.monday.codes import CODES, MESSAGES, spelled
from order_sync.monday.documents import Call
from order_sync.monday.errors import Delivery
from tests.campaign.broken_replies import BrokenReply

LONGEST_WAIT: Final = timedelta(minutes=17)  # a quarter of an hour and its random share
A_DAY: Final = timedelta(days=1, minutes=3)
_REFUSING: Final = frozenset({401, 423, 429})  # statuses that say: not processed
_LARGE: Final = 4_000_000  # no honest answer to a mutation comes near


@dataclass(frozen=True, slots=True)
class Read:
    """The reply as a strict reader has it: no object where any name stands twice."""

    status: int
    data: Mapping[str, Any] = field(default_factory=dict)
    errors: tuple[Mapping[str, Any], ...] = ()


class _Unclear(ValueError):
    pass


class _Digits(str):
    """A whole number, as it was written."""

    __slots__ = ()


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Unclear("a name stands twice")
    return found


def read_strictly(reply: BrokenReply) -> Read:
    """What it says; nothing where it can be read in two ways or not at all."""
    try:
        text = _unpacked(reply).decode("utf-8")
        body = json.loads(text, object_pairs_hook=_each_once, parse_int=_Digits, parse_constant=_no_number)
    except (ValueError, RecursionError, EOFError, OSError, zlib.error):
        return Read(reply.status)
    if not isinstance(body, dict):
        return Read(reply.status)
    data = body.get("data")
    given = body.get("errors")
    listed = given if isinstance(given, list) else [given]
    errors = [each if isinstance(each, dict) else {"message": each} for each in listed if each is not None]
    top = {
        "message": body.get("error_message"),
        "extensions": {"code": body.get("error_code"), "status_code": body.get("status_code")},
    }
    old = [top] if body.get("error_code") or body.get("error_message") else []
    return Read(reply.status, data if isinstance(data, dict) else {}, (*errors, *old))


def _no_number(text: str) -> None:
    raise _Unclear(text)


def _unpacked(reply: BrokenReply) -> bytes:
    if reply.repeated > 1 or len(reply.body) > _LARGE:
        raise _Unclear("too large to be an answer")
    encodings = [value.strip().lower() for name, value in reply.headers if name.lower() == b"content-encoding"]
    body = reply.body
    for encoding in b",".join(encodings).split(b","):
        match encoding.strip():
            case b"gzip":
                body = zlib.decompressobj(wbits=31).decompress(body, _LARGE)
            case b"deflate":
                body = zlib.decompressobj().decompress(body, _LARGE)
    if len(body) >= _LARGE or len(encodings) > 1 or b"," in b"".join(encodings):
        raise _Unclear("too large, or packed twice")
    return body


def verdict(call: Call, reply: BrokenReply, delivery: Delivery) -> list[str]:
    """What is wrong with the outcomes of this reply; empty where nothing is."""
    read = read_strictly(reply)
    refs = {ref: str(alias) for alias, ref in call.refs}
    if set(delivery.outcomes) != set(refs):
        return [f"outcomes for {sorted(delivery.outcomes)}, sent {sorted(refs)}"]
    found = [_wrong(refs[ref], outcome, read, call) for ref, outcome in delivery.outcomes.items()]
    return [*(each for each in found if each), *_unbounded(delivery)]


def _wrong(alias: str, outcome: Outcome, read: Read, call: Call) -> str | None:
    match outcome:
        case InDoubt():
            return None
        case Created(item_id=made):
            return _false_success(alias, str(made), outcome.warning is not None, read, call)
        case GroupCreated(group_id=made):
            return _false_success(alias, made, True, read, call)
        case _:
            proven = refuses(alias, read, [str(name) for name, _ in call.refs])
            return (
                None if proven else f"{alias} is {type(outcome).__name__} ({outcome.problem.error_class}) without proof"
            )


def _false_success(alias: str, made: str, warned: bool, read: Read, call: Call) -> str | None:
    ids = {str(name): _id(read.data.get(str(name)), call) for name, _ in call.refs}
    if ids.get(alias) != made:
        return f"{alias} is created as {made}, the answer says {ids.get(alias)}"
    if Counter(ids.values())[made] > 1:
        return f"{alias} is created as {made}, which stands twice"
    if set(read.data) - ids.keys() - {"complexity"}:
        return f"{alias} is created by an answer to something else"
    complained = any(_path(error)[:1] == [alias] for error in read.errors)
    return f"{alias} is created as {made} without a word of its error" if complained and not warned else None


def _id(entry: Any, call: Call) -> str | None:
    """Whole numbers were read as their digits, so a quoted id and a bare one are alike; no other form is an id."""
    given = entry.get("id") if isinstance(entry, dict) else None
    if not isinstance(given, str):
        return None
    if call.operation == "create_groups":
        return (
            given
            if not isinstance(given, _Digits)
            and given.isprintable()
            and given.strip() == given
            and 0 < len(given) <= 64
            else None
        )
    plain = re.fullmatch(r"[0-9]{1,19}", given) is not None and 0 < int(given) < 2**63
    return str(int(given)) if plain else None


def _path(error: Mapping[str, Any]) -> list[Any]:
    path = error.get("path")
    return path if isinstance(path, list) else []


def refuses(alias: str, read: Read, aliases: Collection[str]) -> bool:
    """A status or a documented word says that this row was not applied, or that nothing was."""
    if read.status >= 500 or read.data.get(alias) is not None:
        return False
    own = [error for error in read.errors if _path(error)[:1] == [alias]]
    if own:
        return all(len(_path(error)) == 1 for error in own) and (read.status in _REFUSING or any(map(_documented, own)))
    began = any(read.data.get(name) is not None for name in aliases)
    began = began or any(str(step) in aliases for error in read.errors for step in _path(error)[:1])
    return not began and (read.status in _REFUSING or any(map(_documented, read.errors)))


def _documented(error: Mapping[str, Any]) -> bool:
    extensions = error.get("extensions")
    extra = extensions if isinstance(extensions, dict) else {}
    codes = [extra.get("code"), extra.get("error_code"), error.get("error_code")]
    if any(isinstance(code, str) and spelled(code) in CODES for code in codes):
        return True
    said = str(error.get("message"))
    return any(pattern.search(said) for pattern, _ in MESSAGES) or str(extra.get("status_code")) in {
        "401",
        "423",
        "429",
    }


def _unbounded(delivery: Delivery) -> list[str]:
    """Nothing that is kept or waited for is without measure."""
    longest = max((_wait(outcome) for outcome in delivery.outcomes.values()), default=timedelta(0))
    day = any(isinstance(each, Halted) and each.halt is Halt.DAILY_LIMIT for each in delivery.outcomes.values())
    found = [f"a row waits {longest}"] if longest > (A_DAY if day else LONGEST_WAIT) else []
    for name in ("code", "monday_request_id"):
        text = getattr(delivery, name)
        if text is not None and len(text) > 100:
            found.append(f"{name} of {len(text)} characters is kept")
    if delivery.complexity is not None and not 0 <= delivery.complexity < 2**63:
        found.append("points that no column holds")
    return found


def _wait(outcome: Outcome) -> timedelta:
    return getattr(outcome, "wait", None) or timedelta(0)
