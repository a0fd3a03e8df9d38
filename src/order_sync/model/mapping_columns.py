"""Checks of the columns of mapping.yaml, each and against each other: names, ids, SQL types, rules, order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from order_sync.model.mapping import ColumnType
from order_sync.model.mapping_problems import PLACEHOLDER, Problem, nearest, one_of, shown
from order_sync.model.mapping_shape import choice_problem
from order_sync.model.mapping_sql import ALLOWED, SqlKind, nearest_sql_type, parse_sql_type
from order_sync.model.mapping_yaml import Document, Path

_TABLE_LISTS = ("columns", "table_columns")
_LISTS = (("columns",), ("table_columns",), ("subitems", "columns"))
_COLUMN_ID = re.compile(r"[a-z0-9_]{1,64}")
_LABELLED = (ColumnType.DROPDOWN, ColumnType.STATUS)
_STAGING_PREFIX = "stg_"  # begins the names of the columns that staging adds

# What an order carries beside its targets while it is staged, under these very names.
_IDENTITY = ("__row", "Title", "Group", "customer", "order_number", "order_key", "first_key", "sync_key")
RESERVED_TARGETS = frozenset((*_IDENTITY, "fingerprint", "payload", "payload_hash", "source_row", "create_labels"))

TABLE_ROLES = ("title", "group", "item_id", "update_date")
SUBITEM_ROLES = ("size", "quantity", "constant", "item_id", "parent_id", "board_id")
_DATES = (SqlKind.DATE, SqlKind.TIME)
_NUMERIC = (SqlKind.INTEGER, SqlKind.NUMBER)


def column_problems(document: Document) -> Iterator[Problem]:
    """Every fault that the types of the single values cannot show."""
    yield from _names(document)
    for name in _LISTS:
        for entry in document.entries(*name):
            yield from _sql_types(document, entry)
    yield from _repeated_targets(document)
    yield from _column_ids(document)
    yield from _repeated_ids(document)
    for entry in (*document.entries("columns"), *document.entries("subitems", "columns")):
        yield from _board_rules(document, entry)
    yield from _production_order(document)
    yield from _table_roles(document)
    yield from _subitem_roles(document)


def _names(document: Document) -> Iterator[Problem]:
    for parent in _LISTS:
        for entry in document.entries(*parent):
            for key in ("source", "target"):
                yield from _name(document, (*entry, key))
    for path in (("source", "table"), *(("tables", key) for key in _keys(document, "tables"))):
        yield from _name(document, path)


def _keys(document: Document, name: str) -> list[str]:
    value = document.at((name,))
    return list(value) if isinstance(value, dict) else []


def _name(document: Document, path: Path) -> Iterator[Problem]:
    name = document.text(*path)
    if name is None:
        return
    if not name.strip():
        yield document.problem(path, "a name", "an empty one")
    elif "." in name and path[-1] != "source":  # SQLite's answers have only what follows the dot of a column's name
        yield document.problem(path, 'a name without "."', shown(name))
    elif path[-1] == "target" and name.casefold().startswith(_STAGING_PREFIX):
        yield document.problem(path, f'a name that does not begin with "{_STAGING_PREFIX}"', shown(name))
    elif path[0] == "columns" and path[-1] == "target" and name in RESERVED_TARGETS:
        yield document.problem(path, "another name: this one is ours", shown(name))


def _sql_types(document: Document, entry: Path) -> Iterator[Problem]:
    for key in ("sql", "staging_sql"):
        found = document.text(*entry, key)
        if found is not None and parse_sql_type(found) is None:
            yield document.problem((*entry, key), ALLOWED, shown(found), nearest_sql_type(found))
    production, staging = _kind(document, (*entry, "sql")), _kind(document, (*entry, "staging_sql"))
    if production and staging and production is not staging:
        expected = f"a type that holds {production} as in production"
        yield document.problem((*entry, "staging_sql"), expected, shown(document.text(*entry, "staging_sql")))


def _kind(document: Document, path: Path) -> SqlKind | None:
    found = document.text(*path)
    parsed = parse_sql_type(found) if found is not None else None
    return parsed.kind if parsed else None


def _targets(document: Document, *lists: tuple[str, ...]) -> list[tuple[Path, str]]:
    paths = [(*entry, "target") for name in lists for entry in document.entries(*name)]
    return [(path, name) for path in paths if (name := document.text(*path)) is not None]


def _repeated_targets(document: Document) -> Iterator[Problem]:
    for lists in (tuple((name,) for name in _TABLE_LISTS), (("subitems", "columns"),)):
        yield from _repeated(document, _targets(document, *lists), "each target once")


def _repeated(document: Document, named: list[tuple[Path, str]], expected: str) -> Iterator[Problem]:
    first: dict[str, Path] = {}
    for path, name in named:
        seen = first.setdefault(name.strip().casefold(), path)
        if seen != path:
            line = document.line_of(seen)
            yield document.problem(path, expected, f"{shown(name)} again (first in line {line})")


def _item_ids(document: Document) -> list[Path]:
    columns = [(*entry, "board", "id") for entry in document.entries("columns")]
    tables = [(*entry, "board_id") for entry in document.entries("table_columns")]
    return [*columns, *tables, ("board", "sync_key")]


def _subitem_ids(document: Document) -> list[Path]:
    entries = list(document.entries("subitems", "columns"))
    ids = [(*entry, *key) for entry in entries for key in (("board", "id"), ("board_id",))]
    return [*ids, ("subitems", "sync_key")]


def _column_ids(document: Document) -> Iterator[Problem]:
    for path in (*_item_ids(document), *_subitem_ids(document), ("subitems", "subtasks_column")):
        found = document.text(*path)
        checked_by_type = path[-2:] == ("board", "id")
        if found is not None and not checked_by_type and not _COLUMN_ID.fullmatch(found):
            expected = "the id of a board column (a-z, 0-9 and _, e.g. text_mkr5wya6)"
            yield document.problem(path, expected, shown(found))


def _repeated_ids(document: Document) -> Iterator[Problem]:
    for paths in (_item_ids(document), _subitem_ids(document)):
        named = [(path, text) for path in paths if (text := document.text(*path)) is not None]
        yield from _repeated(document, named, "each column of the board once")


def _board_rules(document: Document, entry: Path) -> Iterator[Problem]:
    kind = document.text(*entry, "board", "type")
    if document.text(*entry, "board", "labels") is not None and kind in set(ColumnType) - set(_LABELLED):
        expected = f"labels on a {one_of(_LABELLED)} column only"
        yield document.problem((*entry, "board", "labels"), expected, f"them on a {kind} column")
    if isinstance(document.at((*entry, "board")), dict) and document.at((*entry, "board_id")) is not None:
        expected = "either board (written) or board_id (known, not written)"
        yield document.problem((*entry, "board_id"), expected, "both")
    sql = _kind(document, (*entry, "sql"))
    if entry[0] == "columns" and sql:
        yield from _value_rules(document, entry, kind, sql)


def _value_rules(document: Document, entry: Path, board: str | None, sql: SqlKind) -> Iterator[Problem]:
    numeric, found = sql in _NUMERIC or board == ColumnType.NUMBERS, f"a type that holds {sql}"
    if board == ColumnType.DATE and sql not in _DATES:
        yield document.problem((*entry, "sql"), "DATE or DATETIME2 for a date column", found)
    if board == ColumnType.NUMBERS and sql not in (*_NUMERIC, SqlKind.TEXT):
        yield document.problem((*entry, "sql"), "FLOAT, BIGINT or INT for a numbers column", found)
    if document.at((*entry, "number")) is not None and not numeric:
        yield document.problem((*entry, "number"), "number rules on a column of numbers only", found)
    values = document.at((*entry, "values"))
    if isinstance(values, dict):
        named: list[tuple[Path, str]] = [((*entry, "values", key), key) for key in values]
        yield from _repeated(document, named, "each value once, in whatever case")


def _production_order(document: Document) -> Iterator[Problem]:
    ordered = list(document.texts("production_order"))
    targets = _targets(document, *((name,) for name in _TABLE_LISTS))
    names, known = {name for _, name in ordered}, {name for _, name in targets}
    yield from _repeated(document, ordered, "each production column once")
    for path, name in ordered:
        if name not in known:
            expected = "the target of an entry of columns or table_columns"
            yield document.problem(path, expected, shown(name), nearest(name, known))
    if not isinstance(document.at(("production_order",)), list):
        return
    for path, name in targets:
        if name not in names:
            meant = nearest(name, names - known)
            yield document.problem(path, "a name that production_order lists too", shown(name), meant)


def _table_roles(document: Document) -> Iterator[Problem]:
    paths = [(*entry, "role") for entry in document.entries("table_columns")]
    yield from (fault for path in paths if (fault := choice_problem(document, path, TABLE_ROLES)))
    roles = [(path, role) for path in paths if (role := document.text(*path)) is not None]
    yield from _repeated(document, roles, "each role once")


def _subitem_roles(document: Document) -> Iterator[Problem]:
    roles: list[tuple[Path, str]] = []
    for entry in document.entries("subitems", "columns"):
        path = (*entry, "role")
        if fault := choice_problem(document, path, SUBITEM_ROLES):
            yield fault
        role, value = document.text(*path), document.at((*entry, "value"))
        roles.append((path, role or ""))
        if role == "constant" and value is None:
            yield document.problem(path, "a value for this constant", "none")
        elif role != "constant" and value not in (None, PLACEHOLDER):
            yield document.problem((*entry, "value"), "a value only where role is constant", shown(value))
    for role in ("size", "quantity"):
        same = [(path, name) for path, name in roles if name == role]
        yield from _repeated(document, same, "each of size and quantity once")
        if not same and isinstance(document.at(("subitems", "columns")), list):
            yield document.problem(("subitems", "columns"), f"one column with role {role}", "none")
