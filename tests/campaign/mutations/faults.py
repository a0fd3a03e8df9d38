"""What the service does to a request, drawn anew for each seed."""

from __future__ import annotations

from random import Random

from monday_simulator.gateway.faults import Kind, Rule

WRITES = ("create_item", "create_subitem", "create_group")
_LOST_AFTER = (Kind.LOST_AFTER, Kind.HALF_ANSWER, Kind.HTML_502_AFTER, Kind.GATEWAY_504_AFTER)


def _on(chance: Random) -> str:
    return chance.choice(WRITES)


def lost(chance: Random) -> Rule:
    """Applied, and no answer, or none that says so."""
    return Rule(chance.choice(_LOST_AFTER), on=_on(chance), nth=chance.randint(1, 2))


def unanswered(chance: Random) -> Rule:
    """Applied, and nothing comes back."""
    return Rule(Kind.LOST_AFTER, on=_on(chance), nth=1)


def late(chance: Random) -> Rule:
    """Applied at any moment of the time that the server may take."""
    return Rule(Kind.LATE_APPLY, on=_on(chance), nth=chance.randint(1, 2), after_seconds=chance.uniform(3, 119))


def very_late(chance: Random) -> Rule:
    """Applied when that time is nearly over."""
    return Rule(Kind.LATE_APPLY, on=_on(chance), nth=1, after_seconds=chance.uniform(112, 119.9))


def late_group(chance: Random) -> Rule:
    return Rule(Kind.LATE_APPLY, on="create_group", nth=1, after_seconds=chance.uniform(3, 119))


def error_500_after(chance: Random) -> Rule:
    """Applied, and answered 500."""
    return Rule(chance.choice((Kind.ERROR_500_AFTER, Kind.ERROR_200_AFTER)), on=_on(chance), nth=1)


def missing(chance: Random) -> Rule:
    """The answer leaves out one row that was made."""
    return Rule(Kind.MISSING_ALIAS, on=chance.choice(WRITES[:2]), nth=1, alias=chance.randint(0, 1))


def refused_row(chance: Random) -> Rule:
    on = chance.choice(WRITES[:2])
    return Rule(Kind.BAD_ALIAS, on=on, nth=1, alias=chance.randint(0, 1), code="ColumnValueException")


def refused_size(_chance: Random) -> Rule:
    return Rule(Kind.BAD_ALIAS, on="create_subitem", nth=1, alias=0, code="ColumnValueException")


def refused_item(chance: Random) -> Rule:
    return Rule(Kind.BAD_ALIAS, on="create_item", nth=1, alias=chance.randint(0, 1), code="ColumnValueException")


def throttled_often(_chance: Random) -> Rule:
    return Rule(Kind.THROTTLE_429, on="create_item", every=1, times=4, retry_in_seconds=5)


def blind(_chance: Random) -> Rule:
    """Look-ups answer that there is nothing, not even the item that they were asked for by its id."""
    nothing = '{"data":{"page":{"cursor":null,"items":[]},"control":[]}}'
    return Rule(Kind.WRONG_JSON, on="items_page_by_column_values", every=1, body=nothing)


def unreadable(_chance: Random) -> Rule:
    """Look-ups by key fail, each of them."""
    return Rule(Kind.HTML_502_BEFORE, on="items_page_by_column_values", every=1)
