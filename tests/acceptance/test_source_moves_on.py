"""The source changes while its orders wait: what was never sent follows it, what was sent is seen to differ."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from tests.harness import House, build_house
from tests.proof import differences

from monday_simulator.gateway.faults import Kind, Rule
from order_sync.model.detection import Change

pytestmark = pytest.mark.usefixtures("each_database")

ORDERS = "STG_MON_CustMasterSchedule"
SIZES = "STG_MON_CustMasterSchedule_Subitems"
HELD = "SELECT COUNT(*) FROM ERR_MON_CustMasterSchedule WHERE error_type = 'SIZES_SUM' AND resolved_date IS NULL"


@dataclass(frozen=True)
class Failed:
    """A size that the board refused, and the order that it belongs to."""

    label: str
    mine: pl.Expr


def house_with_failed_size(folder: Path) -> tuple[House, Failed]:
    house = build_house(folder, rows=6, customers=1, faults=[Rule(Kind.BAD_ALIAS, on="create_subitem", nth=1, alias=0)])
    house.run()
    label, *key = house.rows(
        f'SELECT s.stg_size_label, o."AAG ORDER NUMBER", o.STYLE, o.COLOR FROM {SIZES} s '
        f"JOIN {ORDERS} o ON s.stg_parent_stg_id = o.stg_id WHERE s.stg_status = 'API_FAILED'"
    )[0]
    return house, Failed(label, row_of(*key))


def row_of(number: str, style: str, colour: str) -> pl.Expr:
    parts = (("AAG ORDER NUMBER", number), ("CUSTOMER STYLE", style), ("CUSTOMER COLOUR DESCRIPTION", colour))
    return pl.all_horizontal(*(pl.col(name).str.strip_chars() == text for name, text in parts))


def without(frame: pl.DataFrame, failed: Failed) -> pl.DataFrame:
    """The order without that size, its total in line."""
    total = pl.col("TOTAL QTY").cast(pl.Int64) - pl.col(failed.label).cast(pl.Int64)
    return frame.with_columns(
        pl.when(failed.mine)
        .then(total.cast(frame.schema["TOTAL QTY"]))
        .otherwise(pl.col("TOTAL QTY"))
        .alias("TOTAL QTY"),
        pl.when(failed.mine).then(None).otherwise(pl.col(failed.label)).alias(failed.label),
    )


def test_a_failed_size_that_left_the_source_and_returns_after_promotion_is_a_change(tmp_path: Path) -> None:
    house, failed = house_with_failed_size(tmp_path)
    frame = house.source()
    house.fill(without(frame, failed))
    assert house.run().open_errors == 0
    assert house.rows("SELECT COUNT(*) FROM MON_CustMasterSchedule") == [(frame.height,)]
    house.fill(frame)
    detection = house.run().detection
    assert detection.count(Change.CHANGED) == 1
    assert detection.count(Change.UNCHANGED) == frame.height - 1


def test_a_failed_size_that_left_the_source_and_returns_before_promotion_is_made(tmp_path: Path) -> None:
    house, failed = house_with_failed_size(tmp_path)
    frame = house.source()
    stop = threading.Event()
    house.fill(without(frame, failed))
    # Stopped between staging and promotion.
    house.run(stop=stop, listener=lambda name, _: stop.set() if name == "order.restaged" else None)
    assert house.rows(f"SELECT stg_size_label FROM {SIZES} WHERE stg_status = 'CANCELLED'") == [(failed.label,)]
    house.fill(frame)
    house.run()
    assert differences(house) == []


def interrupted(folder: Path, rows: int = 40) -> House:
    """25 orders are on the board, the others are staged and were not sent."""
    house = build_house(folder, rows=rows, customers=1)
    stop = threading.Event()
    house.run(stop=stop, listener=lambda name, _: stop.set() if name == "item.created" else None)
    assert waiting(house) > 0
    return house


def waiting(house: House) -> int:
    return int(house.rows(f"SELECT COUNT(*) FROM {ORDERS} WHERE stg_status = 'PENDING'")[0][0])


def made(house: House) -> int:
    return sum(item.parent_id is None for item in house.simulator.store.items.values())


def test_a_staged_order_that_is_held_by_now_is_withdrawn_and_its_entry_stays_open(tmp_path: Path) -> None:
    house = interrupted(tmp_path)
    there, left, frame = made(house), waiting(house), house.source()
    total = (pl.col("TOTAL QTY").cast(pl.Int64) + 1).cast(frame.schema["TOTAL QTY"])
    house.fill(frame.with_columns(total.alias("TOTAL QTY")))
    for _ in range(2):
        house.run()
        assert made(house) == there
        assert waiting(house) == 0
        assert house.rows(HELD)[0][0] >= left
    house.fill(frame)
    house.run()
    assert house.rows(HELD) == [(0,)]
    assert differences(house) == []


@pytest.mark.parametrize("how", ["cancelled", "gone"])
def test_a_staged_order_that_the_source_no_longer_asks_for_is_withdrawn(tmp_path: Path, how: str) -> None:
    house = interrupted(tmp_path)
    there, frame = made(house), house.source()
    rule = house.project.mapping.changes.cancelled
    assert rule is not None
    changed = frame.with_columns(pl.lit(rule.values[0]).alias(rule.column)) if how == "cancelled" else frame.head(1)
    house.fill(changed)
    report = house.run()
    assert report.halted is None
    assert made(house) == there
    assert waiting(house) == 0
    assert {status for (status,) in house.rows(f"SELECT stg_status FROM ARC_{ORDERS}")} == {"PROMOTED", "CANCELLED"}
    house.fill(frame)
    house.run()
    assert differences(house) == []


def test_an_empty_source_withdraws_nothing(tmp_path: Path) -> None:
    house = interrupted(tmp_path)
    house.fill(house.source().clear())
    house.run()
    assert house.rows(f"SELECT COUNT(*) FROM ARC_{ORDERS} WHERE stg_status = 'CANCELLED'") == [(0,)]


def test_an_unsent_order_of_a_corrected_customer_is_staged_anew_for_him(tmp_path: Path) -> None:
    house = build_house(tmp_path, rows=6, customers=1, faults=[Rule(Kind.BAD_ALIAS, on="create_item", nth=1, alias=0)])
    house.run()
    title, old, *key = house.rows(
        f'SELECT "Title", stg_customer_batch, "AAG ORDER NUMBER", STYLE, COLOR FROM {ORDERS} '
        "WHERE stg_status = 'API_FAILED'"
    )[0]
    other = next(each.name for each in house.project.customers.customers if each.name != old)
    column = house.project.mapping.source.customer
    frame = house.source()
    corrected = pl.when(row_of(*key)).then(pl.lit(other)).otherwise(pl.col(column)).alias(column)
    house.fill(frame.with_columns(corrected))
    assert house.run().open_errors == 0
    assert house.rows(f"SELECT stg_status FROM {ORDERS}") == []
    assert house.run().open_errors == 0
    customers = dict(house.rows('SELECT "Title", "CUSTOMER" FROM MON_CustMasterSchedule'))
    assert customers[title] == other
    assert len(customers) == made(house) == frame.height
