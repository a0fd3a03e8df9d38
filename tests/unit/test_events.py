"""Events: handed to every listener, in order, in the caller's thread."""

from __future__ import annotations

import threading
from typing import Any

import structlog
from structlog.testing import capture_logs

from order_sync.events import Events, log_listener


def test_every_listener_hears_every_event() -> None:
    first: list[Any] = []
    second: list[Any] = []
    events = Events(lambda name, fields: first.append((name, fields)))
    events.emit("order.staged", count=1)
    events.listen(lambda name, _fields: second.append((name, threading.current_thread())))
    events.emit("item.created", count=2, of=3)
    assert first == [("order.staged", {"count": 1}), ("item.created", {"count": 2, "of": 3})]
    assert second == [("item.created", threading.current_thread())]


def test_without_a_listener_nothing_happens() -> None:
    Events().emit("order.staged")


def test_the_log_gets_the_name_and_the_fields() -> None:
    structlog.reset_defaults()
    with capture_logs() as logged:
        Events(log_listener).emit("batch.promoted", customer="NOVA PEAK", orders=2)
    assert logged == [{"event": "batch.promoted", "log_level": "info", "customer": "NOVA PEAK", "orders": 2}]
