"""The wire log over HTTP: JSON lines, with the query's words as conditions."""

from __future__ import annotations

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from monday_simulator.gateway.wire import Wanted, as_lines
from monday_simulator.simulator import Simulator


async def wire_lines(simulator: Simulator, request: Request) -> Response:
    """Every kept record, or those of ?field= &board= &since= &fault= &outcome= &key= &limit=."""
    try:
        wanted = msgspec.convert(dict(request.query_params), type=Wanted, strict=False)
    except msgspec.ValidationError as error:
        return JSONResponse({"error": str(error)}, 400)

    def lines() -> str:
        simulator.settle_late()
        return as_lines(simulator.wire_log.select(wanted))

    return PlainTextResponse(await run_in_threadpool(lines), media_type="application/x-ndjson")
