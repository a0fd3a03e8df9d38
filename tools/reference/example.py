"""The shipped example as tables: what goes where."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from order_sync.model.mapping import BoardColumn, ColumnMapping, ColumnType, LabelPolicy, Mapping, TableColumn
from order_sync.model.mapping_file import load_mapping
from reference.markdown import code, table

FILE = Path(__file__).resolve().parents[2] / "examples" / "customer_master_schedule" / "mapping.yaml"


@cache
def mapping() -> Mapping:
    return load_mapping(FILE.read_text(encoding="utf-8"), FILE.name)


def sent() -> str:
    heads = ["source", "target", "board column", "type", "production", ""]
    rows = [
        [
            code(each.source),
            "same" if each.target == each.source else code(each.target),
            code(each.board.id),
            each.board.type.value,
            code(each.sql),
            ", ".join(_notes(each, each.board)),
        ]
        for each in mapping().sent_columns
        if each.board is not None
    ]
    return table(heads, rows)


def not_sent() -> str:
    heads = ["column", "board column", "type on the board", "production", "filled by"]
    rows = [
        [
            code(each.target),
            code(each.board_id) if each.board_id else "",
            each.board_type or "",
            code(each.sql),
            _filled_by(each),
        ]
        for each in mapping().table_columns
    ]
    return table(heads, rows)


def sizes() -> str:
    """The rule in a sentence, then the columns of the subitem board."""
    rule = mapping().sizes
    except_ = ", ".join(code(each) for each in rule.exclude)
    said = (
        f"Every whole-number column strictly between {code(rule.after)} and {code(rule.before)} is a size"
        f"{f', except {except_}' if except_ else ''}. Quantities above 0 become subitems named "
        f"{code(rule.name)}; they must add up to {code(rule.total)}.\n"
    )
    rows = [
        [
            code(each.target),
            code(each.board.id if each.board else each.board_id) if each.board or each.board_id else "",
            each.board.type.value if each.board else each.board_type or "",
            "yes" if each.board else "",
        ]
        for each in mapping().subitems.columns
    ]
    return said + "\n" + table(["column", "board column", "type", "sent"], rows)


def _filled_by(column: TableColumn) -> str:
    if column.role:
        return "Order Sync"
    return "people and other systems" if column.writable else "the board itself"


def _notes(column: ColumnMapping, board: BoardColumn) -> list[str]:
    notes = ["required"] if column.required else []
    if board.type in (ColumnType.DROPDOWN, ColumnType.STATUS):
        notes.append("new labels are made" if board.labels is LabelPolicy.CREATE else "labels are guarded")
    return notes
