"""The control endpoint: faults, clock and wire log for a test in another process. Off unless asked for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from monday_simulator.clock import VirtualClock
from monday_simulator.gateway.faults import FaultError, Rule, load_faults
from monday_simulator.simulator import Simulator
from monday_simulator.web.wire_routes import wire_lines

Endpoint = Callable[[Request], Awaitable[Response]]
_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class Advance(msgspec.Struct, forbid_unknown_fields=True):
    seconds: float


class Control:
    """Routes under /control, for this machine alone: for others they do not exist."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    def routes(self) -> list[Route]:
        served: Mapping[tuple[str, str], Endpoint] = {
            ("/control/faults", "GET"): self.faults,
            ("/control/faults", "PUT"): self.replace_faults,
            ("/control/faults", "POST"): self.add_faults,
            ("/control/faults", "DELETE"): self.clear_faults,
            ("/control/clock", "GET"): self.clock,
            ("/control/clock", "POST"): self.advance,
            ("/control/wire", "GET"): self.wire,
            ("/control/switch", "POST"): self.switch,
        }
        return [Route(path, _local(endpoint), methods=[method]) for (path, method), endpoint in served.items()]

    async def faults(self, _request: Request) -> Response:
        """The rules that are followed now, with their counters."""
        simulator = self._simulator
        with simulator.lock:
            return JSONResponse({"rules": simulator.faults.told()})

    async def replace_faults(self, request: Request) -> Response:
        """The body is a script: JSON, or a rule a line."""
        return await self._follow(request, self._simulator.faults.replace)

    async def add_faults(self, request: Request) -> Response:
        """Rules besides those that are there."""
        return await self._follow(request, self._add)

    def _add(self, rules: tuple[Rule, ...]) -> None:
        for rule in rules:
            self._simulator.faults.add(rule)

    async def _follow(self, request: Request, follow: Callable[[tuple[Rule, ...]], None]) -> Response:
        try:
            rules = load_faults((await request.body()).decode())
        except (FaultError, UnicodeDecodeError) as error:
            return JSONResponse({"error": str(error)}, 400)
        with self._simulator.lock:
            follow(rules)
        return await self.faults(request)

    async def clear_faults(self, request: Request) -> Response:
        with self._simulator.lock:
            self._simulator.faults.replace(())
        return await self.faults(request)

    async def clock(self, _request: Request) -> Response:
        """What the simulator takes the time for, and whether it can be moved."""
        clock = self._simulator.clock
        return JSONResponse({"now": clock.now().isoformat(), "virtual": isinstance(clock, VirtualClock)})

    async def advance(self, request: Request) -> Response:
        """{"seconds": 60} lets a minute pass at once; what was to be applied by then is."""
        clock = self._simulator.clock
        if not isinstance(clock, VirtualClock):
            return JSONResponse({"error": "the clock is the computer's own: start with a virtual one"}, 409)
        try:
            asked = msgspec.json.decode(await request.body(), type=Advance)
            wait = timedelta(seconds=asked.seconds)
        except (msgspec.DecodeError, OverflowError) as error:
            return JSONResponse({"error": str(error)}, 400)
        if wait < timedelta(0):
            return JSONResponse({"error": "time does not run backwards"}, 400)
        clock.advance(wait)
        await run_in_threadpool(self._simulator.settle_late)
        return await self.clock(request)

    async def wire(self, request: Request) -> Response:
        return await wire_lines(self._simulator, request)

    async def switch(self, request: Request) -> Response:
        """A form of the board page: adds one rule, or clears all, and goes back to the page."""
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        back = form.get("back", "/")
        words = [form.get("kind", ""), form.get("when", "")] + ([f"on={form['on']}"] if form.get("on") else [])
        try:
            rules = () if form.get("kind") == "none" else load_faults(" ".join(words))
        except FaultError as error:
            return PlainTextResponse(f"no such switch: {error}", 400)
        with self._simulator.lock:
            if rules:
                self._add(rules)
            else:
                self._simulator.faults.replace(())
        return RedirectResponse(back if _is_path(back) else "/", 303)


def _is_path(back: str) -> bool:
    """Whether it stays on this server: neither //elsewhere nor /\\elsewhere, as browsers read them."""
    return back.startswith("/") and not back.startswith(("//", "/\\"))


def _local(endpoint: Endpoint) -> Any:
    async def guarded(request: Request) -> Response:
        if not is_local(request):
            return PlainTextResponse("Not Found", 404)
        return await endpoint(request)

    return guarded


def is_local(request: Request) -> bool:
    """Whether it comes from this machine, and not by way of a page of somebody else in a browser on it."""
    host, origin = request.headers.get("host", ""), request.headers.get("origin")
    if urlsplit(f"//{host}").hostname not in _LOCAL_NAMES:
        return False
    if origin is not None and urlsplit(origin).netloc != host:
        return False
    return request.client is not None and _is_loopback(request.client.host)


def _is_loopback(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback
