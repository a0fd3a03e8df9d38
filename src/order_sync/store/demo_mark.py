"""The demo's tables in a database that is not its own: a mark says which folder made them, and only those go again."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import NVARCHAR, Column, Connection, MetaData, Table, insert, select
from sqlalchemy.schema import CreateTable, DropTable

from order_sync.model.errors import UsageError
from order_sync.store import catalogue
from order_sync.store.engine import Engines
from order_sync.store.errors import guarded
from order_sync.store.modules import VIEWS, modules
from order_sync.store.tables import Tables

MARK = "DEMO_OrderSync"


@dataclass(frozen=True)
class Ground:
    """Where a demo puts its tables. `folder_id`: of the folder that asks."""

    engines: Engines
    tables: Tables
    source: Table
    folder_id: str

    def require_free(self) -> None:
        """UsageError: there are tables that nobody may write over."""
        with guarded(self.engines.name), self.engines.read.begin() as conn:
            self._refuse_others(conn, self._there(conn))

    def require_made_here(self) -> None:
        """UsageError: the database has not the tables of this folder, or has those of another."""
        with guarded(self.engines.name), self.engines.read.begin() as conn:
            if not self._is_ours(conn):
                raise UsageError(
                    "the database does not hold the tables of this demo's folder",
                    where=self.engines.name,
                    next_step="name another --folder; or start anew with --fresh, which leaves tables of others alone",
                )

    def mark(self) -> None:
        """From now on what the demo makes here is this folder's. UsageError: there are tables of others."""
        with guarded(self.engines.name), self.engines.write.begin() as conn:
            self._refuse_others(conn, self._there(conn))
            table = self._mark
            if not self._is_ours(conn):
                conn.execute(CreateTable(table))
                conn.execute(insert(table).values(folder_id=self.folder_id))

    def clear(self) -> None:
        """Drop what this folder's demo made, if it made anything. UsageError: there are tables of others."""
        with guarded(self.engines.name), self.engines.write.begin() as conn:
            there = self._there(conn)
            self._refuse_others(conn, there)
            for module in modules(self.tables, conn.dialect):
                conn.exec_driver_sql(f"DROP {module.kind} IF EXISTS {module.name}")
            for table in [*reversed(self.tables.metadata.sorted_tables), self.source, self._mark]:
                conn.execute(DropTable(table, if_exists=True))

    def _refuse_others(self, conn: Connection, there: list[str]) -> None:
        if there and not self._is_ours(conn):
            more = f" and {len(there) - 3} more" if len(there) > 3 else ""
            raise UsageError(
                f"the database has tables that this demo did not make: {', '.join(there[:3])}{more}",
                where=self.engines.name,
                next_step="name a database of its own with --database; nothing was changed in this one",
            )

    def _there(self, conn: Connection) -> list[str]:
        """Names of ours that are taken."""
        schema = self.tables.metadata.schema
        names = {str(table.name) for table in self.tables.all()} | {*VIEWS}
        taken = names & catalogue.table_names(conn, schema)
        taken |= {str(self.source.name), MARK} & catalogue.table_names(conn, self.source.schema)
        return sorted(taken)

    def _is_ours(self, conn: Connection) -> bool:
        if MARK not in catalogue.table_names(conn, self.source.schema):
            return False
        return conn.scalar(select(self._mark.c.folder_id)) == self.folder_id

    @property
    def _mark(self) -> Table:
        return Table(MARK, MetaData(), Column("folder_id", NVARCHAR(36), primary_key=True), schema=self.source.schema)
