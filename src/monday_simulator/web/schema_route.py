"""GET /v2/get_schema: the schema for tools that make types of it. No token, as with the real one."""

from __future__ import annotations

from functools import cache

from graphql import introspection_from_schema
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from monday_simulator.api.schema import executable_schema, sdl
from monday_simulator.api.versions import VersionError, version_served

SCHEMA_PATH = "/v2/get_schema"


async def schema(request: Request) -> Response:
    """The definition language with format=sdl, else the answer to an introspection query."""
    try:
        served = version_served(request.query_params.get("version"))
    except VersionError:
        return JSONResponse({"errors": [{"message": "Invalid API version"}]}, 400)
    headers = {"API-Version": served}
    if request.query_params.get("format") == "sdl":
        return PlainTextResponse(sdl(served), headers=headers)
    return JSONResponse({"data": _introspection(served)}, headers=headers)


@cache
def _introspection(version: str) -> object:
    return introspection_from_schema(executable_schema(version))
