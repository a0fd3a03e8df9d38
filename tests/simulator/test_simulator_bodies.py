"""Bodies as clients send them: forms, multipart, gzip."""

from __future__ import annotations

import gzip
import json
from urllib.parse import urlencode

import pytest
from simulator_client import TOKEN, code_of, simulated

from monday_simulator import Answer

FORM = "application/x-www-form-urlencoded"
ITEMS = "query Q($ids: [ID!]) { items(ids: $ids) { id } } query M { me { id } }"
Field = tuple[str, str | None, bytes]


def post(body: bytes, content_type: str, path: str = "/v2", **headers: str) -> Answer:
    named = {"Authorization": TOKEN, "Content-Type": content_type}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    return simulated().simulator.handle("POST", path, named, body)


def multipart(*fields: Field, boundary: str = "sep") -> bytes:
    lines = b""
    for name, filename, content in fields:
        named = f'; filename="{filename}"' if filename is not None else ""
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'
        lines += head.encode() + content + b"\r\n"
    return lines + f"--{boundary}--\r\n".encode()


def test_form_with_a_query_is_answered() -> None:
    body = urlencode({"query": "{ me { id } }", "variables": ""}).encode()
    assert post(body, FORM).json()["data"]["me"]["id"]
    assert post(body, f"{FORM}; charset=utf-8").status == 200


def test_form_carries_variables_as_json_and_an_operation_name() -> None:
    fields = {"query": ITEMS, "operationName": "Q", "variables": '{"ids": []}'}
    assert post(urlencode(fields).encode(), FORM).json()["data"] == {"items": []}
    fields["operationName"] = "M"
    assert set(post(urlencode(fields).encode(), FORM).json()["data"]) == {"me"}


@pytest.mark.parametrize("path", ["/v2", "/v2/file"])
def test_multipart_without_files_is_a_request_like_any_other(path: str) -> None:
    body = multipart(("query", None, b"{ me { id } }"))
    assert post(body, "multipart/form-data; boundary=sep", path).json()["data"]["me"]["id"]


def test_multipart_operations_are_read_as_the_specification_says() -> None:
    operations = {"query": ITEMS, "operationName": "Q", "variables": {"ids": []}}
    body = multipart(("operations", None, json.dumps(operations).encode()), ("map", None, b"{}"))
    assert post(body, 'multipart/form-data; boundary="sep"').json()["data"] == {"items": []}


def test_gzipped_body_is_unpacked() -> None:
    body = gzip.compress(json.dumps({"query": "{ me { id } }"}).encode())
    assert post(body, "application/json", Content_Encoding="gzip").status == 200


def test_small_body_that_unpacks_to_gigabytes_is_refused() -> None:
    body = gzip.compress(b" " * 20_000_000)
    assert post(body, "application/json", Content_Encoding="gzip").status == 400


QUERY: Field = ("query", None, b"{ me { id } }")
SENDING: Field = ("query", None, b"query ($a: [ID!]) { items(ids: $a) { id } }")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", FORM),
        (b"variables=x", FORM),
        (b"query=%7Bme%7Bid%7D%7D&variables=x", FORM),
        (b"query=%ff", FORM),
        (b"query=\xff", FORM),
        (b"&".join([b"query=x"] * 2_000), FORM),
        (b'{"query": "{ me { id } }"}', FORM),
        (multipart(QUERY), "multipart/form-data"),
        (multipart(QUERY), "multipart/form-data; boundary=other"),
        (multipart(QUERY)[:-6], "multipart/form-data; boundary=sep"),
        (multipart(*[QUERY] * 200), "multipart/form-data; boundary=sep"),
        (multipart(("query", None, b"\xff")), "multipart/form-data; boundary=sep"),
        (multipart(("other", None, b"{ me { id } }")), "multipart/form-data; boundary=sep"),
        (multipart(QUERY).replace(b'name="query"', b""), "multipart/form-data; boundary=sep"),
        (multipart(QUERY, ("map", None, b"[]")), "multipart/form-data; boundary=sep"),
        (multipart(QUERY, ("map", None, b'{"0": ["variables.f"]}')), "multipart/form-data; boundary=sep"),
        (
            multipart(SENDING, ("map", None, b'{"0": ["variables.a.b.c"]}'), ("0", "f", b"")),
            "multipart/form-data; boundary=sep",
        ),
        (multipart(SENDING, ("map", None, b'{"0": ["query"]}'), ("0", "f", b"")), "multipart/form-data; boundary=sep"),
    ],
)
def test_body_that_is_not_what_it_says_is_a_bad_request(body: bytes, content_type: str) -> None:
    answer = post(body, content_type)
    assert answer.status == 400
    assert code_of(answer.json()) == "JsonParseException"


@pytest.mark.parametrize(
    ("body", "encoding"), [(b"{}", "gzip"), (gzip.compress(b"{}", mtime=0)[:-9], "gzip"), (b"{}", "br")]
)
def test_encoding_that_cannot_be_read_is_a_bad_request(body: bytes, encoding: str) -> None:
    assert post(body, "application/json", Content_Encoding=encoding).status == 400
