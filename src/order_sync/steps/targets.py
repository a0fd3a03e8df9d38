"""What each source row would be on the board: name, group, column values, sizes; and what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl
import polars_hash as plh

from order_sync.model.ids import ColumnId
from order_sync.model.mapping import BoardColumn, ColumnType
from order_sync.model.rows import SourceRows
from order_sync.model.sizes import unpivot
from order_sync.model.transform import sources_of, transform
from order_sync.monday.values import column_values_expr
from order_sync.steps.job import Job


@dataclass(frozen=True, slots=True)
class Targets:
    """`orders`: what transform gives, and payload (JSON of column_values without the sync key), payload_hash (of all
    that would be sent: name, group, payload, sizes), source_row (JSON). `sizes`, `issues`: as transform gives them."""

    orders: pl.DataFrame
    sizes: pl.DataFrame
    issues: pl.DataFrame


def targets(job: Job, source: SourceRows, rows: pl.Series) -> Targets:
    """For the rows of the source whose __row is named."""
    parts = list(target_parts(job, source, rows))
    return Targets(
        pl.concat((part.orders for part in parts), rechunk=True),
        pl.concat((part.sizes for part in parts), rechunk=True),
        pl.concat((part.issues for part in parts), rechunk=True),
    )


def target_parts(job: Job, source: SourceRows, rows: pl.Series) -> Iterator[Targets]:
    """As `targets`, a batch at a time: what is made on the way takes several times the memory of what stays."""
    return (batch_targets(job, part) for part in source.parts(rows))


def batch_targets(job: Job, source: pl.DataFrame) -> Targets:
    """For these rows, of which each comes to the same in any company."""
    columns = job.source.size_columns()
    transformed = transform(source, job.mapping, job.customers, columns)
    orders = transformed.orders
    sent = [(column.board, column.target) for column in job.mapping.sent_columns if column.board is not None]
    orders = orders.with_columns(column_values_expr(sent).alias("payload"))
    sizes = _size_text(orders["__row"], transformed.sizes)
    orders = orders.with_columns(sizes, source_row=_source_rows(job, source))
    told = orders.select(_length_prefixed(["Title", "Group", "payload", "sizes_text"])).to_series()
    return Targets(orders.with_columns(_sha256(told).alias("payload_hash")), transformed.sizes, transformed.issues)


def _size_text(rows: pl.Series, sizes: pl.DataFrame) -> pl.Series:
    """One text a row that changes with every label and quantity that would be sent, in whatever order they stand."""
    entry = pl.format("{}:{}={};", pl.col("label").str.len_chars(), "label", "quantity")
    lists = sizes.sort("__row", "label").group_by("__row", maintain_order=True).agg(entry.str.join("").alias("text"))
    aligned = rows.to_frame().join(lists, on="__row", how="left", maintain_order="left")
    return aligned["text"].fill_null("").alias("sizes_text")


def _length_prefixed(names: list[str]) -> pl.Expr:
    """The parts as one text, so that no two different rows make the same."""
    parts = [
        piece
        for name in names
        for piece in (
            pl.col(name).fill_null("").str.len_chars().cast(pl.String),
            pl.lit(":"),
            pl.col(name).fill_null(""),
            pl.lit(","),
        )
    ]
    return pl.concat_str(parts).alias("text")


def _sha256(texts: pl.Series) -> pl.Series:
    return texts.to_frame("text").select(plh.col("text").chash.sha2_256()).to_series()


def _source_rows(job: Job, source: pl.DataFrame) -> pl.Series:
    """The mapped values as the source has them, and its sizes, as one JSON object a row."""
    names = [name for name in sources_of(job.mapping) if name in source.columns]
    sizes = unpivot(source, job.source.size_columns(), job.mapping.sizes).sizes
    quoted = {name: json.dumps(name, ensure_ascii=False) for name in job.source.size_columns()}
    entry = pl.format("{}:{}", pl.col("column").replace_strict(quoted, return_dtype=pl.String), "quantity")
    lists = sizes.group_by("__row", maintain_order=True).agg(entry.str.join(",").alias("sizes"))
    aligned = source.select("__row").join(lists, on="__row", how="left", maintain_order="left")
    values, own = pl.struct(names).struct.json_encode(), pl.col("__sizes")
    with_sizes = pl.concat_str(values.str.head(-1), pl.lit(","), own, pl.lit("}"))
    rows = source.select(*names, aligned["sizes"].alias("__sizes"))
    return rows.select(pl.when(own.is_null()).then(values).otherwise(with_sizes).alias("source_row")).to_series()


def with_sync_key(payload: pl.Expr, column: str, key: pl.Expr) -> pl.Expr:
    """The payload with the sync key as its first value."""
    head = pl.concat_str(pl.lit(f'{{"{column}":"'), key, pl.lit('"'))
    return (
        pl.when(payload == "{}")
        .then(pl.concat_str(head, pl.lit("}")))
        .otherwise(pl.concat_str(head, pl.lit(","), payload.str.slice(1)))
    )


def size_payload(job: Job) -> pl.Expr:
    """JSON of a size's column_values from the columns label and quantity, without its sync key."""
    columns: list[tuple[BoardColumn, str]] = []
    frame_columns = {"size": "label", "quantity": "quantity_text"}
    for column in job.mapping.subitems.columns:
        if column.board is not None and column.role in frame_columns:
            columns.append((column.board, frame_columns[column.role]))
        elif column.board is not None and column.role == "constant":
            columns.append((column.board, f"constant_{column.board.id}"))
    return column_values_expr(columns)


def with_constants(job: Job, sizes: pl.DataFrame) -> pl.DataFrame:
    """The columns that `size_payload` reads."""
    constants = [
        pl.lit(column.value, dtype=pl.String).alias(f"constant_{column.board.id}")
        for column in job.mapping.subitems.columns
        if column.board is not None and column.role == "constant"
    ]
    return sizes.with_columns(pl.col("quantity").cast(pl.String).alias("quantity_text"), *constants)


def new_labels(job: Job, frame: pl.DataFrame, columns: list[tuple[BoardColumn, str]]) -> pl.Series:
    """Mask of rows that need a label which the board does not have and which may be made."""
    mask = pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True)
    for column, name in columns:
        if column.type in (ColumnType.DROPDOWN, ColumnType.STATUS):
            known = job.view.labels(ColumnId(column.id)) or frozenset()
            values = frame[name]
            mask = mask | (values.is_not_null() & ~values.is_in(list(known)))
    return mask.fill_null(False)
