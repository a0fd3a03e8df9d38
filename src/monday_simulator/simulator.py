"""The service: one request in, one answer out, with its limits, its memory and its scripted faults."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import TracebackType

import msgspec

from monday_simulator.account.state_file import StateFile
from monday_simulator.account.store import Store
from monday_simulator.api.context import Context
from monday_simulator.api.cursors import Cursors
from monday_simulator.api.documents import Documents, Operation, formatted
from monday_simulator.api.execution import content_of, first_code, run, status_of
from monday_simulator.api.older_wording import in_older_wording
from monday_simulator.api.people import ACCOUNT
from monday_simulator.api.schema import executable_schema
from monday_simulator.api.versions import MAINTENANCE
from monday_simulator.clock import Clock, SystemClock
from monday_simulator.gateway import answers
from monday_simulator.gateway.admission import Admission, refused
from monday_simulator.gateway.answers import Answer, ConnectionDropped
from monday_simulator.gateway.costs import Costing
from monday_simulator.gateway.eras import ErrorFormat, in_format
from monday_simulator.gateway.faults import FaultScript, Kind, Rule
from monday_simulator.gateway.faults.effects import error_of_one_field, instead, made_of
from monday_simulator.gateway.faults.kinds import OWN_ERRORS, Boundary
from monday_simulator.gateway.idempotency import IdempotencyWindow, Standing
from monday_simulator.gateway.late import Late
from monday_simulator.gateway.latency import Latency
from monday_simulator.gateway.locks import BoardLocks, boards_written
from monday_simulator.gateway.memory import Memory
from monday_simulator.gateway.meter import Meter, Refusal
from monday_simulator.gateway.naming import Named, field_meant
from monday_simulator.gateway.requests import Call, Greeted
from monday_simulator.gateway.schedule import Schedule, schedule
from monday_simulator.gateway.wire import Outcome, WireLog, record_of
from monday_simulator.limits import Charge, Limits
from monday_simulator.seed import Seed, plant

CONFLICT_WAIT_SECONDS = 5


class Simulator:
    """monday.com's API in one object; `handle` may be called from many threads.

    seed: boards to start from, used only when the state is empty. state: a file that keeps the account.
    token: the only one accepted; None accepts any. random_seed: fixes ids, drawn times and drawn faults, so that equal
    requests in equal order leave equal records. error_format: how errors are told; an older form than today's
    for clients of then.
    """

    def __init__(
        self,
        seed: Seed | None = None,
        *,
        limits: Limits | None = None,
        faults: Sequence[Rule] = (),
        latency: Latency | None = None,
        clock: Clock | None = None,
        state: Path | None = None,
        token: str | None = None,
        wire_path: Path | None = None,
        random_seed: int = 0,
        error_format: ErrorFormat = ErrorFormat.CURRENT,
        like: Simulator | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.clock: Clock = clock or SystemClock()
        self.latency = latency or Latency()
        self.lock = threading.RLock()
        self.store = Store(self.clock, random_seed, StateFile(state) if state is not None else None)
        self.wire_log = WireLog(wire_path)
        self.meter = Meter(self.limits, self.clock)
        self._random_seed = random_seed
        self._error_format = error_format
        self._documents: dict[bool, Documents] = {} if like is None else like._documents
        self._admission = Admission(token, self.meter, self._documents_of, self.lock)
        self.faults = FaultScript(faults, random_seed)
        self._locks = BoardLocks()
        self._idempotency = IdempotencyWindow(self.clock, self.limits)
        self._cursors = Cursors(self.clock, self.store.ids, self.limits.cursor_life)
        self._memory = Memory(self.store, self.meter, self._idempotency, self._cursors)
        self._late = Late(self.clock)
        self._seq = 0
        self.store.past.lag = self.limits.read_lag
        if seed is not None and self.store.is_empty():
            plant(seed, self.store, self.limits)
            self.store.commit()

    def _documents_of(self, version: str) -> Documents:
        """Those of the maintenance version apart: its schema is another one."""
        is_older = version == MAINTENANCE
        if is_older not in self._documents:
            wording = in_older_wording if self._error_format.is_older else formatted
            self._documents[is_older] = Documents(executable_schema(version), wording)
        return self._documents[is_older]

    # one request

    def handle(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes, address: str | None = None
    ) -> Answer:
        """Answer a request; raises ConnectionDropped where a fault loses the answer or part of it.

        address: the client's, for the limit that counts by it.
        """
        known = headers if isinstance(headers, Greeted) else self.greet(headers)
        call = self._arrive(known, body, address)
        answer = self._conclude(method, path, call)
        if call.is_delivered_twice:
            return self._deliver_again(method, path, call, answer)
        if answer.takes and known is not headers:  # in process: there are no bytes that could trickle
            self.clock.sleep(answer.takes)
        return answer

    def greet(self, headers: Mapping[str, str]) -> Greeted:
        """What a server does before it reads a body; raises ConnectionDropped where it never will."""
        known = Greeted.of(headers)
        if not self.faults.knows_unread:
            return known
        with self.lock:
            fault = self.faults.pick_unread(known)
            if fault is None:
                return known
            self._seq += 1
            call = self._call(known)
            call.fault = fault
            self._write_down(call, None)
        raise ConnectionDropped(applied=False, kind=fault.kind)

    def _arrive(self, headers: Greeted, body: bytes, address: str | None) -> Call:
        self.settle_late()
        with self.lock:
            self._seq += 1
            self.meter.in_flight += 1
            call = self._call(headers, body)
            call.address = address
            return call

    def _call(self, headers: Greeted, body: bytes = b"") -> Call:
        return Call(self._seq, self._now(), self.store.ids.request(), headers, body, self.clock.monotonic())

    def _conclude(self, method: str, path: str, call: Call) -> Answer:
        """Serve a request and write down what became of it."""
        seen: Answer | None = None
        try:
            answer = self._with_limits(call, in_format(self._error_format, self._serve(method, path, call)))
            seen = answer if call.fault is None else self._with_limits(call, made_of(answer, call, call.fault))
            return seen
        except ConnectionDropped as dropped:
            call.arrived = dropped.arrived
            raise
        finally:
            with self.lock:
                self.meter.in_flight -= 1
                self._memory.commit()
                self._write_down(call, None if call.is_lost_by_proxy else seen)

    def _write_down(self, call: Call, answer: Answer | None) -> None:
        self.wire_log.add(record_of(call, answer, self.clock.monotonic()))

    def _deliver_again(self, method: str, path: str, first: Call, answer: Answer) -> Answer:
        """A proxy sends the request once more: in place of an answer that it lost, or long after it passed it on."""

        def again() -> Answer:
            call = self._arrive(Greeted(first.headers), first.body, first.address)
            call.second_of = first.fault
            return self._conclude(method, path, call)

        delay = first.fault.delay if first.fault is not None else 0.0
        if not delay:
            return again()
        with self.lock:
            self._late.put(delay, again)
        return answer

    def _with_limits(self, call: Call, answer: Answer) -> Answer:
        """The two headers of every answer that comes from the service to somebody it knows."""
        if not call.known or not answer.is_json:
            return answer
        with self.lock:
            return _with_headers(answer, self.meter.headers(writes=call.operation is None or call.operation.writes))

    def _now(self) -> str:
        return self.clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def _serve(self, method: str, path: str, call: Call) -> Answer:
        not_admitted = self._admission.check(method, path, call)
        if not_admitted is not None:
            return not_admitted
        if call.second_of is None:
            with self.lock:
                call.fault = self.faults.pick(call.running.fields, call.running.writes, Named(call, self.store))
        if call.fault is not None and call.fault.kind.boundary is Boundary.BEFORE_APPLYING:
            return instead(call, call.fault)
        return self._once(call)

    # once per idempotency key

    def _once(self, call: Call) -> Answer:
        if call.key is None:
            return self._pay_and_run(call)
        with self.lock:
            call.other_body = self._idempotency.is_other_body(call.scope, call.key, call.body)
            standing = self._idempotency.begin(call.scope, call.key, call.body)
        if isinstance(standing, Answer):
            call.replayed = True
            return _with_headers(standing, {"Idempotency-Replayed": "true"})
        if standing is Standing.RUNNING:
            return answers.idempotency_conflict(call.request_id, CONFLICT_WAIT_SECONDS)
        return self._first(call, call.key)

    def _first(self, call: Call, key: str) -> Answer:
        """A key stays taken only by an answer that was kept, or by a request that is still to be applied."""
        is_over = True
        try:
            return self._pay_and_run(call)
        except ConnectionDropped:
            is_over = False
            raise
        finally:
            if is_over:
                with self.lock:
                    self._idempotency.release(call.scope, key)

    def _remember(self, call: Call, answer: Answer) -> None:
        """What executed is kept, also when a gateway loses the answer; the service's own errors by setting."""
        if call.key is None:
            return
        if call.fault is not None and call.fault.kind in OWN_ERRORS:
            answer = made_of(answer, call, call.fault)
            is_kept = self.limits.idempotency_keeps == "all"
        else:
            kept = {"successes": answer.status == 200 and answer.code is None, "answers": answer.status == 200}
            is_kept = kept.get(self.limits.idempotency_keeps, True)
        if is_kept:
            self._idempotency.keep(call.scope, call.key, answer)
        else:
            self._idempotency.release(call.scope, call.key)

    def _pay_and_run(self, call: Call) -> Answer:
        operation = call.running
        call.cost = Costing(operation.fragments, call.variables, self.limits.costs).of(operation.definition)
        with self.lock:
            charge = self.meter.charge(call.cost, operation.fields, writes=operation.writes)
        if isinstance(charge, Refusal):
            return refused(call, charge)
        with self._holding_boards(call) as free:
            return self._take_time(call, charge) if free else answers.locked(call.request_id)

    @contextmanager
    def _holding_boards(self, call: Call) -> Iterator[bool]:
        """Whether the call may write to its boards; until it is answered nobody else may."""
        with self.lock:
            is_held = self.limits.board_locks and call.running.writes
            boards = boards_written(call.running, call.variables, self.store) if is_held else frozenset()
            free = self._locks.take(boards)
        try:
            yield free
        finally:
            with self.lock:
                self._locks.release(boards if free else ())

    def _take_time(self, call: Call, charge: Charge) -> Answer:
        operation = call.running
        times = self.latency.of(operation.fields, writes=operation.writes, seed=self._random_seed, number=call.seq)
        planned = schedule(times, self.limits.server_timeout)
        if call.second_of is None:  # a second delivery has nobody who waits for it
            self.clock.sleep(planned.wait)
        if call.fault is not None and call.fault.kind is Kind.LATE_APPLY:
            self._postpone(call, call.fault, charge)
        return self._give_up(call, charge, planned) if planned.is_over else self._execute(call, charge)

    def _give_up(self, call: Call, charge: Charge, planned: Schedule) -> Answer:
        """The fields that were done when the time was over stay applied."""
        with self.lock:
            if call.running.writes and planned.done:
                self._run(call, charge, call.running.only(call.running.keys[: planned.done]))
            gateway = self.limits.timeout_form == "gateway"
            answer = answers.html_504() if gateway else answers.timed_out(call.request_id)
            self._remember(call, answer)
            self._memory.commit()
            if call.fault is not None and call.fault.kind is Kind.REST_LATE:
                rest = call.running.only(call.running.keys[planned.done :])
                self._late.put(call.fault.delay, lambda: self._apply_late(call, lambda: self._run(call, charge, rest)))
        return answer

    def _execute(self, call: Call, charge: Charge) -> Answer:
        with self.lock:
            answer = self._run(call, charge, call.running)
            self._remember(call, answer)
            self._memory.commit()
        return answer

    def _run(self, call: Call, charge: Charge, operation: Operation) -> Answer:
        context = self._context(call, charge)
        result = run(operation, call.variables, context)
        content = content_of(result, operation)
        call.boards, call.made = tuple(context.boards), tuple(context.made)
        call.errors = len(content.get("errors", ()))
        if operation.writes:
            call.applied = context.applied
        if call.of_files:
            content["account_id"] = int(ACCOUNT["id"])
        content["extensions"] = {"request_id": call.request_id}
        headers = {"API-Version": call.version, "X-Request-Id": call.request_id}
        return answers.json_answer(status_of(result, operation), content, headers, first_code(content))

    def _context(self, call: Call, charge: Charge) -> Context:
        context = Context(self.store, self._cursors, self.limits, charge, call.version)
        lag = self.limits.read_lag
        if lag > timedelta(0):
            context.fresh_since = (self.clock.now() - lag).strftime("%Y-%m-%dT%H:%M:%SZ")
        if call.fault is not None and call.running.keys:
            context.bad_key = field_meant(call, call.fault)
            context.bad_error = error_of_one_field(call.fault)
        return context

    # what is applied late

    def _postpone(self, call: Call, fault: Rule, charge: Charge) -> None:
        with self.lock:
            self._late.put(fault.delay, lambda: self._apply_late(call, lambda: self._execute(call, charge)))
        raise ConnectionDropped(applied=False, kind=fault.kind)

    def _apply_late(self, call: Call, apply: Callable[[], object]) -> None:
        apply()
        record = record_of(call, None, self.clock.monotonic())
        self.wire_log.add(msgspec.structs.replace(record, at=self._now(), late=True, outcome=Outcome.LATE))

    def settle_late(self) -> None:
        """Apply delayed requests that are due. Called before anything is read or answered."""
        with self.lock:
            for apply in self._late.due():
                apply()
                self._memory.commit()

    def close(self) -> None:
        """Let go of the state file and the wire log. Requests that were to be applied later never are."""
        with self.lock:
            self.store.close()
            self.wire_log.close()

    def __enter__(self) -> Simulator:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()


def _with_headers(answer: Answer, more: Mapping[str, str]) -> Answer:
    return replace(answer, headers={**answer.headers, **more})
