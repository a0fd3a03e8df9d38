"""Reading an answer. Whatever the server sends becomes a value here; nothing it sends can raise."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Annotated, Any, Final, TypeVar

import msgspec

LONGEST_WAIT: Final = timedelta(days=1)
MOST_OBJECTS: Final = 500_000  # a small body of many empty ones would fill the memory: no answer of ours has as many
LONGEST_NAME: Final = 100  # of codes and request ids, as wide as the columns that keep them
_LARGEST_FIGURE: Final = 1e12  # nothing that a limit counts comes near
_LONGEST_MESSAGE: Final = 1_000
_RESET_IN: Final = re.compile(r"reset in (\d{1,6}) seconds", re.IGNORECASE)
_LIMIT: Final = re.compile(
    r'"(?P<name>[^"]*)"(?P<parameters>(?:\s*;\s*[a-z]+\s*=\s*(?:"[^"]*"|[^;,"]*))*)', re.IGNORECASE
)
_PARAMETER: Final = re.compile(r'([a-z]+)\s*=\s*(?:"([^"]*)"|([^;,"]*))', re.IGNORECASE)

Shape = TypeVar("Shape")
Points = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back over HTTP: header names in lower case, the body decompressed."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    elapsed: timedelta


class Complexity(msgspec.Struct, frozen=True):
    """Points as the server counts them; `reset_in_x_seconds` is when `after` is full again."""

    query: Points
    before: Points
    after: Points
    reset_in_x_seconds: Points


@dataclass(frozen=True, slots=True)
class Complaint:
    """One entry of `errors`, or the older form at the top level of the body."""

    message: str
    code: str | None = None
    status_code: int | None = None  # inside the body; may differ from the HTTP status
    path: tuple[str | int, ...] = ()
    data: Mapping[str, object] | None = None  # error_data, where it is an object

    @property
    def alias(self) -> str | None:
        """The mutation or field that the complaint is about, if it names one."""
        return self.path[0] if self.path and isinstance(self.path[0], str) else None


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply taken apart. `readable` is False for anything but one clear JSON object, and then the rest is empty."""

    status: int
    readable: bool
    data: bytes = b""  # JSON text of `data`; empty where the answer has none
    complaints: tuple[Complaint, ...] = ()
    request_id: str | None = None
    complexity: Complexity | None = None
    wait: timedelta | None = None  # the longest hint given, 0 to 24 hours

    def fields(self) -> dict[str, Any]:
        """`data` as plain values; empty where it is missing, null or not an object."""
        return self.shaped(dict[str, Any]) or {}

    def shaped(self, shape: type[Shape]) -> Shape | None:
        """`data` as `shape`, or None where it is not of that shape."""
        try:
            return msgspec.json.decode(self.data, type=shape)
        except (ValueError, RecursionError):
            return None


class _Envelope(msgspec.Struct):
    data: msgspec.Raw = msgspec.Raw(b"")
    errors: Any = None
    extensions: Any = None
    error_code: Any = None
    error_message: Any = None
    error_data: Any = None
    status_code: Any = None


class _Metered(msgspec.Struct):
    complexity: Complexity | None = None


def read_answer(reply: Reply) -> Answer:
    """Take a reply apart."""
    request_id = _name(reply.headers.get("x-request-id"))
    try:
        envelope = _envelope(reply.body)
    except (ValueError, RecursionError):
        wait = _longest(_header_waits(reply.headers))
        return Answer(reply.status, readable=False, request_id=request_id, wait=wait)
    entries, complaints = _complaints(envelope)
    answer = Answer(reply.status, readable=True, data=bytes(envelope.data), complaints=complaints)
    metered = answer.shaped(_Metered)
    return Answer(
        reply.status,
        readable=True,
        data=answer.data,
        complaints=complaints,
        request_id=_name(_mapping(envelope.extensions).get("request_id")) or request_id,
        complexity=metered.complexity if metered else None,
        wait=_longest([*_header_waits(reply.headers), *_body_waits(entries, complaints)]),
    )


def _envelope(body: bytes) -> _Envelope:
    """ValueError for what is no JSON object, can be read in two ways, or would be far larger in memory."""
    if body.count(b"{") + body.count(b"[") > MOST_OBJECTS:
        raise ValueError("the answer holds too many objects")
    envelope = msgspec.json.decode(body, type=_Envelope)
    # The fast reader takes the last of two values of one name, and does not look at what it skips.
    json.loads(body.decode("utf-8"), object_pairs_hook=_each_once, parse_constant=_refuse)
    return envelope


def _each_once(pairs: list[tuple[str, object]]) -> None:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a name stands twice in one object")


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def rate_limits(header: str) -> dict[str, dict[str, float]]:
    """`RateLimit` or `RateLimit-Policy` as {limit name: {parameter: number}}, without what is no count."""
    limits: dict[str, dict[str, float]] = {}
    for limit in _LIMIT.finditer(header[:4_000]):
        found = _PARAMETER.findall(limit["parameters"])
        numbers = ((name.lower(), _number(quoted or bare)) for name, quoted, bare in found)
        counts = {name: number for name, number in numbers if number is not None and 0 <= number <= _LARGEST_FIGURE}
        limits[limit["name"].lower()] = counts
    return limits


def _complaints(envelope: _Envelope) -> tuple[list[Mapping[str, object]], tuple[Complaint, ...]]:
    """The `extensions` objects (they hold the waits) and what they complain about."""
    given = envelope.errors or []
    listed = given if isinstance(given, list) else [given]
    extensions = [_mapping(_mapping(entry).get("extensions")) for entry in listed]
    complaints = [_complaint(entry, extra) for entry, extra in zip(listed, extensions, strict=True)]
    code = _text(envelope.error_code)
    if (code or envelope.error_message) and not any(found.code or found.path for found in complaints):
        top = {"status_code": envelope.status_code, "error_data": envelope.error_data}
        complaints = [_complaint({"message": envelope.error_message}, {**top, "code": code})]
        extensions.append(_mapping(envelope.error_data))
    return extensions, tuple(complaints)


def _complaint(entry: object, extra: Mapping[str, object]) -> Complaint:
    said = _mapping(entry)
    message = entry if isinstance(entry, str) else said.get("message")
    status = _number(extra.get("status_code"))
    path = said.get("path")
    data = extra.get("error_data")
    return Complaint(
        message=(_text(message) or "no message")[:_LONGEST_MESSAGE],
        code=_name(extra.get("code")) or _name(extra.get("error_code")) or _name(said.get("error_code")),
        status_code=int(status) if status is not None else None,
        path=tuple(step for step in path if isinstance(step, (str, int))) if isinstance(path, list) else (),
        data=_mapping(data) if isinstance(data, dict) else None,
    )


def _header_waits(headers: Mapping[str, str]) -> list[timedelta | None]:
    told = headers.get("retry-after", "")
    waits = [_seconds(_number(told)) or _until(told, headers.get("date", ""))]
    limits = rate_limits(headers.get("ratelimit", "")).values()
    # Points tell their reset with every answer: it is a hint only where nothing is left.
    return [*waits, *(_seconds(limit.get("t")) for limit in limits if limit.get("r", 0) <= 0)]


def _body_waits(extensions: Iterable[Mapping[str, object]], complaints: Iterable[Complaint]) -> list[timedelta | None]:
    waits: list[timedelta | None] = []
    for extra in extensions:
        milliseconds = _number(extra.get("retryAfterMs"))
        waits += [_seconds(_number(extra.get("retry_in_seconds")))]
        waits += [_seconds(milliseconds / 1_000 if milliseconds is not None else None)]
    told = (_RESET_IN.search(complaint.message) for complaint in complaints)
    return [*waits, *(_seconds(float(match[1])) for match in told if match)]


def _until(told: str, sent: str) -> timedelta | None:
    """A Retry-After date, counted from the server's own Date header: two hosts' clocks are never compared."""
    due, date = _date(told), _date(sent)
    return _seconds((due - date).total_seconds()) if due and date else None


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return date if date.tzinfo else None


def _seconds(number: float | None) -> timedelta | None:
    """A hint in seconds; nothing and the past are no hint, the absurdly far future is a day."""
    if number is None or number < 0:
        return None
    return timedelta(seconds=min(number, LONGEST_WAIT.total_seconds()))


def _longest(waits: Iterable[timedelta | None]) -> timedelta | None:
    return max((wait for wait in waits if wait is not None), default=None)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _name(value: object) -> str | None:
    """A code or an id: kept, and so cut to what is kept of it."""
    return value[:LONGEST_NAME] if isinstance(value, str) and value.strip() else None


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
