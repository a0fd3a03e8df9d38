"""text and long_text."""

from __future__ import annotations

from typing import Any

from monday_simulator.account.values.target import Target

LONG_TEXT_MAX = 2000


def parse_text(target: Target, raw: object) -> str | None:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise target.refuse("a text column takes a string")
    return str(raw) or None


def parse_long_text(target: Target, raw: object) -> dict[str, Any] | None:
    text = raw.get("text") if isinstance(raw, dict) else raw
    if text is None:
        return None
    if not isinstance(text, str):
        raise target.refuse("a long text column takes a text")
    if len(text) > LONG_TEXT_MAX:
        raise target.refuse(f"a long text column holds at most {LONG_TEXT_MAX} characters")
    return {"text": text} if text else None
