"""schema show, schema deploy: our tables as a script to read first, and made."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from order_sync.cli.flags import Command, Group
from order_sync.cli.session import session_of
from order_sync.cli.terminal import plural
from order_sync.model.errors import SettingsError
from order_sync.store import deploy as deployment
from order_sync.store.grants import grants
from order_sync.store.tables import build_tables
from order_sync.wiring import open_database, our_tables

schema = typer.Typer(name="schema", cls=Group, help="Show or make our tables.", no_args_is_help=True)


class Dialect(StrEnum):
    """The databases that a script can be made for."""

    MSSQL = "mssql"
    SQLITE = "sqlite"


@schema.command(cls=Command)
def show(
    ctx: typer.Context,
    dialect: Annotated[
        Dialect | None,
        typer.Option("--dialect", metavar="NAME", help="mssql or sqlite; by default the database of the settings."),
    ] = None,
    rights: Annotated[
        bool, typer.Option("--grants", help="The roles and their rights in SQL Server instead, for a DBA.")
    ] = False,
) -> None:
    """Print the script that makes our tables. Needs no database."""
    session = session_of(ctx)
    project = session.project()
    backend = project.settings.database_url.partition(":")[0].partition("+")[0]
    wanted = dialect or (Dialect.MSSQL if backend == "mssql" else Dialect.SQLITE)
    owner = project.settings.database.schema_name if wanted is Dialect.MSSQL else None
    tables = build_tables(project.mapping, owner)
    if rights and wanted is Dialect.SQLITE:
        raise SettingsError("SQLite has no rights to grant", next_step="--dialect mssql --grants")
    source = project.mapping.source
    text = grants(tables, source.table, source.db_schema) if rights else deployment.ddl(tables, wanted.value)
    session.terminal.raw(text)


@schema.command(cls=Command)
def deploy(ctx: typer.Context) -> None:
    """Make what is missing of our tables. Nothing is dropped or altered; may be run again."""
    session = session_of(ctx)
    project = session.project()
    engines = open_database(project.settings, must_exist=False)
    try:
        made = deployment.deploy(engines, our_tables(project, engines))
    finally:
        engines.dispose()
    for name in made:
        session.terminal.say(("made ", "green"), name)
    told = f"{plural(len(made), 'object')} made" if made else "nothing was missing"
    session.terminal.say(told, f" in {engines.name}")
