"""multipart/form-data, taken apart (RFC 7578)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

MOST_PARTS = 100


class MultipartError(ValueError):
    """A body that is not what its content type says."""


@dataclass(frozen=True)
class Part:
    """One field; a file has a filename, which may be empty."""

    name: str
    filename: str | None
    media_type: str
    content: bytes

    def text(self) -> str:
        try:
            return self.content.decode()
        except UnicodeError as error:
            raise MultipartError(f"{self.name} is not a text") from error


def read_parts(body: bytes, content_type: str) -> Iterator[Part]:
    """The parts in their order; raises MultipartError where the body is cut off or has no boundary."""
    boundary = _header("content-type", content_type).get_param("boundary")
    if not isinstance(boundary, str) or not boundary:
        raise MultipartError("no boundary")
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary.encode("utf-8", "replace"), MOST_PARTS + 1)
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        raise MultipartError("a body that ends early, or too many parts")
    for piece in pieces[1:-1]:
        yield _part(piece)


def _part(piece: bytes) -> Part:
    head, blank, content = piece.partition(b"\r\n\r\n")
    disposition, media_type = Message(), "text/plain"
    for line in head.split(b"\r\n"):
        name, _, value = line.decode("utf-8", "replace").partition(":")
        if name.strip().lower() == "content-disposition":
            disposition = _header("content-disposition", value)
        elif name.strip().lower() == "content-type":
            media_type = value.strip()
    field = disposition.get_param("name", header="content-disposition")
    if not blank or not isinstance(field, str):
        raise MultipartError("a part without a name")
    return Part(field, disposition.get_filename(), media_type, content)


def _header(name: str, value: str) -> Message:
    message = Message()
    message[name] = value.strip()
    return message
