"""Everything that changes something: one alias, one change, done whole or refused whole."""

from __future__ import annotations

from typing import Any

from monday_simulator.api.board_mutations import BOARD_MUTATIONS
from monday_simulator.api.changes import change
from monday_simulator.api.item_mutations import ITEM_MUTATIONS
from monday_simulator.api.queries import complexity

MUTATIONS: dict[str, Any] = {
    "complexity": complexity,
    **{each.__name__: change(each) for each in (*BOARD_MUTATIONS, *ITEM_MUTATIONS)},
}
