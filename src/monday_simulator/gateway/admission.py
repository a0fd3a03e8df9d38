"""Whether a request gets in: route, token, request limits, version, body, document."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from monday_simulator.api.documents import Documents
from monday_simulator.api.versions import VersionError, version_served
from monday_simulator.gateway import answers
from monday_simulator.gateway.answers import Answer
from monday_simulator.gateway.bodies import Asked, RequestError, read_body
from monday_simulator.gateway.meter import Meter, Refusal
from monday_simulator.gateway.requests import Call

API_PATH = "/v2"
FILE_PATH = "/v2/file"


class Admission:
    """The first checks in the service's own order.

    token: the only one accepted; None accepts any. documents: those of a version, called under the lock.
    """

    def __init__(
        self, token: str | None, meter: Meter, documents: Callable[[str], Documents], lock: threading.RLock
    ) -> None:
        self._token = token
        self._meter = meter
        self._documents = documents
        self._lock = lock

    def check(self, method: str, path: str, call: Call) -> Answer | None:
        """An answer says what was wrong; without one the call has its operation."""
        if path.rstrip("/") not in (API_PATH, FILE_PATH):
            return answers.gateway_error(404, "Not found", "NOT_FOUND", call.request_id)
        call.of_files = path.rstrip("/") == FILE_PATH
        return self._identify(call) or self._read(method, call)

    def _identify(self, call: Call) -> Answer | None:
        """Addresses are counted at the edge, before anybody knows whose request it is."""
        with self._lock:
            refusal = self._meter.knock(call.address)
        if refusal is not None:
            return refused(call, refusal)
        if not call.token or self._token not in (None, call.token):
            return answers.not_authenticated()
        call.known = True
        with self._lock:
            refusal = self._meter.arrive()
        return None if refusal is None else refused(call, refusal)

    def _read(self, method: str, call: Call) -> Answer | None:
        if method.upper() != "POST":
            return answers.bad_request(call.request_id)
        try:
            call.version = version_served(call.headers.get("api-version"))
            asked = read_body(call.body, call.headers)
        except VersionError:
            return answers.gateway_error(200, "Invalid API version", "InvalidVersionException", call.request_id)
        except RequestError:
            return answers.bad_request(call.request_id)
        return self._understand(call, asked)

    def _understand(self, call: Call, asked: Asked) -> Answer | None:
        with self._lock:
            operation = self._documents(call.version).operation(asked.query, asked.operation_name)
            if not isinstance(operation, list) and operation.is_about_complexity_alone:
                self._meter.make_light()
        if isinstance(operation, list):
            call.errors = len(operation)
            return _not_valid(call, operation)
        call.operation, call.variables = operation, asked.variables
        if operation.writes:
            call.applied = False
        return None


def refused(call: Call, refusal: Refusal) -> Answer:
    """429 in the present form."""
    answer = answers.gateway_error(429, refusal.message, refusal.code, call.request_id, refusal.retry_in_seconds)
    return replace(answer, headers={**answer.headers, **({"API-Version": call.version} if call.version else {})})


def _not_valid(call: Call, errors: list[dict[str, object]]) -> Answer:
    """Without the version, as recorded (B)."""
    content = {"errors": errors, "extensions": {"request_id": call.request_id}}
    return answers.json_answer(200, content, {"X-Request-Id": call.request_id}, "GRAPHQL")
