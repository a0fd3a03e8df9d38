"""The network between a process of the drill and the simulated service: every step of an exchange is a place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import httpx2

from monday_simulator.gateway.answers import Answer, ConnectionDropped
from monday_simulator.simulator import Simulator


class Line(httpx2.BaseTransport):
    """Hands a request to the simulator in process, telling its steps as the HTTP library tells them."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

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
        try:
            return self._simulator.handle(request.method, request.url.path, dict(request.headers), request.content)
        except ConnectionDropped as dropped:
            raise httpx2.ReadError(str(dropped), request=request) from dropped
