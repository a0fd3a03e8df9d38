"""Who may do what in SQL Server, from the table that the script of grants is made from."""

from __future__ import annotations

from order_sync.store.grants import MIGRATION, MODULES, PURPOSES, WORKER, Role
from order_sync.store.modules import VIEWS
from order_sync.store.tables import build_tables
from reference import example
from reference.markdown import code, table


def roles() -> str:
    return table(["role", "for"], [[code(role.value), PURPOSES[role]] for role in Role])


def rights() -> str:
    """A row for each object, a column for each role but the one that deploys."""
    tables = build_tables(example.mapping(), None)
    shown = (Role.READER, Role.WORKER, Role.DASHBOARD)
    rows = [[code(example.mapping().source.table), "SELECT", "", ""]]
    rows += [[code(getattr(tables, name).name), "", ", ".join(verbs), ""] for name, verbs in WORKER.items()]
    for name in MODULES[Role.WORKER]:
        right = "SELECT" if name in VIEWS else "EXECUTE"
        rows.append([code(name), "", *(right if name in MODULES[role] else "" for role in shown[1:])])
    database = ", ".join(MIGRATION)
    return table(["object", *(code(role.value) for role in shown)], rows) + (
        f"\n{code(Role.MIGRATION.value)} has {database} in the database, and CONTROL of the schema.\n"
    )
