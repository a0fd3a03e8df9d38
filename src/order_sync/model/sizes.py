"""The sizes of an order: which columns they are, one row for each above zero, and whether they add up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from order_sync.model.causes import FOUND_LENGTH, Cause
from order_sync.model.errors import SourceError
from order_sync.model.mapping import Severity, SizesMapping
from order_sync.model.numbers import parse_numbers
from order_sync.model.texts import clean

LARGEST_QUANTITY: Final = 2**53 - 1  # what JSON carries exactly, and sums of hundreds still fit an Int64

_INTEGER_TYPES: Final = frozenset({"INT", "INTEGER", "BIGINT", "SMALLINT", "TINYINT"})
_SIZES: Final = {
    "__row": pl.UInt32(),
    "position": pl.Int64(),
    "label": pl.String(),
    "column": pl.String(),
    "quantity": pl.Int64(),
}
_INVALID: Final = {
    "__row": pl.UInt32(),
    "position": pl.Int64(),
    "label": pl.String(),
    "column": pl.String(),
    "found": pl.String(),
    "negative": pl.Boolean(),
}


@dataclass(frozen=True, slots=True)
class Unpivoted:
    """`sizes`: __row, position, label, column, quantity above zero. `invalid`: so too, with found, negative.

    Both by row, then by position: the place among the size columns of the source.
    """

    sizes: pl.DataFrame
    invalid: pl.DataFrame


def size_columns(columns: Iterable[tuple[str, str | None]], sizes: SizesMapping) -> tuple[str, ...]:
    """The size columns among (name, SQL type if known), in table order. SourceError without its markers."""
    known = list(columns)
    names = [name for name, _ in known]
    missing = [marker for marker in (sizes.after, sizes.before) if marker not in names]
    if missing:
        raise SourceError(
            f"the sizes cannot be found: no column {' and no column '.join(missing)}",
            next_step="correct sizes.after and sizes.before in the mapping",
        )
    first, last = names.index(sizes.after) + 1, names.index(sizes.before)
    if first > last:
        raise SourceError(
            f"the sizes cannot be found: {sizes.after} comes after {sizes.before} in the table",
            next_step="exchange sizes.after and sizes.before in the mapping",
        )
    excluded = set(sizes.exclude)
    return tuple(name for name, sql in known[first:last] if name not in excluded and _may_hold_sizes(sql))


def _may_hold_sizes(sql: str | None) -> bool:
    return sql is None or sql.partition("(")[0].strip().upper() in _INTEGER_TYPES


def frame_size_columns(frame: pl.DataFrame, sizes: SizesMapping) -> tuple[str, ...]:
    """As `size_columns`, from a frame alone: a text column may be an INT one in which SQLite keeps a text."""
    unknown = (pl.String, pl.Null, pl.Float64)
    types = ((name, "INT" if dtype.is_integer() else None if dtype in unknown else "OTHER") for name, dtype in
             frame.schema.items() if name != "__row")  # fmt: skip
    return size_columns(types, sizes)


def unpivot(frame: pl.DataFrame, columns: Sequence[str], sizes: SizesMapping) -> Unpivoted:
    """One row for each size above zero, and one for each cell that is no quantity. `frame` has __row."""
    quantities, invalid = _read_texts(frame, columns)
    least, most = (_extremes(quantities, extreme) for extreme in (pl.Expr.min, pl.Expr.max))
    cells, found = quantities.lazy(), []
    for at, name in enumerate(columns):
        quantity, place = pl.col(name), pl.lit(at, dtype=pl.Int64).alias("position")
        if most.get(name, 0) > 0:
            sized = cells.filter(quantity.is_between(1, LARGEST_QUANTITY))
            found.append(sized.select("__row", place, quantity.cast(pl.Int64).alias("quantity")))
        if least.get(name, 0) < 0 or most.get(name, 0) > LARGEST_QUANTITY:
            outside = quantities.filter(~quantity.is_between(0, LARGEST_QUANTITY))
            shown = quantity.cast(pl.String).alias("found")
            invalid.append(outside.select("__row", place, shown, (quantity < 0).alias("negative")))
    labels = [sizes.synonyms.get(name, name) for name in columns]
    return Unpivoted(
        _together(pl.collect_all(found), _SIZES, columns, labels),
        _together(invalid, _INVALID, columns, labels),
    )


def _extremes(quantities: pl.DataFrame, extreme: Callable[[pl.Expr], pl.Expr]) -> dict[str, int]:
    """column -> its least or largest value; columns without a value are left out."""
    found = quantities.select(extreme(pl.exclude("__row"))).to_dicts()
    return {name: value for each in found for name, value in each.items() if value is not None}


def _together(
    parts: Sequence[pl.DataFrame],
    schema: dict[str, pl.DataType],
    columns: Sequence[str],
    labels: Sequence[str],
) -> pl.DataFrame:
    if not parts:
        return pl.DataFrame(schema=schema)
    # In one piece: polars' format panics on a column whose first piece is empty.
    cells = pl.concat(parts).sort("__row", "position").rechunk()
    names = {"label": pl.Series(labels), "column": pl.Series(columns)}
    named = cells.with_columns(series.gather(cells["position"]).alias(name) for name, series in names.items())
    return named.select(pl.col(name).cast(dtype) for name, dtype in schema.items())


def _filled(frame: pl.DataFrame) -> Iterator[str]:
    """The columns that have a value: of many sizes most have none, and reading nothing takes as long as reading."""
    for nulls in frame.null_count().to_dicts():
        yield from (name for name, count in nulls.items() if count < frame.height)


def _read_texts(frame: pl.DataFrame, columns: Sequence[str]) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """The size columns as integers, and the text cells that are none."""
    schema = frame.schema
    integers = [name for name in columns if schema[name].is_integer()]
    texts = [(at, name) for at, name in enumerate(columns) if not schema[name].is_integer()]
    cleaned = clean(frame, (name for _, name in texts))
    read, invalid = [], []
    filled = set(_filled(cleaned))
    for at, name in texts:
        if name not in filled:
            read.append(pl.Series(name, [None] * frame.height, dtype=pl.Int64))
            continue
        parsed = parse_numbers(cleaned[name])
        whole = parsed.values.cast(pl.Int64, strict=False)
        read.append(whole)
        bad = parsed.unreadable | (whole.is_null() & parsed.values.is_not_null())
        if bad.any():
            cells = pl.DataFrame({"__row": frame["__row"], "found": cleaned[name]}).filter(bad)
            place = pl.lit(at, dtype=pl.Int64).alias("position")
            invalid.append(cells.select("__row", place, "found", negative=pl.lit(False)))
    return frame.select("__row", *integers).with_columns(read), invalid


def size_lists(rows: pl.Series, unpivoted: Unpivoted) -> pl.Series:
    """One text a row for the fingerprint: `<characters>:<label>=<quantity>;` sorted by label, '' without any.

    A cell that is no quantity enters as `<characters>:<label>!<found>;`: its coming and going is a change.
    """
    head = pl.format("{}:{}", pl.col("label").str.len_chars(), pl.col("label"))
    good = unpivoted.sizes.select("__row", "label", pl.format("{}={};", head, "quantity").alias("entry"))
    bad = unpivoted.invalid.select("__row", "label", pl.format("{}!{};", head, "found").alias("entry"))
    entries = pl.concat([good, bad])
    # Ordered by a number a label: sorting by the labels themselves takes three times as long.
    order = pl.Enum(entries["label"].unique().sort())
    entries = entries.sort("__row", pl.col("label").cast(order), "entry")
    # Joining the finished lists is eight times faster than joining within the groups.
    grouped = entries.group_by("__row", maintain_order=True).agg("entry")
    lists = grouped.with_columns(pl.col("entry").list.join(""))
    aligned = rows.cast(pl.UInt32).alias("__row").to_frame().join(lists, on="__row", how="left", maintain_order="left")
    return aligned["entry"].fill_null("").alias("sizes")


def merge_labels(sizes: pl.DataFrame) -> pl.DataFrame:
    """Sizes of one row with one label added together, at the place of the first."""
    if not _share_labels(sizes):
        return sizes
    merged = sizes.group_by("__row", "label", maintain_order=True).agg(
        pl.col("position", "column").first(), pl.col("quantity").sum()
    )
    return merged.select(_SIZES.keys())


def _share_labels(sizes: pl.DataFrame) -> bool:
    """Whether any two columns have one label, which takes `synonyms`."""
    return sizes["label"].n_unique() < sizes["column"].n_unique()


def size_issues(rows: pl.Series, unpivoted: Unpivoted, totals: pl.Series, sizes: SizesMapping) -> pl.DataFrame:
    """What is wrong with the sizes of each row, with ISSUE_SCHEMA. `totals`: cleaned text, one a row."""
    parts = [_invalid_cells(unpivoted.invalid, sizes.invalid)]
    if _share_labels(unpivoted.sizes):
        parts.append(_duplicate_labels(unpivoted.sizes, sizes.duplicate_label))
    checked = _sums(rows, unpivoted.sizes, totals)
    if sizes.invalid is Severity.ERROR:
        # The sum is wrong because a cell is: one cause is enough.
        checked = checked.join(unpivoted.invalid, on="__row", how="anti", maintain_order="left")
    parts += _unlike_totals(checked, sizes)
    return pl.concat(parts)


def _issue(cause: Cause | pl.Expr, severity: Severity, column: pl.Expr, message: pl.Expr) -> tuple[pl.Expr, ...]:
    return (
        pl.col("__row"),
        column.alias("column"),
        pl.lit(severity.value).alias("severity"),
        (cause if isinstance(cause, pl.Expr) else pl.lit(cause.value)).alias("cause"),
        pl.col("found").str.slice(0, FOUND_LENGTH),
        message.alias("message"),
    )


def _invalid_cells(invalid: pl.DataFrame, severity: Severity) -> pl.DataFrame:
    negative = pl.col("negative")
    cause = pl.when(negative).then(pl.lit(Cause.SIZE_NEGATIVE.value)).otherwise(pl.lit(Cause.SIZE_INVALID.value))
    what = pl.when(negative).then(pl.lit("below zero")).otherwise(pl.lit("not a whole number that a size can have"))
    message = pl.format('size {}: "{}" is {}', "column", pl.col("found").str.slice(0, FOUND_LENGTH), what)
    return invalid.select(_issue(cause, severity, pl.col("column"), message))


def _duplicate_labels(sizes: pl.DataFrame, severity: Severity) -> pl.DataFrame:
    doubled = sizes.filter(pl.struct("__row", "label").is_duplicated())
    both = doubled.group_by("__row", "label", maintain_order=True).agg(
        pl.col("column").last(), pl.col("column").str.join(", ").alias("found")
    )
    message = pl.format('the size columns {} all have the label "{}"', "found", "label")
    return both.select(_issue(Cause.SIZE_DUPLICATE_LABEL, severity, pl.col("column"), message))


def _sums(rows: pl.Series, sizes: pl.DataFrame, totals: pl.Series) -> pl.DataFrame:
    """__row, sum (0 without sizes), found (the total as it stands), total (whole number or NULL)."""
    sums = sizes.group_by("__row").agg(pl.col("quantity").sum().alias("sum"))
    said = pl.DataFrame({"__row": rows.cast(pl.UInt32), "found": totals})
    said = said.with_columns(parse_numbers(totals).values.cast(pl.Int64, strict=False).alias("total"))
    return said.join(sums, on="__row", how="left", maintain_order="left").with_columns(pl.col("sum").fill_null(0))


def _unlike_totals(checked: pl.DataFrame, sizes: SizesMapping) -> list[pl.DataFrame]:
    shown = pl.col("found").str.slice(0, FOUND_LENGTH)
    says = pl.when(shown.is_null()).then(pl.lit("is blank")).otherwise(pl.format('says "{}"', shown))
    unlike = checked.filter(pl.col("total").is_null() | (pl.col("total") != pl.col("sum")))
    none = unlike.filter(pl.col("sum") == 0)
    some = unlike.filter(pl.col("sum") > 0)
    total = pl.lit(sizes.total)
    return [
        none.select(
            _issue(Cause.NO_SIZES, sizes.mismatch, total, pl.format("no size is above zero, {} {}", total, says))
        ),
        some.select(
            _issue(
                Cause.SIZES_SUM,
                sizes.mismatch,
                total,
                pl.format("the sizes add up to {}, {} {}", "sum", total, says),
            )
        ),
    ]
