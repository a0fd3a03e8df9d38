"""One attempt over HTTP: what left, what did not, and who says so."""

from __future__ import annotations

import contextlib
import gzip
import inspect
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from types import ModuleType

import httpx2
import pytest
from tests.monday_fakes import ADDRESS, TOKEN, HandClock, Scripted, transport

from order_sync.clock import SystemClock
from order_sync.model.errors import AuthenticationHalted, SettingsError
from order_sync.model.outcomes import ErrorClass
from order_sync.model.secrets import Secret
from order_sync.monday import transport as edge
from order_sync.monday.transport import SENT_OR_NOT, AnswerLost, NotSent, Timeouts, Transport

BODY = b'{"query":"mutation { x }"}'


def _made(kind: type[Exception]) -> Exception:
    request = httpx2.Request("POST", ADDRESS)
    if kind is httpx2.HTTPStatusError:
        return httpx2.HTTPStatusError("boom", request=request, response=httpx2.Response(500, request=request))
    takes_message = len(inspect.signature(kind.__init__).parameters) > 1
    return kind("boom") if takes_message else kind()


@pytest.mark.parametrize("kind", SENT_OR_NOT, ids=lambda kind: kind.__name__)
def test_each_entry_of_the_table_is_translated(kind: type[Exception]) -> None:
    expected = NotSent if SENT_OR_NOT[kind] is ErrorClass.NOT_SENT else AnswerLost
    with pytest.raises(expected) as caught:
        transport(Scripted(_made(kind)), HandClock()).post(BODY, idempotency_key="k", deadline=None)
    assert caught.value.problem.error_class is SENT_OR_NOT[kind]
    assert caught.value.problem.code == kind.__name__


def _raised_by_httpx2() -> set[type[Exception]]:
    modules = [httpx2, *(value for value in vars(httpx2).values() if isinstance(value, ModuleType))]
    found = {
        value
        for module in modules
        if module.__name__.startswith("httpx2")
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Exception) and not issubclass(value, Warning)
    }
    return {kind for kind in found if kind.__module__.startswith("httpx2")}


def test_no_exception_of_the_library_is_missed() -> None:
    raised = _raised_by_httpx2()
    assert len(raised) > 20
    leaves = {kind for kind in raised if not any(other is not kind and issubclass(other, kind) for other in raised)}
    # Web sockets and event streams are not used; their exceptions still count as "perhaps done".
    unused = {kind for kind in leaves if "websocket" in kind.__module__.lower() or "sse" in kind.__name__.lower()}
    assert leaves - unused == set(SENT_OR_NOT)


def test_a_kind_that_is_not_in_the_table_counts_as_perhaps_done() -> None:
    class Newer(httpx2.TransportError):
        pass

    with pytest.raises(AnswerLost):
        transport(Scripted(Newer("?")), HandClock()).post(BODY, idempotency_key="k", deadline=None)


def test_after_the_first_byte_not_even_a_connect_error_means_not_sent() -> None:
    def started(request: httpx2.Request) -> httpx2.Response:
        request.extensions["trace"]("http11.send_request_headers.started", {})
        raise httpx2.ConnectError("odd")

    with pytest.raises(AnswerLost):
        transport(Scripted(started), HandClock()).post(BODY, idempotency_key="k", deadline=None)


def test_a_fault_the_library_does_not_wrap_is_perhaps_done_once_started() -> None:
    def started(request: httpx2.Request) -> httpx2.Response:
        request.extensions["trace"]("http11.send_request_headers.started", {})
        raise UnicodeError("odd")

    with pytest.raises(AnswerLost):
        transport(Scripted(started), HandClock()).post(BODY, idempotency_key="k", deadline=None)


def test_a_bug_before_the_first_byte_stays_a_bug() -> None:
    with pytest.raises(ZeroDivisionError):
        transport(Scripted(ZeroDivisionError()), HandClock()).post(BODY, idempotency_key="k", deadline=None)


def test_past_the_deadline_nothing_is_tried() -> None:
    clock, http = HandClock(), Scripted(httpx2.Response(200))
    with pytest.raises(NotSent) as caught:
        transport(http, clock).post(BODY, idempotency_key="k", deadline=clock.monotonic() - 0.1)
    assert caught.value.problem.code == "SEND_DEADLINE"
    assert http.requests == []


def test_the_deadline_shortens_the_time_to_connect_and_to_write() -> None:
    seen = {}

    def look(request: httpx2.Request) -> httpx2.Response:
        seen.update(request.extensions["timeout"])
        clock.pass_(1.5)
        request.extensions["trace"]("http11.send_request_headers.started", {})
        seen["write"] = request.extensions["timeout"]["write"]
        return httpx2.Response(200, content=b"{}")

    clock = HandClock()
    transport(Scripted(look), clock).post(BODY, idempotency_key="k", deadline=clock.monotonic() + 4)
    assert seen == {"connect": 4.0, "pool": 4.0, "write": 2.5, "read": 75.0}


def test_what_is_sent() -> None:
    http = Scripted(lambda _: httpx2.Response(200, content=b"{}", headers={"X-Request-Id": "abc"}))
    way = transport(http, HandClock())
    answer = way.post(BODY, idempotency_key="key-1", deadline=None)
    way.post(BODY, idempotency_key=None, deadline=None)
    first, second = http.requests
    assert first.content == BODY
    assert first.headers["authorization"] == TOKEN
    assert first.headers["api-version"] == "2026-10"
    assert first.headers["idempotency-key"] == "key-1"
    assert "idempotency-key" not in second.headers
    assert answer.headers["x-request-id"] == "abc"
    assert answer.elapsed == timedelta(0)


def test_a_redirect_is_a_reply() -> None:
    http = Scripted(httpx2.Response(307, headers={"location": "https://elsewhere.example/v2"}))
    assert transport(http, HandClock()).post(BODY, idempotency_key="k", deadline=None).status == 307
    assert len(http.requests) == 1


class _Parts(httpx2.SyncByteStream):
    def __init__(self, parts: Iterator[bytes]) -> None:
        self.parts = parts
        self.closed = False

    def __iter__(self) -> Iterator[bytes]:
        yield from self.parts

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def small_bodies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge, "LARGEST_BODY", 100_000)


@pytest.mark.parametrize(
    ("parts", "headers"),
    [
        (lambda: iter([b"x" * 1_000] * 200), {}),
        (lambda: iter([gzip.compress(b"0" * 5_000_000)]), {"content-encoding": "gzip"}),
        # Empty members inflate to nothing for ever: the raw bytes are counted as well.
        (lambda: iter([gzip.compress(b"")] * 10_000), {"content-encoding": "gzip"}),
    ],
    ids=["large", "bomb", "endless"],
)
@pytest.mark.usefixtures("small_bodies")
def test_a_body_that_is_too_large_is_lost(parts: Callable[[], Iterator[bytes]], headers: dict[str, str]) -> None:
    stream = _Parts(parts())
    http = Scripted(httpx2.Response(200, headers=headers, stream=stream))
    with pytest.raises(AnswerLost) as caught:
        transport(http, HandClock()).post(BODY, idempotency_key="k", deadline=None)
    assert caught.value.problem.code == "BODY_TOO_LARGE"
    assert stream.closed


def test_an_answer_compressed_twice_is_lost_unread() -> None:
    packed = gzip.compress(gzip.compress(b"{}"))
    http = Scripted(httpx2.Response(200, headers={"content-encoding": "gzip, gzip"}, stream=_Parts(iter([packed]))))
    with pytest.raises(AnswerLost) as caught:
        transport(http, HandClock()).post(BODY, idempotency_key="k", deadline=None)
    assert caught.value.problem.code == "COMPRESSED_TWICE"


def test_a_dripping_answer_ends() -> None:
    clock = HandClock()

    def drip() -> Iterator[bytes]:
        while True:
            clock.pass_(10)
            yield b" "

    http = Scripted(httpx2.Response(200, stream=_Parts(drip())))
    with pytest.raises(AnswerLost) as caught:
        transport(http, clock, Timeouts(answer=timedelta(seconds=60))).post(BODY, idempotency_key="k", deadline=None)
    assert caught.value.problem.code == "ANSWER_TOO_SLOW"


def test_compressed_answers_are_read_and_broken_ones_are_lost() -> None:
    whole = httpx2.Response(200, headers={"content-encoding": "gzip"}, stream=_Parts(iter([gzip.compress(b"{}")])))
    broken = httpx2.Response(200, headers={"content-encoding": "gzip"}, stream=_Parts(iter([b"no gzip at all"])))
    way = transport(Scripted(whole, broken), HandClock())
    assert way.post(BODY, idempotency_key="k", deadline=None).body == b"{}"
    with pytest.raises(AnswerLost) as caught:
        way.post(BODY, idempotency_key="k", deadline=None)
    assert caught.value.problem.code == "DecodingError"


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example.com/v2",
        "ftp://127.0.0.1/v2",
        "https://user:pw@api.example.com/v2",
        "https://api.example.com/v2?token=1",
        "https:///v2",
        "http://127.0.0.1.example.com/v2",
        "http://[fe80::1]/v2",
        "api.example.com/v2",
    ],
)
def test_addresses_that_are_refused(url: str) -> None:
    with pytest.raises(SettingsError):
        Transport(url, Secret(TOKEN), "2026-10", HandClock(), http=Scripted(httpx2.Response(200)))


@pytest.mark.parametrize(
    "url",
    ["https://api.example.com/v2", "http://localhost:8080/v2", "http://127.0.0.1:81/v2", "http://[::1]:8/v2"],
)
def test_addresses_that_are_taken(url: str) -> None:
    http = Scripted(lambda _: httpx2.Response(200, content=b"{}"))
    way = Transport(url, Secret(TOKEN), "2026-10", HandClock(), http=http)
    way.post(BODY, idempotency_key=None, deadline=None)
    assert str(http.requests[0].url) == url


@pytest.mark.parametrize("token", ["", "two words", "line\nbreak", "ümlaut", "tab\t"])
def test_tokens_that_cannot_be_one_are_refused_without_being_shown(token: str) -> None:
    with pytest.raises(AuthenticationHalted) as caught:
        Transport(ADDRESS, Secret(token), "2026-10", HandClock(), http=Scripted(httpx2.Response(200)))
    assert not token or token not in str(caught.value)


def test_the_token_is_in_no_message() -> None:
    http = Scripted(httpx2.LocalProtocolError(f"illegal header value {TOKEN}"))
    with pytest.raises(AnswerLost) as caught:
        transport(http, HandClock()).post(BODY, idempotency_key="k", deadline=None)
    assert TOKEN not in str(caught.value)
    assert TOKEN not in repr(caught.value.problem)


# Over a real socket: the library's own events, the bytes that arrive, the socket's options.


class _Server:
    """Hears one request on loopback and answers with the given bytes (None: closes without a word)."""

    def __init__(self, answer: bytes | None) -> None:
        self.heard = b""
        self.answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/v2"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        peer, _ = self._listener.accept()
        with peer, contextlib.suppress(OSError):
            while BODY not in self.heard:
                part = peer.recv(65_536)
                if not part:
                    return
                self.heard += part
            if self.answer is not None:
                peer.sendall(self.answer)

    def join(self) -> bytes:
        self._thread.join(5)
        self._listener.close()
        return self.heard


ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"


def _over(server: _Server, clock: HandClock | SystemClock) -> Transport:
    return Transport(server.url, Secret(TOKEN), "2026-10", clock)


def test_a_real_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    server = _Server(ANSWER)
    clock = SystemClock()
    way = _over(server, clock)
    assert way.post(BODY, idempotency_key="k", deadline=clock.monotonic() + 5).body == b"{}"
    way.close()
    assert server.join().endswith(BODY)


def test_nothing_leaves_when_connecting_took_too_long() -> None:
    """The connection stands, then the deadline has passed: not one byte may arrive."""
    server, clock = _Server(ANSWER), _EachLookTakes(0.4)
    way = _over(server, clock)
    with pytest.raises(NotSent) as caught:
        way.post(BODY, idempotency_key="k", deadline=clock.seconds + 1.8)
    assert caught.value.problem.code == "SEND_DEADLINE"
    assert clock.looks > 3, "the deadline was to pass after connecting, not before"
    assert server.join() == b""


def test_a_request_written_past_its_deadline_is_in_doubt() -> None:
    server, clock = _Server(ANSWER), _EachLookTakes(1.0)
    way = _over(server, clock)
    with pytest.raises(AnswerLost) as caught:
        way.post(BODY, idempotency_key="k", deadline=clock.seconds + 6.5)
    assert caught.value.problem.code == "SEND_DEADLINE"
    assert server.join().endswith(BODY)


@pytest.mark.parametrize("answer", [None, ANSWER[:30], ANSWER[:-1], b"no http at all\r\n\r\n"])
def test_a_broken_answer_is_lost(answer: bytes | None) -> None:
    server, clock = _Server(answer), SystemClock()
    way = _over(server, clock)
    with pytest.raises(AnswerLost):
        way.post(BODY, idempotency_key="k", deadline=clock.monotonic() + 5)
    assert server.join().endswith(BODY)


def test_a_refused_connection_is_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    way = Transport(f"http://127.0.0.1:{port}/v2", Secret(TOKEN), "2026-10", SystemClock())
    with pytest.raises(NotSent):
        way.post(BODY, idempotency_key="k", deadline=None)


def test_a_silent_server_is_lost_after_the_read_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/v2"
        timeouts = Timeouts(read=timedelta(milliseconds=30))
        way = Transport(url, Secret(TOKEN), "2026-10", SystemClock(), timeouts)
        with pytest.raises(AnswerLost) as caught:
            way.post(BODY, idempotency_key="k", deadline=None)
        way.close()
    assert caught.value.problem.code == "ReadTimeout"


def test_a_server_that_does_not_speak_tls_is_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}/v2"
        way = Transport(url, Secret(TOKEN), "2026-10", SystemClock())
        with pytest.raises(NotSent) as caught:
            way.post(BODY, idempotency_key="k", deadline=SystemClock().monotonic() + 0.05)
    assert caught.value.problem.code == "ConnectTimeout"


def test_an_unsent_rest_is_thrown_away_on_close() -> None:
    server = _Server(ANSWER)
    with edge._http() as http:
        response = http.handle_request(httpx2.Request("POST", server.url, content=BODY))
        sock = response.extensions["network_stream"].get_extra_info("socket")
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, len(edge._LINGER)) == edge._LINGER
        response.close()
    server.join()


class _EachLookTakes(HandClock):
    """A clock on which some time has passed whenever it is looked at."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.step = seconds
        self.looks = 0

    def monotonic(self) -> float:
        self.looks += 1
        self.seconds += self.step
        return self.seconds
