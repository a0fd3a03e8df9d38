"""Exit codes: one table from our errors to what the shell sees."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType
from typing import Final

from order_sync.canary.wire import Interrupted
from order_sync.model import errors
from order_sync.model.errors import OrderSyncError
from order_sync.model.fingerprint import EncodingChanged
from order_sync.monday.transport import AnswerLost, NotSent
from order_sync.store.catalogue import UnknownTable
from order_sync.store.errors import StoreConflict


class ExitCode(IntEnum):
    """What every command ends with."""

    DONE = 0
    ATTENTION = 1  # some rows need a person, another process has a customer, or the day's calls are used up
    WRONG = 2  # wrong use or configuration
    HALTED = 3  # stopped: what was done is recorded
    KILLED = 130  # the second Ctrl-C


EXIT_CODES: Final[Mapping[type[OrderSyncError], ExitCode]] = MappingProxyType(
    {
        errors.UsageError: ExitCode.WRONG,
        errors.SettingsError: ExitCode.WRONG,
        errors.TokenMissing: ExitCode.WRONG,
        errors.RightMissing: ExitCode.WRONG,
        errors.MappingError: ExitCode.WRONG,
        errors.SourceError: ExitCode.WRONG,
        errors.SchemaError: ExitCode.WRONG,
        errors.SchemaMismatch: ExitCode.WRONG,
        UnknownTable: ExitCode.WRONG,
        errors.BoardMismatch: ExitCode.WRONG,
        errors.Halted: ExitCode.HALTED,
        errors.AuthenticationHalted: ExitCode.HALTED,
        errors.DailyLimitReached: ExitCode.ATTENTION,
        errors.RestoredDatabase: ExitCode.HALTED,
        errors.SnapshotNotWritten: ExitCode.HALTED,
        errors.ForeignItems: ExitCode.HALTED,
        EncodingChanged: ExitCode.HALTED,
        errors.BoardUnavailable: ExitCode.HALTED,
        errors.StoreBusy: ExitCode.HALTED,
        errors.StoreFull: ExitCode.HALTED,
        StoreConflict: ExitCode.HALTED,
        errors.LostLease: ExitCode.HALTED,
        NotSent: ExitCode.HALTED,
        AnswerLost: ExitCode.HALTED,
        Interrupted: ExitCode.ATTENTION,
    }
)


def code_of(error: OrderSyncError) -> ExitCode:
    """The code of the error's class, or of the nearest class above it."""
    return next((EXIT_CODES[kind] for kind in type(error).__mro__ if kind in EXIT_CODES), ExitCode.HALTED)
