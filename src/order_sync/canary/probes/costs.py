"""A8: what the calls of the whole survey were charged, and how many the account has a day."""

from __future__ import annotations

from collections.abc import Sequence

from order_sync.canary import documents as own
from order_sync.canary.facts import Costs, Shape
from order_sync.canary.verdicts import percentile
from order_sync.canary.wire import Metered, Wire, error_class


def costs(wire: Wire) -> Costs:
    """The shapes are a run's own, those that only a survey makes left out."""
    answer = wire.ask_anyway(own.daily_limit())
    told = answer.fields().get("platform_api") if error_class(answer) is None else None
    limit = (told or {}).get("daily_limit") or {}
    total = limit.get("total", limit.get("base"))
    names = dict.fromkeys(each.operation for each in wire.metered if each.operation not in _OWN)
    shapes = tuple(_shape(name, [each for each in wire.metered if each.operation == name]) for name in names)
    return Costs(shapes, total if isinstance(total, int) else None)


_OWN = ("archive_item", "delete_item", "delete_group", "daily_limit")


def _shape(name: str, calls: Sequence[Metered]) -> Shape:
    rows = sum(each.rows for each in calls)
    told = [each for each in calls if each.points is not None]
    charged = sum(each.points or 0 for each in told)
    seconds = [each.seconds for each in calls]
    return Shape(
        operation=name,
        calls=len(calls),
        rows=rows,
        points_each=charged / sum(each.rows for each in told) if told else None,
        predicted_each=sum(each.predicted for each in calls) / rows,
        median=percentile(seconds, 50),
        longest=max(seconds),
        changes=calls[0].changes,
    )
