"""Which of the new orders this run takes, and what stands in their way."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

import polars as pl

from order_sync.model.causes import ISSUE_SCHEMA, Cause
from order_sync.model.detection import Change
from order_sync.model.errors import UsageError
from order_sync.model.keys import sync_keys
from order_sync.model.mapping import BoardColumn, ColumnType, LabelPolicy, Severity, UnknownCustomer
from order_sync.model.states import RowStatus
from order_sync.model.texts import casefold, casefold_one, clean
from order_sync.steps.detect import Detection
from order_sync.steps.fit import require_fit
from order_sync.steps.job import Job
from order_sync.steps.targets import new_labels, targets
from order_sync.store.ledger.staging import open_orders

# Rows in these statuses were certainly never applied: a corrected source replaces them in place.
REPLACEABLE = (RowStatus.PENDING.value, RowStatus.API_FAILED.value)


@dataclass(frozen=True, slots=True)
class Selection:
    """What --customer, --po, --season, --all and --limit say. Names are compared trimmed and case-folded."""

    customers: frozenset[str] = frozenset()
    po: frozenset[str] = frozenset()
    season: frozenset[str] = frozenset()
    everything: bool = False
    limit: int | None = None

    def require_some(self) -> None:
        """UsageError when nothing says what to run: a run over everything must be asked for."""
        if not (self.customers or self.po or self.season or self.everything):
            raise UsageError(
                "nothing is selected",
                next_step="say --customer NAME, --po NUMBER or --season SEASON (each may be repeated), or --all",
            )


@dataclass(frozen=True, slots=True)
class Plan:
    """`orders`: the rows to stage or restage: transform's columns, payload, payload_hash, source_row, create_labels,
    order_key, fingerprint, first_key. `sizes` and `issues` (warnings) of them. `held_issues`: the errors, with __row.
    `unexamined`: keys of new orders that the selection left out. `withdrawn`: stg_id, order_key, customer, batch_id of
    staged orders that are not to be sent any more."""

    orders: pl.DataFrame
    sizes: pl.DataFrame
    issues: pl.DataFrame
    held_issues: pl.DataFrame
    held_orders: pl.DataFrame
    unexamined: frozenset[str]
    withdrawn: pl.DataFrame
    queued: int
    held: int
    columns_digest: str
    labels_checked: bool

    @classmethod
    def nothing(cls, columns_digest: str) -> Plan:
        """Of a run that stages nothing new."""
        orders = pl.DataFrame(schema={"__row": pl.UInt32, "order_key": pl.String, "customer": pl.String})
        sizes = pl.DataFrame(schema={"__row": pl.UInt32, "label": pl.String, "quantity": pl.Int64})
        issues = pl.DataFrame(schema=dict(ISSUE_SCHEMA))
        return cls(
            orders,
            sizes,
            issues,
            issues,
            orders,
            frozenset(),
            pl.DataFrame(schema=_WITHDRAWN),
            0,
            0,
            columns_digest,
            labels_checked=False,
        )

    @property
    def customers(self) -> list[str]:
        names = pl.concat([self.orders["customer"], self.withdrawn["customer"]])
        return sorted(names.drop_nulls().unique().to_list())


def prepare(job: Job, detection: Detection, selection: Selection, *, ask_board: bool = True) -> Plan:
    """Transform the selected new orders and sort them into those to stage and those to hold. The board is asked for
    its columns and labels only when there is an order to stage; BoardMismatch where its columns do not fit."""
    require_known(job, detection, selection)
    new = detection.rows.filter(pl.col("change") == Change.NEW.value)
    chosen = _chosen(job, detection, new, selection)
    unexamined = frozenset(new.join(chosen, on="__row", how="anti")["order_key"].drop_nulls().to_list())
    with job.store.reading() as conn:
        staged = open_orders(conn, job.store.tables)
    candidates, queued = _not_queued(chosen, staged)
    found = targets(job, detection.source, candidates["__row"])
    issues = found.issues
    free = _rows_not_in(found.orders, _errors(issues))
    asked = ask_board and free.height > 0
    if asked:
        require_fit(job)
        issues = pl.concat([issues, guarded_labels(job, free)])
    errors = _errors(issues)
    orders = _rows_not_in(found.orders, errors)
    if selection.limit is not None:
        orders = orders.head(selection.limit)
    keys = _keys(job, detection, candidates)
    keys = orders.select("__row").join(keys, on="__row", how="left", maintain_order="left")
    orders = orders.hstack(keys.drop("__row"))
    detected = int((detection.rows["change"] == Change.HELD.value).sum())
    return Plan(
        orders=_with_label_flags(job, orders) if asked else orders,
        sizes=found.sizes.join(orders.select("__row"), on="__row", how="semi", maintain_order="left"),
        issues=_of(issues, orders, Severity.WARNING),
        held_issues=errors,
        held_orders=_rows_in(found.orders, errors),
        unexamined=unexamined,
        withdrawn=_withdrawn(detection, _staged_of(job, staged, selection), _keys_of(candidates, errors)),
        queued=queued,
        held=errors["__row"].n_unique() + detected,
        columns_digest=detection.columns_digest,
        labels_checked=asked,
    )


def _rows_in(frame: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Those of `frame` that `rows` names by __row. A semi join does the same with three times the memory, which counts
    for frames as wide as these."""
    return frame.filter(pl.col("__row").is_in(rows["__row"].implode()))


def _rows_not_in(frame: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(~pl.col("__row").is_in(rows["__row"].implode()))


def _keys(job: Job, detection: Detection, candidates: pl.DataFrame) -> pl.DataFrame:
    """order_key, fingerprint and first_key: the sync key that an order gets which never had one."""
    source = detection.source.select(*job.mapping.source.key)
    first = sync_keys(job.mapping.pipeline, source, job.mapping.source.key).alias("first_key")
    keys = candidates.select("__row", "order_key", "fingerprint")
    return keys.join(source.select("__row", first), on="__row", how="left", maintain_order="left")


def _keys_of(candidates: pl.DataFrame, errors: pl.DataFrame) -> pl.Series:
    return candidates.join(errors.select("__row"), on="__row", how="semi")["order_key"]


def _errors(issues: pl.DataFrame) -> pl.DataFrame:
    return issues.filter(pl.col("severity") == Severity.ERROR.value)


def _of(issues: pl.DataFrame, orders: pl.DataFrame, severity: Severity) -> pl.DataFrame:
    mine = issues.filter(pl.col("severity") == severity.value)
    return mine.join(orders.select("__row"), on="__row", how="semi", maintain_order="left")


def _chosen(job: Job, detection: Detection, new: pl.DataFrame, selection: Selection) -> pl.DataFrame:
    """Every part of the selection that is given must hold; within a part any of its values."""
    chosen = new
    if selection.customers:
        chosen = chosen.filter(casefold(chosen["customer"]).is_in(_folded(canonical_names(job, selection.customers))))
    for wanted, columns in (
        (selection.po, job.mapping.source.po),
        (selection.season, job.mapping.source.season),
    ):
        if wanted:
            source = _rows_in(detection.source.select(*columns), chosen)
            texts = clean(source, columns)
            hits = pl.repeat(False, source.height, dtype=pl.Boolean, eager=True)
            for name in columns:
                hits = hits | casefold(texts[name]).is_in(_folded(wanted)).fill_null(False)
            chosen = chosen.join(source.filter(hits).select("__row"), on="__row", how="semi", maintain_order="left")
    return chosen


def require_known(job: Job, detection: Detection, selection: Selection) -> None:
    """UsageError for a customer that neither customers.yaml nor the source knows: a typing error must not pass for
    "nothing to do"."""
    known = {customer.name for customer in job.customers.customers}
    known |= set(detection.rows["customer"].drop_nulls().to_list())
    folded = {casefold_one(name.strip()) for name in known}
    for name in sorted(canonical_names(job, selection.customers)):
        if casefold_one(name) not in folded:
            nearest = get_close_matches(name.upper(), sorted(_named(job, known)), n=3, cutoff=0.5)
            meant = f"did you mean {' or '.join(nearest)}?" if nearest else "`order-sync plan` lists them"
            raise UsageError(f"there is no customer {name!r}", where="--customer", next_step=meant)


def _named(job: Job, known: set[str]) -> set[str]:
    """Names to suggest: one that stands in the source and nowhere else is a typing error itself, unless it may pass."""
    if job.mapping.unknown_customer is UnknownCustomer.PASS:
        return known
    return {customer.name for customer in job.customers.customers}


def unmatched(job: Job, detection: Detection, selection: Selection) -> tuple[str, ...]:
    """The options whose value no source row has, e.g. `--po 4711`."""
    source = job.mapping.source
    found: list[str] = []
    for option, wanted, columns in (("--po", selection.po, source.po), ("--season", selection.season, source.season)):
        if wanted:
            texts = clean(detection.source.select(*columns), columns)
            there = {text for name in columns for text in casefold(texts[name]).unique().to_list()}
            found += [f"{option} {value}" for value in sorted(wanted) if casefold_one(value.strip()) not in there]
    return tuple(found)


def _folded(values: frozenset[str]) -> list[str]:
    return [casefold_one(value.strip()) for value in values]


def canonical_names(job: Job, names: frozenset[str]) -> frozenset[str]:
    """What --customer names, by name or alias; a name that nobody knows stays as it is."""
    known = job.customers.lookup()
    return frozenset(known.get(name.strip().casefold(), name.strip()) for name in names)


def _not_queued(chosen: pl.DataFrame, staged: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Without the orders that are staged already as they are, or whose staged version may be on the board."""
    known = staged.select("order_key", "status", "source_hash", staged_customer="customer")
    joined = chosen.join(known, on="order_key", how="left", maintain_order="left")
    fresh = pl.col("status").is_null()
    corrected = (pl.col("source_hash") != pl.col("fingerprint")) & pl.col("status").is_in(
        [*REPLACEABLE, RowStatus.API_SUCCESS.value]
    )
    # A staged order of another customer is withdrawn first, under that customer's lease; the next run stages it anew.
    moved = pl.col("staged_customer").is_not_null() & (pl.col("staged_customer") != pl.col("customer"))
    kept = joined.filter(fresh | (corrected & ~moved))
    return kept.select(chosen.columns), chosen.height - kept.height


_WITHDRAWN = {"stg_id": pl.Int64(), "order_key": pl.String(), "customer": pl.String(), "batch_id": pl.String()}


def _staged_of(job: Job, staged: pl.DataFrame, selection: Selection) -> pl.DataFrame:
    """A run for some customers leaves the others' batches alone."""
    if not selection.customers:
        return staged
    return staged.filter(pl.col("customer").is_in(sorted(canonical_names(job, selection.customers))))


def _withdrawn(detection: Detection, staged: pl.DataFrame, held_now: pl.Series) -> pl.DataFrame:
    """Staged orders, certainly never applied, that the source no longer asks for as they are staged: held by now,
    cancelled, gone, or of another customer. An empty source withdraws nothing: it is more likely a reload."""
    waiting = staged.filter(pl.col("status").is_in(list(REPLACEABLE)))
    if detection.rows.is_empty() or waiting.is_empty():
        return pl.DataFrame(schema=_WITHDRAWN)
    now = detection.rows.select("order_key", "change", now_customer="customer").unique("order_key", keep="first")
    joined = waiting.join(now, on="order_key", how="left", maintain_order="left")
    asked_for = (pl.col("change") == Change.NEW.value) & ~pl.col("order_key").is_in(held_now.to_list())
    same = pl.col("now_customer") == pl.col("customer")
    return joined.filter(~(asked_for & same).fill_null(False)).select(list(_WITHDRAWN))


def guarded_labels(job: Job, orders: pl.DataFrame) -> pl.DataFrame:
    """An error for each value of a guarded column that the board has no label for."""
    parts = []
    for column in job.mapping.sent_columns:
        board = column.board
        if board is None or board.labels is not LabelPolicy.NEVER or not _has_labels(board):
            continue
        known = job.view.labels(board.id) or frozenset()
        values = orders[column.target]
        rows = orders.filter(values.is_not_null() & ~values.is_in(list(known)))
        message = f"column {column.target} of the board has no such label and must not be given one"
        parts.append(
            rows.select(
                pl.col("__row").cast(pl.UInt32),
                pl.lit(column.source).alias("column"),
                pl.lit(Severity.ERROR.value).alias("severity"),
                pl.lit(Cause.GUARDED_LABEL.value).alias("cause"),
                pl.col(column.target).cast(pl.String).alias("found"),
                pl.format("{}: " + message, pl.col(column.target)).alias("message"),
            )
        )
    schema = {
        "__row": pl.UInt32,
        "column": pl.String,
        "severity": pl.String,
        "cause": pl.String,
        "found": pl.String,
        "message": pl.String,
    }
    return pl.concat([pl.DataFrame(schema=schema), *parts])


def _has_labels(column: BoardColumn) -> bool:
    return column.type in (ColumnType.DROPDOWN, ColumnType.STATUS)


def _with_label_flags(job: Job, orders: pl.DataFrame) -> pl.DataFrame:
    """create_labels: only where an allowed column needs a new label; the guarded ones are known good by now."""
    allowed = [
        (column.board, column.target)
        for column in job.mapping.sent_columns
        if column.board is not None and column.board.labels is LabelPolicy.CREATE
    ]
    return orders.with_columns(new_labels(job, orders, allowed).alias("create_labels"))
