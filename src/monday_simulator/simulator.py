"""The service: one request in, one answer out, with its limits, its memory and its scripted faults."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from types import TracebackType

import msgspec

from monday_simulator.account.state_file import StateFile
from monday_simulator.account.store import Store
from monday_simulator.api.context import Context
from monday_simulator.api.cursors import Cursors
from monday_simulator.api.documents import Documents, formatted
from monday_simulator.api.execution import content_of, first_code, is_refused_whole, run, status_of
from monday_simulator.api.older_wording import in_older_wording
from monday_simulator.api.schema import executable_schema
from monday_simulator.api.versions import VersionError, version_served
from monday_simulator.clock import Clock, SystemClock
from monday_simulator.gateway import answers
from monday_simulator.gateway.answers import Answer, ConnectionDropped
from monday_simulator.gateway.bodies import RequestError, read_body
from monday_simulator.gateway.costs import Costing
from monday_simulator.gateway.eras import ErrorFormat, in_format
from monday_simulator.gateway.faults import FaultScript, Kind, Rule
from monday_simulator.gateway.faults.effects import error_of_one_field, instead, made_of
from monday_simulator.gateway.faults.kinds import OWN_ERRORS, Boundary
from monday_simulator.gateway.idempotency import IdempotencyWindow, Standing
from monday_simulator.gateway.late import Late
from monday_simulator.gateway.latency import Latency
from monday_simulator.gateway.meter import Meter, Refusal
from monday_simulator.gateway.naming import Named
from monday_simulator.gateway.requests import Call, Greeted
from monday_simulator.gateway.wire import Outcome, WireLog, record_of
from monday_simulator.limits import Charge, Limits
from monday_simulator.seed import Seed, plant

API_PATH = "/v2"
FILE_PATH = "/v2/file"
CONFLICT_WAIT_SECONDS = 5


class Simulator:
    """monday.com's API in one object; `handle` may be called from many threads.

    seed: boards to start from, used only when the state is empty. state: a file that keeps the account.
    token: the only one accepted; None accepts any. random_seed: fixes ids, so that equal requests in equal
    order leave equal records. error_format: how errors are told; an older form than today's for clients of then.
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
    ) -> None:
        self.limits = limits or Limits()
        self.clock: Clock = clock or SystemClock()
        self.latency = latency or Latency()
        self.lock = threading.RLock()
        self.store = Store(self.clock, random_seed, StateFile(state) if state is not None else None)
        self.wire_log = WireLog(wire_path)
        self.meter = Meter(self.limits, self.clock)
        self._token = token
        self._error_format = error_format
        self._documents = Documents(executable_schema(), in_older_wording if error_format.is_older else formatted)
        self.faults = FaultScript(faults)
        self._idempotency = IdempotencyWindow(self.clock, self.limits.idempotency_window)
        self._cursors = Cursors(self.clock, self.store.ids, self.limits.cursor_life)
        self._late = Late(self.clock)
        self._seq = 0
        if seed is not None and self.store.is_empty():
            plant(seed, self.store, self.limits)
            self.store.commit()

    # one request

    def handle(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer a request; raises ConnectionDropped where a fault loses the answer or part of it."""
        known = headers if isinstance(headers, Greeted) else self.greet(headers)
        call = self._arrive(known, body)
        answer = self._conclude(method, path, call)
        if call.is_delivered_twice:
            return self._deliver_again(method, path, call, answer)
        if answer.takes and known is not headers:  # in process: there are no bytes that could trickle
            self.clock.sleep(answer.takes)
        return answer

    def greet(self, headers: Mapping[str, str]) -> Greeted:
        """What a server does before it reads a body; raises ConnectionDropped where it never will."""
        known = Greeted({name.lower(): value for name, value in headers.items()})
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

    def _arrive(self, headers: Greeted, body: bytes) -> Call:
        self.settle_late()
        with self.lock:
            self._seq += 1
            self.meter.in_flight += 1
            return self._call(headers, body)

    def _call(self, headers: Greeted, body: bytes = b"") -> Call:
        return Call(self._seq, self._now(), self.store.ids.request(), headers, body, self.clock.monotonic())

    def _conclude(self, method: str, path: str, call: Call) -> Answer:
        """Serve a request and write down what became of it."""
        seen: Answer | None = None
        try:
            answer = in_format(self._error_format, self._serve(method, path, call))
            seen = answer if call.fault is None else made_of(answer, call, call.fault)
            return seen
        except ConnectionDropped as dropped:
            call.arrived = dropped.arrived
            raise
        finally:
            with self.lock:
                self.meter.in_flight -= 1
                self._write_down(call, None if call.is_lost_by_proxy else seen)

    def _write_down(self, call: Call, answer: Answer | None) -> None:
        self.wire_log.add(record_of(call, answer, self.clock.monotonic()))

    def _deliver_again(self, method: str, path: str, first: Call, answer: Answer) -> Answer:
        """A proxy sends the request once more: in place of an answer that it lost, or long after it passed it on."""

        def again() -> Answer:
            call = self._arrive(Greeted(first.headers), first.body)
            call.second_of = first.fault
            return self._conclude(method, path, call)

        delay = first.fault.delay if first.fault is not None else 0.0
        if not delay:
            return again()
        with self.lock:
            self._late.put(delay, again)
        return answer

    def _now(self) -> str:
        return self.clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def _serve(self, method: str, path: str, call: Call) -> Answer:
        refused = self._admit(method, path, call)
        if refused is not None:
            return refused
        if call.second_of is None:
            with self.lock:
                call.fault = self.faults.pick(call.running.fields, call.running.writes, Named(call, self.store))
        if call.fault is not None and call.fault.kind.boundary is Boundary.BEFORE_APPLYING:
            return instead(call, call.fault)
        return self._once(call)

    def _admit(self, method: str, path: str, call: Call) -> Answer | None:
        """Route, token, request limits, version, body, document: an answer says what was wrong."""
        if path.rstrip("/") not in (API_PATH, FILE_PATH):
            return answers.gateway_error(404, "Not found", "NOT_FOUND", call.request_id)
        if not self._knows(call.headers.get("authorization", "")):
            return answers.not_authenticated()
        with self.lock:
            refusal = self.meter.arrive()
        if refusal is not None:
            return self._refused(call, refusal)
        if method.upper() != "POST":
            return answers.bad_request(call.request_id)
        try:
            call.version = version_served(call.headers.get("api-version"))
            asked = read_body(call.body, call.headers)
        except VersionError:
            return answers.gateway_error(200, "Invalid API version", "InvalidVersionException", call.request_id)
        except RequestError:
            return answers.bad_request(call.request_id)
        with self.lock:
            operation = self._documents.operation(asked.query, asked.operation_name)
        if isinstance(operation, list):
            call.errors = len(operation)
            return _not_valid(call, operation)
        call.operation, call.variables = operation, asked.variables
        if operation.writes:
            call.applied = False
        return None

    def _knows(self, authorization: str) -> bool:
        given = authorization.removeprefix("Bearer ").strip()
        return bool(given) and self._token in (None, given)

    def _refused(self, call: Call, refusal: Refusal) -> Answer:
        wait = refusal.retry_in_seconds
        answer = answers.gateway_error(429, refusal.message, refusal.code, call.request_id, wait)
        with self.lock:
            return _with_headers(answer, self.meter.headers())

    # once per idempotency key

    def _once(self, call: Call) -> Answer:
        if call.key is None:
            return self._pay_and_run(call)
        with self.lock:
            call.other_body = self._idempotency.is_other_body(call.key, call.body)
            standing = self._idempotency.begin(call.key, call.body)
        if isinstance(standing, Answer):
            call.replayed = True
            return _with_headers(standing, {"Idempotency-Replayed": "true"})
        if standing is Standing.RUNNING:
            return answers.idempotency_conflict(call.request_id, CONFLICT_WAIT_SECONDS)
        try:
            answer = self._pay_and_run(call)
        except ConnectionDropped:
            raise
        except BaseException:
            self._idempotency.forget(call.key)
            raise
        self._remember(call, call.key, answer)
        return answer

    def _remember(self, call: Call, key: str, answer: Answer) -> None:
        """What executed is kept, also when a gateway loses the answer; a 500 of the service is not."""
        with self.lock:
            own_error = call.fault is not None and call.fault.kind in OWN_ERRORS
            if answer.status == 200 and not own_error:
                self._idempotency.keep(key, answer)
            else:
                self._idempotency.forget(key)

    def _pay_and_run(self, call: Call) -> Answer:
        call.cost = Costing(call.running.fragments, call.variables, self.limits.costs).of(call.running.definition)
        with self.lock:
            charge = self.meter.charge(call.cost)
        if isinstance(charge, Refusal):
            return self._refused(call, charge)
        if call.second_of is None:  # a second delivery has nobody who waits for it
            self.clock.sleep(self.latency.of(len(call.running.fields) if call.running.writes else 0))
        if call.fault is not None and call.fault.kind is Kind.LATE_APPLY:
            self._postpone(call, call.fault, charge)
        return self._execute(call, charge)

    def _execute(self, call: Call, charge: Charge) -> Answer:
        with self.lock:
            context = self._context(call, charge)
            result = run(call.running, call.variables, context)
            self.store.commit()
            headers = self.meter.headers()
        content = content_of(result, call.running)
        call.boards, call.made = tuple(context.boards), tuple(context.made)
        call.errors = len(content.get("errors", ()))
        if call.running.writes:
            call.applied = not is_refused_whole(result, call.running)
        content["extensions"] = {"request_id": call.request_id}
        headers |= {"API-Version": call.version, "X-Request-Id": call.request_id}
        return answers.json_answer(status_of(result, call.running), content, headers, first_code(content))

    def _context(self, call: Call, charge: Charge) -> Context:
        context = Context(self.store, self._cursors, self.limits, charge, call.version)
        lag = self.limits.read_lag
        if lag > timedelta(0):
            context.fresh_since = (self.clock.now() - lag).strftime("%Y-%m-%dT%H:%M:%SZ")
        if call.fault is not None and call.running.keys:
            context.bad_key = call.running.keys[call.fault.alias % len(call.running.keys)]
            context.bad_error = error_of_one_field(call.fault)
        return context

    # what is applied late

    def _postpone(self, call: Call, fault: Rule, charge: Charge) -> None:
        with self.lock:
            self._late.put(fault.delay, lambda: self._apply_late(call, charge))
        raise ConnectionDropped(applied=False, kind=fault.kind)

    def _apply_late(self, call: Call, charge: Charge) -> None:
        answer = self._execute(call, charge)
        if call.key is not None:
            self._remember(call, call.key, answer)
        record = record_of(call, None, self.clock.monotonic())
        self.wire_log.add(msgspec.structs.replace(record, at=self._now(), late=True, outcome=Outcome.LATE))

    def settle_late(self) -> None:
        """Apply delayed requests that are due. Called before anything is read or answered."""
        with self.lock:
            for apply in self._late.due():
                apply()

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


def _not_valid(call: Call, errors: list[dict[str, object]]) -> Answer:
    content = {"errors": errors, "extensions": {"request_id": call.request_id}}
    return answers.json_answer(200, content, {"X-Request-Id": call.request_id}, "GRAPHQL")


def _with_headers(answer: Answer, more: Mapping[str, str]) -> Answer:
    return Answer(answer.status, {**answer.headers, **more}, answer.body, answer.code)
