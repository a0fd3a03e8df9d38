"""How an answer leaves: whole, in drops, in part, or not at all. What a fault drops is really dropped."""

from __future__ import annotations

import asyncio
import gzip
import socket
import struct
import sys

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from monday_simulator.clock import Clock
from monday_simulator.gateway.answers import Answer, ConnectionDropped

PACKED_FROM, PACKED_LEVEL = 1_400, 4
DROPS = 20


class TransportProtocol(H11Protocol):
    """uvicorn's own, which also hands its transport to the app: the only way to reset a connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


class Whole(Response):
    """An answer with the simulator's own headers; packed where that saves something and the client takes it."""

    def __init__(self, answer: Answer, accepted: str = "") -> None:
        body, headers = answer.body, dict(answer.headers)
        if len(body) >= PACKED_FROM and "gzip" in accepted.lower():
            body = gzip.compress(body, PACKED_LEVEL, mtime=0)
            headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        super().__init__(body, answer.status, headers)


class Dropped(Response):
    """No answer: a reset. Of a partial answer, as many bytes go out before as are to arrive."""

    def __init__(self, dropped: ConnectionDropped) -> None:
        super().__init__()
        self._dropped = dropped

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport = scope["state"]["transport"]
        if self._dropped.partial is not None:
            await _send_part(self._dropped.partial, self._dropped.arrived, send)
            transport.close()
        else:
            _reset(transport)
        # uvicorn answers for an app that is silent on an open connection, so wait until it knows it is closed
        while (await receive())["type"] != "http.disconnect":
            pass


async def _send_start(answer: Answer, send: Send) -> None:
    headers = {**answer.headers, "Content-Length": str(len(answer.body))}
    raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": raw})


async def _send_part(answer: Answer, length: int, send: Send) -> None:
    await _send_start(answer, send)
    await send({"type": "http.response.body", "body": answer.body[:length], "more_body": True})


class Trickling(Response):
    """An answer whose bytes come in drops, with a wait before each."""

    def __init__(self, answer: Answer, clock: Clock) -> None:
        super().__init__()
        self._answer = answer
        self._clock = clock

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        body = self._answer.body
        size = -(-len(body) // DROPS) or 1
        await _send_start(self._answer, send)
        for start in range(0, len(body), size):
            await run_in_threadpool(self._clock.sleep, self._answer.takes / DROPS)
            await send({"type": "http.response.body", "body": body[start : start + size], "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _reset(transport: asyncio.Transport) -> None:
    """RST instead of FIN: a linger time of zero discards what was not sent."""
    linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()
