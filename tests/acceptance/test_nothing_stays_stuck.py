"""Whatever a row or a group meets, it ends: made, given up with a message, or free to be tried again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.harness import House, build_house
from tests.proof import differences

from monday_simulator.gateway.faults import Kind, Rule
from order_sync.run import exit_code
from order_sync.steps.select import Selection

pytestmark = pytest.mark.usefixtures("each_database")

ORDERS = "STG_MON_CustMasterSchedule"
SIZES = "STG_MON_CustMasterSchedule_Subitems"


def statuses(house: House, table: str) -> dict[str, int]:
    return dict(house.rows(f"SELECT stg_status, COUNT(*) FROM {table} GROUP BY stg_status"))


def seasons(folder: Path, rows: int, season: pl.Expr) -> pl.DataFrame:
    """Orders of one customer whose season is as said."""
    return (
        build_house(folder, rows=rows, customers=1, deployed=False)
        .source()
        .with_columns(season.alias("CUSTOMER SEASON"))
    )


NUMBER = pl.int_range(pl.len())


def archive_one(house: House) -> None:
    (item,) = house.rows('SELECT "Item ID" FROM MON_CustMasterSchedule')[0]
    archive(house, item)


def archive(house: House, item: Any) -> None:
    store = house.simulator.store
    store.retire_item(store.item(str(item)), "archived")


def forget_promotions(house: House) -> None:
    with house.job() as job, job.store.engines.write.begin() as conn:
        conn.exec_driver_sql("DELETE FROM MON_OrderSnapshot")


def test_a_refused_order_that_is_retried_does_not_hold_up_the_others(tmp_path: Path) -> None:
    house = build_house(tmp_path, rows=30, customers=1)
    house.run(Selection(everything=True, limit=1))
    archive_one(house)
    forget_promotions(house)
    house.run(Selection(everything=True, limit=1))
    house.requeue_everything()
    report = house.run()
    assert report.interrupted == []
    assert report.unsettled == 0
    assert statuses(house, ORDERS) == {"API_FAILED": 1}
    assert house.rows("SELECT COUNT(*) FROM MON_OrderSnapshot") == [(len(house.expected) - 1,)]


def test_a_refused_order_and_its_neighbours_in_one_batch_do_not_disturb_each_other(tmp_path: Path) -> None:
    house = build_house(tmp_path, rows=30, customers=1)
    house.run()
    archive_one(house)
    forget_promotions(house)
    assert house.run().open_errors == 1
    for _ in range(2):
        house.requeue_everything()
        report = house.run()
        assert report.interrupted == []
        assert report.halted is None
        assert statuses(house, ORDERS) == {"API_FAILED": 1}


def test_sizes_in_doubt_whose_item_was_archived_are_given_up_after_the_quarantine(tmp_path: Path) -> None:
    house = build_house(tmp_path, rows=4, customers=1, faults=[Rule(Kind.RESET_BEFORE, on="create_subitem", nth=1)])
    stop = threading.Event()
    house.run(stop=stop, listener=_stopping(stop, "subitem.in_doubt"))
    parent = f"SELECT o.stg_monday_item_id FROM {ORDERS} o JOIN {SIZES} s ON s.stg_parent_stg_id = o.stg_id"
    archive(house, house.rows(f"{parent} WHERE s.stg_status = 'IN_DOUBT'")[0][0])
    before = len(house.simulator.wire_log)
    report = house.run()
    assert report.unsettled == 0
    assert len(house.simulator.wire_log) - before < 40
    messages = house.rows(
        "SELECT DISTINCT error_message FROM ERR_MON_CustMasterSchedule_Subitems WHERE resolved_date IS NULL "
        "AND error_type = 'REJECTED_ROW'"
    )
    assert ["was archived or deleted" in message for (message,) in messages] == [True]
    assert set(statuses(house, SIZES)) <= {"API_SUCCESS", "API_FAILED"}
    calls = len(house.simulator.wire_log)
    house.run()
    assert len(house.simulator.wire_log) == calls


def _stopping(stop: threading.Event, event: str) -> Callable[[str, object], None]:
    def listen(name: str, _fields: object) -> None:
        if name == event:
            stop.set()

    return listen


@pytest.mark.parametrize("kind", [Kind.ERROR_500_BEFORE, Kind.RESET_BEFORE])
def test_titles_that_differ_by_case_wait_for_the_same_group(tmp_path: Path, kind: Kind) -> None:
    spelt = pl.when(NUMBER % 2 == 0).then(pl.lit("ss27x")).otherwise(pl.lit("SS27X"))
    frame = seasons(tmp_path / "first", 12, spelt)
    house = build_house(
        tmp_path / "house", rows=12, customers=1, frame=frame, faults=[Rule(kind, on="create_group", nth=1)]
    )
    assert exit_code(house.run()) == 0
    assert house.rows("SELECT COUNT(*) FROM MON_CustMasterSchedule") == [(frame.height,)]
    assert house.rows("SELECT status, COUNT(*) FROM MON_Group GROUP BY status") == [("API_SUCCESS", 1)]


def test_a_refused_group_gives_up_its_orders_with_its_own_problem(tmp_path: Path) -> None:
    house = build_house(tmp_path, rows=6, customers=1, faults=[Rule(Kind.BAD_ALIAS, on="create_group", nth=1)])
    report = house.run()
    assert report.unsettled == 0
    given_up = house.rows(
        f"SELECT \"Title\" FROM {ORDERS} WHERE stg_status = 'API_FAILED' AND stg_max_retries_reached = 1"
    )
    errors = house.rows("SELECT item_name, error_message FROM ERR_MON_CustMasterSchedule WHERE resolved_date IS NULL")
    assert given_up != []
    assert sorted(given_up) == sorted((name,) for name, _ in errors)
    assert all(message.startswith("group '") for _, message in errors)
    house.requeue_everything()
    assert exit_code(house.run()) == 0
    assert differences(house) == []


def test_all_groups_of_one_lost_request_settle_in_one_quarantine(tmp_path: Path) -> None:
    season = pl.concat_str(pl.lit("S"), (NUMBER % 6).cast(pl.String))
    frame = seasons(tmp_path / "first", 12, season)
    fault = Rule(Kind.RESET_BEFORE, on="create_group", nth=1)
    house = build_house(tmp_path / "house", rows=12, customers=1, frame=frame, faults=[fault])
    assert exit_code(house.run()) == 0
    assert house.rows("SELECT status, COUNT(*) FROM MON_Group GROUP BY status") == [("API_SUCCESS", 6)]
    times = house.project.settings.times
    assert house.clock is not None
    assert house.clock.monotonic() < (2 * times.quarantine).total_seconds()


def test_errors_of_rows_that_were_found_on_the_board_are_resolved(tmp_path: Path) -> None:
    faults = [Rule(Kind.LOST_AFTER, on=on, nth=1) for on in ("create_item", "create_subitem")]
    house = build_house(tmp_path, rows=12, customers=1, faults=faults)
    report = house.run()
    logged = [house.rows(f"SELECT COUNT(*) FROM ERR_MON_CustMasterSchedule{kind}")[0][0] for kind in ("", "_Subitems")]
    assert 0 not in logged
    assert report.open_errors == 0


def test_errors_of_sizes_that_left_the_source_are_resolved(tmp_path: Path) -> None:
    house = build_house(tmp_path, rows=6, customers=1, faults=[Rule(Kind.BAD_ALIAS, on="create_subitem", nth=1)])
    assert house.run().open_errors == 1
    label, number = house.rows(f"SELECT s.stg_size_label, o.\"AAG ORDER NUMBER\" FROM {SIZES} s JOIN {ORDERS} o "
                               "ON s.stg_parent_stg_id = o.stg_id WHERE s.stg_status = 'API_FAILED'")[0]  # fmt: skip
    style = house.rows(f"SELECT STYLE FROM {ORDERS}")[0][0]
    house.fill(without_size(house.source(), number, style, label))
    assert house.run().open_errors == 0
    assert house.rows("SELECT resolved_by FROM ERR_MON_CustMasterSchedule_Subitems") == [("size left the source",)]


def without_size(frame: pl.DataFrame, number: str, style: str, label: str) -> pl.DataFrame:
    mine = (pl.col("AAG ORDER NUMBER").str.strip_chars() == number) & (
        pl.col("CUSTOMER STYLE").str.strip_chars() == style
    )
    less = pl.col("TOTAL QTY").cast(pl.Int64) - pl.col(label).cast(pl.Int64)
    return frame.with_columns(
        pl.when(mine).then(less.cast(frame.schema["TOTAL QTY"])).otherwise(pl.col("TOTAL QTY")).alias("TOTAL QTY"),
        pl.when(mine).then(None).otherwise(pl.col(label)).alias(label),
    )


def test_rows_that_alone_get_no_certain_answer_are_given_up(tmp_path: Path) -> None:
    house = build_house(tmp_path, rows=1, customers=1, faults=[Rule(Kind.RESET_BEFORE, on="create_item", every=1)])
    for _ in range(6):
        report = house.run()
        if not report.unsettled:
            break
    assert report.unsettled == 0
    given_up = f"SELECT DISTINCT stg_status, stg_max_retries_reached, stg_retry_count FROM {ORDERS}"
    most = house.project.settings.sending.max_retries
    assert house.rows(given_up) == [("API_FAILED", 1, most + 1)]
    assert report.open_errors > 0
    calls = len(house.simulator.wire_log)
    house.run()
    assert len(house.simulator.wire_log) == calls
