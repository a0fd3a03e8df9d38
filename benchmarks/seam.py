"""The way to the board with a stop-watch on it: what is the server's time, and which calls were made."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

import httpx2

_OPERATION = re.compile(rb'"(?:query|mutation) (\w+)')
_WAITS = {
    "http11.receive_response_headers.started": True,
    "http11.receive_response_headers.complete": False,
    "http11.receive_response_headers.failed": False,
    "http11.receive_response_body.started": True,
    "http11.receive_response_body.complete": False,
    "http11.receive_response_body.failed": False,
}


class Watched(httpx2.BaseTransport):
    """Counts calls by operation; `seconds` is what the server took."""

    def __init__(self, inner: httpx2.BaseTransport) -> None:
        self.calls: Counter[str] = Counter()
        self.seconds = 0.0
        self.processor_seconds = 0.0  # of this thread, where the server runs in it
        self._inner = inner

    @property
    def look_ups(self) -> int:
        """Calls that asked which keys are on the board already."""
        return sum(self.calls[name] for name in ("find_by_key", "items_by_id", "scan", "next_page"))

    def close(self) -> None:
        self._inner.close()

    def _count(self, request: httpx2.Request) -> None:
        found = _OPERATION.search(request.read()[:200])
        self.calls[found[1].decode() if found else "?"] += 1


class WatchedInProcess(Watched):
    """The server is a function: all of the call is its time."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self._count(request)
        began, processor = time.perf_counter(), time.thread_time()
        try:
            return self._inner.handle_request(request)
        finally:
            self.seconds += time.perf_counter() - began
            self.processor_seconds += time.thread_time() - processor


class WatchedOverHttp(Watched):
    """From the last byte written to the answer's last byte read. Writing a request and decoding an answer are our own
    work."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self._count(request)
        asked = request.extensions.get("trace")
        began = 0.0

        def trace(event: str, info: Mapping[str, Any]) -> None:
            nonlocal began
            if event in _WAITS:
                now = time.perf_counter()
                if _WAITS[event]:
                    began = now
                else:
                    self.seconds += now - began
            if asked is not None:
                asked(event, info)

        request.extensions = {**request.extensions, "trace": trace}
        return self._inner.handle_request(request)
