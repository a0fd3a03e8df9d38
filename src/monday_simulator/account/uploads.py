"""A file on its way in, and where it is said to be afterwards."""

from __future__ import annotations

from dataclasses import dataclass

IMAGES = frozenset({".bmp", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp"})
FILES_HOST = "https://simulated-account.example"


@dataclass(frozen=True)
class Upload:
    """One part of a multipart request: what the scalar `File` of the schema takes."""

    name: str
    media_type: str
    content: bytes


def url_of(asset_id: str | int, name: str) -> str:
    return f"{FILES_HOST}/protected_static/resources/{asset_id}/{name}"
