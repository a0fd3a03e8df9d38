"""Replies that only a socket can carry: broken framing, headers that are none, an end in the middle; on loopback."""

from __future__ import annotations

import contextlib
import random
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from order_sync.clock import SystemClock
from order_sync.model.ids import RequestId
from order_sync.model.outcomes import Created
from order_sync.model.secrets import Secret
from order_sync.monday.board import Board
from order_sync.monday.budget import Budget
from order_sync.monday.documents import Call
from order_sync.monday.transport import Transport
from tests.monday_fakes import BOARD, TOKEN, items

BODY: Final = b'{"data":{"r0":{"id":"11"},"r1":{"id":"12"},"r2":{"id":"13"}}}'
_OK: Final = b"HTTP/1.1 200 OK\r\n"
_JSON: Final = b"Content-Type: application/json\r\n"
_LENGTH: Final = b"Content-Length: %d\r\n" % len(BODY)
_CHUNK: Final = b"%x\r\n" % len(BODY) + BODY + b"\r\n"
_CHUNKED: Final = _OK + _JSON + b"Transfer-Encoding: chunked\r\n\r\n"

# name -> what the server sends before it closes. None of these is a whole answer.
BROKEN: Final = {
    "nothing": b"",
    "half a status line": b"HTTP/1.1 2",
    "no status line": BODY,
    "a status of letters": b"HTTP/1.1 OK OK\r\n\r\n" + BODY,
    "a status of four digits": b"HTTP/1.1 2000 OK\r\n" + _LENGTH + b"\r\n" + BODY,
    "a TLS record": b"\x15\x03\x01\x00\x02\x02\x46" * 20,
    "headers that never end": _OK + b"X-A: 1\r\n" * 50,
    "a header of a megabyte": _OK + b"X-A: " + b"x" * 1_048_576 + b"\r\n" + _LENGTH + b"\r\n" + BODY,
    "a hundred thousand headers": _OK + b"X-A: 1\r\n" * 100_000 + _LENGTH + b"\r\n" + BODY,
    "a header without a name": _OK + b": 1\r\n" + _LENGTH + b"\r\n" + BODY,
    "a header with NUL": _OK + b"X-A: a\x00b\r\n" + _LENGTH + b"\r\n" + BODY,
    "a length too large": _OK + b"Content-Length: 5000\r\n\r\n" + BODY,
    "a length beyond measure": _OK + b"Content-Length: 99999999999999999999999\r\n\r\n" + BODY,
    "a negative length": _OK + b"Content-Length: -5\r\n\r\n" + BODY,
    "a length of letters": _OK + b"Content-Length: all\r\n\r\n" + BODY,
    "two lengths": _OK + _LENGTH + b"Content-Length: 7\r\n\r\n" + BODY,
    "a chunk without an end": _CHUNKED + _CHUNK,
    "a chunk too short": _CHUNKED + b"fff\r\n" + BODY,
    "a chunk of letters": _CHUNKED + b"zz\r\n" + BODY,
    "a chunk size beyond measure": _CHUNKED + b"f" * 40 + b"\r\n" + BODY,
    "hints without an answer": b"HTTP/1.1 103 Early Hints\r\n\r\n" * 20,
    "another protocol": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n" + BODY,
}
# What is odd and nevertheless whole: an id in it counts.
ODD: Final = {
    "headers of bytes that are no text": _OK + b"X-A: \xff\xfe\x80\r\nRetry-After: \xe9\r\n" + _LENGTH + b"\r\n" + BODY,
    "HTTP/9.9": b"HTTP/9.9 200 OK\r\n" + _LENGTH + b"\r\n" + BODY,
    "no length": _OK + _JSON + b"Connection: close\r\n\r\n" + BODY,
    "more than its length": _OK + _LENGTH + b"\r\n" + BODY + b"HTTP/1.1 500 Again\r\n\r\n",
    "byte by byte chunks": _CHUNKED + b"".join(b"1\r\n" + bytes([one]) + b"\r\n" for one in BODY) + b"0\r\n\r\n",
}


def _whole(heard: bytes) -> bool:
    head, _, body = heard.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    return length is not None and len(body) >= int(length[1])


@dataclass
class _Server:
    """Reads each request and answers it with `reply`, then closes; `hard`: with a reset."""

    reply: bytes = b""
    hard: bool = False

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/v2"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                peer, _ = self._listener.accept()
                with peer, contextlib.suppress(OSError):
                    self._answer(peer)

    def _answer(self, peer: socket.socket) -> None:
        heard = b""
        while not _whole(heard):
            part = peer.recv(65_536)
            if not part:
                return
            heard += part
        peer.sendall(self.reply)
        if self.hard:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")

    def close(self) -> None:
        self._listener.close()


@contextlib.contextmanager
def server() -> Iterator[_Server]:
    made = _Server()
    try:
        yield made
    finally:
        made.close()


def send_to(it: _Server, reply: bytes, *, hard: bool = False, call: Call | None = None) -> int:
    """Send three items there; how many of them are held to be made. Whatever is raised is for the caller to see."""
    it.reply, it.hard = reply, hard
    clock, call = SystemClock(), call or items()
    transport = Transport(it.url, Secret(TOKEN), "2026-10", clock)
    try:
        board = Board(transport, Budget(clock), clock, BOARD)
        delivery = board.deliver(call, RequestId("request"), clock.monotonic() + 10)
    finally:
        transport.close()
    assert set(delivery.outcomes) == {ref for _, ref in call.refs}
    return sum(isinstance(outcome, Created) for outcome in delivery.outcomes.values())


def cut_anywhere(chance: random.Random) -> bytes:
    """A whole answer that ends too early."""
    whole = chance.choice((_OK + _JSON + _LENGTH + b"\r\n" + BODY, _CHUNKED + _CHUNK + b"0\r\n"))
    return whole[: chance.randrange(len(whole))]
