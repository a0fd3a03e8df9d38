"""A6: sizes by their item, and whether their own board can be asked with a filter."""

from __future__ import annotations

from typing import Final

from order_sync.canary.bench import Bench
from order_sync.canary.facts import Subitems
from order_sync.canary.wire import error_class, error_code
from order_sync.model.errors import BoardMismatch
from order_sync.monday import documents
from order_sync.monday.documents import MOST_IDS
from order_sync.monday.replies import Answer

_FILTERED: Final = 10


def subitems(bench: Bench) -> Subitems:
    """Looks for the subitems of A2, those of items that are gone by now left out."""
    column, board = bench.columns.subitem_key, bench.columns.subitem_board
    if column is None or board is None:
        raise BoardMismatch("the board has no subitem board with a text column")
    made = {key: parent for key, parent in bench.below.items() if parent in bench.made.values()}
    found = bench.by_parent(list(dict.fromkeys(made.values()))[:MOST_IDS])
    answer = bench.wire.ask_anyway(documents.find_by_key(board, column, list(made)[:_FILTERED], None))
    return Subitems(len(made), len(found.intersection(made)), _told(answer))


def _told(answer: Answer) -> str:
    if error_class(answer) is not None:
        return error_code(answer) or f"HTTP {answer.status}"
    page = answer.fields().get("page") or {}
    return "found" if page.get("items") else "not found"
