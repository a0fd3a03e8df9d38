"""Options that several commands have, and what they select."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Annotated

import typer

from order_sync.model.errors import UsageError
from order_sync.steps.select import Selection
from order_sync.wiring import Project

_WHICH = "Which orders"

Customers = Annotated[
    list[str] | None,
    typer.Option("--customer", metavar="NAME", help="Only this customer, by name or alias.", rich_help_panel=_WHICH),
]
Orders = Annotated[
    list[str] | None,
    typer.Option("--po", metavar="NUMBER", help="Only orders with this PO number.", rich_help_panel=_WHICH),
]
Seasons = Annotated[
    list[str] | None,
    typer.Option("--season", metavar="SEASON", help="Only orders of this season.", rich_help_panel=_WHICH),
]
Everything = Annotated[bool, typer.Option("--all", help="Every order: this must be said.", rich_help_panel=_WHICH)]
EverythingPlanned = Annotated[
    bool, typer.Option("--all", help="Every order; so it is without a selection.", rich_help_panel=_WHICH)
]
AtMost = Annotated[
    int | None,
    typer.Option("--limit", metavar="N", min=0, help="At most N new orders.", rich_help_panel=_WHICH),
]
IgnoreDailyLimit = Annotated[
    bool,
    typer.Option(
        "--ignore-daily-limit", help="Make calls although the day's were used up, e.g. after the plan was raised."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
OneCustomer = Annotated[
    str | None, typer.Option("--customer", metavar="NAME", help="Only this customer, by name or alias.")
]


def selected(
    project: Project,
    customers: list[str] | None,
    po: list[str] | None,
    season: list[str] | None,
    everything: bool,
    limit: int | None,
) -> Selection:
    """What the options select; customers under their canonical names."""
    return Selection(
        customers=frozenset(customer_called(project, name) for name in customers or ()),
        po=frozenset(po or ()),
        season=frozenset(season or ()),
        everything=everything,
        limit=limit,
    )


def customer_called(project: Project, name: str) -> str:
    """The canonical name of a name or alias; what no entry has may still stand in the source, and stays as it is."""
    return project.customers.lookup().get(name.strip().casefold(), name.strip())


def refuse_unknown(project: Project, name: str | None, *, found: bool) -> None:
    """UsageError where nothing was found for a name that no entry has: a typing error is not "nothing"."""
    known = project.customers.lookup()
    if found or name is None or name.casefold() in known:
        return
    close = get_close_matches(name.casefold(), known, n=3, cutoff=0.5)
    names = list(dict.fromkeys(known[each] for each in close))
    meant = f"did you mean {' or '.join(map(repr, names))}?" if names else ""
    raise UsageError(
        f"there is no customer {name!r}",
        where="--customer",
        next_step=meant or "order-sync plan lists those that the source has",
    )


def one_or_none(given: Iterable[object]) -> bool:
    """Whether at most one of several options that exclude each other was given."""
    return sum(each is not None and each is not False for each in given) <= 1
