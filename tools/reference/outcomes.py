"""What can go wrong, by name: error classes, halts, causes, exceptions."""

from __future__ import annotations

import inspect

from order_sync.cli.exits import EXIT_CODES
from order_sync.model import errors
from order_sync.model.causes import MEANING, Cause
from order_sync.model.outcomes import ErrorClass, Halt
from reference import comments, models
from reference.markdown import code, table


def error_classes() -> str:
    return models.enum_table(ErrorClass)


def halts() -> str:
    return models.enum_table(Halt)


def causes() -> str:
    """Why a value or a row was refused before anything was sent."""
    return table(["cause", "meaning"], [[code(each.value), MEANING[each]] for each in Cause])


def exceptions() -> str:
    """Our exceptions in the order of the file, each under its parent."""
    found = [each for _, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, errors.OrderSyncError)]
    found.sort(key=lambda each: inspect.getsourcelines(each)[1])
    rows = [[code(each.__name__), comments.summary(each), str(exit_code(each))] for each in found[1:]]
    return table(["exception", "when", "exit code"], rows)


def exit_code(kind: type[errors.OrderSyncError]) -> int:
    """What a command ends with when such an error stops it."""
    return int(next(EXIT_CODES[each] for each in kind.__mro__ if each in EXIT_CODES))
