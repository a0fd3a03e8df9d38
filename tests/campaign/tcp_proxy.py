"""A proxy between product and simulator, on loopback, that harms a request or its answer on the way as it is told to.

It knows as much of HTTP as it needs to count requests. Whatever it holds back it delivers when the session's clock,
which is not the computer's, has moved on far enough.
"""

from __future__ import annotations

import heapq
import random
import re
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum

from tests.campaign.line_clock import SessionClock

_RESET = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_SECONDS = 10.0  # the longest that anything here waits for a byte
_TICK = 0.002


class Harm(StrEnum):
    """What can happen to a request and its answer."""

    RESET_UNREAD = "reset at the first byte of the request"
    RESET_BEFORE = "reset after the whole request, which goes nowhere"
    HALF_REQUEST = "half of the request reaches the server, then both sides are reset"
    RESET_AFTER = "reset in place of the answer"
    HALF_OPEN = "read, never passed on, never answered"
    SILENT_AFTER = "passed on, never answered"
    SLOW_CLOSE = "answered; closed when the next request has begun"
    CUT = "closed after the first bytes of the answer"
    CUT_BY_RESET = "reset after the first bytes of the answer"
    TWICE = "delivered twice, one answer dropped"
    TWICE_LATE = "delivered, answer lost, delivered again later"
    LATE = "connection lost, delivered later"
    LATENCY = "answered late"
    JITTER = "segments of any length with pauses between them"
    BANDWIDTH = "a few bytes at a time"
    SLICER = "a byte a segment, both ways"


CUTS = (Harm.CUT, Harm.CUT_BY_RESET)
DELAYED = (Harm.TWICE_LATE, Harm.LATE, Harm.LATENCY)


@dataclass(frozen=True)
class Fault:
    """`at`: bytes of the answer that go through before a cut. `seconds`: on the session's clock."""

    harm: Harm
    at: int = 0
    seconds: float = 0.0


class Closed(Exception):
    """The other side is gone."""


class TcpProxy:
    """Listens as long as its block. `plan`: what happens to the nth request, from 1; each happens once."""

    def __init__(self, upstream: int) -> None:
        self.plan: dict[int, Fault] = {}
        self.clock = SessionClock(self)
        self.struck: list[tuple[Fault, str]] = []
        self.twice = 0
        self._upstream = upstream
        self._count = 0
        self._busy = 0
        self._changed = threading.Condition()
        self._late: list[tuple[float, int, bytes]] = []
        self._chance = random.Random(0)
        self._listening = socket.create_server(("127.0.0.1", 0))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    @property
    def requests(self) -> int:
        """That came in this session."""
        return self._count

    def begin(self, plan: dict[int, Fault], seed: int) -> None:
        """Forget the last session."""
        self.settle()
        self.plan, self.struck, self.twice, self._count = plan, [], 0, 0
        self._late.clear()
        self._chance = random.Random(seed)
        self.clock = SessionClock(self, seed)

    def __enter__(self) -> TcpProxy:
        threading.Thread(target=self._accept, daemon=True, name="proxy").start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):  # wakes accept()
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def settle(self) -> None:
        """Until no request is on its way."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._busy == 0, _SECONDS):
                raise TimeoutError(f"{self._busy} requests are still on their way")

    def deliver_due(self, now: float) -> None:
        """What was held back until now."""
        while self._late and self._late[0][0] <= now:
            self.passed_on(heapq.heappop(self._late)[2])

    def next_due(self) -> float | None:
        """When the next of them is to be delivered."""
        return self._late[0][0] if self._late else None

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            client.settimeout(_SECONDS)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(client,), daemon=True, name="proxied").start()

    def _serve(self, client: socket.socket) -> None:
        # Whatever breaks here the client sees as a broken connection, and that is what it is for.
        with closing(client), suppress(OSError, Closed):
            closes_next = False
            while client.recv(1, socket.MSG_PEEK):
                if closes_next:
                    return
                with self._counted() as fault:
                    if fault is None or fault.harm is not Harm.RESET_UNREAD:
                        request = _message(client)
                        self._note(fault, request)
                        stays = _Exchange(self, client, request, fault, self._chance).run()
                    else:
                        self._note(fault, b"")
                        _reset(client)
                        return
                if not stays:
                    return
                closes_next = fault is not None and fault.harm is Harm.SLOW_CLOSE

    @contextmanager
    def _counted(self) -> Iterator[Fault | None]:
        """While a request is on its way."""
        with self._changed:
            self._busy += 1
            self._count += 1
            fault = self.plan.pop(self._count, None)
        try:
            yield fault
        finally:
            self._moved(-1)

    @contextmanager
    def nothing_moves(self) -> Iterator[None]:
        """While a client waits for what never comes."""
        self._moved(-1)
        try:
            yield
        finally:
            self._moved(+1)

    def _moved(self, requests: int) -> None:
        with self._changed:
            self._busy += requests
            self._changed.notify_all()

    def _note(self, fault: Fault | None, request: bytes) -> None:
        if fault is not None:
            self.struck.append((fault, _kind(request)))

    def hold_back(self, request: bytes, seconds: float) -> None:
        """To be delivered when so much time has passed."""
        heapq.heappush(self._late, (self.clock.monotonic() + seconds, self._count, request))

    def passed_on(self, request: bytes) -> bytes:
        """The server's whole answer."""
        with closing(self.to_server()) as server:
            server.sendall(request)
            return _message(server)

    def to_server(self) -> socket.socket:
        server = socket.create_connection(("127.0.0.1", self._upstream), _SECONDS)
        server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return server


@dataclass
class _Exchange:
    """One request with what happens to it. `run` tells whether the connection stays open."""

    proxy: TcpProxy
    client: socket.socket
    request: bytes
    fault: Fault | None
    chance: random.Random

    def run(self) -> bool:
        if self.fault is None:
            self.client.sendall(self.proxy.passed_on(self.request))
            return True
        return _DOES[self.fault.harm](self, self.fault)

    def nowhere(self, _fault: Fault) -> bool:
        return _reset(self.client)

    def half_request(self, _fault: Fault) -> bool:
        with closing(self.proxy.to_server()) as server:
            server.sendall(self.request[: len(self.request) - 20])
            _reset(server)
        return _reset(self.client)

    def reset_after(self, _fault: Fault) -> bool:
        self.proxy.passed_on(self.request)
        return _reset(self.client)

    def half_open(self, _fault: Fault) -> bool:
        return self._silence()

    def silent_after(self, _fault: Fault) -> bool:
        self.proxy.passed_on(self.request)
        return self._silence()

    def whole(self, _fault: Fault) -> bool:
        self.client.sendall(self.proxy.passed_on(self.request))
        return True

    def cut(self, fault: Fault) -> bool:
        answer = self.proxy.passed_on(self.request)
        self.client.sendall(answer[: fault.at % len(answer)])
        return _reset(self.client) if fault.harm is Harm.CUT_BY_RESET else False

    def twice(self, fault: Fault) -> bool:
        answers = [self.proxy.passed_on(self.request) for _ in range(2)]
        self.proxy.twice += 1
        self.client.sendall(answers[fault.at % 2])
        return True

    def twice_late(self, fault: Fault) -> bool:
        self.proxy.passed_on(self.request)
        self.proxy.twice += 1
        self.proxy.hold_back(self.request, fault.seconds)
        return _reset(self.client)

    def late(self, fault: Fault) -> bool:
        self.proxy.hold_back(self.request, fault.seconds)
        return _reset(self.client)

    def latency(self, fault: Fault) -> bool:
        answer = self.proxy.passed_on(self.request)
        self.proxy.clock.pass_by(fault.seconds)
        self.client.sendall(answer)
        return True

    def jitter(self, _fault: Fault) -> bool:
        return self._in_parts(self.proxy.passed_on(self.request), lambda: self.chance.randint(1, 200))

    def bandwidth(self, _fault: Fault) -> bool:
        return self._in_parts(self.proxy.passed_on(self.request), lambda: 64)

    def slicer(self, _fault: Fault) -> bool:
        with closing(self.proxy.to_server()) as server:
            for at in range(len(self.request)):
                server.sendall(self.request[at : at + 1])
            answer = _message(server)
        for at in range(len(answer)):
            self.client.sendall(answer[at : at + 1])
        return True

    def _in_parts(self, answer: bytes, length: Callable[[], int]) -> bool:
        pause = threading.Event()
        while answer:
            size = length()
            self.client.sendall(answer[:size])
            answer = answer[size:]
            pause.wait(_TICK)
        return True

    def _silence(self) -> bool:
        """Until the client gives up."""
        with self.proxy.nothing_moves(), suppress(OSError):
            self.client.recv(1)
        return False


_DOES: dict[Harm, Callable[[_Exchange, Fault], bool]] = {
    Harm.RESET_BEFORE: _Exchange.nowhere,
    Harm.HALF_REQUEST: _Exchange.half_request,
    Harm.RESET_AFTER: _Exchange.reset_after,
    Harm.HALF_OPEN: _Exchange.half_open,
    Harm.SILENT_AFTER: _Exchange.silent_after,
    Harm.SLOW_CLOSE: _Exchange.whole,
    Harm.CUT: _Exchange.cut,
    Harm.CUT_BY_RESET: _Exchange.cut,
    Harm.TWICE: _Exchange.twice,
    Harm.TWICE_LATE: _Exchange.twice_late,
    Harm.LATE: _Exchange.late,
    Harm.LATENCY: _Exchange.latency,
    Harm.JITTER: _Exchange.jitter,
    Harm.BANDWIDTH: _Exchange.bandwidth,
    Harm.SLICER: _Exchange.slicer,
}


def _message(connection: socket.socket) -> bytes:
    """One request or answer, head and body. Closed where it ends before."""
    got = b""
    while (head := got.find(b"\r\n\r\n")) < 0:
        got += _more(connection)
    length = _LENGTH.search(got[: head + 2])
    whole = head + 4 + (int(length[1]) if length else 0)
    while len(got) < whole:
        got += _more(connection)
    return got


def _more(connection: socket.socket) -> bytes:
    got = connection.recv(65_536)
    if not got:
        raise Closed
    return got


def _reset(connection: socket.socket) -> bool:
    """RST instead of FIN at the close that follows. False: the connection does not stay."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    connection.close()
    return False


def _kind(request: bytes) -> str:
    """create_item, create_group, .., or a look-up."""
    found = re.search(rb"\b(create_(?:item|subitem|group))\b", request)
    return found[1].decode() if found else "a look-up" if request else "any request"
