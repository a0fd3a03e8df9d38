"""What a body asks for, in every form that clients send: JSON, a web form, and multipart with files."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from monday_simulator.account.uploads import Upload
from monday_simulator.gateway.multipart import MultipartError, Part, read_parts

LONGEST_BODY = 10_000_000
LONGEST_UPLOAD = 50_000_000
MOST_FIELDS = 1_000
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


class RequestError(ValueError):
    """A body that is no GraphQL request."""


@dataclass(frozen=True)
class Asked:
    """The body: a document, the name of the operation in it, its variables."""

    query: str
    operation_name: str | None
    variables: Mapping[str, Any]


def read_body(body: bytes, headers: Mapping[str, str] | None = None) -> Asked:
    """headers: by lower-case name. Raises RequestError for anything but a GraphQL request.

    A content type that is neither a form nor multipart is read as JSON, also when there is none.
    """
    named = headers or {}
    content_type = named.get("content-type", "")
    kind = content_type.partition(";")[0].strip().lower()
    plain = _unpacked(body, named.get("content-encoding", "").strip().lower(), kind)
    if kind == FORM:
        return _asked(_form(plain))
    if kind == MULTIPART:
        return _with_files(plain, content_type)
    return _asked(_json(plain))


def _unpacked(body: bytes, encoding: str, kind: str) -> bytes:
    longest = LONGEST_UPLOAD if kind == MULTIPART else LONGEST_BODY
    if encoding in ("gzip", "x-gzip"):
        body = _gunzipped(body, longest)
    elif encoding not in ("", "identity"):
        raise RequestError("an encoding that is not read")
    if len(body) > longest:
        raise RequestError("too long")
    return body


def _gunzipped(body: bytes, longest: int) -> bytes:
    """Stops at the limit: a few kilobytes can unpack to gigabytes."""
    unpacking = zlib.decompressobj(wbits=31)
    try:
        plain = unpacking.decompress(body, longest + 1)
    except zlib.error as error:
        raise RequestError("not gzip") from error
    if len(plain) <= longest and not unpacking.eof:
        raise RequestError("gzip that ends early")
    return plain


def _json(text: bytes | str) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise RequestError("not JSON") from error


def _asked(content: Any) -> Asked:
    if not isinstance(content, dict) or not isinstance(content.get("query"), str) or not content["query"].strip():
        raise RequestError("no query")
    variables, name = content.get("variables"), content.get("operationName")
    if not (variables is None or isinstance(variables, dict)) or not (name is None or isinstance(name, str)):
        raise RequestError("variables must be an object, operationName a text")
    return Asked(content["query"], name, variables or {})


# forms: every field is a text, so variables are JSON in one


def _form(body: bytes) -> dict[str, Any]:
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except (UnicodeError, ValueError) as error:
        raise RequestError("not a form") from error
    return _fields(dict(pairs))


def _fields(texts: Mapping[str, str]) -> dict[str, Any]:
    """operationName and variables count only where something is in them."""
    fields: dict[str, Any] = {"query": texts.get("query")}
    if texts.get("operationName"):
        fields["operationName"] = texts["operationName"]
    if texts.get("variables"):
        fields["variables"] = _json(texts["variables"])
    return fields


# multipart: the texts of a form, or `operations`; files by `variables[name]`, or by `map`


def _with_files(body: bytes, content_type: str) -> Asked:
    try:
        parts = {part.name: part for part in read_parts(body, content_type)}
        texts = {name: part.text() for name, part in parts.items() if part.filename is None}
    except MultipartError as error:
        raise RequestError(str(error)) from error
    content = _json(texts["operations"]) if "operations" in texts else _fields(texts)
    asked = _asked(content)
    variables = {**asked.variables, **_named(parts, texts)}
    _place_mapped({"variables": variables}, texts.get("map"), parts)
    return Asked(asked.query, asked.operation_name, variables)


def _named(parts: Mapping[str, Part], texts: Mapping[str, str]) -> dict[str, Upload | str]:
    """Fields called `variables[file]`, by the name within."""
    named = {name: name[len("variables[") : -1] for name in parts if re.fullmatch(r"variables\[.+\]", name)}
    return {variable: texts[name] if name in texts else _upload(parts[name]) for name, variable in named.items()}


def _upload(part: Part) -> Upload:
    """Some clients send the whole path of a file as its name."""
    name = (part.filename or "").replace("\\", "/").rpartition("/")[2]
    return Upload(name or "file", part.media_type, part.content)


def _place_mapped(root: dict[str, Any], text: str | None, parts: Mapping[str, Part]) -> None:
    """map: {"name of a part": ["variables.file", ...]}, as in the GraphQL multipart request specification."""
    if not text:
        return
    places = _json(text)
    if not isinstance(places, dict):
        raise RequestError("map must be an object")
    for name, paths in places.items():
        part = parts.get(name)
        if part is None or part.filename is None or not isinstance(paths, list):
            raise RequestError("map names a part that is no file")
        for path in paths:
            _place(root, str(path), _upload(part))


def _place(root: dict[str, Any], path: str, upload: Upload) -> None:
    *way, last = path.split(".")
    if len(way) == 0 or way[0] != "variables":
        raise RequestError("map leads nowhere")
    holder: Any = root
    for step in way:
        holder = _inside(holder, step)
    if isinstance(holder, list) and last.isdecimal() and int(last) < len(holder):
        holder[int(last)] = upload
    elif isinstance(holder, dict):
        holder[last] = upload
    else:
        raise RequestError("map leads nowhere")


def _inside(holder: Any, step: str) -> Any:
    try:
        return holder[int(step)] if isinstance(holder, list) else holder[step]
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise RequestError("map leads nowhere") from error
