"""Mutants of one call: its intent, its way out, and how the answer is read."""

from __future__ import annotations

import dataclasses
import uuid
from datetime import UTC, datetime
from typing import Any, Final

import polars as pl
import sqlalchemy
from sqlalchemy import literal

from order_sync.drill.scenarios import NEW, OVERLAP
from order_sync.drill.strikes import Kind
from order_sync.model.outcomes import ErrorClass, Retryable
from order_sync.monday import errors
from order_sync.monday.transport import AnswerLost, Transport
from order_sync.steps import exchange, select
from order_sync.store.ledger import calls, queue
from tests.campaign.mutations.faults import (
    error_500_after,
    lost,
    missing,
    refused_item,
    throttled_often,
    unanswered,
)
from tests.campaign.mutations.mutant import Mutant, both, instead, replaced, wherever
from tests.campaign.mutations.scenes import RESTORED

_LOST: Final = wherever(NEW, faults=(lost,))


def _posts_again(fresh_key: bool) -> Any:
    """As libraries do that retry by themselves."""

    def mutated(post: Any) -> Any:
        def posting(self: Transport, body: bytes, *, idempotency_key: str | None, deadline: float | None) -> Any:
            try:
                return post(self, body, idempotency_key=idempotency_key, deadline=deadline)
            except AnswerLost:
                if idempotency_key is None:
                    raise
                key = f"{idempotency_key}-2" if fresh_key else idempotency_key
                return post(self, body, idempotency_key=key, deadline=None)

        return posting

    return mutated


def _call_first(run: Any) -> Any:
    """The intent is written when the answer is there."""

    def running(self: Any, work: Any, lease: Any, called: Any, intend: Any) -> Any:
        deadline = self.started + self.job.settings.times.of("send_deadline").total_seconds()
        delivery = self.job.board.deliver(self.call, self.request_id, deadline)

        def already(*_args: Any) -> Any:
            return delivery

        once = dataclasses.replace(self, job=dataclasses.replace(self.job, board=_Answered(self.job.board, already)))
        return run(once, work, lease, called, intend)

    return running


class _Answered:
    """A board whose call was made before."""

    def __init__(self, sound: Any, deliver: Any) -> None:
        self._sound = sound
        self.deliver = deliver

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sound, name)


def _by_position(read: Any) -> Any:
    """The ids that came back go to the rows in the order in which both stand."""

    def reading(answer: Any, call: Any) -> Any:
        outcomes = read(answer, call)
        made = [each for each in outcomes.values() if type(each).__name__ == "Created"]
        others = [each for each in outcomes.values() if type(each).__name__ != "Created"]
        return dict(zip(outcomes, [*made, *others], strict=True))

    return reading


def _retried(*classes: ErrorClass) -> Any:
    """Problems of these classes count as a call that did nothing."""

    def mutated(sound: Any) -> Any:
        def deciding(problem: Any, wait: Any) -> Any:
            if problem.error_class in classes:
                return Retryable(problem, wait, consumes_attempt=False)
            return sound(problem, wait)

        return deciding

    return mutated


def _missing_is_unsent(sound: Any) -> Any:
    def deciding(alias: str, fields: Any, answer: Any, call: Any) -> Any:
        outcome = sound(alias, fields, answer, call)
        problem = getattr(outcome, "problem", None)
        if problem is not None and type(outcome).__name__ == "InDoubt":
            return Retryable(dataclasses.replace(problem, error_class=ErrorClass.LOCKED), None, consumes_attempt=False)
        return outcome

    return deciding


def _costs_an_attempt(sound: Any) -> Any:
    def deciding(problem: Any, wait: Any) -> Any:
        outcome = sound(problem, wait)
        throttled_row = isinstance(outcome, Retryable) and problem.error_class is ErrorClass.THROTTLED
        return dataclasses.replace(outcome, consumes_attempt=True) if throttled_row else outcome

    return deciding


def _always_due(sound: Any) -> Any:
    def due(table: Any, _now: Any) -> Any:
        return sound(table, literal(datetime(9999, 1, 1, tzinfo=UTC), table.c.stg_next_attempt_at.type))

    return due


def _drawn(_sound: Any) -> Any:
    """A key that another process would not come to."""

    def drawing(_pipeline: str, frame: Any, _columns: Any, generation: int = 1) -> Any:
        return pl.Series("sync_key", [f"{uuid.uuid4()}-g{generation}" for _ in range(frame.height)])

    return drawing


def _with_token(translated: Any) -> Any:
    def translating(self: Transport, fault: Any, going: Any) -> Any:
        found = translated(self, fault, going)
        said = f"{found.problem.message} Authorization: {self._token.reveal()}"
        return type(found)(dataclasses.replace(found.problem, message=said))

    return translating


_STATEMENTS: Final = (queue._wave, queue._not_looked_up, queue._sizes_to_send)

MUTANTS: Final = (
    Mutant(
        "library that retries",
        "A request whose answer was lost is posted once more, with the same key.",
        replaced(Transport, "post", _posts_again(fresh_key=False)),
        wherever(NEW, faults=(lost,), forgets=True),
        ("I1", "twice"),
    ),
    Mutant(
        "library that retries as new",
        "A request whose answer was lost is posted once more, with another key.",
        replaced(Transport, "post", _posts_again(fresh_key=True)),
        _LOST,
        ("I1", "I8", "twice"),
    ),
    Mutant(
        "intent after the call",
        "The call is made first, and recorded when its answer is there.",
        replaced(exchange.Exchange, "run", _call_first),
        wherever(NEW, at=r"^api:write:(awaited|answered)|^db:(send|groups).intent:begin"),
        ("I8", "I9"),
    ),
    Mutant(
        "answers by position",
        "The ids of an answer go to the rows by their order, not by their names.",
        replaced(errors, "_outcomes", _by_position),
        wherever(NEW, faults=(refused_item,)),
        ("I1", "I2", "I20", "I24", "I19", "recovery"),
    ),
    Mutant(
        "missing row taken for unsent",
        "A row that the answer leaves out is sent again.",
        replaced(errors, "_outcome_of_whole", _missing_is_unsent),
        wherever(NEW, faults=(missing,)),
        ("I1", "twice"),
    ),
    Mutant(
        "500 taken for not applied",
        "After an error of the server the rows are sent again.",
        replaced(errors, "as_outcome", _retried(ErrorClass.SERVER_ERROR, ErrorClass.AMBIGUOUS)),
        wherever(NEW, faults=(error_500_after,)),
        ("I1", "twice"),
    ),
    Mutant(
        "lost answer taken for unsent",
        "What went out and got no answer is sent again.",
        replaced(errors, "as_outcome", _retried(ErrorClass.AMBIGUOUS)),
        wherever(NEW, faults=(unanswered,)),
        ("I1", "twice"),
    ),
    Mutant(
        "throttling costs an attempt",
        "A row that the server would not look at is given up after a few times.",
        replaced(errors, "as_outcome", _costs_an_attempt),
        wherever(NEW, faults=(throttled_often,)),
        ("I21",),
    ),
    Mutant(
        "tried before its time",
        "A row that waits for its time is claimed at once.",
        both(replaced(queue, "sendable", _always_due), statements=_STATEMENTS),
        wherever(NEW, at="^api:write:connect$", kinds=(Kind.ERROR,)),
        ("I21",),
    ),
    Mutant(
        "keys drawn by lot",
        "The key of an order is drawn, not computed from what it is.",
        replaced(select, "sync_keys", _drawn),
        wherever(RESTORED),
        ("I1", "I3", "I19"),
    ),
    Mutant(
        "body not kept",
        "The call is recorded without what it said.",
        instead(calls, "_known_body", lambda *_: sqlalchemy.select(1)),
        wherever(NEW),
        ("chain",),
    ),
    Mutant(
        "chain not continued",
        "Calls and answers are recorded beside the chain.",
        instead(calls, "link", lambda *_: None),
        wherever(NEW),
        ("chain",),
    ),
    Mutant(
        "token in a message",
        "What the network library says is kept with the token that was sent.",
        replaced(Transport, "_translated", _with_token),
        wherever(NEW, OVERLAP, faults=(lost,)),
        ("I22",),
    ),
)
