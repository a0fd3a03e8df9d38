"""Source rows on their way to tables and board: typed, renamed, checked.

Every fault is an issue on its row and column; a row is held iff it has an issue of severity error.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from order_sync.model.causes import Cause, IssueList
from order_sync.model.columns import Kind, keeps_lines, kind_of, read_column, role_limits
from order_sync.model.dates import parse_dates
from order_sync.model.errors import SourceError
from order_sync.model.fingerprint import fingerprints
from order_sync.model.mapping import (
    ColumnMapping,
    Customers,
    Mapping,
    Severity,
    TooLong,
    UnknownCustomer,
)
from order_sync.model.naming import NAME_LENGTH, canonical_customers, group_names, item_names
from order_sync.model.numbers import parse_numbers
from order_sync.model.sizes import frame_size_columns, merge_labels, size_issues, size_lists, unpivot
from order_sync.model.texts import NULL_WORDS, Limit, Unit, as_text, clean, shorten

_NAME: Final = Limit(NAME_LENGTH, Unit.CHARACTERS, Cause.NAME_TOO_LONG, "a name on the board")


@dataclass(frozen=True, slots=True)
class Transformed:
    """`orders`: __row, the mapping's targets, Title, Group, customer, order_number; one row a source row.

    `sizes`: __row, position, label, column, quantity above zero, by row and position.
    `issues`: causes.ISSUE_SCHEMA, by row.
    """

    orders: pl.DataFrame
    sizes: pl.DataFrame
    issues: pl.DataFrame

    @property
    def held(self) -> pl.Series:
        """__row of the rows that an issue of severity error holds."""
        errors = self.issues.filter(pl.col("severity") == Severity.ERROR.value)
        return errors["__row"].unique(maintain_order=True)


def sources_of(mapping: Mapping) -> list[str]:
    """Every source column that a row's fate depends on, except the sizes; each once, mapped ones first."""
    names = [column.source for column in mapping.columns]
    names += [*mapping.source.key, mapping.source.customer, mapping.source.order_number, mapping.sizes.total]
    names += [name for name in mapping.board.group.season if mapping.by_target(name) is None]
    if mapping.changes.cancelled is not None:
        names.append(mapping.changes.cancelled.column)
    return list(dict.fromkeys(names))


def normalise(frame: pl.DataFrame, mapping: Mapping) -> pl.DataFrame:
    """__row and `sources_of(mapping)` in canonical text: what the fingerprint is taken of.

    Text cleaned, readable numbers canonical, readable dates ISO; what cannot be read stays as cleaned text:
    its correction is a change.
    """
    names = sources_of(mapping)
    _require(frame, names)
    targets: dict[str, list[ColumnMapping]] = {name: [] for name in names}
    for column in mapping.columns:
        targets[column.source].append(column)
    lines = {name for name, columns in targets.items() if any(map(keeps_lines, columns))}
    texts = clean(frame, names, lines)
    return texts.select(frame["__row"], *(_canonical(texts[name], targets[name]) for name in names))


def _canonical(texts: pl.Series, targets: Sequence[ColumnMapping]) -> pl.Series:
    read = _reader(targets)
    # Texts that read alike may still be told apart by an entry of `values`: those are looked up before.
    looked_up = (entry.strip() for column in targets for entry in column.values)
    entries = [entry for entry in looked_up if entry.lower() not in NULL_WORDS]
    if read is None or (entries and not read(pl.Series(entries))[1].all()):
        return texts
    values, unreadable = read(texts)
    return values.zip_with(~unreadable, texts)


def _reader(targets: Sequence[ColumnMapping]) -> Callable[[pl.Series], tuple[pl.Series, pl.Series]] | None:
    """How all targets of a source read it: canonical texts, mask of unreadable ones. None: as it stands."""
    kinds = {kind_of(column) for column in targets}
    rules = {column.number.model_dump_json(): column.number for column in targets}
    if kinds == {Kind.DATE}:
        return _iso_dates
    if kinds and kinds <= {Kind.NUMBER, Kind.WHOLE} and len(rules) == 1:
        (rule,) = rules.values()
        return lambda texts: parse_numbers(texts, rule)
    return None


def _iso_dates(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    dates, unreadable = parse_dates(texts)
    return dates.dt.to_string("%Y-%m-%d"), unreadable


def row_fingerprints(frame: pl.DataFrame, mapping: Mapping, size_columns: Sequence[str] | None = None) -> pl.Series:
    """The fingerprint of each source row. `size_columns`: from the catalogue, or by the frame's types."""
    columns = frame_size_columns(frame, mapping.sizes) if size_columns is None else size_columns
    lists = size_lists(frame["__row"], unpivot(frame, columns, mapping.sizes))
    return fingerprints(normalise(frame, mapping), lists)


def transform(
    frame: pl.DataFrame, mapping: Mapping, customers: Customers, size_columns: Sequence[str] | None = None
) -> Transformed:
    """`frame`: __row and the source columns. `size_columns`: from the catalogue, or by the frame's types."""
    names = sources_of(mapping)
    _require(frame, names)
    issues = IssueList(frame["__row"])
    texts = clean(frame, names)
    customer = _customers(frame, texts, mapping, customers, issues)
    values = _values(frame, texts, mapping, customers, customer, issues)
    orders = pl.DataFrame(
        [
            frame["__row"],
            *values.values(),
            _titles(values, mapping, issues),
            _groups(values, texts, customer, mapping, issues),
            customer.alias("customer"),
            texts[mapping.source.order_number].alias("order_number"),
        ]
    )
    columns = frame_size_columns(frame, mapping.sizes) if size_columns is None else size_columns
    unpivoted = unpivot(frame, columns, mapping.sizes)
    issues.add_rows(size_issues(frame["__row"], unpivoted, texts[mapping.sizes.total], mapping.sizes))
    return Transformed(orders, merge_labels(unpivoted.sizes), issues.frame())


def _require(frame: pl.DataFrame, names: Sequence[str]) -> None:
    missing = [name for name in names if name not in frame.columns]
    if missing:
        raise SourceError(
            f"the source lacks {len(missing)} mapped column(s): {', '.join(missing)}",
            next_step="run `order-sync check`, which names the nearest columns",
        )


def _raw(frame: pl.DataFrame, name: str) -> pl.Series:
    return frame.select(as_text(name, frame.schema[name])).to_series()


def _customers(
    frame: pl.DataFrame, texts: pl.DataFrame, mapping: Mapping, customers: Customers, issues: IssueList
) -> pl.Series:
    """Canonical names; an unknown one stays as it is, held or passed through."""
    source = mapping.source.customer
    names = texts[source]
    known = canonical_customers(names, customers)
    held = mapping.unknown_customer is UnknownCustomer.HOLD
    issues.add(
        known.is_null() & names.is_not_null(),
        Cause.UNKNOWN_CUSTOMER,
        Severity.ERROR if held else Severity.WARNING,
        lambda found: f'no name or alias in {mapping.customers} is "{found}"; add it there to its customer',
        column=source,
        found=names,
    )
    if not any(column.required for column in mapping.columns if column.source == source):
        issues.add(
            names.is_null(),
            Cause.REQUIRED_MISSING,
            Severity.ERROR,
            lambda _: f"{source} is blank: an order belongs to a customer",
            column=source,
            found=_raw(frame, source),
        )
    return known.zip_with(known.is_not_null(), names)


def _values(
    frame: pl.DataFrame,
    texts: pl.DataFrame,
    mapping: Mapping,
    customers: Customers,
    customer: pl.Series,
    issues: IssueList,
) -> dict[str, pl.Series]:
    """target -> its values."""
    long = [column.source for column in mapping.columns if keeps_lines(column)]
    lined = clean(frame, dict.fromkeys(long), long)
    values: dict[str, pl.Series] = {}
    for column in mapping.columns:
        cleaned = (lined if keeps_lines(column) else texts)[column.source]
        if column.canonical_customer and column.source == mapping.source.customer:
            cleaned = customer
        elif column.canonical_customer:
            known = canonical_customers(cleaned, customers)
            cleaned = known.zip_with(known.is_not_null(), cleaned)
        values[column.target] = read_column(column, cleaned, _raw(frame, column.source), issues)
    return values


def _titles(values: dict[str, pl.Series], mapping: Mapping, issues: IssueList) -> pl.Series:
    names = item_names(mapping.board.item_name, values)
    issues.add(
        names.is_null(),
        Cause.NAME_EMPTY,
        Severity.ERROR,
        lambda _: f"every part of the item name {mapping.board.item_name} is blank",
    )
    cut = mapping.board.name_too_long is TooLong.CUT
    return _bounded(names, "item name", mapping, "title", TooLong.CUT if cut else TooLong.HOLD, issues)


def _groups(
    values: dict[str, pl.Series],
    texts: pl.DataFrame,
    customer: pl.Series,
    mapping: Mapping,
    issues: IssueList,
) -> pl.Series:
    names = group_names(
        mapping.board.group,
        customer,
        [_season(name, values, texts, mapping) for name in mapping.board.group.season],
    )
    # A cut name could be that of another group.
    return _bounded(names, "group name", mapping, "group", TooLong.HOLD, issues)


def _season(name: str, values: dict[str, pl.Series], texts: pl.DataFrame, mapping: Mapping) -> pl.Series:
    """By target name, else by source name: with the values of the mapping where there is a target."""
    fed = [column.target for column in mapping.columns if name in (column.target, column.source)]
    return values[name] if name in values else values[fed[0]] if fed else texts[name]


def _bounded(names: pl.Series, what: str, mapping: Mapping, role: str, policy: TooLong, issues: IssueList) -> pl.Series:
    bounded, concerned = shorten(names, [_NAME, *role_limits(mapping, role)], policy)
    cut = policy is TooLong.CUT
    for limit, where in concerned:
        said = f"the {what} is longer than {limit.says}{'; its end is cut off' if cut else ''}"
        issues.add(where, limit.cause, Severity.WARNING if cut else Severity.ERROR, said, found=names)
    return bounded
