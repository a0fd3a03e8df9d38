"""The network between a process of the drill and the simulated service: every step of an exchange is a place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2

from monday_simulator.gateway.answers import Answer, ConnectionDropped
from monday_simulator.gateway.faults import Rule
from monday_simulator.simulator import Simulator


@dataclass(frozen=True, slots=True)
class Sent:
    """A request that has reached the service, or with `rules` a change of the faults that it serves with."""

    moment: float
    method: str = "POST"
    path: str = "/v2"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    rules: tuple[Rule, ...] | None = None


class Line(httpx2.BaseTransport):
    """Hands a request to the simulator in process, telling its steps as the HTTP library tells them."""

    def __init__(self, simulator: Simulator, sent: list[Sent]) -> None:
        """`sent`: where each request that reaches the service is noted."""
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
        moment, headers = self._simulator.clock.monotonic(), dict(request.headers)
        self._sent.append(Sent(moment, request.method, request.url.path, headers, request.content))
        try:
            return self._simulator.handle(request.method, request.url.path, headers, request.content)
        except ConnectionDropped as dropped:
            raise httpx2.ReadError(str(dropped), request=request) from dropped
