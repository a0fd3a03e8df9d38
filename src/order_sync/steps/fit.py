"""Nothing is staged or sent for a board that is not as the mapping says: it would fail row by row."""

from __future__ import annotations

from order_sync.model.errors import BoardMismatch
from order_sync.reports.findings import Level
from order_sync.steps.check_board import check_board
from order_sync.steps.job import Job


def require_fit(job: Job) -> None:
    """BoardMismatch naming every difference between mapping and live board, each with its place and repair."""
    board = job.view.describe()
    found = [each for each in check_board(job.mapping_file, board, {}) if each.level is Level.ERROR]
    if found:
        differences = [f"{each.where}: {each.what}; {each.fix}" for each in found]
        raise BoardMismatch(
            "the board is not as the mapping says:\n  - " + "\n  - ".join(differences),
            where=f"board {board.id} {board.name!r}",
            next_step="correct the mapping or the board; `order-sync check` compares them again. Nothing was sent",
        )
