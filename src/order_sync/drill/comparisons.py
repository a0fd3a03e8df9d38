"""Invariants that two looks show and one cannot: isolation, running again, convergence; and the search for secrets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from order_sync.drill.breaches import Breach
from order_sync.drill.evidence import Evidence
from order_sync.drill.invariants import INVARIANTS, SHOWN

_UNTOUCHED: Final = ("staged", "production", "production_size", "identity", "snapshot", "made_group")

# What is to be the same after any faults: no ids, no times, no order. The first column is the order's key.
_OUTCOME: Final = {
    "on the board": """SELECT i.order_key, coalesce(b.key, b.name), b.name, fold(b.grp), v.target, v.text
                       FROM item b LEFT JOIN identity i ON i.item_id = b.id LEFT JOIN shown v ON v.item = b.id
                       WHERE b.state = 'active' AND NOT b.by_people""",
    "in production": """SELECT i.order_key, p.title, fold(p.grp), p.business
                        FROM production p LEFT JOIN identity i ON i.item_id = p.item_id""",
    "size in production": """SELECT i.order_key, p.label, p.quantity
                             FROM production_size p LEFT JOIN identity i ON i.item_id = p.item_id""",
    "in the snapshot": "SELECT order_key, source_hash, payload_hash FROM snapshot",
    "staged": "SELECT order_key, kind, label, quantity, status, payload FROM staged WHERE NOT archived",
    "held": """SELECT order_key, type, source_rows, original FROM error
               WHERE source_rows IS NOT NULL AND resolved IS NULL""",
}


def isolated(without: Evidence, with_it: Evidence, faulty: Collection[str]) -> list[Breach]:
    """I17. The same source, once without a fault in some rows and once with it: `faulty` are the order keys of those
    rows, every other order comes out alike."""
    return _told(17, _unlike(without, with_it, frozenset(faulty)))


def idempotent_rerun(before: Evidence, after: Evidence) -> list[Breach]:
    """I18. Between the two looks a run over the same source."""
    found = [
        f"{table}: {_change(before, after, table)}"
        for table in _UNTOUCHED
        if _rows(before, table) != _rows(after, table)
    ]
    sent = _sent(after) - _sent(before)
    return _told(18, [*found, *([f"{sent} requests asked for a change"] if sent else [])])


def converged(expected: Evidence, found: Evidence, but: Collection[str] = ()) -> list[Breach]:
    """I19. `expected`: after a run without faults, on a board and a database of its own. `but`: keys of the orders that
    may be otherwise, as a person took their items away."""
    return _told(19, _unlike(expected, found, frozenset(but)))


def secrets(outputs: Mapping[str, bytes], token: str) -> list[Breach]:
    """I22. Texts and files by name."""
    return _told(22, [name for name, content in outputs.items() if token.encode() in content])


def files_below(folder: Path) -> dict[str, bytes]:
    """Every file of an installation, the database's own among them: for `secrets`."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _told(number: int, examples: Iterable[str]) -> list[Breach]:
    found = sorted(set(examples))
    return [Breach(INVARIANTS[number - 1], tuple(found[:SHOWN]), len(found))] if found else []


def _unlike(one: Evidence, other: Evidence, but: frozenset[str]) -> list[str]:
    unlike = []
    for place, query in _OUTCOME.items():
        first, second = (Counter(row for row in each.ask(query) if row[0] not in but) for each in (one, other))
        unlike += [f"{place}, missing: {_text(row)}" for row in first - second]
        unlike += [f"{place}, not expected: {_text(row)}" for row in second - first]
    return unlike


def _text(row: tuple[Any, ...]) -> str:
    return " / ".join(str(value)[:60] for value in row if value is not None)


def _rows(evidence: Evidence, table: str) -> Counter[Any]:
    return Counter(evidence.ask(f"SELECT * FROM {table}"))


def _change(before: Evidence, after: Evidence, table: str) -> str:
    was, now = _rows(before, table), _rows(after, table)
    return f"{(was - now).total()} rows went, {(now - was).total()} came"


def _sent(evidence: Evidence) -> int:
    return int(evidence.ask("SELECT count(*) FROM wire WHERE idem_key IS NOT NULL AND NOT late")[0][0])
