"""Every error of ours has its exit code, in one table."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import order_sync
from order_sync.cli.exits import EXIT_CODES, ExitCode, code_of
from order_sync.model import errors
from order_sync.model.errors import OrderSyncError


def every_error() -> set[type[OrderSyncError]]:
    for module in pkgutil.walk_packages(order_sync.__path__, "order_sync."):
        importlib.import_module(module.name)
    found: set[type[OrderSyncError]] = set()
    left = [OrderSyncError]
    while left:
        kinds = left.pop().__subclasses__()
        found.update(kinds)
        left.extend(kinds)
    return {kind for kind in found if kind.__module__.startswith("order_sync.")}


def test_every_error_is_in_the_table_and_no_other() -> None:
    assert set(EXIT_CODES) == every_error()


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (errors.UsageError, 2),
        (errors.SettingsError, 2),
        (errors.MappingError, 2),
        (errors.SourceError, 2),
        (errors.SchemaMismatch, 2),
        (errors.BoardMismatch, 2),
        (errors.Halted, 3),
        (errors.StoreBusy, 3),
        (errors.StoreFull, 3),
        (errors.LostLease, 3),
        (errors.BoardUnavailable, 3),
        (errors.ForeignItems, 3),
    ],
)
def test_codes_are_those_of_the_manual(kind: type[OrderSyncError], code: int) -> None:
    assert code_of(kind("what")) == code


def test_an_error_without_an_entry_has_the_code_of_the_one_above_it() -> None:
    class Stranger(errors.SourceError):
        """Unknown to the table."""

    assert code_of(Stranger("what")) is ExitCode.WRONG
    assert code_of(OrderSyncError("what")) is ExitCode.HALTED
