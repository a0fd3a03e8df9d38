"""What must always hold, from the table that is checked."""

from __future__ import annotations

from order_sync.drill.breaches import Invariant, Needs, When
from order_sync.drill.invariants import INVARIANTS
from reference.markdown import code, table


def invariants() -> str:
    rows = [[f"I{each.number}", f"**{each.name}**: {each.promise}", _how(each)] for each in INVARIANTS]
    return table(["", "what holds", "how it is checked"], rows)


def _how(invariant: Invariant) -> str:
    if invariant.compared:
        return f"by two looks: {code('comparisons.' + invariant.compared)}"
    parts = []
    for when in When:
        needs = [each.needs for each in invariant.checks if each.when is when]
        if needs:
            parts.append(f"{when.value}{_with(needs)}")
    return "; ".join(parts)


def _with(needs: list[Needs]) -> str:
    further = list(dict.fromkeys(each.value for each in needs if each is not Needs.NOTHING))
    if not further:
        return ""
    only = "" if Needs.NOTHING in needs else "only "
    return f", {only}with {' and '.join(further)}"
