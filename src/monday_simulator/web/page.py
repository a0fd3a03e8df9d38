"""Pages for people: the boards as they would look, and what went over the wire."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import islice

from jinja2 import Environment, PackageLoader, select_autoescape

from monday_simulator.gateway.wire import WireRecord
from monday_simulator.simulator import Simulator
from monday_simulator.web.page_model import BoardLink, Shown, board_links, shown_board

WIRE_SHOWN = 300


class Pages:
    """Renders HTML from the simulator's present state; its lock is held only to read."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._templates = Environment(
            loader=PackageLoader("monday_simulator.web"),
            autoescape=select_autoescape(default=True, default_for_string=True),
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["grouped"] = lambda number: f"{number:,}"

    def board(self, query: Mapping[str, str]) -> str:
        """The board page. query: board, group, page, q (search) and columns=all, all optional."""
        simulator = self._simulator
        simulator.settle_late()
        with simulator.lock:
            links = board_links(simulator.store)
            shown = self._shown(links, query)
            usage = self._usage()
        return self._templates.get_template("board.html").render(links=links, shown=shown, query=query, usage=usage)

    def _shown(self, links: list[BoardLink], query: Mapping[str, str]) -> Shown | None:
        wanted = query.get("board") or (links[0].id if links else "")
        board = self._simulator.store.boards.get(wanted)
        return None if board is None else shown_board(self._simulator.store, board, query)

    def wire(self) -> str:
        """The last requests, the newest first."""
        simulator = self._simulator
        simulator.settle_late()
        records = list(simulator.wire_log)
        with simulator.lock:
            links = board_links(simulator.store)
            usage = self._usage()
        return self._templates.get_template("wire.html").render(
            links=links,
            shown=None,
            query={},
            usage=usage,
            records=[(record, summary(record)) for record in islice(reversed(records), WIRE_SHOWN)],
            total=len(simulator.wire_log),
            tallies=tallies(records),
        )

    def _usage(self) -> dict[str, str]:
        meter = self._simulator.meter
        left = meter.complexity_left()
        return {
            "complexity": f"{left:,} of {meter.limits.complexity_per_minute:,} points left this minute",
            "complexity_share": f"{left / max(1, meter.limits.complexity_per_minute):.4f}",
            "calls": f"{meter.calls_today:,.0f} of {meter.limits.calls_per_day:,} calls today",
        }


def summary(record: WireRecord) -> str:
    """The root fields, counted: "25 x create_item, 1 x create_group"."""
    counted = Counter(record.fields)
    return ", ".join(f"{count} × {name}" if count > 1 else name for name, count in counted.items()) or "–"


def tallies(records: list[WireRecord]) -> list[tuple[str, int]]:
    """Figures above the wire log."""
    return [
        ("requests", len(records)),
        ("writes", sum(record.operation == "mutation" for record in records)),
        ("reads", sum(record.operation == "query" for record in records)),
        ("records made", sum(len(record.made) for record in records)),
        ("refused or failed", sum(record.status != 200 or record.errors > 0 for record in records)),
        ("scripted faults", sum(record.fault is not None and not record.late for record in records)),
        ("replayed", sum(record.replayed for record in records)),
    ]
