"""schema show, schema diff, schema deploy: our tables as a script to read first, compared, and made or upgraded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from order_sync.cli.choices import AsJson
from order_sync.cli.exits import ExitCode
from order_sync.cli.flags import Command, Group
from order_sync.cli.session import Session, session_of
from order_sync.cli.terminal import plural, table
from order_sync.model.errors import SettingsError, UsageError
from order_sync.reports.differences import DEPLOY, Difference, SchemaReport, schema_differences
from order_sync.store import deploy as deployment
from order_sync.store.engine import Engines
from order_sync.store.grants import grants
from order_sync.store.migrations import NEWEST
from order_sync.store.tables import Tables, build_tables
from order_sync.wiring import open_database, our_tables

schema = typer.Typer(name="schema", cls=Group, help="Show, compare, make or upgrade our tables.", no_args_is_help=True)


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
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", metavar="FILE", dir_okay=False, help="Write it there in UTF-8, as sqlcmd and SSMS read it."
        ),
    ] = None,
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
    if output is None:
        session.terminal.raw(text)
    else:
        _write(output, text, marked=wanted is Dialect.MSSQL)


def _write(path: Path, text: str, *, marked: bool) -> None:
    """`marked`: with a byte order mark, without which sqlcmd on Windows reads the machine's code page."""
    try:
        path.write_text(text, encoding="utf-8-sig" if marked else "utf-8")
    except OSError as problem:
        raise UsageError(
            f"the script cannot be written: {problem.strerror or problem}",
            where=str(path),
            next_step="name another file",
        ) from None


@schema.command(cls=Command)
def diff(ctx: typer.Context, as_json: AsJson = False) -> None:
    """Compare our tables in the database with what the mapping and this program want.

    Changes nothing. Ends with 1 where something has to be done.
    """
    session = session_of(ctx)
    with _opened(session, must_exist=True) as (engines, tables):
        report = schema_differences(engines, tables)
    if as_json:
        session.terminal.json({"ok": not report.needed, **report.to_json()})
    else:
        _show(session, report)
    raise typer.Exit(ExitCode.ATTENTION if report.needed else ExitCode.DONE)


@schema.command(cls=Command)
def deploy(ctx: typer.Context) -> None:
    """Make what is missing of our tables, and upgrade an older version. Nothing is dropped; may be run again."""
    session = session_of(ctx)
    with _opened(session, must_exist=False) as (engines, tables):
        before = deployment.standing(engines, tables)
        made = deployment.deploy(engines, tables)
        name = engines.name
    for each in made:
        session.terminal.say(("made ", "green"), each)
    if before.older:
        session.terminal.say(("upgraded ", "green"), f"from version {before.version} to {NEWEST}")
    told = f"{plural(len(made), 'object')} made" if made else "nothing was missing"
    session.terminal.say(told, f" in {name}")


@contextmanager
def _opened(session: Session, *, must_exist: bool) -> Iterator[tuple[Engines, Tables]]:
    project = session.project()
    engines = open_database(project.settings, must_exist=must_exist)
    try:
        yield engines, our_tables(project, engines)
    finally:
        engines.dispose()


def _show(session: Session, report: SchemaReport) -> None:
    terminal = session.terminal
    if report.differences:
        made = table("", "of", "what differs, and what to do", room={"what differs, and what to do": 40})
        for each in report.differences:
            made.add_row(*_row(each))
        terminal.out.print(made)
    count = len(report.needed)
    if count:
        deployed = sum(each.todo == DEPLOY for each in report.needed)
        terminal.say((plural(count, "difference"), "bold red"), " to do something about: ", _next(count, deployed))
    else:
        terminal.say(("nothing to do", "bold green"), f": version {report.version} in {report.database}")


def _next(count: int, deployed: int) -> str:
    """Who has to do it."""
    if deployed == count:
        return f"{DEPLOY} does all of it"
    if not deployed:
        return "see behind each"
    return f"{DEPLOY} does {deployed:,} of them, once the others are done"


def _row(each: Difference) -> tuple[Text, str, Text]:
    style = "red" if each.needed else "dim"
    text = Text(f"{each.where} {each.what}")
    text.append(f"\n{each.todo}", style="cyan" if each.needed else "dim")
    return Text("to do" if each.needed else "note", style=style), each.kind, text
