"""What a world comes to: everything that must be the same however the work was interrupted, without ids and times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, select

from monday_simulator.account.store import Store as BoardStore
from order_sync.drill.world import World


@dataclass(frozen=True)
class Content:
    """Each part as a bag of things that compare."""

    board: Counter[Any]
    production: Counter[Any]
    production_sizes: Counter[Any]
    snapshot: Counter[Any]
    staged: Counter[Any]
    errors: Counter[Any]

    def unlike(self, other: Content) -> Iterator[str]:
        """What the other has and this has not, and the reverse."""
        for name in self.__dataclass_fields__:
            mine, theirs = getattr(self, name), getattr(other, name)
            for each in theirs - mine:
                yield f"{name}: missing {each!r}"
            for each in mine - theirs:
                yield f"{name}: not expected {each!r}"


def content_of(world: World) -> Content:
    tables, mapping = world.tables, world.project.mapping
    roles = tables.roles
    left_out = {roles.get("item_id"), roles.get("update_date")}
    ids = {column.target for column in mapping.subitems.columns if column.role in ("item_id", "parent_id", "board_id")}
    staged = ("stg_order_key", "stg_status", "stg_max_retries_reached")
    with world.engines.read.begin() as conn:
        return Content(
            board_of(world),
            _rows(conn, tables.production, [name for name in mapping.production_order if name not in left_out]),
            _rows(
                conn,
                tables.production_subitems,
                [column.target for column in mapping.subitems.columns if column.target not in ids],
            ),
            _rows(conn, tables.snapshot, ["order_key", "customer", "source_hash", "payload_hash"]),
            _rows(conn, tables.staging, list(staged)),
            _open_errors(conn, tables.errors) + _open_errors(conn, tables.errors_subitems),
        )


def board_of(world: World) -> Counter[Any]:
    """Every active item with its group's title, its values, and its active subitems."""
    store, board_id = world.simulator.store, world.project.mapping.board.id
    titles = {group.id: group.title for group in store.boards[board_id].groups}
    labels = _labels(store)
    return Counter(
        (
            item.name,
            titles.get(item.group_id, "?"),
            _values(item.values, labels),
            tuple(sorted((size.name, _values(size.values, labels)) for size in store.subitems(item.id))),
        )
        for item in list(store.items.values())
        if item.board_id == board_id and item.state == "active"
    )


def _labels(store: BoardStore) -> dict[tuple[str, int], str]:
    """(column, id) -> text: which id a new label gets depends on the order in which they are made."""
    return {
        (column.id, label["id"]): label["label"]
        for board in store.boards.values()
        for column in board.columns
        for label in column.settings.get("labels", ())
        if isinstance(label, dict)
    }


def _values(values: dict[str, Any], labels: dict[tuple[str, int], str]) -> str:
    return repr(sorted((name, repr(_readable(name, value, labels))) for name, value in values.items()))


def _readable(column: str, value: Any, labels: dict[tuple[str, int], str]) -> Any:
    if isinstance(value, dict) and "ids" in value:
        return sorted(labels.get((column, each), str(each)) for each in value["ids"])
    if isinstance(value, dict) and "index" in value:
        return labels.get((column, value["index"]), value["index"])
    return value


def _rows(conn: Connection, table: Table, names: list[str]) -> Counter[Any]:
    return Counter(tuple(row) for row in conn.execute(select(*(table.c[name] for name in names))))


def _open_errors(conn: Connection, table: Table) -> Counter[Any]:
    query = select(table.c.error_type, table.c.err_severity).where(table.c.resolved_date.is_(None))
    return Counter(tuple(row) for row in conn.execute(query))
