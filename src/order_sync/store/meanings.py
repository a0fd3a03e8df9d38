"""What families of foreign database errors mean to us: one error of ours, its words and the next step."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from order_sync.model.errors import (
    Halted,
    OrderSyncError,
    RightMissing,
    SchemaError,
    SchemaMismatch,
    SettingsError,
    StoreBusy,
    StoreFull,
)

DEPLOY: Final = "order-sync schema deploy"


class StoreConflict(OrderSyncError):
    """A row breaks a rule that the database keeps (unique, reference, NOT NULL): the transaction is void."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a family of foreign errors means to us."""

    error: type[OrderSyncError]
    what: str
    next_step: str

    def saying(self, what: str, next_step: str) -> Entry:
        """The same for one case of which more is known."""
        return replace(self, what=what, next_step=next_step)


LOCKED: Final = Entry(
    StoreBusy,
    "the database is locked by another process",
    "wait for it to end, or see who holds it: order-sync status",
)
# Whether a commit arrived is not known then: whoever goes on reads again what is there.
LOST: Final = Entry(StoreBusy, "the connection to the database was lost", "run again: every step can be repeated")
UNREACHABLE: Final = Entry(
    StoreBusy,
    "the database's server cannot be reached",
    "check the server's name and port in the url, the network and the firewall, then run again",
)
REJECTED: Final = Entry(
    StoreBusy,
    "the database's server rejected the connection",
    "its own words say why: correct the database's name or the login in the url, or run again when it takes more",
)
OVERLOADED: Final = Entry(
    StoreBusy, "the database's server is too busy, or is being moved", "wait a minute, then run again"
)
NO_CONNECTION: Final = Entry(
    StoreBusy,
    "every connection to the database is in use",
    "run with fewer lanes, or wait for the other steps",
)
NO_ROOM: Final = Entry(StoreFull, "the database cannot grow: no room is left", "free some room, then run again")
READ_ONLY: Final = Entry(
    StoreFull,
    "the database is read-only",
    "name the server that takes writes in the url, or let an administrator make it writable",
)
DAMAGED: Final = Entry(
    Halted,
    "the database is damaged",
    "let an administrator check and restore it; what is on the board is found again by its keys",
)
BROKEN_RULE: Final = Entry(
    StoreConflict, "a row breaks a rule of its table", "nothing of this step was kept; run again"
)
SHAPE: Final = Entry(SchemaError, "a table or column is missing in the database", DEPLOY)
DOES_NOT_FIT: Final = Entry(
    SchemaMismatch,
    "a value does not fit its column",
    "order-sync schema diff shows which columns are not as the mapping says",
)
CANNOT_OPEN: Final = Entry(
    SettingsError,
    "the database does not exist, or this login may not open it",
    "correct its name in the url, or let an administrator make a user for this login in it",
)
BAD_URL: Final = Entry(
    SettingsError,
    "the database's url says something that the driver does not know",
    "correct database.url in the settings, above all what stands behind its '?'",
)
REFUSED: Final = Entry(
    SettingsError,
    "the database refused the login",
    "check user, password and kind of login; the server's own log has the exact reason",
)
NO_DRIVER: Final = Entry(
    SettingsError,
    "there is no such ODBC driver or data source on this machine",
    "install it, or name another with ?driver=..; mssql+mssqlpython:// needs none",
)
NO_TOKEN: Final = Entry(
    SettingsError,
    "Entra ID gave no token for the database",
    "sign in on this machine, or name the identity or application in database.url",
)
NO_TICKET: Final = Entry(
    SettingsError,
    "the Windows login cannot be made on this machine",
    "run as an account of the domain (on Linux and macOS: kinit first), or name a user in database.url",
)
EXPIRED: Final = Entry(
    SettingsError,
    "the database refused the login: its password is no longer valid, or it is locked or disabled",
    "let an administrator unlock it or set a new password, then give that to Order Sync",
)
FIREWALL: Final = Entry(
    SettingsError,
    "the database's firewall refused this machine",
    "let an administrator of the Azure SQL server allow its address",
)
UNTRUSTED: Final = Entry(
    SettingsError,
    "the certificate of the database's server is not trusted",
    "install its issuer's certificate on this machine; on a network that you trust, ?TrustServerCertificate=yes",
)
NO_RIGHT: Final = Entry(
    RightMissing,
    "the login lacks a right",
    "run this with the login that the documentation names for it, or grant it what is missing",
)
