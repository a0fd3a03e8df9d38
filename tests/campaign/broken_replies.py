"""Replies as no server should give them, each a breakage of an honest one, drawn by a seeded `random.Random`.

A breakage is never a plausible lie: an answer in which only a value differs from the truth is an answer.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

import httpx2

from order_sync.monday.codes import CODES

Json = Any
Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class BrokenReply:
    """A reply as it goes over the wire: `body`, `repeated` times, after these headers."""

    kind: str
    body: bytes
    status: int = 200
    headers: Headers = ()
    repeated: int = 1

    def response(self) -> httpx2.Response:
        return httpx2.Response(self.status, headers=list(self.headers), stream=_Stream(self))


class _Stream(httpx2.SyncByteStream):
    def __init__(self, reply: BrokenReply) -> None:
        self._reply = reply

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(self._reply.repeated):
            yield self._reply.body


@dataclass(frozen=True, slots=True)
class Honest:
    """What the server would have said, and what it said to another request."""

    answer: Mapping[str, Json]
    other: Mapping[str, Json]
    aliases: tuple[str, ...] = ()  # of a mutation; empty for a question

    @property
    def text(self) -> bytes:
        return json.dumps(self.answer).encode()

    def copy(self) -> dict[str, Json]:
        copied: dict[str, Json] = json.loads(self.text)
        return copied


Kind = Callable[[random.Random, Honest], BrokenReply]

ABSURD_WAITS: Final = (
    "-1", "-1e9", "1e9", "1e308", "99999999999999999999", "inf", "nan", "soon", "", " ", "0", "0.0", "1,5", "5 minutes",
    "Wed, 21 Oct 2015 07:28:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 +9900", "2026-13-45",
    "٣", "1_000", "0x10", "1e-300", "true", "null", "[]", "3600, 7200", "31536000000",
)  # fmt: skip
ABSURD_LIMITS: Final = (
    '"complexityMinute";r=-5;t=-9', '"complexityMinute";r=1e300;t=1e300', '"minuteRate";r=0;t=1e12', '"minuteRate";q=0',
    '"minuteRate";q=-3;w=60', '"minuteRate";q=1e308', '"complexityMinute";q=1e-9', "garbage", '"";;;===', '"a";r=' + "9" * 400,
    '"minuteRate";r=0', '"complexityMinute";q=1;r=0;t=99999999', '"minuteRate"' + ";r=0" * 900,
)  # fmt: skip
NO_IDS: Final[tuple[Json, ...]] = (
    0, -1, "-5", "0", "", " ", "12a", "NaN", float("nan"), float("inf"), 1.0, 12.5, "1e3", "1.0", "+7", " 7", "7 ",
    10**19, str(10**19), 2**63, str(2**63), -(2**63), 10**400, True, False, None, [], {}, ["7"], {"id": "7"}, "٧٧",
    "7\u0000", "null", "undefined", "item", "9" * 5_000,
)  # fmt: skip
OTHER_TYPES: Final[tuple[Json, ...]] = (
    None, True, False, 0, -1, 1.5, 10**30, "", "text", "\x00", [], [None], [[]], {}, {"id": None}, {"": ""}, [{"id": []}],
)  # fmt: skip
STATUSES: Final = (
    *range(200, 209), 226, *range(300, 309), *range(400, 419), 421, 422, 423, 424, 425, 426, 428, 429, 431, 451, 499,
    *range(500, 509), 511, 520, 521, 522, 524, 530, 599,
)  # fmt: skip
PAGE: Final = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body><p>Please wait</p></body></html>"


def draw(chance: random.Random, honest: Honest) -> BrokenReply:
    """One broken reply: most kinds are as likely as any, what costs megabytes is rare."""
    if chance.random() < _RARELY:
        return chance.choice(LARGE)(chance, honest)
    kinds = (*ANY_ANSWER, *OF_MUTATIONS) if honest.aliases else ANY_ANSWER
    reply = chance.choice(kinds)(chance, honest)
    if chance.random() < 0.15:
        return _also_with_headers(chance, reply)
    return reply


_RARELY: Final = 0.004


def _also_with_headers(chance: random.Random, reply: BrokenReply) -> BrokenReply:
    headers = (*reply.headers, *absurd_headers(chance))
    return replace(reply, headers=headers, status=chance.choice((reply.status, reply.status, 429, 503, 500)))


def _reply(kind: str, answer: Json, **more: Any) -> BrokenReply:
    return BrokenReply(kind, json.dumps(answer).encode("utf-8", "surrogatepass"), **more)


# the text


def _html(chance: random.Random, _honest: Honest) -> BrokenReply:
    return BrokenReply("HTML", PAGE, chance.choice((200, 200, *STATUSES)), ((b"Content-Type", b"text/html"),))


def _cut(chance: random.Random, honest: Honest) -> BrokenReply:
    return BrokenReply(
        "cut off", honest.text[: chance.randrange(len(honest.text))], chance.choice((200, 200, 429, 502))
    )


def _bytes(chance: random.Random, honest: Honest) -> BrokenReply:
    text = bytearray(honest.text)
    for _ in range(chance.randint(1, 8)):
        # None of these stands in JSON: a digit for another digit would be a lie, not a breakage.
        text[chance.randrange(len(text))] = chance.choice(b"\x00\x01\x1f\x80\xff\xc3")
    return BrokenReply("bytes changed", bytes(text))


def _encoded(chance: random.Random, honest: Honest) -> BrokenReply:
    text = honest.text.decode()
    codec = chance.choice(("utf-8-sig", "utf-16", "utf-16-le", "utf-32", "utf-7-ish", "cp037"))
    made = text.replace('"', "+ACI-").encode() if codec == "utf-7-ish" else text.encode(codec)
    return BrokenReply(f"encoded {codec}", made)


def _around(chance: random.Random, honest: Honest) -> BrokenReply:
    text = honest.text
    forms = (
        text + b"}", text + text, b"x" + text, b")]}',\n" + text, b"[" + text + b"]", b"/* */" + text, text + b",",
        b"callback(" + text + b")", text.replace(b'"', b"'"), text.replace(b":", b"="), text.replace(b'"data"', b"data"),
        b'"' + text.replace(b'"', b'\\"') + b'"', b"data: " + text + b"\n\n", text.replace(b",", b",,"), b"\n" + text[::-1],
        b"--b\r\n\r\n" + text + b"\r\n--b--",
    )  # fmt: skip
    return BrokenReply("around the JSON", chance.choice(forms))


def _no_object(chance: random.Random, _honest: Honest) -> BrokenReply:
    forms = (
        b"",
        b" ",
        b"null",
        b"true",
        b"0",
        b"NaN",
        b'"ok"',
        b"[]",
        b"[{}]",
        b"{}",
        b"{",
        b"\x00" * 50,
        b"OK",
        b"\xff\xfe",
    )
    return BrokenReply("no object", chance.choice(forms), chance.choice((200, 200, *STATUSES)))


def _twice(chance: random.Random, honest: Honest) -> BrokenReply:
    """One name twice in an object: which of the two is meant, nobody knows."""
    text, data = honest.text, json.dumps(honest.answer.get("data")).encode()
    other = chance.choice((b"null", b"{}", b"[]", json.dumps(honest.other.get("data")).encode(), b'"x"'))
    whole = (b'{"data":' + other + b"," + text[1:], text[:-1] + b',"data":' + other + b"}")
    inside = json.dumps(chance.choice(honest.aliases) if honest.aliases else next(iter(honest.answer["data"]))).encode()
    value = chance.choice((b"null", b'{"id":"424242"}', b"[]"))
    at = text.index(data)
    within = (
        text[:at] + b"{" + inside + b":" + value + b"," + data[1:] + text[at + len(data) :],
        text[:at] + data[:-1] + b"," + inside + b":" + value + b"}" + text[at + len(data) :],
    )
    errors = text[:-1] + b',"errors":[{"message":"boom"}],"errors":[]}'
    ids = text.replace(b'"id":', b'"id":"31337","id":', 1)
    return BrokenReply("a name twice", chance.choice((*whole, *within, errors, ids)))


def _nested(chance: random.Random, honest: Honest) -> BrokenReply:
    deep = chance.choice((100, 2_000, 200_000))
    one, end = chance.choice(((b"[", b"]"), (b'{"data":', b"}"), (b'{"errors":[', b"]}")))
    inner = one * deep + b"1" + end * deep
    return BrokenReply("nested deeply", chance.choice((inner, honest.text[:-1] + b',"more":' + inner + b"}")))


# the structure


def _data(chance: random.Random, honest: Honest) -> BrokenReply:
    answer = honest.copy()
    form = chance.choice(("null", "missing", "other"))
    if form == "missing":
        del answer["data"]
    else:
        answer["data"] = None if form == "null" else deepcopy(chance.choice(OTHER_TYPES))
    if chance.random() < 0.4:
        answer["errors"] = chance.choice((None, [], {}, "boom", [{"message": "boom"}]))
    return _reply(f"data {form}", answer, status=chance.choice((200, 200, 200, *STATUSES)))


def _node(chance: random.Random, honest: Honest) -> BrokenReply:
    """Anything anywhere is missing or of another type."""
    answer = honest.copy()
    for _ in range(chance.randint(1, 3)):
        _break_one(chance, answer)
    return _reply("another shape", answer)


def _break_one(chance: random.Random, answer: dict[str, Json]) -> None:
    places = list(_places(answer))
    if not places:
        return
    holder, name = chance.choice(places)
    if isinstance(holder, dict) and chance.random() < 0.4:
        del holder[name]
        return
    was = holder[name]
    holder[name] = deepcopy(chance.choice([value for value in OTHER_TYPES if not _could_be_true(was, value)]))


def _could_be_true(was: Json, value: Json) -> bool:
    """An empty list or text in place of another, or null for a text, is what an honest server says too."""
    return type(was) is type(value) or (value is None and isinstance(was, (str, list)))


def _places(node: Json) -> Iterator[tuple[Any, Any]]:
    for name in list(node) if isinstance(node, dict) else range(len(node)):
        yield node, name
        if isinstance(node[name], (dict, list)):
            yield from _places(node[name])


def _other_request(chance: random.Random, honest: Honest) -> BrokenReply:
    answer = dict(honest.other)
    if chance.random() < 0.3:
        answer["data"] = {**honest.answer["data"], **(honest.other.get("data") or {})}
    return _reply("for another request", answer)


def _more_fields(chance: random.Random, honest: Honest) -> BrokenReply:
    answer = honest.copy()
    answer["data"][chance.choice(("r99", "R0", "r00", "", "items", "r0 ", "create_item", "__proto__"))] = {"id": "5150"}
    return _reply("unasked fields", answer)


# the mutations of a request


def _alias(chance: random.Random, honest: Honest) -> BrokenReply:
    answer, form = honest.copy(), chance.choice(("missing", "other", "null", "renamed"))
    for alias in _some(chance, honest.aliases):
        was = answer["data"].pop(alias)
        if form == "other":
            answer["data"][alias] = chance.choice([value for value in OTHER_TYPES if value is not None])
        elif form == "null":
            answer["data"][alias] = None
        elif form == "renamed":
            answer["data"][alias.upper()] = was
    return _reply(f"alias {form}", answer)


def _no_id(chance: random.Random, honest: Honest) -> BrokenReply:
    answer = honest.copy()
    for alias in _some(chance, honest.aliases):
        answer["data"][alias]["id"] = chance.choice(NO_IDS)
    return _reply("no id", answer)


def _id_again(chance: random.Random, honest: Honest) -> BrokenReply:
    answer = honest.copy()
    chosen = chance.choice(honest.aliases)
    given = answer["data"][chosen]["id"]
    for alias in _some(chance, honest.aliases):
        same = chance.choice((given, int(given), f"0{given}")) if str(given).isdigit() else given
        answer["data"][alias]["id"] = same
    return _reply("id again", answer)


def _some(chance: random.Random, aliases: tuple[str, ...]) -> list[str]:
    return chance.sample(aliases, chance.randint(1, len(aliases)))


# the errors


def _errors(chance: random.Random, honest: Honest) -> BrokenReply:
    answer = honest.copy()
    errors = [_error(chance, honest) for _ in range(chance.choice((1, 1, 2, 5)))]
    answer["errors"] = chance.choice(
        (errors, errors, errors, errors[0], [errors], {"errors": errors}, [errors[0], None, 7, "x"])
    )
    form = chance.choice(("beside data", "data null", "rows null", "rows missing"))
    if form == "data null":
        answer["data"] = None
    elif form != "beside data" and honest.aliases:
        for alias in _some(chance, honest.aliases):
            answer["data"].pop(alias)
            if form == "rows null":
                answer["data"][alias] = None
    return _reply(f"errors, {form}", answer, status=chance.choice((200, 200, 200, *STATUSES)))


def _error(chance: random.Random, honest: Honest) -> Json:
    known = sorted(CODES)
    code = chance.choice((*known, *known, "", "NO_SUCH_CODE", 7, None, [], {}, "x" * 500, "INTERNAL_SERVER_ERROR"))
    extensions: Json = {"code": code}
    if chance.random() < 0.3:
        extensions[chance.choice(("retry_in_seconds", "retryAfterMs", "status_code"))] = _absurd_number(chance)
    if chance.random() < 0.2:
        extensions = chance.choice((None, [], "x", {"extensions": extensions}, {"code": {"code": code}}, [extensions]))
    error: dict[str, Json] = {"message": chance.choice(_MESSAGES), "extensions": extensions}
    if chance.random() < 0.6:
        error["path"] = _path(chance, honest)
    if chance.random() < 0.2:
        error["errors"] = [dict(error)]
    if chance.random() < 0.2:
        extensions_data = {"column_id": chance.choice(("text_order", 5, None, "x" * 400)), "resource_type": "group"}
        error["extensions"] = {"code": code, "error_data": extensions_data}
    return error


_MESSAGES: Final[tuple[Json, ...]] = (
    "boom", "", None, 5, [], {}, "x" * 20_000, "Daily limit exceeded", "Complexity budget exhausted, reset in 999999 seconds",
    "not authenticated", 'Variable "$n0" got invalid value', 'Variable "$board" got invalid value', "Internal server error",
    "\x00\x1b[31mred", "\u202ereversed", "Cannot query field", "group not found", "reset in -5 seconds", "Variable $v99",
)  # fmt: skip


def _path(chance: random.Random, honest: Honest) -> Json:
    alias = chance.choice((*honest.aliases, "data"))
    known: tuple[Json, ...] = ([alias], [alias], [alias, "id"], [alias, 0], [alias, alias])
    unknown: tuple[Json, ...] = (
        ["r99"],
        [],
        ["R0"],
        [0],
        [None],
        [[alias]],
        alias,
        None,
        {},
        ["", alias],
        ["complexity"],
        [{}],
    )
    return chance.choice((*known, *unknown))


def _old_errors(chance: random.Random, honest: Honest) -> BrokenReply:
    """The older form, at the top of the body."""
    answer = honest.copy() if chance.random() < 0.5 else {}
    answer["error_code"] = chance.choice((*sorted(CODES), "Nonsense", 7, None, ""))
    answer["error_message"] = chance.choice(_MESSAGES)
    answer["status_code"] = _absurd_number(chance)
    answer["error_data"] = chance.choice((None, {}, [], "x", {"retry_in_seconds": _absurd_number(chance)}))
    return _reply("errors of old", answer, status=chance.choice((200, 200, *STATUSES)))


def _absurd_number(chance: random.Random) -> Json:
    numbers = (
        0,
        -1,
        1e9,
        -1e9,
        1e308,
        10**400,
        float("nan"),
        float("inf"),
        429,
        401,
        423,
        500,
        "429",
        "x",
        None,
        True,
        [],
        {},
    )
    return chance.choice((*numbers, chance.choice(ABSURD_WAITS)))


def _points(chance: random.Random, honest: Honest) -> BrokenReply:
    """What the call cost and what is left, absurdly. The answer is good but for that."""
    answer = honest.copy()
    names = ("query", "before", "after", "reset_in_x_seconds")
    numbers = (0, -1, 1, 10**9, 10**18, 2**63 - 1, 2**63, 10**30, 10**400, -(10**18), 1.5, None, "5", True)
    points = {name: chance.choice(numbers) for name in names if chance.random() < 0.95}
    answer["data"]["complexity"] = chance.choice((points, points, points, None, [], 5, "x"))
    return _reply("points", answer)


# the transfer


def _status(chance: random.Random, honest: Honest) -> BrokenReply:
    return BrokenReply("another status", honest.text, chance.choice(STATUSES))


def absurd_headers(chance: random.Random) -> Headers:
    names = (b"Retry-After", b"RateLimit", b"RateLimit-Policy", b"Date", b"X-Request-Id", b"Idempotency-Replayed")
    values = (*ABSURD_WAITS, *ABSURD_LIMITS, "x" * 3_000)
    odd = (b"\xff\xfe\x80", b"\xc3\x28", "é".encode("latin-1"), "時".encode(), b"\x01\x02", b"a\tb", b"=?utf-8?q?=00?=")
    made = [(name, _latin(chance.choice(values))) for name in chance.sample(names, chance.randint(1, 4))]
    if chance.random() < 0.3:
        made.append((chance.choice(names), chance.choice(odd)))
    return tuple(made)


def _latin(value: str) -> bytes:
    return value.encode()


def _headers(chance: random.Random, honest: Honest) -> BrokenReply:
    body = chance.choice((honest.text, b"", b'{"errors":[{"message":"slow down"}]}'))
    return BrokenReply("absurd headers", body, chance.choice((200, 429, 429, 503, 423, 409)), absurd_headers(chance))


def _compressed(chance: random.Random, honest: Honest) -> BrokenReply:
    """The body is not what Content-Encoding says."""
    packed = gzip.compress(honest.text, mtime=0)
    bad = bytearray(packed)
    bad[chance.randrange(len(bad))] ^= 0xFF
    encoding = chance.choice(
        (b"gzip", b"deflate", b"br", b"zstd", b"gzip, gzip", b"identity", b"x-unknown", b"GZIP", b"", b"\xff")
    )
    forms = (
        honest.text,
        packed[: chance.randrange(len(packed))],
        bytes(bad),
        gzip.compress(packed, mtime=0),
        packed + b"tail",
        b"",
    )
    return BrokenReply("content-encoding", chance.choice(forms), 200, ((b"Content-Encoding", encoding),))


MEGABYTE: Final = 1024 * 1024


@cache
def _bomb() -> bytes:
    return gzip.compress(b" " * (100 * MEGABYTE), compresslevel=9, mtime=0)


def _packed_bomb(_chance: random.Random, _honest: Honest) -> BrokenReply:
    return BrokenReply("gzip bomb", _bomb(), 200, ((b"Content-Encoding", b"gzip"),))


@cache
def _bomb_in_a_bomb() -> bytes:
    return gzip.compress(_bomb() * 1_000, compresslevel=9, mtime=0)


def _packed_twice(_chance: random.Random, _honest: Honest) -> BrokenReply:
    """A few hundred kilobytes that stand for a hundred gigabytes."""
    return BrokenReply("gzip bomb in a gzip bomb", _bomb_in_a_bomb(), 200, ((b"Content-Encoding", b"gzip, gzip"),))


def _hundred_megabytes(chance: random.Random, _honest: Honest) -> BrokenReply:
    unit = chance.choice((b" ", b"[", b"{},", b'{"data":', b"\xff", b"1,"))
    return BrokenReply("100 MB", (unit * MEGABYTE)[:MEGABYTE], chance.choice((200, 429, 500)), (), 100)


def _many_objects(chance: random.Random, _honest: Honest) -> BrokenReply:
    """Small on the wire, large in memory."""
    unit, end = chance.choice(
        ((b'{"errors":[{}', b",{}"), (b'{"data":{"r0":[[]', b",[]"), (b'{"data":[{"id":1}', b',{"id":1}'))
    )
    closed = {b",{}": b"]}", b",[]": b"]}}", b',{"id":1}': b"]}"}[end]
    return BrokenReply("millions of objects", unit + end * (15 * MEGABYTE // len(end)) + closed)


ANY_ANSWER: Final[tuple[Kind, ...]] = (
    _html, _cut, _bytes, _encoded, _around, _no_object, _twice, _nested, _data, _node, _node, _other_request, _more_fields,
    _errors, _errors, _old_errors, _status, _headers, _compressed, _points,
)  # fmt: skip
OF_MUTATIONS: Final[tuple[Kind, ...]] = (_alias, _no_id, _no_id, _id_again)
LARGE: Final[tuple[Kind, ...]] = (_packed_bomb, _packed_twice, _hundred_megabytes, _many_objects)
