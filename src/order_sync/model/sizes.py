"""The sizes of an order: which columns they are, one row for each above zero, and whether they add up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    labelled = [(at, name, sizes.synonyms.get(name, name)) for at, name in enumerate(columns)]
    quantities, invalid = _read_texts(frame, labelled)
    whole = quantities.lazy()
    parts = [
        whole.filter(pl.col(name).is_between(1, LARGEST_QUANTITY)).select(
            "__row", *_named(at, name, label), pl.col(name).cast(pl.Int64).alias("quantity")
        )
        for at, name, label in labelled
    ]
    return Unpivoted(
        _together(pl.collect_all(parts), _SIZES),
        _together([*invalid, *_outside(quantities, labelled)], _INVALID),
    )


def _named(at: int, name: str, label: str) -> tuple[pl.Expr, ...]:
    return (
        pl.lit(at, dtype=pl.Int64).alias("position"),
        pl.lit(label).alias("label"),
        pl.lit(name).alias("column"),
    )


def _together(parts: Sequence[pl.DataFrame], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    empty = pl.DataFrame(schema=schema)
    return pl.concat(
        [empty, *(part.select(pl.col("__row").cast(pl.UInt32), pl.exclude("__row")) for part in parts)]
    ).sort("__row", "position")


def _read_texts(
    frame: pl.DataFrame, labelled: Sequence[tuple[int, str, str]]
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """The size columns as integers, and the text cells that are none."""
    integers = [name for _, name, _ in labelled if frame.schema[name].is_integer()]
    quantities = frame.select("__row", *integers)
    texts = [entry for entry in labelled if entry[1] not in set(integers)]
    cleaned = clean(frame, (name for _, name, _ in texts))
    read, invalid = [], []
    for at, name, label in texts:
        parsed = parse_numbers(cleaned[name])
        whole = parsed.values.cast(pl.Int64, strict=False)
        bad = parsed.unreadable | (whole.is_null() & parsed.values.is_not_null())
        read.append(whole)
        if bad.any():
            cells = pl.DataFrame({"__row": frame["__row"], "found": cleaned[name]}).filter(bad)
            invalid.append(cells.select("__row", *_named(at, name, label), "found", negative=pl.lit(False)))
    return quantities.with_columns(read), invalid


def _outside(quantities: pl.DataFrame, labelled: Sequence[tuple[int, str, str]]) -> list[pl.DataFrame]:
    """The integer cells that are below zero or larger than any quantity."""
    names = [name for _, name, _ in labelled]
    odd = quantities.select(pl.col(names).is_between(0, LARGEST_QUANTITY).not_().any())
    return [
        quantities.filter(~pl.col(name).is_between(0, LARGEST_QUANTITY)).select(
            "__row",
            *_named(at, name, label),
            pl.col(name).cast(pl.String).alias("found"),
            (pl.col(name) < 0).alias("negative"),
        )
        for at, name, label in labelled
        if odd[name].item()
    ]


def size_lists(rows: pl.Series, unpivoted: Unpivoted) -> pl.Series:
    """One text a row for the fingerprint: `<characters>:<label>=<quantity>;` sorted by label, '' without any.

    A cell that is no quantity enters as `<characters>:<label>!<found>;`: its coming and going is a change.
    """
    head = pl.format("{}:{}", pl.col("label").str.len_chars(), pl.col("label"))
    good = unpivoted.sizes.select("__row", "label", pl.format("{}={};", head, "quantity").alias("entry"))
    bad = unpivoted.invalid.select("__row", "label", pl.format("{}!{};", head, "found").alias("entry"))
    entries = pl.concat([good, bad]).sort("__row", "label", "entry")
    lists = entries.group_by("__row", maintain_order=True).agg(pl.col("entry").str.join(""))
    aligned = (
        rows.cast(pl.UInt32)
        .alias("__row")
        .to_frame()
        .join(lists, on="__row", how="left", maintain_order="left")
    )
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


def size_issues(
    rows: pl.Series, unpivoted: Unpivoted, totals: pl.Series, sizes: SizesMapping
) -> pl.DataFrame:
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


def _issue(
    cause: Cause | pl.Expr, severity: Severity, column: pl.Expr, message: pl.Expr
) -> tuple[pl.Expr, ...]:
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
    cause = (
        pl.when(negative).then(pl.lit(Cause.SIZE_NEGATIVE.value)).otherwise(pl.lit(Cause.SIZE_INVALID.value))
    )
    what = (
        pl.when(negative)
        .then(pl.lit("below zero"))
        .otherwise(pl.lit("not a whole number that a size can have"))
    )
    message = pl.format('size {}: "{}" is {}', "column", pl.col("found").str.slice(0, FOUND_LENGTH), what)
    return invalid.select(_issue(cause, severity, pl.col("column"), message))


def _duplicate_labels(sizes: pl.DataFrame, severity: Severity) -> pl.DataFrame:
    both = sizes.group_by("__row", "label", maintain_order=True).agg(
        pl.len().alias("times"), pl.col("column").last(), pl.col("column").str.join(", ").alias("found")
    )
    message = pl.format('the size columns {} all have the label "{}"', "found", "label")
    return both.filter(pl.col("times") > 1).select(
        _issue(Cause.SIZE_DUPLICATE_LABEL, severity, pl.col("column"), message)
    )


def _sums(rows: pl.Series, sizes: pl.DataFrame, totals: pl.Series) -> pl.DataFrame:
    """__row, sum (0 without sizes), found (the total as it stands), total (whole number or NULL)."""
    sums = sizes.group_by("__row").agg(pl.col("quantity").sum().alias("sum"))
    said = pl.DataFrame({"__row": rows.cast(pl.UInt32), "found": totals})
    said = said.with_columns(parse_numbers(totals).values.cast(pl.Int64, strict=False).alias("total"))
    return said.join(sums, on="__row", how="left", maintain_order="left").with_columns(
        pl.col("sum").fill_null(0)
    )


def _unlike_totals(checked: pl.DataFrame, sizes: SizesMapping) -> list[pl.DataFrame]:
    shown = pl.col("found").str.slice(0, FOUND_LENGTH)
    says = pl.when(shown.is_null()).then(pl.lit("is blank")).otherwise(pl.format('says "{}"', shown))
    unlike = checked.filter(pl.col("total").is_null() | (pl.col("total") != pl.col("sum")))
    none = unlike.filter(pl.col("sum") == 0)
    some = unlike.filter(pl.col("sum") > 0)
    total = pl.lit(sizes.total)
    return [
        none.select(
            _issue(
                Cause.NO_SIZES, sizes.mismatch, total, pl.format("no size is above zero, {} {}", total, says)
            )
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
