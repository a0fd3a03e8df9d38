"""check --columns: what the columns of a board are called by the API, for a mapping that is not filled in yet."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from order_sync.cli.session import Session
from order_sync.cli.terminal import Terminal, table
from order_sync.clock import SystemClock
from order_sync.model.errors import UsageError
from order_sync.model.ids import BoardId
from order_sync.monday.items import BoardDescription, LiveColumn
from order_sync.settings import load_settings
from order_sync.wiring import board_numbered


def show_columns(session: Session, number: str, *, as_json: bool) -> None:
    """Needs the settings and a token, no mapping."""
    if not number.isdecimal():
        raise UsageError(
            f"{number!r} is no board number", where="--columns", next_step="give the digits of the board's address"
        )
    settings = load_settings(session.config, session.profile)
    with board_numbered(settings, BoardId(number), SystemClock()) as board:
        described = board.describe()
    if as_json:
        session.terminal.json(_plain(described))
    else:
        _show(session.terminal, described)


def _plain(board: BoardDescription) -> dict[str, object]:
    return {
        "board": str(board.id),
        "columns": _rows(board.columns),
        "subitem_board": board.subitem_board_id,
        "subitem_columns": _rows(board.subitem_columns),
    }


def _rows(columns: Sequence[LiveColumn]) -> list[dict[str, str]]:
    return [
        {"id": str(column.id), "title": column.title, "type": column.type} for column in columns if not column.archived
    ]


def _show(terminal: Terminal, board: BoardDescription) -> None:
    _list(terminal, f"board {board.id} {board.name!r}", board.columns)
    if board.subitem_board_id is None:
        terminal.say("It has no subitem board: add a column of subitems to it, and one subitem.")
    else:
        _list(terminal, f"its subitem board {board.subitem_board_id}", board.subitem_columns)


def _list(terminal: Terminal, title: str, columns: Sequence[LiveColumn]) -> None:
    made = table("id", "title", "type", title=title, whole=("id", "type"))
    for row in _rows(columns):
        made.add_row(Text(row["id"], style="cyan"), row["title"], row["type"])
    terminal.out.print(made)
