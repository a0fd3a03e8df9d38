"""What a second run does: nothing where nothing is new, and the rest where something is left."""

from __future__ import annotations

import threading
from pathlib import Path

import polars as pl
import pytest
from tests.harness import House, build_house
from tests.proof import differences

from monday_simulator.gateway.faults import Kind, Rule
from order_sync.model.errors import ForeignItems, RestoredDatabase, UsageError
from order_sync.steps.select import Selection

pytestmark = pytest.mark.usefixtures("each_database")


@pytest.fixture
def house(tmp_path: Path) -> House:
    return build_house(tmp_path, rows=40, customers=2)


def test_a_run_that_selects_nothing_refuses_and_says_how(house: House) -> None:
    with pytest.raises(UsageError, match="nothing is selected") as refusal:
        house.run(Selection())
    assert "--all" in str(refusal.value)
    assert len(house.simulator.wire_log) == 0


def test_a_second_run_makes_no_call_at_all(house: House) -> None:
    house.run()
    before = len(house.simulator.wire_log)
    stored = house.checksum()
    report = house.run()
    assert len(house.simulator.wire_log) == before
    assert report.works == []
    assert house.checksum() == stored


def test_the_limit_takes_some_and_the_next_run_the_rest(house: House) -> None:
    house.run(Selection(everything=True, limit=7))
    assert house.rows("SELECT COUNT(*) FROM MON_CustMasterSchedule") == [(7,)]
    house.run()
    assert differences(house) == []


def test_one_customer_by_an_alias(house: House) -> None:
    name, alias = next(
        (customer.name, customer.aliases[0])
        for customer in house.project.customers.customers
        if any(each.customer == customer.name for each in house.expected) and customer.aliases
    )
    house.run(Selection(customers=frozenset({alias.lower()})))
    assert house.rows('SELECT DISTINCT "CUSTOMER" FROM MON_CustMasterSchedule') == [(name,)]


def test_one_purchase_order(house: House) -> None:
    po = house.rows('SELECT "PO NUMBER" FROM ORDERS_UNIFIED WHERE "PO NUMBER" IS NOT NULL')[0][0]
    house.run(Selection(po=frozenset({po})))
    assert {row[0] for row in house.rows('SELECT "PO NUMBER" FROM MON_CustMasterSchedule')} <= {po.strip(), None}


@pytest.mark.not_on_babelfish("its foreign keys look for a table of a wrong name in the second run")
def test_stopped_in_the_middle_the_next_run_goes_on(house: House) -> None:
    stop = threading.Event()
    calls = 0

    def stop_at_third(name: str, _fields: object) -> None:
        nonlocal calls
        calls += name == "call.done"
        if calls == 3:
            stop.set()

    report = house.run(stop=stop, listener=stop_at_third)
    assert report.stopped
    assert house.rows("SELECT COUNT(*) FROM STG_MON_CustMasterSchedule WHERE stg_status = 'SENDING'") == [(0,)]
    house.run()
    assert differences(house) == []


def test_rows_of_a_process_that_died_are_found_not_sent_again(house: House) -> None:
    with pytest.raises(KeyboardInterrupt):
        house.run(listener=_die_after("call.done", 2))
    assert house.rows("SELECT COUNT(*) FROM STG_MON_CustMasterSchedule_Subitems WHERE stg_status='SENDING'") != [(0,)]
    report = house.run()
    assert report.halted is None
    assert differences(house) == []


def _die_after(event: str, count: int):  # type: ignore[no-untyped-def]
    seen = 0

    def die(name: str, _fields: object) -> None:
        nonlocal seen
        seen += name == event
        if seen == count + 1:
            raise KeyboardInterrupt

    return die


def test_a_corrected_source_replaces_what_was_never_sent(tmp_path: Path) -> None:
    house = build_house(tmp_path, rows=12, customers=1, faults=[Rule(Kind.BAD_ALIAS, on="create_item", nth=1, alias=0)])
    house.run()
    name, style = house.rows("SELECT item_name, STYLE FROM ERR_MON_CustMasterSchedule, STG_MON_CustMasterSchedule")[0]
    frame = house.source()
    house.fill(
        frame.with_columns(
            pl.when(pl.col("CUSTOMER STYLE").str.strip_chars() == style)
            .then(pl.lit("corrected"))
            .otherwise(pl.col("NOTES"))
            .alias("NOTES")
        )
    )
    report = house.run()
    assert report.open_errors == 0
    notes = dict(house.rows('SELECT "Title", NOTES FROM MON_CustMasterSchedule'))
    assert notes[name] == "corrected"
    assert house.rows("SELECT COUNT(*) FROM MON_BatchProcessing") == [(1,)]


def test_a_wiped_database_adopts_what_is_on_the_board(house: House) -> None:
    house.run()
    house.wipe()
    before = len(house.mutations)
    report = house.run()
    assert report.halted is None
    assert len(house.mutations) == before
    assert differences(house) == []


def test_a_board_with_items_of_others_is_refused_until_somebody_says_what_they_are(house: House) -> None:
    house.plant_foreign_item("somebody's own")
    report = house.run()
    assert isinstance(report.halted, ForeignItems)
    assert house.mutations_by_product == []


def test_a_snapshot_newer_than_the_table_halts(house: House) -> None:
    house.run(Selection(everything=True, limit=5))
    kept = house.keep_database()
    house.run()
    house.restore_database(kept)
    with pytest.raises(RestoredDatabase, match="older backup"):
        house.run()


@pytest.mark.parametrize("damage", ["missing", "flipped", "truncated"])
def test_a_bad_snapshot_file_is_rebuilt(house: House, damage: str) -> None:
    house.run()
    path = house.folder / "ORDERS_UNIFIED_SNAPSHOT.parquet"
    whole = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(whole[:100] if damage == "truncated" else whole[:50] + b"\0" + whole[51:])
    calls = len(house.simulator.wire_log)
    house.run()
    assert len(house.simulator.wire_log) == calls
    assert pl.read_parquet(path).height == pl.read_parquet(whole).height


def test_held_orders_are_resolved_by_the_first_run_that_no_longer_finds_the_cause(house: House) -> None:
    frame = house.source()
    wrong = frame.with_columns(
        pl.when(pl.int_range(pl.len()) == 3)
        .then(pl.col("TOTAL QTY") + 1)
        .otherwise(pl.col("TOTAL QTY"))
        .alias("TOTAL QTY")
    )
    house.fill(wrong)
    report = house.run()
    assert report.open_errors == 1
    house.run()
    assert house.rows("SELECT error_type, err_source_rows, resolved_date FROM ERR_MON_CustMasterSchedule") == [
        ("SIZES_SUM", 1, None)
    ]
    house.fill(frame)
    report = house.run()
    assert report.open_errors == 0
    assert differences(house) == []
