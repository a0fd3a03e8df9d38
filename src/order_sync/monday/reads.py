"""Asking again until there is an answer. Every wait goes through the clock, and there is an end to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeVar

from order_sync.clock import Clock
from order_sync.model.backoff import backoff
from order_sync.model.errors import AuthenticationHalted, BoardMismatch, BoardUnavailable, DailyLimitReached
from order_sync.model.outcomes import ErrorClass
from order_sync.monday.budget import Budget
from order_sync.monday.codes import GRAVEST_FIRST, STATUSES, classify, spelled
from order_sync.monday.documents import Query
from order_sync.monday.replies import Answer, Complaint, read_answer
from order_sync.monday.transport import AnswerLost, NotSent, Transport

Shape = TypeVar("Shape")

_SERVER_FAULT: Final = 500  # statuses from here on
_CURSOR_GONE = frozenset({spelled("CursorExpiredError"), spelled("CursorException"), spelled("InvalidCursorException")})


@dataclass(frozen=True, slots=True)
class ReadRetries:
    """How often a question is asked again, and how long a run puts up with being throttled."""

    attempts: int = 5
    throttled: timedelta = timedelta(minutes=30)  # in all, per question
    scale: float = 1.0  # of our own backoff


class CursorGone(Exception):
    """The cursor expired or is not known any more: the pages have to be read from the first again."""


class _Again(Exception):
    """Worth another attempt; `wait` None means by backoff."""

    def __init__(self, message: str, wait: timedelta | None = None) -> None:
        super().__init__(message)
        self.wait = wait


def nothing_tolerated(_complaint: Complaint) -> bool:
    """An answer with any complaint is no answer."""
    return False


class Reads:
    """Asks on behalf of one board (`where` names it in errors)."""

    def __init__(
        self,
        transport: Transport,
        budget: Budget,
        clock: Clock,
        where: str,
        retries: ReadRetries | None = None,
    ) -> None:
        self._transport = transport
        self._budget = budget
        self._clock = clock
        self._where = where
        self._retries = retries or ReadRetries()
        self.heard: Callable[[bool], None] = lambda _well: None  # told of each attempt whether it was answered

    def ask(
        self,
        query: Query,
        shape: type[Shape],
        tolerate: Callable[[Complaint], bool] = nothing_tolerated,
    ) -> Shape:
        """The answer's data. Complaints beside the data spoil it, unless tolerated: half an answer is none.

        Raises AuthenticationHalted, DailyLimitReached, BoardMismatch or BoardUnavailable.
        """
        failures = 0
        throttled = timedelta(0)
        while True:
            self._wait(self._budget.wait_for(query.cost, query.operation), query)
            try:
                return self._once(query, shape, tolerate)
            except _Again as trouble:
                if trouble.wait is None:
                    failures += 1
                    wait = backoff(failures - 1, self._clock.random(), self._retries.scale)
                else:
                    wait = trouble.wait
                    throttled += wait
                if failures >= self._retries.attempts or throttled > self._retries.throttled:
                    raise self._unavailable(query, str(trouble), failures) from None
            self._wait(wait, query)

    def reached(
        self, query: Query, shape: type[Shape], tolerate: Callable[[Complaint], bool] = nothing_tolerated
    ) -> bool:
        """Whether the question is answered at the first attempt. Raises what `ask` raises but for BoardUnavailable."""
        self._wait(self._budget.wait_for(query.cost, query.operation), query)
        try:
            self._once(query, shape, tolerate)
        except _Again:
            return False
        return True

    def _wait(self, wait: timedelta, query: Query) -> None:
        began = self._clock.monotonic()
        self._clock.sleep(wait)
        # A sleep that was cut short means that the run is to end: asking on at full speed would be a flood.
        if self._clock.monotonic() - began < wait.total_seconds() / 2:
            raise self._unavailable(query, "the run was stopped while it waited", failures=0)

    def _once(self, query: Query, shape: type[Shape], tolerate: Callable[[Complaint], bool]) -> Shape:
        try:
            reply = self._transport.post(query.body, idempotency_key=None, deadline=None)
        except NotSent as trouble:
            self.heard(False)
            self._budget.unanswered(operation=query.operation, cost=query.cost, sent=False)
            raise _Again(trouble.problem.message) from trouble
        except AnswerLost as trouble:
            self.heard(False)
            self._budget.unanswered(operation=query.operation, cost=query.cost, sent=True)
            raise _Again(trouble.problem.message) from trouble
        self.heard(reply.status < _SERVER_FAULT)
        answer = read_answer(reply)
        self._budget.note(reply, answer.complexity, operation=query.operation, cost=query.cost)
        complaints = [
            complaint for complaint in answer.complaints if complaint.alias != "complexity" and not tolerate(complaint)
        ]
        data = answer.shaped(shape) if answer.status == 200 and not complaints else None
        if data is None:
            raise self._refusal(answer, complaints)
        return data

    def _refusal(self, answer: Answer, complaints: list[Complaint]) -> Exception:
        if any(spelled(complaint.code or "") in _CURSOR_GONE for complaint in complaints):
            return CursorGone(complaints[0].message)
        classes = [(classify(complaint, answer.status), complaint) for complaint in complaints]
        if not classes:
            said = "without the data that was asked for" if answer.readable else "and no JSON object"
            return self._by_class(STATUSES.get(answer.status), f"HTTP {answer.status} {said}", None, answer)
        # What stops everything comes before what may pass: asking again would do no harm, and no good.
        lasting = [pair for pair in classes if pair[0] not in _PASSING] or classes
        error_class, complaint = min(lasting, key=lambda pair: GRAVEST_FIRST.index(pair[0]))
        return self._by_class(error_class, complaint.message, complaint, answer)

    def _by_class(
        self, error_class: ErrorClass | None, message: str, complaint: Complaint | None, answer: Answer
    ) -> Exception:
        code = complaint.code if complaint else None
        where = f"{self._where}, {code}" if code else self._where
        match error_class:
            case ErrorClass.AUTHENTICATION:
                step = "check that the token is valid and that its user may see and edit this board"
                return AuthenticationHalted(f"monday.com refuses the token: {message}", where=where, next_step=step)
            case ErrorClass.DAILY_LIMIT:
                wait = self._budget.refused(ErrorClass.DAILY_LIMIT, answer.wait, code)
                due = self._clock.now() + wait
                step = f"run again after {due:%Y-%m-%d %H:%M} UTC; what was done is kept"
                what = "the account's calls of today are used up"
                return DailyLimitReached(what, where=where, next_step=step, until=due)
            case ErrorClass.THROTTLED | ErrorClass.LOCKED | ErrorClass.BLOCKED_BY_API:
                return _Again(message, self._budget.refused(error_class, answer.wait, code))
            case ErrorClass.AMBIGUOUS | ErrorClass.SERVER_ERROR | None:
                return _Again(message)
            case _:
                step = "compare the ids in mapping.yaml with the board; `order-sync check` lists all differences"
                return BoardMismatch(f"monday.com refuses the question: {message}", where=where, next_step=step)

    def _unavailable(self, query: Query, message: str, failures: int) -> BoardUnavailable:
        tried = f"after {failures} attempts" if failures else "for too long"
        return BoardUnavailable(
            f"monday.com did not answer the question {query.operation} {tried}: {message}",
            where=f"{self._where}, at {self._transport.url}",
            next_step="nothing was concluded from it; check the connection and monday.url, then run again",
        )


_PASSING = frozenset({ErrorClass.AMBIGUOUS, ErrorClass.SERVER_ERROR, ErrorClass.THROTTLED, ErrorClass.LOCKED})
