"""What happened, as named events with fields. The log, the progress bars and the tests listen; steps only tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog

Listener = Callable[[str, dict[str, Any]], None]


class Events:
    """Hands each event to every listener, in the caller's thread."""

    def __init__(self, *listeners: Listener) -> None:
        self._listeners = list(listeners)

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    def emit(self, name: str, **fields: Any) -> None:
        """`name` is thing.happened: order.staged, item.created, batch.promoted."""
        for listener in self._listeners:
            listener(name, fields)


def log_listener(name: str, fields: dict[str, Any]) -> None:
    """Writes each event to the structured log."""
    structlog.get_logger("order_sync").info(name, **fields)
