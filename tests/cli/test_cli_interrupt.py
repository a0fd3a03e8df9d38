"""Ctrl-C: once in order, twice at once."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from order_sync.cli import interrupt
from order_sync.cli.interrupt import interruptible


def test_the_first_one_sets_the_flag_and_says_so() -> None:
    stop, told = threading.Event(), threading.Event()
    with interruptible(stop, told.set):
        signal.raise_signal(signal.SIGINT)
        assert stop.wait(5)
        assert told.wait(5)


def test_the_second_one_leaves_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[int] = []
    monkeypatch.setattr(os, "_exit", left.append)
    stop = threading.Event()
    with interruptible(stop, lambda: None):
        signal.raise_signal(signal.SIGINT)
        assert stop.wait(5)
        signal.raise_signal(signal.SIGTERM)
    assert left == [130]


def test_the_cursor_comes_back_where_there_is_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal:
        def isatty(self) -> bool:
            return True

    written: list[tuple[int, bytes]] = []
    monkeypatch.setattr(interrupt.sys, "stderr", Terminal())
    monkeypatch.setattr(os, "write", lambda number, text: written.append((number, text)))
    monkeypatch.setattr(os, "_exit", lambda _code: None)
    interrupt.leave()
    assert written == [(2, b"\x1b[?25h\n")]


def test_afterwards_signals_mean_what_they_meant_before() -> None:
    before = signal.getsignal(signal.SIGINT)
    with interruptible(threading.Event(), lambda: None):
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before


def test_outside_the_main_thread_nothing_is_caught() -> None:
    before, seen = signal.getsignal(signal.SIGINT), []

    def work() -> None:
        with interruptible(threading.Event(), lambda: None):
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before]
