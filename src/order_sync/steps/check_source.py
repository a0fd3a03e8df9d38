"""The mapping against the source table: its columns, its keys, its customers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from order_sync.model.causes import IssueList
from order_sync.model.columns import read_column
from order_sync.model.detection import cancelled_rows, distinguishing_columns
from order_sync.model.errors import SourceError
from order_sync.model.keys import order_keys
from order_sync.model.mapping import ColumnType, Customers, Mapping, UnknownCustomer
from order_sync.model.mapping_file import MappingFile, source_problems, unread_columns
from order_sync.model.mapping_findings import kind_of
from order_sync.model.mapping_sql import SqlKind, parse_sql_type
from order_sync.model.naming import canonical_customers
from order_sync.model.rows import SourceRows
from order_sync.model.texts import clean
from order_sync.reports.findings import Area, Finding, error, fine, warning
from order_sync.source import Source

_SHOWN = 8  # names that a finding lists
# What a column declared so cannot hold for the reader of the other kind.
_UNLIKE = frozenset(
    {
        (SqlKind.DATE, SqlKind.NUMBER),
        (SqlKind.DATE, SqlKind.INTEGER),
        (SqlKind.TIME, SqlKind.NUMBER),
        (SqlKind.TIME, SqlKind.INTEGER),
        (SqlKind.INTEGER, SqlKind.DATE),
        (SqlKind.NUMBER, SqlKind.DATE),
        (SqlKind.UUID, SqlKind.NUMBER),
        (SqlKind.UUID, SqlKind.INTEGER),
        (SqlKind.UUID, SqlKind.DATE),
        (SqlKind.FLAG, SqlKind.DATE),
    }
)


def check_columns(file: MappingFile, source: Source) -> Iterator[Finding]:
    """Every column that is read: there, spelled so, of a fitting type; and those that are not read."""
    names = [column.name for column in source.columns]
    problems = source_problems(file, names)
    for problem in problems:
        where, _, what = problem.partition(": ")
        yield error(Area.SOURCE, what, where, "correct this entry, or the table")
    if not problems:
        count = len({column.source for column in file.mapping.columns})
        yield fine(Area.SOURCE, f"all {count} columns that are read are there", file.mapping.source.table)
    yield from _types(file, source)
    yield from _sizes(file, source)
    unread = unread_columns(file.mapping, names)
    if unread:
        fix = "add them to `columns`, or to source.ignored when they are left out on purpose"
        what = f"{counted(len(unread), 'column')} neither read nor ignored: {listed(unread)}"
        yield warning(Area.SOURCE, what, file.where("source", "ignored"), fix)


def _types(file: MappingFile, source: Source) -> Iterator[Finding]:
    declared = {column.name: column.sql_type for column in source.columns}
    for index, column in enumerate(file.mapping.columns):
        wanted = parse_sql_type(column.sql)
        has = kind_of(declared.get(column.source, ""))
        if wanted is not None and has is not None and (has, wanted.kind) in _UNLIKE:
            what = f"{column.source!r} is {declared[column.source]} in the source, {column.sql} in our tables"
            yield error(Area.SOURCE, what, file.where("columns", index, "sql"), "correct `sql` or the source column")


def _sizes(file: MappingFile, source: Source) -> Iterator[Finding]:
    sizes = file.mapping.sizes
    try:
        found = source.size_columns()
    except SourceError:
        return  # a marker is missing, which is a problem of its own already
    between = f"between {sizes.after!r} and {sizes.before!r}"
    if not found:
        fix = "correct sizes.after and sizes.before"
        yield error(Area.SOURCE, f"there is no size column {between}", file.where("sizes"), fix)
        return
    yield fine(Area.SOURCE, f"{len(found)} size columns {between}, from {found[0]} to {found[-1]}")
    names = [column.name for column in source.columns]
    inside = names[names.index(sizes.after) + 1 : names.index(sizes.before)]
    others = [name for name in inside if name not in found and name not in sizes.exclude]
    if others:
        what = f"{counted(len(others), 'column')} {between} without whole numbers, so no sizes: {listed(others)}"
        fix = "name them in sizes.exclude, or correct their type"
        yield warning(Area.SOURCE, what, file.where("sizes", "exclude"), fix)


def check_rows(file: MappingFile, customers: Customers, source: SourceRows) -> Iterator[Finding]:
    """Are there rows, do the keys tell them apart, is every customer known?"""
    if not source.height:
        fix = "load the orders; a run on an empty source does nothing"
        yield warning(Area.SOURCE, "the source table has no rows", file.mapping.source.table, fix)
        return
    yield fine(Area.SOURCE, counted(source.height, "row"), file.mapping.source.table)
    yield from _keys(file, source)
    yield from _customers(file, customers, source)


def _keys(file: MappingFile, source: SourceRows) -> Iterator[Finding]:
    key = file.mapping.source.key
    rows = source.select(*key)
    keys = order_keys(rows, key)
    where = file.where("source", "key")
    blank = keys.null_count()
    if blank:
        fix = "fill them in the source; such rows are held"
        yield warning(Area.SOURCE, f"{counted(blank, 'row')} with a blank part in the key {', '.join(key)}", where, fix)
    shared = rows["__row"].filter(keys.is_duplicated() & keys.is_not_null())
    if shared.is_empty():
        yield fine(Area.SOURCE, f"the key tells all rows apart: {', '.join(key)}")
        return
    further = distinguishing_columns(source.take(shared), key)
    hint = f"with {' and '.join(further)} every key would be unique" if further else "no further column helps"
    fix = "correct the source, or add columns to source.key before the first run; such rows are held"
    yield warning(Area.SOURCE, f"{counted(len(shared), 'row')} with the key of another; {hint}", where, fix)


def _customers(file: MappingFile, customers: Customers, source: SourceRows) -> Iterator[Finding]:
    mapping = file.mapping
    column = mapping.source.customer
    names = clean(source.select(column), [column])[column]
    unknown = names.filter(canonical_customers(names, customers).is_null() & names.is_not_null())
    if unknown.is_empty():
        yield fine(Area.SOURCE, "every customer is known", mapping.customers)
        return
    counts = unknown.value_counts(sort=True)
    told = listed([f"{name} ({count:,})" for name, count in counts.iter_rows()])
    held = mapping.unknown_customer is UnknownCustomer.HOLD
    what = f"{counted(counts.height, 'name')} in {counted(len(unknown), 'row')} not in {mapping.customers}: {told}"
    fate = "their orders are held" if held else "their orders go under the name they have"
    yield warning(Area.SOURCE, what, mapping.customers, f"add each as a name or an alias; until then {fate}")


def needed_labels(
    mapping: Mapping, customers: Customers, source: SourceRows, size_columns: Sequence[str]
) -> dict[str, dict[str, int]]:
    """Board column id -> label -> how many orders of the source want it. Cancelled orders want none."""
    rule = mapping.changes.cancelled
    live = ~cancelled_rows(source.select(*([] if rule is None else [rule.column])), rule)
    wanted: dict[str, dict[str, int]] = {}
    for column in mapping.sent_columns:
        if column.board is None or column.board.type not in (ColumnType.DROPDOWN, ColumnType.STATUS):
            continue
        rows = source.select(column.source).filter(live)
        texts = clean(rows, [column.source])[column.source]
        if column.canonical_customer:
            texts = canonical_customers(texts, customers)
        values = read_column(column, texts, texts, IssueList(rows["__row"])).drop_nulls()
        counts = values.cast(pl.String).rename("label").value_counts()
        wanted[column.board.id] = {label: count for label, count in counts.iter_rows() if label}
    labels = {mapping.sizes.synonyms.get(name, name): 0 for name in size_columns}
    for size in mapping.subitems.columns:
        if size.role == "size" and size.board is not None:
            wanted[size.board.id] = labels
    return wanted


def listed(names: Sequence[str]) -> str:
    """The first few, and how many more there are."""
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def counted(count: int, one: str, many: str = "") -> str:
    """1 row, 2 rows."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
