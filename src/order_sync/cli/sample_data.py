"""demo-data: a source table full of invented orders, with all the dirt that real ones carry."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import polars as pl
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from order_sync.cli.examples import CUSTOMERS, example_text
from order_sync.cli.session import Session, session_of
from order_sync.cli.terminal import plural
from order_sync.demo_data import TABLE, Expectation, Planted, generate, source_columns, write_expected
from order_sync.model.errors import MappingError, UsageError
from order_sync.model.mapping import Customers
from order_sync.model.mapping_file import load_customers
from order_sync.settings import load_settings
from order_sync.store.engine import open_engines
from order_sync.store.source_table import fill, require_file, source_table


def demo_data(
    ctx: typer.Context,
    rows: Annotated[int, typer.Option("--rows", metavar="N", min=0, help="Orders to invent.")] = 300,
    customers: Annotated[
        int, typer.Option("--customers", metavar="N", min=1, help="Customers that they belong to.")
    ] = 6,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="The same seed gives the same orders.")] = 2026,
    database: Annotated[
        str | None,
        typer.Option("--database", metavar="URL", help="A SQLite file; by default the source of the settings."),
    ] = None,
    expected: Annotated[
        Path | None,
        typer.Option("--expected", metavar="FILE", help="Write here what must become of each order, as JSON lines."),
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Throw away the rows that are there.")] = False,
) -> None:
    """Fill a SQLite file with invented orders.

    The table is ORDERS_UNIFIED with all its columns, and with the dirt that real orders carry.
    """
    session = session_of(ctx)
    url = database or load_settings(session.config, session.profile).source_url
    parts = _generated(_known_customers(session), rows, customers, seed)
    told: list[Expectation] = []

    def frames() -> Iterator[pl.DataFrame]:
        for part in parts:
            if expected is not None:
                told.extend(part.expected())
            yield part.frame

    engines = open_engines(url, busy_timeout=timedelta(seconds=10))
    try:
        require_file(engines)
        with _bar(session) as progress:
            task = progress.add_task("orders", total=rows)
            for loaded in fill(engines, source_table(TABLE, source_columns()), frames(), replace=replace):
                progress.advance(task, loaded)
        if expected is not None:
            write_expected(expected, told)
        session.terminal.say(f"{plural(rows, 'order')} of {plural(customers, 'customer')} in {TABLE}, {engines.name}")
    finally:
        engines.dispose()


def _known_customers(session: Session) -> Customers:
    """Those of the project, so that its mapping knows them; of the example where there is none, or none yet."""
    if session.config.is_file():
        try:
            return session.project().customers
        except MappingError as error:
            session.terminal.note(("note: ", "yellow"), f"{error.what}: the customers are those of the shipped example")
    return load_customers(example_text(CUSTOMERS), CUSTOMERS)


def _generated(customers: Customers, rows: int, wanted: int, seed: int) -> Iterator[Planted]:
    names = [(customer.name, customer.aliases) for customer in customers.customers]
    try:
        yield from generate(names, rows=rows, customers=wanted, seed=seed)
    except ValueError as error:
        raise UsageError(str(error), next_step="correct --rows or --customers") from None


def _bar(session: Session) -> Progress:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(30),
        MofNCompleteColumn(),
        TimeRemainingColumn(compact=True),
    )
    console = session.terminal.err
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
