"""Pages for people: the boards as they would look, and what went over the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, select_autoescape

from monday_simulator.simulator import Simulator
from monday_simulator.web.page_model import BoardLink, Shown, board_links, css_color, shown_board
from monday_simulator.web.panels import SWITCHES, fault_lines, gauges, summary, tallies

WIRE_SHOWN, NEWEST_SHOWN = 300, 8


class Pages:
    """Renders HTML from the simulator's present state; its lock is held only to read.

    control: whether the switches for faults may be used.
    """

    def __init__(self, simulator: Simulator, *, control: bool = False) -> None:
        self._simulator = simulator
        self._control = control
        self._templates = Environment(
            loader=PackageLoader("monday_simulator.web"),
            autoescape=select_autoescape(default=True, default_for_string=True),
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["grouped"] = lambda number: f"{number:,}"
        self._templates.filters["css_color"] = css_color

    def board(self, query: Mapping[str, str]) -> str:
        """The board page. query: board, group, page, q (search) and columns=all, all optional."""
        simulator = self._simulator
        simulator.settle_late()
        with simulator.lock:
            links = board_links(simulator.store)
            shown = self._shown(links, query)
            beside = self._beside()
        newest = [(record, summary(record)) for record in simulator.wire_log.newest(NEWEST_SHOWN)]
        here = "/" + (f"?{urlencode(query)}" if query else "")
        return self._templates.get_template("board.html").render(
            links=links, shown=shown, query=query, here=here, newest=newest, **beside
        )

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
            beside = self._beside()
        return self._templates.get_template("wire.html").render(
            links=links,
            shown=None,
            query={},
            records=[(record, summary(record)) for record in records[: -WIRE_SHOWN - 1 : -1]],
            total=len(simulator.wire_log),
            tallies=tallies(records),
            **beside,
        )

    def _beside(self) -> dict[str, Any]:
        told = self._simulator.faults.told()
        measured = gauges(self._simulator.meter)
        return {"gauges": measured, "faults": fault_lines(told), "switches": SWITCHES, "control": self._control}
