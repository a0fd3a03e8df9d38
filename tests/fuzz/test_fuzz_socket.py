"""A served simulator and bytes that are hardly HTTP: it answers or hangs up, and the next client is served as ever."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import select
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.fuzz.choices import Choices, Seeded
from tests.fuzz.forms import unknown_parts

SOURCE = Path(__file__).resolve().parents[2] / "src"
BODY = b'{"query": "{ me { id } }"}'
START = b"POST /v2 HTTP/1.1\r\nHost: a\r\nAuthorization: t\r\nContent-Type: application/json\r\n"
GOOD = START + b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(BODY) + BODY
NOT_HTTP = b"Invalid HTTP request received."
RANDOM_ONES = 300
UPLOAD = 500_000_000
MEMORY_GROWTH_MB = 250

pytestmark = pytest.mark.slow


@dataclass
class Served:
    host: str
    port: int
    process: subprocess.Popen[str]
    log: Path
    read: int = 0

    def answered(self, pieces: Sequence[bytes], *, hang_up: bool = False, patience: float = 0.2) -> bytes:
        """Send each piece by itself; all that comes back until the end.

        hang_up: without waiting for it. patience: seconds until we say that this was all, which ends what is not
        answered yet.
        """
        with socket.create_connection((self.host, self.port), timeout=20) as raw:
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                for piece in pieces:
                    raw.sendall(piece)
                if not hang_up:
                    select.select([raw], [], [], patience)
                    raw.shutdown(socket.SHUT_WR)
                    return b"".join(iter(lambda: raw.recv(65536), b""))
            except TimeoutError:
                raise
            except OSError:
                pass  # it hung up before we had said everything
        return b""

    def is_well(self) -> bool:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=20)
        with contextlib.closing(connection):
            connection.request("POST", "/v2", BODY, {"Authorization": "t", "Content-Type": "application/json"})
            answer = json.loads(connection.getresponse().read())
        return self.process.poll() is None and "data" in answer

    def complaints(self) -> str:
        """What it has complained of since it was asked last, but for its word that something was no HTTP."""
        told = self.log.read_text(encoding="utf-8")[self.read :]
        self.read += len(told)
        return told if "Traceback" in told or "Exception" in told else ""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    log = tmp_path_factory.mktemp("served") / "stderr.txt"
    words = [sys.executable, "-m", "monday_simulator", "--port", "0", "--calls-per-day", "100000"]
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    with log.open("w") as errors, subprocess.Popen(words, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            address = urlsplit(process.stdout.readline().strip())
            yield Served(str(address.hostname), int(address.port or 0), process, log)
        finally:
            process.kill()


def judge(answer: bytes) -> list[str]:
    """What is wrong with the first answer on a connection; nothing where there is none."""
    if not answer:
        return []
    head, _, rest = answer.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    status = int(lines[0].split()[1])
    headers = dict(line.split(": ", 1) for line in lines[1:])
    if status == 100:
        return judge(rest)
    named = {name.lower(): value for name, value in headers.items()}
    length = int(named.get("content-length", len(rest)))
    if status == 400 and NOT_HTTP in rest:
        return []
    if named.get("content-type", "").startswith("text/plain") and status == 404:
        return []  # outside the API
    return list(unknown_parts(status, headers, rest[:length]))


HARDLY_HTTP = {
    "nothing": [b""],
    "noise": [b"\x00\xff\xfe" * 1000],
    "greeting of TLS": [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500],
    "HTTP/2": [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    "HTTP/0.9": [b"GET /v2\r\n"],
    "HTTP/1.0": [b"POST /v2 HTTP/1.0\r\nAuthorization: t\r\nContent-Length: 2\r\n\r\n{}"],
    "another protocol": [b"SSH-2.0-client\r\n", b"EHLO a\r\n"],
    "half a request line": [b"POST /v"],
    "half of the headers": [START],
    "half of the body": [START + b"Content-Length: 100\r\n\r\n{"],
    "one byte at a time": [bytes([each]) for each in GOOD],
    "more than its length": [START + b"Content-Length: 2\r\n\r\n{}" + b"rest that is no request"],
    "two at once": [GOOD.replace(b"Connection: close\r\n", b"") + GOOD],
    "negative length": [START + b"Content-Length: -1\r\n\r\n{}"],
    "length in words": [START + b"Content-Length: two\r\n\r\n{}"],
    "two lengths": [START + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} "],
    "length beyond all measure": [START + b"Content-Length: " + b"9" * 30 + b"\r\n\r\n{}"],
    "length and chunks": [START + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
    "chunks": [START + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n1a\r\n" + BODY + b"\r\n0\r\n\r\n"],
    "a chunk of no number": [START + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n"],
    "a chunk beyond all measure": [START + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 30 + b"\r\n{}"],
    "chunks without an end": [START + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"],
    "an unknown transfer encoding": [START + b"Transfer-Encoding: gzip\r\n\r\n{}"],
    "a header of 200,000 bytes": [START + b"X: " + b"x" * 200_000 + b"\r\n\r\n"],
    "20,000 headers": [START + b"".join(b"X-%d: y\r\n" % at for at in range(20_000)) + b"\r\n"],
    "a path of 200,000 bytes": [b"POST /" + b"x" * 200_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n"],
    "NUL in a header": [START + b"X: \x00\r\n\r\n"],
    "a header without a colon": [START + b"no colon\r\n\r\n"],
    "a header over two lines": [START + b"X: a\r\n b\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"],
    "bytes beyond ASCII in a header": [START + b"Idempotency-Key: \xff\xfe\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"],
    "no host": [b"POST /v2 HTTP/1.1\r\nContent-Length: 0\r\n\r\n"],
    "line feeds alone": [GOOD.replace(b"\r\n", b"\n")],
    "expecting to go on": [START + b"Expect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n", b"{}"],
    "an upgrade": [START + b"Upgrade: websocket\r\nConnection: Upgrade\r\nContent-Length: 2\r\n\r\n{}"],
    "percent signs": [GOOD.replace(b"/v2", b"/v2%00%zz%ff", 1)],
    "a whole address": [GOOD.replace(b"/v2", b"http://a/v2", 1)],
    "a slash behind": [GOOD.replace(b"/v2", b"/v2/", 1)],
    "an unknown method": [GOOD.replace(b"POST", b"BREW", 1)],
    "PATCH": [GOOD.replace(b"POST", b"PATCH", 1)],
    "OPTIONS": [GOOD.replace(b"POST", b"OPTIONS", 1)],
    "a long content type": [GOOD.replace(b"application/json", b"multipart/form-data; boundary=" + b"b" * 5000, 1)],
}  # fmt: skip


@pytest.mark.parametrize("pieces", HARDLY_HTTP.values(), ids=HARDLY_HTTP.keys())
def test_what_is_hardly_http_does_no_harm(served: Served, pieces: list[bytes]) -> None:
    assert judge(served.answered(pieces)) == []
    served.answered(pieces, hang_up=True)
    assert served.is_well()
    assert served.complaints() == ""


def damaged(choices: Choices) -> bytes:
    """A good request with some of its bytes changed, left out, or repeated."""
    raw = GOOD
    for _ in range(choices.number(1, 4)):
        start = choices.number(0, len(raw) - 1)
        end = min(len(raw), start + choices.number(1, 12))
        with_it = choices.pick(
            (b"", raw[start:end] * 3, bytes([choices.number(0, 255)]), b"\r\n", b"\x00", b"\xff" * 9)
        )
        raw = raw[:start] + with_it + raw[end:] or GOOD
    return raw


def test_damaged_requests_do_no_harm(served: Served) -> None:
    for at in range(RANDOM_ONES):
        choices = Seeded(f"damaged/{at}")
        raw = damaged(choices)
        answer = served.answered([raw], hang_up=choices.chance(20))
        assert judge(answer) == [], raw
    assert served.is_well()
    assert served.complaints() == ""


def test_many_clients_that_say_nothing_keep_nobody_waiting(served: Served) -> None:
    with contextlib.ExitStack() as silent:
        for at in range(200):
            raw = silent.enter_context(socket.create_connection((served.host, served.port), timeout=20))
            raw.sendall(GOOD[: at % len(GOOD)])
        assert served.is_well()
    assert served.is_well()
    assert served.complaints() == ""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="how much a process holds is read from /proc")
def test_a_body_beyond_all_measure_is_not_kept(served: Served) -> None:
    before = peak_mb(served.process.pid)
    start = START + b"Content-Length: %d\r\nConnection: close\r\n\r\n" % UPLOAD
    answer = served.answered([start, *(b"x" * 1_000_000 for _ in range(UPLOAD // 1_000_000))], patience=60)
    assert answer.startswith(b"HTTP/1.1 400")
    assert served.is_well()
    assert peak_mb(served.process.pid) - before < MEMORY_GROWTH_MB


def peak_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM"))
