"""A clock that is moved by hand and a board whose answers are scripted."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2

from order_sync.model.ids import BoardId, GroupId
from order_sync.model.outcomes import Outcome
from order_sync.model.secrets import Secret
from order_sync.monday.board import Board, ReadRetries
from order_sync.monday.budget import Budget, PlanLimits
from order_sync.monday.documents import Call, ItemToCreate, create_items
from order_sync.monday.errors import outcomes_of
from order_sync.monday.transport import Reply, Timeouts, Transport

TOKEN = "canary-token-0f3a"
BOARD = BoardId("77")
ADDRESS = "http://127.0.0.1:9/v2"


class HandClock:
    """Time passes only by sleeping or by `pass_`; `random` gives `draw`."""

    def __init__(self, draw: float = 0.0) -> None:
        self.seconds = 1_000.0
        self.draw = draw
        self.slept: list[float] = []
        self.stands_still = False

    def now(self) -> datetime:
        return datetime(2026, 3, 1, 23, 0, tzinfo=UTC) + timedelta(seconds=self.seconds - 1_000.0)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, wait: timedelta) -> None:
        if wait > timedelta(0):
            self.slept.append(wait.total_seconds())
            if not self.stands_still:
                self.seconds += wait.total_seconds()

    def random(self) -> float:
        return self.draw

    def pass_(self, seconds: float) -> None:
        self.seconds += seconds


class Scripted(httpx2.BaseTransport):
    """Answers each request with the next step: a Response, an exception, or a function of the request."""

    def __init__(self, *steps: Any) -> None:
        self.steps = list(steps)
        self.requests: list[httpx2.Request] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        self.requests.append(request)
        step = self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]
        if isinstance(step, Exception):
            raise step
        return step(request) if callable(step) else step

    def asked(self, at: int = -1) -> dict[str, Any]:
        """The JSON body of a request."""
        body: dict[str, Any] = json.loads(self.requests[at].content)
        return body


def transport(http: httpx2.BaseTransport, clock: HandClock, timeouts: Timeouts | None = None) -> Transport:
    return Transport(ADDRESS, Secret(TOKEN), "2026-10", clock, timeouts, http=http)


def board(
    *steps: Any, clock: HandClock | None = None, limits: PlanLimits | None = None
) -> tuple[Board, Scripted, HandClock]:
    clock = clock or HandClock()
    http = Scripted(*steps)
    budget = Budget(clock, limits)
    return Board(transport(http, clock), budget, clock, BoardId("77"), ReadRetries(attempts=3)), http, clock


def said(data: Any = None, errors: Any = None, status: int = 200, **more: Any) -> Callable[..., httpx2.Response]:
    """A JSON answer; made anew for each request, since a response can be read once."""
    headers = more.pop("headers", {})
    body = {**({"data": data} if data is not None else {}), **({"errors": errors} if errors else {}), **more}
    return lambda _request: httpx2.Response(status, json=body, headers=headers)


def reply(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Reply(status, headers or {}, content, timedelta(milliseconds=800))


def item(number: int, key: str | None = None, **more: Any) -> dict[str, Any]:
    """An item on the wire, with its key column."""
    values = [{"id": "text_key", "text": key}]
    return {"id": str(number), "name": f"n{number}", "state": "active", "column_values": values, **more}


def page(*items: Any, cursor: str | None = None) -> dict[str, Any]:
    """A page of items on the wire."""
    return {"cursor": cursor, "items": list(items)}


def error(code: str | None, message: str = "said", **extra: Any) -> list[dict[str, Any]]:
    """The `errors` of an answer about the whole request."""
    return [{"message": message, "extensions": {**({"code": code} if code else {}), **extra}}]


# one request of some items, and what its answer comes to


def items(count: int = 3) -> Call:
    made = [ItemToCreate(10 + at, BOARD, GroupId("topics"), f"item {at}", "{}", False) for at in range(count)]
    return create_items(made)


def outcomes(body: Any, status: int = 200, count: int = 3, **headers: str) -> list[Outcome]:
    delivery = outcomes_of(reply(body, status, headers), items(count))
    assert set(delivery.outcomes) == {10 + at for at in range(count)}
    return [delivery.outcomes[10 + at] for at in range(count)]


def complaint(
    code: str | None = None, path: list[Any] | None = None, message: str = "said", **extra: Any
) -> dict[str, Any]:
    entry: dict[str, Any] = {"message": message, "extensions": {**({"code": code} if code else {}), **extra}}
    return {**entry, "path": path} if path is not None else entry
