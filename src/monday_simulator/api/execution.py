"""Running a valid operation, and the body that tells its result."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any

from graphql import ExecutionResult, GraphQLError, execute_sync

from monday_simulator.account.errors import FieldError, InternalError
from monday_simulator.api.context import Context
from monday_simulator.api.documents import Operation, formatted
from monday_simulator.api.scalars import InvalidJsonError
from monday_simulator.api.schema import executable_schema

_LOG = logging.getLogger(__name__)
_VARIABLE = re.compile(r"Variable '\$(\w+)'")


def run(operation: Operation, variables: Mapping[str, Any], context: Context) -> ExecutionResult:
    return execute_sync(
        executable_schema(context.version),
        operation.document,
        context_value=context,
        variable_values=dict(variables),
        operation_name=operation.definition.name.value if operation.definition.name else None,
    )


def content_of(result: ExecutionResult, operation: Operation) -> dict[str, Any]:
    """The body without its request id. Refused variables leave no `data`: nothing was executed."""
    if not result.errors:
        return {"data": result.data}
    errors = [_told(error, operation) for error in result.errors]
    if result.data is None and all(error.path is None for error in result.errors):
        return {"errors": errors}
    if len(operation.fields) == 1 and isinstance(result.errors[0].original_error, InternalError):
        return {"data": None, "errors": [{**errors[0], "path": []}]}
    return {"data": result.data, "errors": errors}


def status_of(result: ExecutionResult, operation: Operation) -> int:
    """200, except for a refusal with an HTTP status of its own that is all the answer there is."""
    if len(operation.fields) != 1 or not result.errors:
        return 200
    refusal = result.errors[0].original_error
    return refusal.http_status if isinstance(refusal, FieldError) else 200


def _told(error: GraphQLError, operation: Operation) -> dict[str, Any]:
    original = error.original_error
    if isinstance(original, InvalidJsonError):
        return _invalid_json(error, original, operation)
    if isinstance(original, InternalError):
        return {"message": error.message, "path": error.path, "extensions": error.extensions}
    if original is not None and not isinstance(original, GraphQLError):
        _LOG.error("resolver failed at %s", error.path, exc_info=original)
        return {
            "message": "Internal server error",
            "path": error.path,
            "extensions": InternalError().extensions,
        }
    return formatted(error)


def _invalid_json(error: GraphQLError, original: InvalidJsonError, operation: Operation) -> dict[str, Any]:
    """The service names the variable with its type and repeats the text it could not read."""
    found = _VARIABLE.match(error.message)
    if found is None:
        return {**formatted(error), "extensions": original.details()}
    types = {each.variable.name.value: each.type for each in operation.definition.variable_definitions or ()}
    declared = types.get(found[1])
    written = declared.loc.source.body[declared.loc.start : declared.loc.end] if declared and declared.loc else "JSON"
    message = f"Variable ${found[1]} of type {written} was provided invalid value"
    return {"message": message, "extensions": original.details()}


def first_code(content: Mapping[str, Any]) -> str | None:
    """The code of the first error, wherever it stands; None for an answer without one."""
    for error in content.get("errors") or ():
        extensions = error.get("extensions") or {}
        return extensions.get("code") or extensions.get("error_code") or "GRAPHQL"
    return None
