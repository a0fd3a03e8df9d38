"""One attempt over HTTP. No retries, no redirects, no proxies from the environment; TLS is verified.

It alone knows whether a byte left this machine, and says so: `NotSent` or `AnswerLost`.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import struct
import sys
import urllib.parse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final

import httpx2

from order_sync import __version__, failpoints
from order_sync.clock import Clock
from order_sync.model.errors import AuthenticationHalted, OrderSyncError, SettingsError
from order_sync.model.outcomes import ErrorClass, Problem
from order_sync.model.secrets import Secret
from order_sync.monday.replies import Reply

__all__ = ["AnswerLost", "HttpSeam", "NotSent", "Reply", "Timeouts", "Transport"]

HttpSeam = httpx2.BaseTransport  # what a test hands over instead of the network

LARGEST_BODY: Final = 16 * 1024 * 1024
_AT_ONCE: Final = 4096  # raw bytes handed to the decompression, which may make a thousand times as many of them

# Idle connections are dropped before common servers drop them: a request written into a closing connection
# would be in doubt for minutes.
_IDLE_SECONDS: Final = 2.0
# A connection that is closed or dies throws away what it has not sent yet, so nothing leaves after its time.
_LINGER: Final = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
_FIRST_BYTE: Final = "http11.send_request_headers.started"
_LAST_BYTE: Final = "http11.send_request_body.complete"
# Where an exchange may be struck: by the library's own word for it, or ours.
_PHASES: Final = MappingProxyType(
    {
        "connect": "connect",
        _FIRST_BYTE: "connected",
        "http11.send_request_headers.complete": "half written",
        _LAST_BYTE: "written",
        "http11.receive_response_headers.started": "awaited",
        "http11.receive_response_headers.complete": "half answered",
        "answered": "answered",
    }
)
_PLACES: Final = {
    (writes, event): failpoints.register(f"api:{'write' if writes else 'read'}:{phase}")
    for writes in (False, True)
    for event, phase in _PHASES.items()
}


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long each part may take. `read` exceeds the server's own 60 s; `answer` bounds the whole answer."""

    connect: timedelta = timedelta(seconds=10)
    write: timedelta = timedelta(seconds=10)
    read: timedelta = timedelta(seconds=75)
    answer: timedelta = timedelta(seconds=120)


class NotSent(OrderSyncError):
    """Nothing left this machine."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class AnswerLost(OrderSyncError):
    """Something left this machine and no whole answer came back: it may have been applied."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


# Only what happens before the first byte by its very nature is NOT_SENT; all else is lost.
SENT_OR_NOT: Final[Mapping[type[Exception], ErrorClass]] = MappingProxyType(
    {
        httpx2.ConnectError: ErrorClass.NOT_SENT,
        httpx2.ConnectTimeout: ErrorClass.NOT_SENT,
        httpx2.PoolTimeout: ErrorClass.NOT_SENT,
        httpx2.UnsupportedProtocol: ErrorClass.NOT_SENT,
        httpx2.InvalidURL: ErrorClass.NOT_SENT,
        httpx2.ProxyError: ErrorClass.AMBIGUOUS,
        httpx2.ReadError: ErrorClass.AMBIGUOUS,
        httpx2.ReadTimeout: ErrorClass.AMBIGUOUS,
        httpx2.WriteError: ErrorClass.AMBIGUOUS,
        httpx2.WriteTimeout: ErrorClass.AMBIGUOUS,
        httpx2.CloseError: ErrorClass.AMBIGUOUS,
        httpx2.LocalProtocolError: ErrorClass.AMBIGUOUS,
        httpx2.RemoteProtocolError: ErrorClass.AMBIGUOUS,
        httpx2.DecodingError: ErrorClass.AMBIGUOUS,
        httpx2.TooManyRedirects: ErrorClass.AMBIGUOUS,
        httpx2.HTTPStatusError: ErrorClass.AMBIGUOUS,
        httpx2.CookieConflict: ErrorClass.AMBIGUOUS,
        httpx2.StreamConsumed: ErrorClass.AMBIGUOUS,
        httpx2.StreamClosed: ErrorClass.AMBIGUOUS,
        httpx2.ResponseNotRead: ErrorClass.AMBIGUOUS,
        httpx2.RequestNotRead: ErrorClass.AMBIGUOUS,
    }
)


class _Late(Exception):
    """Raised inside the library's trace to stop an exchange; `code` says at which point."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


_FOREIGN: Final = (httpx2.HTTPError, httpx2.InvalidURL, httpx2.CookieConflict, httpx2.StreamError, _Late)


class Transport:
    """The way to one address. Thread-safe."""

    def __init__(
        self,
        url: str,
        token: Secret,
        api_version: str,
        clock: Clock,
        timeouts: Timeouts | None = None,
        http: httpx2.BaseTransport | None = None,
    ) -> None:
        self.url = _checked_url(url)
        self._token = _checked_token(token)
        self._api_version = api_version
        self._clock = clock
        self._timeouts = timeouts or Timeouts()
        self._http = http or _http()

    def post(self, body: bytes, *, idempotency_key: str | None, deadline: float | None) -> Reply:
        """Send `body` once. Past `deadline` (on the clock's monotonic scale) no first byte leaves any more.

        Raises NotSent or AnswerLost; an HTTP status of any kind is a Reply.
        """
        exchange = _Exchange(self._clock, self._timeouts, deadline, writes=idempotency_key is not None)
        request = self._request(body, idempotency_key, exchange)
        try:
            exchange.pass_by("connect")
            exchange.refuse_if_late()
            response = self._http.handle_request(request)
            try:
                content = exchange.content(response)
            finally:
                response.close()
            exchange.pass_by("answered")
        except Exception as fault:
            # After the first byte any fault leaves the request in doubt, also one the library does not wrap.
            if not exchange.started and not isinstance(fault, _FOREIGN):
                raise
            raise self._translated(fault, exchange) from fault
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Reply(response.status_code, headers, content, exchange.elapsed())

    def close(self) -> None:
        """Give up idle connections."""
        self._http.close()

    def _request(self, body: bytes, idempotency_key: str | None, exchange: _Exchange) -> httpx2.Request:
        headers = {
            "Authorization": self._token.reveal(),
            "API-Version": self._api_version,
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "gzip, deflate",
            "User-Agent": f"order-sync/{__version__}",
        }
        if idempotency_key is not None:
            headers["Idempotency-Key"] = idempotency_key
        extensions = exchange.extensions()
        return httpx2.Request("POST", self.url, headers=headers, content=body, extensions=extensions)

    def _translated(self, fault: Exception, exchange: _Exchange) -> NotSent | AnswerLost:
        error_class = _class_of(fault, exchange.started)
        code = fault.code if isinstance(fault, _Late) else type(fault).__name__
        message = self._token.redact(str(fault)) or code
        problem = Problem(error_class, message[:1_000], code=code)
        return NotSent(problem) if error_class is ErrorClass.NOT_SENT else AnswerLost(problem)


def _class_of(fault: Exception, started: bool) -> ErrorClass:
    if started:
        return ErrorClass.AMBIGUOUS
    if isinstance(fault, _Late):
        return ErrorClass.NOT_SENT
    return SENT_OR_NOT.get(type(fault), ErrorClass.AMBIGUOUS)


class _Exchange:
    """One request on its way: watches the deadline and remembers whether the first byte has left."""

    def __init__(self, clock: Clock, timeouts: Timeouts, deadline: float | None, *, writes: bool) -> None:
        self.started = False
        self._writes = writes
        self._clock = clock
        self._deadline = deadline
        self._began = clock.monotonic()
        self._answer_by = self._began + timeouts.answer.total_seconds()
        self._seconds = {
            "connect": self._at_most(timeouts.connect),
            "write": timeouts.write.total_seconds(),
            "read": timeouts.read.total_seconds(),
            "pool": self._at_most(timeouts.connect),
        }

    def extensions(self) -> dict[str, Any]:
        return {"timeout": self._seconds, "trace": self._trace}

    def pass_by(self, event: str) -> None:
        place = _PLACES.get((self._writes, event))
        if place is not None:
            failpoints.reach(place)

    def elapsed(self) -> timedelta:
        return timedelta(seconds=max(0.0, self._clock.monotonic() - self._began))

    def refuse_if_late(self) -> None:
        if self._late():
            raise _Late("SEND_DEADLINE", "the send deadline passed before the first byte; nothing was sent")

    def content(self, response: httpx2.Response) -> bytes:
        """The decompressed body, as long as it is neither too large nor too slow."""
        self.started = True
        if "," in response.headers.get("content-encoding", ""):
            raise _Late("COMPRESSED_TWICE", "the answer is compressed more than once: what it holds has no bound")
        response.stream = _Bounded(response.stream, self)
        parts, size = [], 0
        for part in response.iter_bytes():
            size += len(part)
            if size > LARGEST_BODY:
                raise _Late("BODY_TOO_LARGE", f"the answer is larger than {LARGEST_BODY} bytes")
            parts.append(part)
        return b"".join(parts)

    def stop_if_slow(self) -> None:
        if self._clock.monotonic() > self._answer_by:
            raise _Late("ANSWER_TOO_SLOW", "the answer took longer than its total time")

    def _trace(self, event: str, _info: Mapping[str, Any]) -> None:
        """Called by the library between its steps; raising here ends the exchange, its connection closed."""
        self.pass_by(event)
        if event == _FIRST_BYTE:
            self.refuse_if_late()
            self._seconds["write"] = self._at_most(timedelta(seconds=self._seconds["write"]))
            self.started = True
        elif event == _LAST_BYTE and self._late():
            raise _Late("SEND_DEADLINE", "the send deadline passed while the request was being written")

    def _late(self) -> bool:
        return self._deadline is not None and self._clock.monotonic() > self._deadline

    def _at_most(self, wait: timedelta) -> float:
        """Seconds until the wait or the deadline is over, whichever is first."""
        if self._deadline is None:
            return wait.total_seconds()
        return max(0.001, min(wait.total_seconds(), self._deadline - self._clock.monotonic()))


class _Bounded(httpx2.SyncByteStream):
    """The raw body, counted before it is decompressed."""

    def __init__(self, stream: Any, exchange: _Exchange) -> None:
        self._stream = stream
        self._exchange = exchange

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for part in self._stream:
            size += len(part)
            self._exchange.stop_if_slow()
            if size > LARGEST_BODY:
                raise _Late("BODY_TOO_LARGE", f"the answer is larger than {LARGEST_BODY} bytes")
            for at in range(0, len(part), _AT_ONCE):
                yield part[at : at + _AT_ONCE]

    def close(self) -> None:
        self._stream.close()


def _http() -> httpx2.HTTPTransport:
    context = httpx2.create_ssl_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return httpx2.HTTPTransport(
        verify=context,
        http2=False,
        retries=0,
        limits=httpx2.Limits(keepalive_expiry=_IDLE_SECONDS),
        socket_options=[(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)],
    )


def _checked_url(url: str) -> str:
    parts = urllib.parse.urlsplit(url)
    host = parts.hostname or ""
    if parts.username or parts.password or parts.query or parts.fragment:
        raise SettingsError(
            "the API address carries more than host and path", where=host, next_step="give the plain address"
        )
    if parts.scheme == "https" and host:
        return url
    if parts.scheme == "http" and _is_loopback(host):
        return url
    raise SettingsError(
        "the API address is not https, and not http on this machine either",
        where="monday.url" if "@" in url else f"monday.url = {url}",
        next_step="write it like https://api.monday.com/v2; http://127.0.0.1:8765/v2 is for a simulator",
    )


def _is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _checked_token(token: Secret) -> Secret:
    value = token.reveal()
    if value and value.isascii() and value.isprintable() and " " not in value.removeprefix("Bearer "):
        return token
    raise AuthenticationHalted(
        "the API token is empty or holds characters that no token has",
        next_step="check the token in the environment for line breaks, quotes and blanks",
    )
