"""What the proof looks at: the board, read through the API, and the tables, read by SQL, in one shape."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, TableClause, column, func, or_, select
from sqlalchemy import table as table_clause

from order_sync.cli.demo_proof import HeldRows, Key, ShownOrder, ShownSize, canonical
from order_sync.clock import SystemClock
from order_sync.model.ids import ColumnId
from order_sync.model.mapping import Mapping, SubitemColumn
from order_sync.monday.board import BoardItem, FullItem
from order_sync.wiring import Project, open_board, open_database, schema_of


@dataclass(frozen=True)
class Reader:
    """Reads tables by their names, each value as the database gives it: no type of the product's comes between."""

    conn: Connection
    schema: str | None

    def named(self, table: str, *columns: str) -> TableClause:
        return table_clause(table, *map(column, columns), schema=self.schema)

    def rows(self, table: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.conn.execute(select(*self.named(table, *columns).c))]

    def count(self, table: str, *where: ColumnElement[bool]) -> int:
        return self.conn.execute(select(func.count()).select_from(self.named(table)).where(*where)).scalar_one()


@contextmanager
def reading(project: Project) -> Iterator[Reader]:
    """On the engine that changes nothing."""
    engines = open_database(project.settings)
    try:
        with engines.read.begin() as conn:
            yield Reader(conn, schema_of(project.settings, engines))
    finally:
        engines.dispose()


def board_orders(project: Project) -> list[ShownOrder]:
    """Every item with its subitems and every value, through the API."""
    mapping = project.mapping
    sub_key = mapping.subitems.sync_key
    with open_board(project, SystemClock()) as board:
        items = board.scan_full(ColumnId(mapping.board.sync_key), ColumnId(sub_key) if sub_key else None)
        return [_board_order(mapping, full) for full in items]


def _board_order(mapping: Mapping, full: FullItem) -> ShownOrder:
    ids = {column.target: ColumnId(column.board.id) for column in mapping.sent_columns if column.board}
    columns = {target: text for target, column in ids.items() if (text := full.item.values.get(column))}
    return ShownOrder(
        canonical(columns.get(part) for part in key_targets(mapping)),
        full.item.name,
        full.group_title,
        columns,
        tuple(_board_size(mapping, subitem) for subitem in full.subitems),
        str(full.item.id),
        full.item.key,
    )


def _board_size(mapping: Mapping, subitem: BoardItem) -> ShownSize:
    def text(column: SubitemColumn) -> str:
        return subitem.values.get(ColumnId(column.board.id), "") if column.board is not None else ""

    label = text(_of_role(mapping, "size"))
    named = mapping.sizes.name.replace("{SIZE}", label)
    return ShownSize(
        label if subitem.name == named else f"{label} named {subitem.name!r}",
        text(_of_role(mapping, "quantity")),
        tuple((column.target, text(column)) for column in _constants(mapping)),
        str(subitem.id),
        subitem.key,
    )


def constants(mapping: Mapping) -> list[tuple[str, str]]:
    """Columns that every size has with one value."""
    return [(column.target, column.value or "") for column in _constants(mapping)]


def _constants(mapping: Mapping) -> list[SubitemColumn]:
    return [column for column in mapping.subitems.columns if column.role == "constant"]


def _of_role(mapping: Mapping, role: str) -> SubitemColumn:
    return next(column for column in mapping.subitems.columns if column.role == role)


def key_targets(mapping: Mapping) -> list[str]:
    """The columns that tell orders apart, as board and tables call them."""
    targets = {column.source: column.target for column in mapping.columns}
    return [targets[part] for part in mapping.source.key]


def production_orders(reader: Reader, mapping: Mapping) -> list[ShownOrder]:
    """Every row of the production table with its sizes."""
    roles = {column.role: column.target for column in mapping.table_columns if column.role}
    title, group, item = roles["title"], roles["group"], roles["item_id"]
    targets = [column.target for column in mapping.sent_columns]
    rows = reader.rows(mapping.tables.production, [title, group, item, *targets])
    sizes = _production_sizes(reader, mapping)
    orders = []
    for name, group_name, item_id, *values in rows:
        columns = {target: _text(value) for target, value in zip(targets, values, strict=True) if value is not None}
        key = canonical(columns.get(part) for part in key_targets(mapping))
        mine = tuple(sizes.get(str(item_id), ()))
        orders.append(ShownOrder(key, str(name), str(group_name), columns, mine, str(item_id)))
    return orders


def _production_sizes(reader: Reader, mapping: Mapping) -> dict[str, list[ShownSize]]:
    names = [_of_role(mapping, role).target for role in ("parent_id", "item_id", "size", "quantity")]
    further = [column.target for column in _constants(mapping)]
    found: dict[str, list[ShownSize]] = defaultdict(list)
    for parent, item, label, quantity, *values in reader.rows(mapping.tables.production_subitems, [*names, *further]):
        others = tuple((name, _text(value)) for name, value in zip(further, values, strict=True))
        found[str(parent)].append(ShownSize(_text(label), _text(quantity), others, str(item)))
    return found


def held_rows(reader: Reader, mapping: Mapping) -> HeldRows:
    """(key, cause) -> number of source rows, of what the error table has open."""
    held = reader.named(mapping.tables.errors, "original_data", "error_type", "err_source_rows", "resolved_date").c
    query = select(held.original_data, held.error_type, held.err_source_rows)
    rows = reader.conn.execute(query.where(held.resolved_date.is_(None), held.err_source_rows.is_not(None)))
    found: Counter[tuple[Key, str]] = Counter()
    for original, cause, count in rows:
        source = json.loads(original)
        found[canonical(source.get(part) for part in mapping.source.key), cause] += count
    return found


def causes(held: HeldRows) -> dict[str, int]:
    """Rows by cause, the most frequent first."""
    counts: Counter[str] = Counter()
    for (_, cause), rows in held.items():
        counts[cause] += rows
    return dict(counts.most_common())


def leftovers(reader: Reader, mapping: Mapping) -> dict[str, int]:
    """Rows where none should be once all is done."""
    tables = mapping.tables
    severity: ColumnElement[Any] = column("err_severity")
    failed = (
        column("resolved_date").is_(None),
        column("err_source_rows").is_(None),
        or_(severity.is_(None), severity != "warning"),
    )
    return {
        tables.staging: reader.count(tables.staging),
        tables.staging_subitems: reader.count(tables.staging_subitems),
        f"open failures in {tables.errors}": reader.count(tables.errors, *failed),
        f"open failures in {tables.errors_subitems}": reader.count(tables.errors_subitems, *failed),
    }


def sent_again(reader: Reader) -> int:
    """Orders and sizes that were in more than one request."""
    sent = reader.named("MON_ApiCallRow", "kind", "row_id").c
    often = select(sent.kind).where(sent.kind.in_(["item", "subitem"])).group_by(sent.kind, sent.row_id)
    again = often.having(func.count() > 1).subquery()
    return reader.conn.execute(select(func.count()).select_from(again)).scalar_one()


def _text(value: object) -> str:
    """As the board writes it: no exponent, no trailing zeros."""
    if not isinstance(value, float | Decimal):
        return str(value)
    plain = format(Decimal(str(value)), "f")
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain in ("-0", "") else plain
