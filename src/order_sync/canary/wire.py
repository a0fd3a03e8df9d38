"""One call at a time, each timed and its points noted; stops between calls when it is asked to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from order_sync.clock import Clock
from order_sync.model.backoff import backoff
from order_sync.model.errors import (
    AuthenticationHalted,
    BoardMismatch,
    BoardUnavailable,
    DailyLimitReached,
    OrderSyncError,
)
from order_sync.model.ids import RequestId
from order_sync.model.outcomes import ErrorClass
from order_sync.monday.budget import WAITING, Budget
from order_sync.monday.codes import STATUSES, classify, gravest
from order_sync.monday.documents import Call, Query
from order_sync.monday.replies import Answer, Reply, read_answer
from order_sync.monday.transport import AnswerLost, NotSent, Transport

_ATTEMPTS: Final = 5
_THROTTLED: Final = timedelta(minutes=15)  # in all, for one call
_GLANCE: Final = 0.5  # seconds between two looks whether to stop
_INSTANT: Final = 0.000_5  # seconds that no clock need sleep
_PASSING: Final = frozenset({ErrorClass.NOT_SENT, ErrorClass.AMBIGUOUS, ErrorClass.SERVER_ERROR})


class Interrupted(OrderSyncError):
    """Somebody wants the survey to end: nothing more is measured, what was made is cleared away."""


@dataclass(frozen=True, slots=True)
class Metered:
    """One call that was answered. `predicted`: points that we count with."""

    operation: str
    rows: int
    predicted: int
    points: int | None
    seconds: float
    changes: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """A change that was sent once. `reply` None: its answer was lost. Times are monotonic seconds."""

    call: Call
    sent_at: float
    reply: Reply | None = None
    answer: Answer | None = None

    @property
    def replayed(self) -> bool:
        return self.reply is not None and self.reply.headers.get("idempotency-replayed", "").casefold() == "true"


def error_class(answer: Answer) -> ErrorClass | None:
    """The gravest of what an answer complains about, or what its status says; None where all is well."""
    complaints = [each for each in answer.complaints if each.alias != "complexity"]
    if complaints:
        return gravest(classify(each, answer.status) for each in complaints)
    if answer.status == 200 and answer.data:
        return None
    return STATUSES.get(answer.status, ErrorClass.AMBIGUOUS)


def error_code(answer: Answer) -> str:
    """The first code, or what stands in its place."""
    return next((each.code or each.message for each in answer.complaints if each.alias != "complexity"), "")


class Wire:
    """`impatient` gives an answer up early; everything else is as for `patient`."""

    def __init__(
        self,
        patient: Transport,
        impatient: Transport,
        clock: Clock,
        stop: threading.Event,
        scale: float = 1.0,
    ) -> None:
        self.scale = scale
        self.metered: list[Metered] = []
        self.calls = 0
        self._patient = patient
        self._impatient = impatient
        self._clock = clock
        self._stop = stop
        self._deaf = False
        self._budget = Budget(clock, scale=scale)

    def now(self) -> float:
        """Monotonic seconds."""
        return self._clock.monotonic()

    def wait(self, seconds: float) -> None:
        """Raises Interrupted as soon as the survey is to stop."""
        until = self.now() + seconds
        while True:
            if self._stop.is_set() and not self._deaf:
                raise Interrupted("the survey was interrupted", next_step="run order-sync canary again")
            left = until - self.now()
            if left < _INSTANT:
                return
            self._clock.sleep(timedelta(seconds=min(left, _GLANCE)))

    @contextmanager
    def to_the_end(self) -> Iterator[None]:
        """Within the block nothing is interrupted: what was made must go."""
        self._deaf = True
        try:
            yield
        finally:
            self._deaf = False

    def ask(self, query: Query) -> Answer:
        """The answer, after as many attempts as it takes. BoardMismatch where the question is refused."""
        answer = self._answered(query, anyway=False)
        if error_class(answer) is None:
            return answer
        said = f"monday.com refuses the question {query.operation}: {error_code(answer)}"
        raise BoardMismatch(said, next_step="check monday.api_version, and that the token may read and edit this board")

    def ask_anyway(self, query: Query) -> Answer:
        """Also a refusal is an answer, even one that speaks of permissions."""
        return self._answered(query, anyway=True)

    def _answered(self, query: Query, *, anyway: bool) -> Answer:
        answer = self._asked(query, anyway)
        if answer is not None:
            return answer
        raise BoardUnavailable(
            f"monday.com did not answer the question {query.operation} after {_ATTEMPTS} attempts",
            where=self._patient.url,
            next_step="check the connection and monday.url, then run again",
        )

    def send(self, call: Call, key: RequestId | None = None, *, impatient: bool = False, anyway: bool = False) -> Sent:
        """Send a change once. It goes again only where it was proven not to have been applied.

        `anyway`: a refusal of permission is an answer too, and does not stop the survey.
        """
        throttled = 0.0
        failures = 0
        while True:
            self.wait(self._budget.wait_for(call.cost, call.operation).total_seconds())
            sent = self._sent_once(call, key, impatient)
            wait = self._refused(sent.answer, anyway) if sent is not None and sent.answer is not None else 0.0
            failures += sent is None
            throttled += wait
            if sent is not None and not wait:
                return sent
            if failures >= _ATTEMPTS or throttled > _THROTTLED.total_seconds():
                raise BoardUnavailable(f"{call.operation} could not be sent", where=self._patient.url)
            self.wait(wait or self._rest(failures))

    def _asked(self, query: Query, anyway: bool) -> Answer | None:
        failures = 0
        throttled = 0.0
        while failures < _ATTEMPTS and throttled <= _THROTTLED.total_seconds():
            self.wait(self._budget.wait_for(query.cost, query.operation).total_seconds())
            answer = self._asked_once(query)
            wait = self._refused(answer, anyway) if answer is not None else 0.0
            if answer is not None and not wait and error_class(answer) not in _PASSING:
                return answer
            failures += not wait
            throttled += wait
            self.wait(wait or self._rest(failures))
        return None

    def _asked_once(self, query: Query) -> Answer | None:
        self.calls += 1
        try:
            reply = self._patient.post(query.body, idempotency_key=None, deadline=None)
        except (NotSent, AnswerLost) as trouble:
            sent = isinstance(trouble, AnswerLost)
            self._budget.unanswered(operation=query.operation, cost=query.cost, sent=sent)
            return None
        return self._read(reply, query.operation, 1, query.cost, changes=False)

    def _sent_once(self, call: Call, key: RequestId | None, impatient: bool) -> Sent | None:
        """None where nothing left this machine."""
        self.calls += 1
        sent_at = self.now()
        line = self._impatient if impatient else self._patient
        try:
            reply = line.post(call.body, idempotency_key=key, deadline=None)
        except NotSent:
            self._budget.unanswered(operation=call.operation, cost=call.cost, sent=False)
            return None
        except AnswerLost:
            self._budget.unanswered(operation=call.operation, cost=call.cost, sent=True)
            return Sent(call, sent_at)
        answer = self._read(reply, call.operation, len(call.refs), call.cost, changes=True)
        return Sent(call, sent_at, reply, answer)

    def _read(self, reply: Reply, operation: str, rows: int, cost: int, *, changes: bool) -> Answer:
        answer = read_answer(reply)
        self._budget.note(reply, answer.complexity, operation=operation, cost=cost)
        points = answer.complexity.query if answer.complexity else None
        if error_class(answer) is None and reply.headers.get("idempotency-replayed") is None:
            took = reply.elapsed.total_seconds()
            self.metered.append(Metered(operation, rows, cost, points, took, changes))
        return answer

    def _refused(self, answer: Answer, anyway: bool) -> float:
        """Seconds to wait before the same call; 0 where waiting is not what is asked for. Raises what stops it all."""
        found = error_class(answer)
        if found is ErrorClass.AUTHENTICATION and not anyway:
            step = "check that the token is valid and that its user may edit this board"
            raise AuthenticationHalted(f"monday.com refuses the token: {error_code(answer)}", next_step=step)
        if found is ErrorClass.DAILY_LIMIT:
            step = "run again after 00:00 UTC"
            raise DailyLimitReached("the account's calls of today are used up", next_step=step)
        if found in WAITING and found is not None:
            return max(0.001, self._budget.refused(found, answer.wait, error_code(answer)).total_seconds())
        return 0.0

    def _rest(self, failures: int) -> float:
        return backoff(failures, self._clock.random(), self.scale).total_seconds()
