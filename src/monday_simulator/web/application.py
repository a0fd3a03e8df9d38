"""The routes: the API for clients, pages and the wire log for people, control for tests."""

from __future__ import annotations

from hashlib import sha256
from importlib.resources import files

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from monday_simulator.gateway.admission import API_PATH, FILE_PATH
from monday_simulator.gateway.answers import ConnectionDropped
from monday_simulator.simulator import Simulator
from monday_simulator.web.control import Control
from monday_simulator.web.page import Pages
from monday_simulator.web.receiving import AnyMethod, body_of
from monday_simulator.web.schema_route import SCHEMA_PATH, schema
from monday_simulator.web.sending import Dropped, Trickling, Whole
from monday_simulator.web.wire_routes import wire_lines

# Colours of labels stand in style attributes; everything else comes from files of our own.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src data:;"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_PAGE_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
_ASSETS = {"page.css": "text/css", "plain.css": "text/css", "page.js": "text/javascript"}


def application(simulator: Simulator, *, control: bool = False) -> Starlette:
    """POST /v2 is the API; / and /wire/log are for people, /health for whoever waits for the start."""
    routes = [
        *_api_routes(simulator),
        *_page_routes(Pages(simulator, control=control)),
        *_wire_routes(simulator, Pages(simulator, control=control)),
        *(Control(simulator).routes() if control else ()),
    ]
    return Starlette(routes=routes)


def _api_routes(simulator: Simulator) -> list[Route]:
    async def api(request: Request) -> Response:
        try:
            headers = simulator.greet(request.headers)
            body = await body_of(request)
            peer = None if request.client is None else request.client.host
            answer = await run_in_threadpool(simulator.handle, request.method, request.url.path, headers, body, peer)
        except ConnectionDropped as dropped:
            return Dropped(dropped)
        except ClientDisconnect:
            return Response()  # to nobody
        accepted = headers.get("accept-encoding", "")
        return Trickling(answer, simulator.clock) if answer.takes else Whole(answer, accepted)

    async def health(_request: Request) -> Response:
        return JSONResponse({"status": "ok", "requests": len(simulator.wire_log)})

    return [
        *(Route(path, AnyMethod(api)) for path in (API_PATH, f"{API_PATH}/", FILE_PATH, f"{FILE_PATH}/")),
        Route(SCHEMA_PATH, schema, methods=["GET"]),
        Route("/health", health),
    ]


def _page_routes(pages: Pages) -> list[Route]:
    async def home(request: Request) -> Response:
        return _page(request, await run_in_threadpool(pages.board, dict(request.query_params)))

    async def asset(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in _ASSETS:
            return Response("Not Found", 404)
        text = files("monday_simulator.web").joinpath("assets", name).read_text(encoding="utf-8")
        return Response(text, headers={"Cache-Control": "no-cache"}, media_type=_ASSETS[name])

    return [Route("/", home), Route("/assets/{name}", asset)]


def _wire_routes(simulator: Simulator, pages: Pages) -> list[Route]:
    async def lines(request: Request) -> Response:
        return await wire_lines(simulator, request)

    async def log(request: Request) -> Response:
        """The same address for both: a page for a browser, JSON lines for a program."""
        if "text/html" not in request.headers.get("accept", ""):
            return await wire_lines(simulator, request)
        return _page(request, await run_in_threadpool(pages.wire))

    return [Route("/wire", lines), Route("/wire/log", log)]


def _page(request: Request, html: str) -> Response:
    """A page that has not changed is not sent again: browsers ask every other second."""
    tag = f'"{sha256(html.encode()).hexdigest()[:32]}"'
    headers = {**_PAGE_HEADERS, "ETag": tag, "Vary": "Accept"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return HTMLResponse(html, headers=headers)
