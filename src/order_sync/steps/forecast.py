"""What a run of this selection would do and cost: detected and transformed like a run, then only told."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

import polars as pl

from order_sync.model.causes import MEANING, Cause
from order_sync.model.detection import Change
from order_sync.model.errors import BoardMismatch, OrderSyncError
from order_sync.model.states import RowStatus
from order_sync.model.texts import clean
from order_sync.monday.budget import PlanLimits, plan_limits
from order_sync.monday.documents import GROUP_POINTS, ITEM_POINTS, SUBITEM_POINTS
from order_sync.monday.items import Me
from order_sync.reports.batches import open_rows
from order_sync.reports.forecast import Begun, Cost, CustomerForecast, Forecast, HeldForecast, Limit
from order_sync.reports.status import due_again
from order_sync.steps.detect import Detection, detect
from order_sync.steps.job import Job
from order_sync.steps.look_up import KEYS
from order_sync.steps.restored import check_snapshot_file
from order_sync.steps.select import Plan, Selection, prepare, unmatched
from order_sync.store.ledger.batches import unfinished
from order_sync.store.ledger.boards import board_decision
from order_sync.store.ledger.groups import known_groups, title_key
from order_sync.store.ledger.speed import seconds_a_mutation

T = TypeVar("T")

FIXED_READS: Final = 3  # the user, the board, its subitem board
ASSUMED_SECONDS: Final = 0.83  # a create_item in recordings of the real service; used where nothing was measured


def forecast(job: Job, selection: Selection, *, ask_board: bool = True) -> Forecast:
    """Writes nothing. `ask_board`: up to three questions, for labels, groups and the limits of the plan."""
    notes: list[str] = []
    detection = detect(job)
    plan = _plan(job, detection, selection, notes) if ask_board else None
    if plan is None:
        plan = prepare(job, detection, selection, ask_board=False)
    if not ask_board and plan.orders.height:
        notes.append("the board was not asked, so its labels and limits are not checked")
    me = _told(notes, job.view.me) if plan.labels_checked else None
    customers = _customers(job, plan)
    notes += [f"no source row matches {option}" for option in unmatched(job, detection, selection)]
    _warn(job, plan, notes)
    new = detection.count(Change.NEW)
    held_new = plan.held_issues["__row"].n_unique()
    return Forecast(
        source_rows=detection.source.height,
        changes={change.value: detection.count(change) for change in Change},
        orders=plan.orders.height,
        sizes=plan.sizes.height,
        queued=plan.queued,
        left_out=max(0, new - plan.queued - held_new - plan.orders.height),
        held=held_causes(job, detection, plan),
        customers=customers,
        cost=_cost(job, customers, me),
        begun=_begun(job),
        labels_checked=plan.labels_checked,
        notes=tuple(notes),
    )


def _plan(job: Job, detection: Detection, selection: Selection, notes: list[str]) -> Plan | None:
    return _told(notes, lambda: prepare(job, detection, selection))


def _told(notes: list[str], ask: Callable[[], T]) -> T | None:
    """A plan does not fail because the board cannot be asked: it says so."""
    try:
        return ask()
    except BoardMismatch as error:
        notes.append(f"a run would refuse: {error.what}; labels and limits are not checked")
        return None
    except OrderSyncError as error:
        notes.append(f"the board could not be asked, so labels and limits are not checked: {error.what}")
        return None


def _warn(job: Job, plan: Plan, notes: list[str]) -> None:
    """What would stop the run, although there is something to do."""
    try:
        check_snapshot_file(job)
    except OrderSyncError as error:
        notes.append(f"a run would halt: {error.what} ({error.next_step})")
    with job.store.reading() as conn:
        decided = board_decision(conn, job.store.tables, job.board_id)
    if plan.labels_checked and decided is None and job.view.describe().items_count:
        notes.append("the board holds items; the first run refuses if they lack our key: check --accept-foreign-items")


def held_causes(job: Job, detection: Detection, plan: Plan) -> tuple[HeldForecast, ...]:
    """Source rows that are held, by cause; a row with two causes counts under both."""
    name = job.mapping.source.order_number
    source = detection.source.select(name)
    numbers = clean(source, [name]).select(source["__row"], pl.col(name).alias("number"))
    by_key = detection.rows.filter(pl.col("change") == Change.HELD.value)
    causes = pl.concat(
        [
            by_key.select(pl.col("__row").cast(pl.UInt32), "cause"),
            plan.held_issues.select(pl.col("__row").cast(pl.UInt32), "cause"),
        ]
    ).unique(maintain_order=True)
    found = (
        causes.join(numbers, on="__row", how="left", maintain_order="left")
        .group_by("cause", maintain_order=True)
        .agg(pl.len().alias("rows"), pl.col("number").drop_nulls().first())
        .sort("rows", "cause", descending=[True, False])
    )
    return tuple(HeldForecast(cause, MEANING[Cause(cause)], rows, number) for cause, rows, number in found.iter_rows())


def _customers(job: Job, plan: Plan) -> tuple[CustomerForecast, ...]:
    """Largest first."""
    with job.store.reading() as conn:
        known = known_groups(conn, job.store.tables, job.board_id)
    there = {key for key, row in known.items() if row.status is RowStatus.API_SUCCESS}
    if plan.labels_checked:
        there |= {title_key(group.title) for group in job.view.describe().groups}
    sizes = plan.sizes.group_by("__row").len("sizes")
    orders = plan.orders.select("__row", "customer", "Group")
    orders = orders.join(sizes, on="__row", how="left", maintain_order="left").with_columns(
        pl.col("sizes").fill_null(0)
    )
    parts = orders.partition_by("customer", maintain_order=True) if orders.height else []
    found = [_customer(job, part, there) for part in parts]
    return tuple(sorted(found, key=lambda each: (-each.orders, each.customer)))


def _customer(job: Job, orders: pl.DataFrame, there: set[str]) -> CustomerForecast:
    """A wave's items go together, then all its sizes; before them the groups that it is the first to need."""
    sending = job.settings.sending
    titles = orders["Group"].unique(maintain_order=True).to_list()
    fresh = [title for title in titles if title_key(title) not in there]
    numbered = orders.with_columns(wave=pl.int_range(pl.len()) // sending.wave)
    waves = numbered.group_by("wave").agg(pl.len().alias("orders"), pl.col("sizes").sum())
    first_waves = numbered.unique("Group", keep="first").filter(pl.col("Group").is_in(fresh))["wave"]
    item_calls = sum(math.ceil(count / sending.batch_size) for count in waves["orders"])
    size_calls = sum(math.ceil(count / sending.batch_size) for count in waves["sizes"])
    group_calls, look_ups = first_waves.n_unique(), math.ceil(orders.height / KEYS)
    return CustomerForecast(
        customer=orders["customer"][0],
        orders=orders.height,
        sizes=int(orders["sizes"].sum()),
        groups=len(titles),
        new_groups=len(fresh),
        item_calls=item_calls,
        size_calls=size_calls,
        group_calls=group_calls,
        look_ups=look_ups,
        calls=item_calls + size_calls + group_calls + look_ups,
    )


def _cost(job: Job, customers: tuple[CustomerForecast, ...], me: Me | None) -> Cost:
    orders = sum(each.orders for each in customers)
    sizes = sum(each.sizes for each in customers)
    groups = sum(each.new_groups for each in customers)
    reads = sum(each.look_ups for each in customers) + (FIXED_READS if orders else 0)
    writes = sum(each.calls - each.look_ups for each in customers)
    points = orders * ITEM_POINTS + sizes * SUBITEM_POINTS + groups * GROUP_POINTS
    allowed = plan_limits(me.tier, trial=me.trial) if me else PlanLimits()
    limits = _limits(job, allowed, writes + reads, points, customers, "" if me else ", assumed")
    binding = max(limits, key=lambda limit: limit.minutes)
    return Cost(
        calls=writes + reads,
        calls_per_order=round((writes + reads) / orders, 3) if orders else None,
        item_calls=sum(each.item_calls for each in customers),
        size_calls=sum(each.size_calls for each in customers),
        group_calls=sum(each.group_calls for each in customers),
        read_calls=reads,
        points=points,
        minutes=round(binding.minutes, 2),
        binding=binding.name,
        limits=limits,
        days=math.ceil((writes + reads) / allowed.calls_per_day),
    )


def _limits(
    job: Job, plan: PlanLimits, calls: int, points: int, customers: Sequence[CustomerForecast], assumed: str
) -> tuple[Limit, ...]:
    """The lane: one request after the other, as long as the server takes for each mutation in it. Several lanes share
    the customers, but a customer has one."""
    with job.store.reading() as conn:
        measured = seconds_a_mutation(conn, job.store.tables)
    item, size = (measured.get(each, ASSUMED_SECONDS) for each in ("create_items", "create_subitems"))
    each_takes = [(customer.orders * item + customer.sizes * size) / 60 for customer in customers]
    lanes = job.settings.sending.lanes
    lane = max(sum(each_takes) / lanes, max(each_takes, default=0.0))
    source = ("measured" if measured else "assumed") + (f", {lanes} lanes" if lanes > 1 else "")
    return (
        Limit("points", points / plan.points_per_minute, f"{plan.points_per_minute:,} points a minute{assumed}"),
        Limit("calls", calls / plan.calls_per_minute, f"{plan.calls_per_minute:,} calls a minute{assumed}"),
        Limit("lane", lane, f"{item:.2g} s an order, {size:.2g} s a size, {source}"),
    )


def _begun(job: Job) -> Begun:
    with job.store.reading() as conn:
        batches = unfinished(conn, job.store.tables, None, job.clock.now())
        orders, sizes = open_rows(conn, job.store.tables)
        due, _ = due_again(conn, job.store.tables)
    return Begun(
        batches=len(batches),
        customers=tuple(sorted({batch.customer for batch in batches})),
        orders=orders.waiting + orders.in_doubt if batches else 0,
        sizes=sizes.waiting + sizes.in_doubt if batches else 0,
        due_rows=due,
    )
