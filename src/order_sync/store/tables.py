"""All tables, built from the mapping: its business columns, and the sync columns that operators know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData, Table, Uuid, and_, text
from sqlalchemy.types import NVARCHAR

from order_sync.model.errors import MappingError
from order_sync.model.mapping import ColumnMapping, TableColumn
from order_sync.model.mapping import Mapping as OrderMapping
from order_sync.model.states import OPEN, RowStatus
from order_sync.store.columns import COUNTED, NAMES, add_filtered_index, add_index, count, flag, moment
from order_sync.store.protocol_tables import batches_table, protocol_tables, snapshot_tables
from order_sync.store.types import digest, identity, is_unbounded, key_text, sql_type, unbounded


@dataclass(frozen=True, eq=False)
class Tables:
    """Every table of ours; columns are reached by name: `staging.c["AAG SEASON"]`.

    `roles`: role -> name of the column: title, group, item_id .. as the mapping says, and order_number.
    """

    metadata: MetaData
    roles: Mapping[str, str]
    staging: Table
    staging_subitems: Table
    production: Table
    production_subitems: Table
    errors: Table
    errors_subitems: Table
    archive: Table
    archive_subitems: Table
    batches: Table
    identity: Table
    groups: Table
    leases: Table
    calls: Table
    call_rows: Table
    call_bodies: Table
    call_results: Table
    chain: Table
    orphans: Table
    snapshot: Table
    snapshot_state: Table
    issues: Table
    boards: Table
    daily: Table
    versions: Table

    def all(self) -> tuple[Table, ...]:
        """The tables in the order of creation: parents before children."""
        return tuple(self.metadata.sorted_tables)

    def customer_owned(self) -> tuple[Table, Table]:
        """They existed before us: found with other types or further columns, they stay as they are."""
        return self.production, self.production_subitems


def build_tables(mapping: OrderMapping, schema: str | None) -> Tables:
    """The tables for this mapping. `schema`: "dbo"; None on SQLite. MappingError: a column is unknown."""
    metadata = MetaData(schema=schema, naming_convention=NAMES)
    names = mapping.tables
    business = _Business(mapping)
    staging = _staging(metadata, mapping, business)
    return Tables(
        metadata=metadata,
        roles=_roles(mapping),
        staging=staging,
        staging_subitems=_staging_subitems(metadata, mapping, staging),
        production=Table(names.production, metadata, *business.production()),
        production_subitems=Table(names.production_subitems, metadata, *_size_columns(mapping)),
        errors=_errors(names.errors, metadata),
        errors_subitems=_errors_subitems(names.errors_subitems, metadata),
        archive=_archive(metadata, names.staging, [*business.staging(), *_row_columns(counts=False)]),
        archive_subitems=_archive(
            metadata,
            names.staging_subitems,
            [*_size_columns(mapping), *_subitem_row_columns(counts=False, parent=None)],
        ),
        batches=batches_table(metadata),
        **protocol_tables(metadata),
        **snapshot_tables(metadata),
    )


def _roles(mapping: OrderMapping) -> dict[str, str]:
    roles = {part.role: part.target for part in mapping.table_columns if part.role is not None}
    numbers = [part.target for part in mapping.columns if part.source == mapping.source.order_number]
    return {**roles, "order_number": numbers[0]} if numbers else roles


class _Business:
    """The order tables' business columns: name, production type, staging type."""

    def __init__(self, mapping: OrderMapping) -> None:
        parts: tuple[TableColumn | ColumnMapping, ...] = (*mapping.table_columns, *mapping.columns)
        declared = {part.target: part for part in parts}
        unknown = [name for name in mapping.production_order if name not in declared]
        unlisted = [name for name in declared if name not in set(mapping.production_order)]
        if unknown or unlisted:
            raise MappingError(
                "production_order and the declared columns do not agree",
                (
                    *(f"{name!r} is in production_order but declared nowhere" for name in unknown),
                    *(f"{name!r} is declared but missing in production_order" for name in unlisted),
                ),
            )
        self._columns = [
            (name, declared[name].sql, declared[name].staging_sql or declared[name].sql)
            for name in mapping.production_order
        ]

    def production(self) -> Iterator[Column[Any]]:
        return (_business(name, sql) for name, sql, _ in self._columns)

    def staging(self) -> Iterator[Column[Any]]:
        return (_business(name, sql) for name, _, sql in self._columns)

    def staging_sql(self, name: str) -> str:
        return next(sql for column, _, sql in self._columns if column == name)


def _business(name: str, sql: str) -> Column[Any]:
    try:
        return Column(name, sql_type(sql), nullable=True)
    except ValueError as problem:
        raise MappingError(f"column {name!r}: {problem}") from None


def _size_columns(mapping: OrderMapping) -> Iterator[Column[Any]]:
    return (_business(column.target, column.sql) for column in mapping.subitems.columns)


def _sync_columns() -> Iterator[Column[Any]]:
    """What an order row and a size row carry alike: state, payload, protocol."""
    yield Column("stg_batch_id", Uuid, nullable=False)
    yield Column("stg_customer_batch", NVARCHAR(100))
    yield Column("stg_status", NVARCHAR(50), nullable=False, server_default=RowStatus.PENDING.value)
    yield Column("stg_error_message", unbounded())
    yield Column("stg_api_payload", unbounded())
    yield count("stg_retry_count")
    yield moment("stg_created_date")
    yield moment("stg_processed_date")
    yield flag("stg_max_retries_reached")
    yield Column("stg_sync_key", key_text(50))
    yield Column("stg_order_key", digest())
    yield Column("stg_op", NVARCHAR(20))
    yield Column("stg_payload", unbounded())
    yield Column("stg_payload_hash", digest())
    yield Column("stg_source_hash", digest())
    yield Column("stg_source_row", unbounded())
    yield Column("stg_before_image", unbounded())
    yield count("stg_attempt")
    yield count("stg_doubts")
    yield Column("stg_request_id", key_text(36))
    yield Column("stg_fence", BigInteger)
    yield moment("stg_intent_at")
    yield moment("stg_next_attempt_at")
    yield Column("stg_error_class", NVARCHAR(100))
    yield count("stg_absent_proofs")
    yield flag("stg_looked_up")
    yield flag("stg_create_labels")


def _row_columns(*, counts: bool) -> Iterator[Column[Any]]:
    yield Column("stg_id", identity(), primary_key=True, autoincrement=counts)
    yield Column("stg_monday_item_id", BigInteger)
    yield from _sync_columns()


def _subitem_row_columns(*, counts: bool, parent: Table | None) -> Iterator[Column[Any]]:
    yield Column("stg_subitem_id", identity(), primary_key=True, autoincrement=counts)
    reference = [] if parent is None else [ForeignKey(parent.c.stg_id)]
    yield Column("stg_parent_stg_id", identity(), *reference)
    yield Column("stg_monday_subitem_id", BigInteger)
    yield Column("stg_monday_subitem_board_id", BigInteger)
    yield Column("stg_size_label", NVARCHAR(50))
    yield Column("stg_order_qty_numeric", BigInteger)
    yield Column("stg_name", NVARCHAR(255))
    yield Column("stg_position", Integer)
    yield from _sync_columns()


def _one_open_row_per_key(table: Table) -> None:
    """Of rows that others staged before us none has a key; to SQL Server two NULLs would be one key twice."""
    ours = and_(table.c.stg_status.in_([each.value for each in OPEN]), table.c.stg_sync_key.is_not(None))
    add_filtered_index(table, "open", "stg_sync_key", where=ours)


def _staging(metadata: MetaData, mapping: OrderMapping, business: _Business) -> Table:
    columns = [*business.staging(), *_row_columns(counts=True)]
    table = Table(mapping.tables.staging, metadata, *columns, **COUNTED)
    for column in ("stg_batch_id", "stg_status", "stg_customer_batch", "stg_order_key"):
        add_index(table, column)
    order_number = _roles(mapping).get("order_number")
    if order_number is not None and not is_unbounded(business.staging_sql(order_number)):
        add_index(table, order_number, name="order_number")
    _one_open_row_per_key(table)
    return table


def _staging_subitems(metadata: MetaData, mapping: OrderMapping, staging: Table) -> Table:
    columns = [*_size_columns(mapping), *_subitem_row_columns(counts=True, parent=staging)]
    table = Table(mapping.tables.staging_subitems, metadata, *columns, **COUNTED)
    for column in ("stg_batch_id", "stg_status", "stg_parent_stg_id", "stg_customer_batch"):
        add_index(table, column)
    _one_open_row_per_key(table)
    return table


def _archive(metadata: MetaData, staging_name: str, columns: list[Column[Any]]) -> Table:
    table = Table(f"ARC_{staging_name}", metadata, *columns, moment("arc_archived_date", nullable=False))
    for column in ("stg_batch_id", "stg_order_key"):
        add_index(table, column)
    return table


def _error_columns() -> Iterator[Column[Any]]:
    yield Column("api_payload", unbounded())
    yield Column("error_type", NVARCHAR(100))
    yield Column("error_message", unbounded())
    yield Column("http_status_code", Integer)
    yield count("retry_count")
    yield flag("max_retries_reached")
    yield moment("created_date")
    yield moment("last_retry_date")
    yield moment("resolved_date")
    yield Column("resolved_by", NVARCHAR(100))
    yield Column("original_data", unbounded())
    yield Column("err_order_key", digest())
    yield Column("err_sync_key", key_text(50))
    yield Column("err_request_id", key_text(36))
    yield Column("err_source_rows", Integer)
    yield Column("err_fingerprint", digest())
    yield Column("err_severity", NVARCHAR(20))


def _error_indexes(table: Table, *further: str) -> None:
    for column in ("batch_id", "error_type", "customer_batch", "err_order_key", *further):
        add_index(table, column)
    retryable = table.c.max_retries_reached == text("0")
    add_filtered_index(table, "retryable", "created_date", where=retryable, unique=False)


def _errors(name: str, metadata: MetaData) -> Table:
    table = Table(
        name,
        metadata,
        Column("err_id", identity(), primary_key=True),
        Column("original_stg_id", BigInteger),
        Column("batch_id", Uuid),
        Column("customer_batch", NVARCHAR(100)),
        Column("order_number", NVARCHAR(100)),
        Column("item_name", NVARCHAR(500)),
        Column("group_name", NVARCHAR(200)),
        *_error_columns(),
        **COUNTED,
    )
    _error_indexes(table)
    held = and_(table.c.resolved_date.is_(None), table.c.err_source_rows.is_not(None))
    key, print_ = table.c.err_order_key, table.c.err_fingerprint
    add_filtered_index(table, "held_key", "err_order_key", "error_type", where=and_(held, key.is_not(None)))
    add_filtered_index(
        table,
        "held_fingerprint",
        "err_fingerprint",
        "error_type",
        where=and_(held, key.is_(None), print_.is_not(None)),
    )
    return table


def _errors_subitems(name: str, metadata: MetaData) -> Table:
    table = Table(
        name,
        metadata,
        Column("err_id", identity(), primary_key=True),
        Column("original_stg_subitem_id", BigInteger),
        Column("parent_item_id", BigInteger),
        Column("batch_id", Uuid),
        Column("customer_batch", NVARCHAR(100)),
        Column("order_number", NVARCHAR(100)),
        Column("size_label", NVARCHAR(50)),
        Column("order_qty", BigInteger),
        Column("subitem_name", NVARCHAR(200)),
        *_error_columns(),
        **COUNTED,
    )
    _error_indexes(table, "parent_item_id")
    return table


def table_names(tables: Tables) -> dict[str, str]:
    """attribute -> name in the database, for messages and the docs page."""
    attributes = (field.name for field in fields(tables) if field.type == "Table")
    return {name: getattr(tables, name).name for name in attributes}
