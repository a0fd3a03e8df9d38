"""How a request comes in: by any method, with a body that is not kept beyond what is ever read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import request_response
from starlette.types import Receive, Scope, Send

from monday_simulator.gateway.bodies import LONGEST_UPLOAD


class AnyMethod:
    """An endpoint that is asked whatever the method: a route of a function refuses some by itself."""

    def __init__(self, endpoint: Callable[[Request], Awaitable[Response]]) -> None:
        self._app = request_response(endpoint)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


async def body_of(request: Request) -> bytes:
    """The body, or so much of it that it is refused as too long; raises ClientDisconnect."""
    pieces: list[bytes] = []
    room = LONGEST_UPLOAD + 1
    async for piece in request.stream():
        if room:
            pieces.append(piece[:room])
            room -= len(pieces[-1])
    return b"".join(pieces)
