"""A line between product and server, on loopback: it can be cut, lose an answer, and be down for a while.

It knows nothing of what travels on it. It is a process of its own: the driver lets no other thread of its process work
while it waits for the server's word on a statement that is closed.
"""

from __future__ import annotations

import socket
import struct
import subprocess
import sys
import threading
from contextlib import suppress

_RESET = struct.pack("ii", 1, 0)


class Line:
    """Listens as long as its block. `port`: where the product calls instead of the server."""

    def __init__(self, host: str, port: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, host, str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.port = int(self._heard())

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate("")

    def cut(self) -> None:
        """Every connection ends, as when the server dies."""
        self._say("cut")

    def go_down(self) -> None:
        """And nobody answers until the line is up."""
        self._say("go_down")

    def come_up(self) -> None:
        self._say("come_up")

    def lose_next_answer(self) -> None:
        """What is asked next arrives; what is answered does not, and every connection ends."""
        self._say("lose_next_answer")

    def _say(self, word: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(word + "\n")
        self._process.stdin.flush()
        assert self._heard() == word

    def _heard(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


class _Relay:
    """The other process: does what its standard input says, and ends with it."""

    def __init__(self, host: str, port: int) -> None:
        self._upstream = (host, port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        self._up = True
        self._swallows = False

    def serve(self) -> None:
        threading.Thread(target=self._accept, daemon=True).start()
        _tell(str(self._listening.getsockname()[1]))
        for line in sys.stdin:
            getattr(self, line.strip())()
            _tell(line.strip())

    def cut(self) -> None:
        with self._lock:
            ended, self._open = self._open, []
        for each in ended:
            _reset(each)

    def go_down(self) -> None:
        self._up = False
        self.cut()

    def come_up(self) -> None:
        self._up = True

    def lose_next_answer(self) -> None:
        self._swallows = True

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            if self._up:
                self._connect(client)
            else:
                _reset(client)

    def _connect(self, client: socket.socket) -> None:
        server = socket.create_connection(self._upstream)
        with self._lock:
            self._open += [client, server]
        for source, target, answers in ((client, server, False), (server, client, True)):
            source.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._pass_on, args=(source, target, answers), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, answers: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                if answers and self._swallows:
                    self._swallows = False
                    self.cut()
                    return
                target.sendall(data)
        for each in (source, target):
            _reset(each)


def _tell(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def _reset(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


if __name__ == "__main__":
    _Relay(sys.argv[1], int(sys.argv[2])).serve()
