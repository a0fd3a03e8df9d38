"""Requests around a document: methods, paths, headers, encodings, and bodies that are damaged on their way."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from graphql import GraphQLSchema
from tests.fuzz.account import known
from tests.fuzz.choices import Choices
from tests.fuzz.documents import Document, Writer
from tests.fuzz.values import encode, junk

API = "/v2"
JSON_TYPE = "application/json"
_METHODS = ("GET", "PUT", "DELETE", "", "post", "\x00", "POST /v2")
_PATHS = ("/v2/", "/v2/file", "/", "", "/v3", "/v2/../v2", "/v2?query={me{id}}", "/v2/\x00", "//v2", "/V2")
_HEADERS: tuple[Mapping[str, str], ...] = (
    {"Authorization": ""}, {"Authorization": "Bearer a-token"}, {"Authorization": "Bearer "}, {"Authorization": "x" * 100_000},
    {"API-Version": "2023"}, {"API-Version": "2024-02"}, {"API-Version": "dev"}, {"API-Version": "2026-07"},
    {"API-Version": "٢٠٢٦-١٠"}, {"API-Version": "\x00"}, {"API-Version": "9999-12"}, {"API-Version": ""},
    {"Content-Type": "text/plain"}, {"Content-Type": ""}, {"Content-Type": "multipart/form-data"},
    {"Content-Type": "multipart/form-data; boundary="}, {"Content-Type": "multipart/form-data; boundary=b"},
    {"Content-Type": "application/x-www-form-urlencoded"}, {"Content-Type": "application/json; charset=utf-16"},
    {"Content-Encoding": "gzip"}, {"Content-Encoding": "br"}, {"Content-Encoding": "\x00"}, {"Content-Length": "-1"},
    {"Idempotency-Key": "k"}, {"Idempotency-Key": "k"}, {"Idempotency-Key": ""}, {"Idempotency-Key": "\ud800"},
    {"Idempotency-Key": "k" * 10_000}, {"": ""}, {"\x00": "\n"}, {"X-Anything": "é" * 1000},
)  # fmt: skip


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


def request(choices: Choices, schema: GraphQLSchema) -> Request:
    """Four in five are well-formed HTTP with a well-formed body."""
    headers = {"Authorization": "a-token", "Content-Type": JSON_TYPE}
    document = Writer(schema, known(), choices).document()
    if choices.chance(10):
        return _in_another_form(choices, document, headers)
    body = _body(choices, document)
    if choices.chance(10):
        headers |= choices.pick(_HEADERS)
    method = choices.pick(_METHODS) if choices.chance(2) else "POST"
    path = choices.pick(_PATHS) if choices.chance(3) else API
    return Request(method, path, headers, body)


def _body(choices: Choices, document: Document) -> bytes:
    text = _damaged_text(choices, document.text) if choices.chance(8) else document.text
    content: dict[str, Any] = {"query": text, "variables": document.variables}
    if document.operation_name is not None:
        content["operationName"] = document.operation_name
    if choices.chance(4):
        content[choices.pick(("query", "variables", "operationName", "extensions", ""))] = junk(choices)
    plain = encode(content)
    if choices.chance(3):
        plain = choices.pick(
            (f"[{plain}]", f"{plain}{plain}", plain[:-1] + ', "query": 1}', "\ufeff" + plain, f" {plain} ")
        )
    encoded = plain.encode("utf-8", "surrogatepass")
    return choices.pick(_DAMAGES)(choices, encoded) if choices.chance(6) else encoded


def _damaged_text(choices: Choices, text: str) -> str:
    start = choices.number(0, len(text))
    end = choices.number(start, min(len(text), start + 20))
    inside = choices.pick(("", text[start:end] * 2, choices.text(), "{" * 50, "#", '"""', "...", "\x00", "@", "{ id }"))
    return text[:start] + inside + text[end:]


def _cut(choices: Choices, body: bytes) -> bytes:
    return body[: choices.number(0, len(body))]


def _flipped(choices: Choices, body: bytes) -> bytes:
    at = choices.number(0, len(body) - 1)
    return body[:at] + bytes([choices.number(0, 255)]) + body[at + 1 :]


def _in_utf16(_choices: Choices, body: bytes) -> bytes:
    return body.decode("utf-8", "replace").encode("utf-16")


def _in_latin1(_choices: Choices, body: bytes) -> bytes:
    return body.decode("utf-8", "replace").encode("latin-1", "replace") + b"\xe9"


def _nested(choices: Choices, _body: bytes) -> bytes:
    """10,000 levels of what a body consists of."""
    opening, closing = choices.pick((("[", "]"), ('{"query":', "}"), ('{"query":"{","variables":{"a":', "}}")))
    return (opening * 10_000 + "1" + closing * 10_000).encode()


def _deep_document(choices: Choices, _body: bytes) -> bytes:
    depth = choices.pick((100, 400, 10_000))
    opening, closing = choices.pick(
        (("{ me ", "}"), ("{ ... on Query ", "}"), ("{ items(ids: [", "]) { id } }"), ("{ a(b: {c: ", "})}"))
    )
    return json.dumps({"query": opening * depth + "{ id }" + closing * depth}).encode()


def _fragment_chain(choices: Choices, _body: bytes) -> bytes:
    """Each fragment spreads the next one, twice; the last one spreads the first, or none."""
    depth = choices.pick((2, 20, 300))
    chain = (f"fragment f{at} on Query {{ ...f{at + 1} ...f{at + 1} }}" for at in range(depth))
    last = choices.pick(("f0", "nothing", ""))
    end = f"fragment f{depth} on Query {{ me {{ id }} {'...' + last if last else ''} }}"
    return json.dumps({"query": f"{{ ...f0 }} {' '.join(chain)} {end}"}).encode()


def _empty(_choices: Choices, _body: bytes) -> bytes:
    return b""


_DAMAGES: tuple[Callable[[Choices, bytes], bytes], ...] = (
    _cut, _cut, _flipped, _flipped, _flipped, _in_utf16, _in_latin1, _nested, _deep_document, _fragment_chain, _empty,
)  # fmt: skip


def _in_another_form(choices: Choices, document: Document, headers: Mapping[str, str]) -> Request:
    """As a web form, as multipart, packed: whole or damaged."""
    fields = {"query": document.text, "variables": encode(document.variables)}
    form = urlencode(fields, errors="surrogatepass").encode()
    parts = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
    )
    multipart = (parts + '--b\r\nContent-Disposition: form-data; name="variables[file]"; filename="a"\r\n\r\nx\r\n--b--\r\n').encode("utf-8", "surrogatepass")  # fmt: skip
    packed = gzip.compress(encode(fields | {"variables": document.variables}).encode("utf-8", "surrogatepass"), 1)
    more, body = choices.pick(
        (
            ({"Content-Type": "application/x-www-form-urlencoded"}, form),
            ({"Content-Type": "multipart/form-data; boundary=b"}, multipart),
            ({"Content-Encoding": "gzip"}, packed),
        )
    )
    if choices.chance(25):
        body = choices.pick((_cut, _flipped))(choices, body)
    return Request("POST", choices.pick((API, API, "/v2/file")), {**headers, **more}, body)
