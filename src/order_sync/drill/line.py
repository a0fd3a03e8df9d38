"""The network between a process of the drill and the simulated service: every step of an exchange is a place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import httpx2

from monday_simulator.gateway.answers import Answer, ConnectionDropped
from monday_simulator.simulator import Simulator

Sent = tuple[float, str, str, dict[str, str], bytes]
"""A request: moment, method, path, headers, body."""


class Line(httpx2.BaseTransport):
    """Hands a request to the simulator in process, telling its steps as the HTTP library tells them."""

    def __init__(self, simulator: Simulator, sent: list[Sent]) -> None:
        """`sent`: where each request is noted whose effect is there."""
        self._simulator = simulator
        self._sent = sent

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        tell: Callable[[str, Mapping[str, Any]], None] = request.extensions.get("trace", lambda *_: None)
        tell("http11.send_request_headers.started", {})
        tell("http11.send_request_headers.complete", {})
        tell("http11.send_request_body.complete", {})
        answer = self._answer(request)
        tell("http11.receive_response_headers.started", {})
        tell("http11.receive_response_headers.complete", {})
        return httpx2.Response(answer.status, headers=dict(answer.headers), content=answer.body)

    def _answer(self, request: httpx2.Request) -> Answer:
        headers = dict(request.headers)
        sent = (self._simulator.clock.monotonic(), request.method, request.url.path, headers, request.content)
        try:
            answer = self._simulator.handle(request.method, request.url.path, headers, request.content)
        except ConnectionDropped as dropped:
            if dropped.applied or "idempotency-key" not in headers:
                self._sent.append(sent)
            raise httpx2.ReadError(str(dropped), request=request) from dropped
        self._sent.append(sent)
        return answer
