"""Sends requests to a simulator in process, and judges every answer and what it left behind."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Iterable

from tests.fuzz.forms import unknown_parts
from tests.fuzz.invariants import check_account, snapshot
from tests.fuzz.requests import Request

from monday_simulator import Answer, ConnectionDropped, Simulator
from monday_simulator.gateway.wire import WireRecord


class FuzzFailure(AssertionError):
    """Says what was sent and what was wrong with what came of it."""


class _Complaints(logging.Handler):
    """Resolvers that failed: their answers have a known form, but nobody meant them."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(logging.Formatter().format(record)[-2000:])


def play(simulator: Simulator, requests: Iterable[Request], figures: Counter[str] | None = None) -> None:
    """Raises FuzzFailure at the first request that is not answered as it should be."""
    counted: Counter[str] = Counter() if figures is None else figures
    complaints = _Complaints()
    account = _Account(simulator)
    logger = logging.getLogger("monday_simulator")
    logger.addHandler(complaints)
    try:
        for each in requests:
            _one(account, each, complaints, counted)
    finally:
        logger.removeHandler(complaints)


class _Account:
    """The simulator with its account as it was after the request before."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.before = snapshot(simulator.store)
        check_account(simulator.store)

    def wrong_effects(self, answer: Answer | None) -> list[str]:
        wrong = []
        record = list(self.simulator.wire_log)[-1]
        try:
            after = snapshot(self.simulator.store)
        except (ValueError, OverflowError, RecursionError) as error:
            return [f"the account cannot be written down: {error!r}"]
        if answer is not None and record.status != answer.status:
            wrong.append(f"the wire log says {record.status}")
        if after == self.before:
            return wrong
        if not record.applied and not record.fault:
            wrong.append(f"changed by a request that changes nothing: {record}")
        self.before = after
        return wrong + self._inconsistent()

    def _inconsistent(self) -> list[str]:
        try:
            check_account(self.simulator.store)
        except AssertionError as error:
            return [f"the account is not consistent: {error}"]
        return []


def _one(account: _Account, request: Request, complaints: _Complaints, figures: Counter[str]) -> None:
    answer: Answer | None = None
    try:
        answer = account.simulator.handle(request.method, request.path, request.headers, request.body)
        wrong = list(unknown_parts(answer.status, answer.headers, answer.body))
    except ConnectionDropped:
        wrong = []
    except Exception as error:
        raise FuzzFailure(f"{error!r}\n{request!r:.4000}") from error
    wrong += complaints.told
    wrong += account.wrong_effects(answer)
    if wrong:
        told = "\n".join(wrong)
        raise FuzzFailure(f"{told}\n{request!r:.4000}\n{answer!r:.4000}")
    _count(figures, list(account.simulator.wire_log)[-1], answer)


def _count(figures: Counter[str], record: WireRecord, answer: Answer | None) -> None:
    figures["requests"] += 1
    figures["lost" if answer is None else f"HTTP {answer.status}"] += 1
    figures["applied" if record.applied else "not applied"] += 1
    for error in () if answer is None or b'"errors"' not in answer.body else json.loads(answer.body).get("errors", ()):
        extensions = error.get("extensions") or {}
        figures[f"code {extensions.get('code', extensions.get('error_code', '(none)'))}"] += 1
