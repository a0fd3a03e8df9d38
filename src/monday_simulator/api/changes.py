"""What every change has in common: the fault that refuses it, its arguments, its trace in the wire log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from monday_simulator.account.errors import argument_refused
from monday_simulator.api.context import Context, Info


def change(operation: Callable[..., Any]) -> Callable[..., Any]:
    """A root field of Mutation; a scripted fault may make it fail under its response key."""

    def resolve(_root: object, info: Info, **arguments: Any) -> Any:
        context = info.context
        if context.bad_error is not None and context.bad_key == info.path.key:
            raise context.bad_error
        result = operation(context, **arguments)
        context.applied = True
        return result

    return resolve


def object_of(values: object, argument: str) -> Mapping[str, Any]:
    if values is None:
        return {}
    if not isinstance(values, Mapping):
        raise argument_refused(f"{argument} must be a JSON object", argument=argument)
    return values


def required(item_id: str | None) -> str:
    if item_id is None:
        raise argument_refused("item_id must be given")
    return item_id


def made(context: Context, board_id: str, record_id: str) -> None:
    context.touch(board_id)
    context.made.append(record_id)
