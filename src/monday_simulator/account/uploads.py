"""A file on its way in: what the scalar `File` of the schema takes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Upload:
    """One part of a multipart request."""

    name: str
    media_type: str
    content: bytes
