"""Who may do what in SQL Server: four roles, each with the least that its work needs, as a script for a DBA."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from sqlalchemy import Dialect, Table
from sqlalchemy.dialects import mssql

from order_sync.store.changes import literal
from order_sync.store.modules import PROCEDURES, SUMMARY, VIEWS, qualified
from order_sync.store.tables import Tables


class Role(StrEnum):
    """Roles, not logins: a site adds its own logins to them."""

    READER = "sync_reader"
    WORKER = "sync_worker"
    DASHBOARD = "sync_dash"
    MIGRATION = "sync_migrate"


PURPOSES: Final = MappingProxyType(
    {
        Role.READER: "Reads the orders, and nothing else.",
        Role.WORKER: "What order-sync does day by day: run, retry, check, and all that only shows.",
        Role.DASHBOARD: "Looks: people in SSMS, and pages that show how things stand.",
        Role.MIGRATION: "Makes and changes our tables. For the time of a deployment only.",
    }
)

_S, _I, _U, _D = "SELECT", "INSERT", "UPDATE", "DELETE"

# By the attribute of Tables. What no statement of the product needs is not in here, and a test holds both ways; but
# whoever inserts may read as well: SQL Server asks for that to hand back an id, and the bulk load counts what arrived.
WORKER: Final = MappingProxyType(
    {
        "staging": (_S, _I, _U, _D),
        "staging_subitems": (_S, _I, _U, _D),
        "production": (_S, _I),
        "production_subitems": (_S, _I),
        "errors": (_S, _I, _U),
        "errors_subitems": (_S, _I, _U),
        "archive": (_S, _I),
        "archive_subitems": (_S, _I),
        "batches": (_S, _I, _U),
        "identity": (_S, _I, _U),
        "groups": (_S, _I, _U),
        "leases": (_S, _I, _U),
        "calls": (_S, _I),
        "call_rows": (_S, _I),
        "call_bodies": (_S, _I),
        "call_results": (_S, _I),
        "chain": (_S, _I),
        "orphans": (_S, _I, _U),
        "snapshot": (_S, _I, _D),
        "snapshot_state": (_S, _I, _U),
        "issues": (_S, _I),
        "boards": (_S, _I, _D),
        "daily": (_S, _I, _U),
        "versions": (_S,),
    }
)

# SELECT on the views lets the worker see that they are there: SQL Server hides what one has no right on.
MODULES: Final = MappingProxyType(
    {
        Role.WORKER: (*VIEWS, *PROCEDURES),
        Role.DASHBOARD: (*VIEWS, SUMMARY),
    }
)

MIGRATION: Final = ("CREATE TABLE", "CREATE VIEW", "CREATE PROCEDURE")


def grants(tables: Tables, source: str, source_schema: str | None) -> str:
    """The script that makes the roles and gives them their rights. `source`: the table of the orders."""
    dialect: Dialect = mssql.dialect()  # type: ignore[no-untyped-call]
    preparer = dialect.identifier_preparer
    orders = Table(source, type(tables.metadata)(), schema=source_schema)
    schema = preparer.quote_schema(tables.metadata.schema or "dbo")
    parts = [
        _HEADER,
        "\n".join(_made(role) for role in Role) + "\nGO",
        _section(
            Role.READER,
            _where_it_is(preparer.format_table(orders)),
            "Orders in another database: run what stands here, and CREATE ROLE, there.",
        ),
        _section(
            Role.WORKER,
            [*_on_tables(tables, dialect), *_on_modules(Role.WORKER, tables, dialect)],
            "Where one login reads the orders as well: a member of sync_reader too.",
        ),
        _section(Role.DASHBOARD, _on_modules(Role.DASHBOARD, tables, dialect)),
        _section(
            Role.MIGRATION,
            [
                f"GRANT {', '.join(MIGRATION)} TO {Role.MIGRATION};",
                f"GRANT CONTROL ON SCHEMA::{schema} TO {Role.MIGRATION};",
            ],
            "CONTROL: to alter tables, and to see how they were made. It reaches all that is in the schema, the\n"
            "-- orders too where they lie there.",
        ),
        _MEMBERS,
    ]
    return "\n\n".join([*parts, ""])


_HEADER: Final = """\
-- Order Sync's roles and their rights in SQL Server, made from the mapping.
-- To be run after the tables were deployed or upgraded, by a member of db_owner. May be run again; it takes no right
-- away.
-- No login is made or named here: see the end."""

_MEMBERS: Final = """\
-- Who is in a role is the site's to say. For each login one of the three, then its roles:
--   CREATE USER [order_sync] FOR LOGIN [order_sync];                  -- a SQL Server login
--   CREATE USER [DOMAIN\\svc-order-sync] FOR LOGIN [DOMAIN\\svc-order-sync];  -- a Windows account or group
--   CREATE USER [order-sync@example.com] FROM EXTERNAL PROVIDER;      -- Entra ID: a user, group or managed identity
--   ALTER ROLE sync_reader ADD MEMBER [order_sync];
--   ALTER ROLE sync_worker ADD MEMBER [order_sync];"""


def _made(role: Role) -> str:
    return f"IF NOT {_there(role)}\n    CREATE ROLE {role};"


def _there(role: Role) -> str:
    return f"EXISTS (SELECT 1 FROM sys.database_principals WHERE name = N'{role}' AND type = 'R')"


def _section(role: Role, statements: list[str], note: str = "") -> str:
    told = f"-- {role}: {PURPOSES[role]}" + (f"\n-- {note}" if note else "")
    return "\n".join([told, *statements, "GO"])


def _where_it_is(orders: str) -> list[str]:
    """The table of the orders may be in another database; then the others get their rights all the same."""
    name = literal(orders)
    told = literal(f"{orders} is not in this database: {Role.READER} gets its right where it is.")
    return [f"IF OBJECT_ID({name}) IS NOT NULL\n    GRANT {_S} ON {orders} TO {Role.READER};\nELSE\n    PRINT {told};"]


def _on_tables(tables: Tables, dialect: Dialect) -> list[str]:
    preparer = dialect.identifier_preparer
    return [
        f"GRANT {', '.join(rights)} ON {preparer.format_table(getattr(tables, attribute))} TO {Role.WORKER};"
        for attribute, rights in WORKER.items()
    ]


def _on_modules(role: Role, tables: Tables, dialect: Dialect) -> list[str]:
    return [_on_module(role, name, tables, dialect) for name in MODULES[role]]


def _on_module(role: Role, name: str, tables: Tables, dialect: Dialect) -> str:
    return f"GRANT {_S if name in VIEWS else 'EXECUTE'} ON {qualified(name, tables, dialect)} TO {role};"
