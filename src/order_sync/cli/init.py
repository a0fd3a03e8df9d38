"""init: the files of a project, drafted from a table that exists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from order_sync.cli.examples import CUSTOMERS, MAPPING, example_text
from order_sync.cli.session import session_of
from order_sync.cli.settings_text import settings_text
from order_sync.cli.terminal import Terminal, plural
from order_sync.demo_data import TABLE
from order_sync.model.errors import MappingError, SettingsError, UsageError
from order_sync.model.mapping_draft import draft_mapping
from order_sync.model.mapping_file import load_customers, load_mapping
from order_sync.model.mapping_findings import findings_of
from order_sync.model.mapping_problems import PLACEHOLDER
from order_sync.settings import SETTINGS_FILE, TOKEN_VARIABLE, Database, Settings
from order_sync.wiring import table_columns

_CUSTOMERS = """\
# What each customer is called on the board (name), and what else the source calls it (aliases).
# Compared without regard to case; an order of a customer that is not here is held.
version: 1
customers:
  - name: {placeholder}
    aliases: []
"""


@dataclass(frozen=True)
class _Draft:
    """The mapping and customers to write, and what was found out on the way."""

    mapping: str
    customers: str
    told: str
    left_out: tuple[tuple[str, str], ...] = ()  # columns of types that are not read: name, type


def init(
    ctx: typer.Context,
    source: Annotated[str, typer.Option("--table", metavar="NAME", help="The table that orders come from.")] = TABLE,
    database: Annotated[
        str | None,
        typer.Option("--database", metavar="URL", help="Its database; ours too until you say otherwise."),
    ] = None,
    folder: Annotated[Path, typer.Option("--folder", metavar="PATH", help="Where the files go.")] = Path(),
    force: Annotated[bool, typer.Option("--force", help="Write over files that are there.")] = False,
) -> None:
    """Write settings, and a mapping for an existing table.

    The files: order-sync.toml with every entry and its meaning, mapping.yaml, customers.yaml.
    """
    terminal = session_of(ctx).terminal
    files = {name: folder / name for name in (SETTINGS_FILE, MAPPING, CUSTOMERS)}
    _refuse_to_overwrite(files, force=force)
    draft = _draft(
        Settings(folder=folder.resolve(), database=Database(url=database or _default_url())), source, database
    )
    given = {"mapping": MAPPING} | ({"database.url": database} if database else {})
    texts = {SETTINGS_FILE: settings_text(given), MAPPING: draft.mapping, CUSTOMERS: draft.customers}
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        files[name].write_text(text, encoding="utf-8", newline="\n")
        terminal.say(("wrote ", "green"), str(files[name]))
    _tell(terminal, draft)


def _default_url() -> str:
    return str(Database.model_fields["url"].default)


def _refuse_to_overwrite(files: dict[str, Path], *, force: bool) -> None:
    there = [str(path) for path in files.values() if path.exists()]
    if there and not force:
        exist = "exists" if len(there) == 1 else "exist"
        raise UsageError(
            f"{', '.join(there)} {exist} already; nothing was written",
            next_step="name another --folder, or give --force to write over what is there",
        )


def _draft(settings: Settings, source: str, database: str | None) -> _Draft:
    """From the table; where no database was named and none is there yet, the shipped example as it is."""
    try:
        columns = table_columns(settings, source)
    except SettingsError:
        if database is not None or source != TABLE:
            raise
        told = f"There is no database yet: the mapping is the shipped example for {TABLE}, its board ids invented."
        return _Draft(example_text(MAPPING), example_text(CUSTOMERS), told)
    example = example_text(MAPPING)
    mapping = draft_mapping(columns, source, example)
    like_example = mapping != draft_mapping(columns, source)
    customers = example_text(CUSTOMERS) if like_example else _CUSTOMERS.format(placeholder=PLACEHOLDER)
    kind = "it is like the shipped example" if like_example else "drafted from its columns"
    told = f"{source} has {plural(len(columns), 'column')}; {kind}."
    return _Draft(mapping, customers, told, () if like_example else tuple(findings_of(columns).ignored))


def _tell(terminal: Terminal, draft: _Draft) -> None:
    terminal.say(draft.told)
    if draft.left_out:
        names = ", ".join(f"{name} ({sql})" for name, sql in draft.left_out)
        terminal.say(("left out: ", "yellow"), f"{names}: such types are not read; a view can give them as text")
    steps = [
        f"set {TOKEN_VARIABLE} to an API token whose user may edit the board",
        "order-sync schema deploy",
        "order-sync check",
        "order-sync plan --all",
    ]
    left = _left(draft)
    if left:
        steps.insert(1, "order-sync check --columns NUMBER    (the board's number, from its address: lists column ids)")
        steps.insert(2, f"fill in what only you can know: {PLACEHOLDER} stands in {' and in '.join(left)}")
    terminal.say("Next:", style="bold")
    for at, step in enumerate(steps, 1):
        terminal.say(f"  {at}. ", (step, "cyan" if step.startswith("order-sync") else ""))


def _left(draft: _Draft) -> list[str]:
    """The files that have something to fill in, and in how many places."""
    loads = ((MAPPING, draft.mapping, load_mapping), (CUSTOMERS, draft.customers, load_customers))
    counts = {name: _problems(load, text, name) for name, text, load in loads}
    return [f"{plural(count, 'place')} of {name}" for name, count in counts.items() if count]


def _problems(load: Callable[[str, str], object], text: str, name: str) -> int:
    try:
        load(text, name)
    except MappingError as error:
        return len(error.problems)
    return 0
