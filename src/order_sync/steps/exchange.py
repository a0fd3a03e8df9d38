"""One call from intent to record: what items, sizes and groups have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import Connection

from order_sync import failpoints
from order_sync.clock import fresh_uuid
from order_sync.model import errors
from order_sync.model.ids import ItemId, RequestId
from order_sync.model.outcomes import (
    Created,
    ErrorClass,
    GroupCreated,
    Halt,
    Halted,
    InDoubt,
    Outcome,
    Problem,
)
from order_sync.monday.board import Delivery
from order_sync.monday.documents import Call
from order_sync.steps.daily import midnight_after, note_calls
from order_sync.steps.durably import durably_once
from order_sync.steps.job import Job, Work
from order_sync.store.leases import Lease
from order_sync.store.ledger.calls import Answer, Intent, answer_recorded, call_recorded, record_answer
from order_sync.store.ledger.groups import known_groups
from order_sync.store.ledger.identities import recorded_items
from order_sync.store.transactions import Transaction

_PARSED = failpoints.register("api:write:parsed")


@dataclass(frozen=True)
class Exchange:
    """A request id, its call, and the moment from which the send deadline counts."""

    job: Job
    call: Call
    request_id: RequestId
    started: float
    suspected: bool  # rows of it were in doubt before

    @classmethod
    def begin(cls, job: Job, call: Call, *, suspected: bool = False) -> Exchange:
        """The deadline's clock starts before the intent is written: a slow commit must count."""
        return cls(job, call, RequestId(str(fresh_uuid(job.clock))), job.clock.monotonic(), suspected)

    def intent(self, work: Work | None, board: Lease) -> Intent:
        """What T1 stores; without `work` where the call is of no batch."""
        job, call, me = self.job, self.call, self.job.view.me()
        return Intent(
            *(
                self.request_id,
                None if work is None else work.batch,
                job.board_id,
                call.operation,
                call.body,
                call.refs,
                board.fence,
            ),
            str(me.user_id),
        )

    def run(
        self, work: Work | None, board: Lease, called: Transaction, intend: Callable[[Connection, Intent], None]
    ) -> Delivery:
        """T1, then exactly one attempt. Waiting for budget comes before, so that it does not eat the deadline; a T1
        that took too long does: then nothing leaves, and T2 says so."""
        job, intent = self.job, self.intent(work, board)
        durably_once(
            job,
            called,
            _held(work, board),
            lambda conn: intend(conn, intent),
            lambda conn, _: call_recorded(conn, job.store.tables, self.request_id),
        )
        deadline = self.started + job.settings.times.of("send_deadline").total_seconds()
        delivery = _believed(job, job.board.deliver(self.call, self.request_id, deadline))
        failpoints.reach(_PARSED)
        job.breaker.delivered(delivery, suspected=self.suspected)
        made = sum(isinstance(each, Created | GroupCreated) for each in delivery.outcomes.values())
        if made:
            job.server_time.measured(self.call.operation, len(self.call.refs), delivery.elapsed)
        job.events.emit(
            "call.done",
            operation=self.call.operation,
            rows=len(self.call.refs),
            made=made,
            http=delivery.http_status,
            code=delivery.code,
            ms=round(delivery.elapsed.total_seconds() * 1000),
        )
        return delivery

    def settle(
        self, work: Work | None, board: Lease, called: Transaction, record: Callable[[Connection], None]
    ) -> None:
        """T2: an answer in hand must not be left for the quarantine."""
        durably_once(self.job, called, _held(work, board), record, lambda conn, _: self.is_settled(conn))

    def is_settled(self, conn: Connection) -> bool:
        """Whether an outcome of this request is in the ledger."""
        return answer_recorded(conn, self.job.store.tables, self.request_id)

    def record(self, conn: Connection, delivery: Delivery) -> None:
        """The answer, for the audit tables."""
        answer = Answer(
            delivery.http_status,
            delivery.code,
            delivery.monday_request_id,
            delivery.replayed,
            delivery.complexity,
            round(delivery.elapsed.total_seconds() * 1000),
        )
        note_calls(self.job, conn)
        record_answer(conn, self.job.store.tables, self.request_id, answer, delivery.outcomes, self.job.clock.now())


def _held(work: Work | None, board: Lease) -> tuple[Lease, ...]:
    return (board,) if work is None else (work.lease, board)


def _believed(job: Job, delivery: Delivery) -> Delivery:
    """An id that is recorded already was made by another request: this answer is not believed for its row."""
    known = _recorded(job, [made for each in delivery.outcomes.values() if (made := _made(each)) is not None])
    if not known:
        return delivery

    def believed(outcome: Outcome) -> Outcome:
        made = _made(outcome)
        if made is None or made not in known:
            return outcome
        return InDoubt(Problem(ErrorClass.AMBIGUOUS, f"the answer gives the id {made}, which is another row's"))

    return replace(delivery, outcomes={ref: believed(each) for ref, each in delivery.outcomes.items()})


def _recorded(job: Job, made: Sequence[int | str]) -> set[int | str]:
    items = [ItemId(each) for each in made if isinstance(each, int)]
    tables = job.store.tables
    with job.store.reading() as conn:
        groups = known_groups(conn, tables, job.board_id).values() if len(items) < len(made) else ()
        known = recorded_items(conn, tables, items) if items else {}
    return {*known, *(str(row.group_id) for row in groups if row.group_id in made)}


def _made(outcome: Outcome) -> int | str | None:
    match outcome:
        case Created(item_id=item_id):
            return item_id
        case GroupCreated(group_id=group_id):
            return group_id
        case _:
            return None


def wait_for_budget(job: Job, call: Call) -> bool:
    """Pace by the limit that binds. False when the run was stopped or the breaker opened meanwhile: then nothing may be
    sent."""
    wait = job.board.budget.wait_for(call.cost, call.operation)
    if wait > timedelta(0):
        job.events.emit("budget.waited_for", seconds=wait.total_seconds(), limit=job.board.budget.binding)
        job.clock.sleep(wait)
    return job.breaker.is_closed and not job.stop.is_set()


_HALTS: dict[Halt, tuple[type[errors.Halted], str]] = {
    Halt.AUTH: (
        errors.AuthenticationHalted,
        "give ORDER_SYNC_TOKEN a token that may edit this board, then run again",
    ),
    Halt.CONFIG: (errors.Halted, "run `order-sync check`: mapping and board do not agree"),
    Halt.BOARD_FULL: (errors.Halted, "archive items of the board or raise its limit, then run again"),
}


def halt_on(job: Job, outcomes: Iterable[Outcome]) -> None:
    """Raise what a Halted outcome means, once its rows are recorded. An account that is blocked for a while is the
    breaker's business."""
    for outcome in outcomes:
        if isinstance(outcome, Halted) and outcome.halt is not Halt.API_BLOCKED:
            if outcome.halt is Halt.DAILY_LIMIT:
                raise _day_over(job, outcome)
            kind, next_step = _HALTS[outcome.halt]
            where = outcome.problem.column_id or outcome.problem.code
            raise kind(outcome.problem.message, where=where, next_step=next_step)


def _day_over(job: Job, outcome: Halted) -> errors.DailyLimitReached:
    until = midnight_after(job) if outcome.wait is None else job.clock.now() + outcome.wait
    step = f"run again after {until:%Y-%m-%d %H:%M} UTC; what was done is kept"
    problem = outcome.problem
    return errors.DailyLimitReached(problem.message, where=problem.code, next_step=step, until=until)
