"""Our exceptions, sorted by what the caller should do. Each says what, where, and what to do next."""

from __future__ import annotations

from datetime import datetime


class OrderSyncError(Exception):
    """Root of everything we raise. `where` names file:line, table, column or row; `next_step` is an instruction."""

    def __init__(self, what: str, *, where: str | None = None, next_step: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.next_step = next_step

    def __str__(self) -> str:
        parts = [self.what]
        if self.where:
            parts.append(f"where: {self.where}")
        if self.next_step:
            parts.append(f"next: {self.next_step}")
        return "\n  ".join(parts)


# Wrong use or configuration: exit code 2, nothing was changed.
class UsageError(OrderSyncError):
    """The command was called wrongly, e.g. a run that selects nothing."""


class SettingsError(OrderSyncError):
    """order-sync.toml or the environment is wrong or incomplete."""


class TokenMissing(SettingsError):
    """No API token was given: whatever needs no board works all the same."""


class RightMissing(SettingsError):
    """The database's login may not do this; the text names the right and on what."""


class MappingError(OrderSyncError):
    """mapping.yaml or customers.yaml has problems; `problems` lists all of them, one line each."""

    def __init__(
        self, what: str, problems: tuple[str, ...] = (), *, where: str | None = None, next_step: str | None = None
    ) -> None:
        super().__init__(what, where=where, next_step=next_step)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *(f"  - {problem}" for problem in self.problems)])


class SourceError(OrderSyncError):
    """The source table is missing, or not as the mapping says."""


class SchemaError(OrderSyncError):
    """Our tables are missing or not as the mapping says."""


class BoardMismatch(OrderSyncError):
    """The live board is not as the mapping says."""


class SchemaMismatch(SchemaError):
    """A table of ours exists with another shape."""


# Stop now, rows are kept: exit code 3.
class Halted(OrderSyncError):
    """Nothing more may be sent; what was done is recorded and the next run goes on."""


class AuthenticationHalted(Halted):
    """The token is missing, refused, or may not do this."""


class DailyLimitReached(Halted):
    """No calls left before 00:00 UTC: exit code 1, nothing is wrong. `until`: when the server takes calls again, where
    the server itself refused; aware UTC."""

    def __init__(
        self, what: str, *, where: str | None = None, next_step: str | None = None, until: datetime | None = None
    ) -> None:
        super().__init__(what, where=where, next_step=next_step)
        self.until = until


class RestoredDatabase(Halted):
    """The snapshot file is newer than the database: it was restored from a backup."""


class ForeignItems(Halted):
    """The board holds items without our key; nobody has said yet what they are."""


class SnapshotNotWritten(Halted):
    """The snapshot file cannot be replaced. Nothing is lost: the table is the truth, and the next run writes it."""


# Try again later.
class BoardUnavailable(OrderSyncError):
    """A read of the board failed although it was repeated: it says nothing about what is on the board."""


class StoreBusy(OrderSyncError):
    """The database is locked by another process."""


class StoreFull(OrderSyncError):
    """The database cannot take more; nothing is sent while an intent cannot be kept."""


class LostLease(OrderSyncError):
    """Another process has taken this customer or board over; what this one still holds in hand must not be written."""
