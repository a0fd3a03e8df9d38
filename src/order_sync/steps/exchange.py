"""One call from intent to record: what items, sizes and groups have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from order_sync import failpoints
from order_sync.clock import fresh_uuid
from order_sync.model import errors
from order_sync.model.ids import RequestId
from order_sync.model.outcomes import Created, GroupCreated, Halt, Halted, Outcome
from order_sync.monday.board import Delivery
from order_sync.monday.documents import Call
from order_sync.steps.job import Job, Work
from order_sync.store.leases import Lease
from order_sync.store.ledger.calls import Answer, Intent, record_answer

_PARSED = failpoints.register("api:write:parsed")


@dataclass(frozen=True)
class Exchange:
    """A request id, its call, and the moment from which the send deadline counts."""

    job: Job
    call: Call
    request_id: RequestId
    started: float

    @classmethod
    def begin(cls, job: Job, call: Call) -> Exchange:
        """The deadline's clock starts before the intent is written: a slow commit must count."""
        return cls(job, call, RequestId(str(fresh_uuid(job.clock))), job.clock.monotonic())

    def run(self, work: Work, board: Lease, intend: Callable[[Intent], None]) -> Delivery:
        """T1, then exactly one attempt. Waiting for budget comes before, so that it does not eat the deadline."""
        job = self.job
        me = job.view.me()
        intend(
            Intent(
                self.request_id,
                work.batch,
                job.board_id,
                self.call.operation,
                self.call.body,
                self.call.refs,
                board.fence,
                str(me.user_id),
            )
        )
        deadline = self.started + job.settings.times.of("send_deadline").total_seconds()
        delivery = job.board.deliver(self.call, self.request_id, deadline)
        failpoints.reach(_PARSED)
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
        record_answer(conn, self.job.store.tables, self.request_id, answer, delivery.outcomes, self.job.clock.now())


def wait_for_budget(job: Job, call: Call) -> bool:
    """Pace by the limit that binds. False when the run was stopped meanwhile: then nothing may be sent."""
    wait = job.board.budget.wait_for(call.cost, call.operation)
    if wait > timedelta(0):
        job.events.emit("budget.waited_for", seconds=wait.total_seconds(), limit=job.board.budget.binding)
        job.clock.sleep(wait)
    return not job.stop.is_set()


_HALTS: dict[Halt, tuple[type[errors.Halted], str]] = {
    Halt.AUTH: (
        errors.AuthenticationHalted,
        "give ORDER_SYNC_TOKEN a token that may edit this board, then run again",
    ),
    Halt.CONFIG: (errors.Halted, "run `order-sync check`: mapping and board do not agree"),
    Halt.BOARD_FULL: (errors.Halted, "archive items of the board or raise its limit, then run again"),
    Halt.DAILY_LIMIT: (errors.DailyLimitReached, "run again after 00:00 UTC; what was done is kept"),
    Halt.API_BLOCKED: (errors.Halted, "monday.com blocks the account for a while; run again later"),
}


def halt_on(outcomes: Iterable[Outcome]) -> None:
    """Raise what a Halted outcome means, once its rows are recorded."""
    for outcome in outcomes:
        if isinstance(outcome, Halted):
            kind, next_step = _HALTS[outcome.halt]
            where = outcome.problem.column_id or outcome.problem.code
            raise kind(outcome.problem.message, where=where, next_step=next_step)


BUSY_TRIES = 5  # of a transaction whose answer is in hand already


def patiently(job: Job, record: Callable[[], None]) -> None:
    """Run a transaction again while the database is busy: an answer in hand must not be left for the quarantine."""
    for tried in range(BUSY_TRIES):
        try:
            record()
            return
        except errors.StoreBusy:
            if tried == BUSY_TRIES - 1:
                raise
            job.clock.sleep(job.backoff(tried))
