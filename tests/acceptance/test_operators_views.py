"""What an operator reads off the views is what the commands tell."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.harness import House, build_house

from monday_simulator.gateway.faults import Kind, Rule
from order_sync.reports.errors import ErrorEntry, ErrorFilter, error_report

pytestmark = pytest.mark.usefixtures("each_database")

REFUSED = Rule(kind=Kind.BAD_ALIAS, on="create_item", nth=2, code="ColumnValueException")
KEPT = "[sweeping]\nkeep_days = 7\n"


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Promoted and archived orders, some that are held, one that the board has refused."""
    made = build_house(tmp_path, rows=30, customers=2, dirt=0.3, faults=[REFUSED])
    made.run()
    return made


def entries(house: House) -> tuple[ErrorEntry, ...]:
    with house.job() as job, job.store.reading() as conn:
        return error_report(conn, job.store.tables, ErrorFilter()).entries


def shown(house: House, view: str, where: str = "1 = 1") -> list[dict[str, Any]]:
    return house.records(f"SELECT * FROM {view} WHERE {where}")


def told(entry: ErrorEntry) -> tuple[Any, ...]:
    status = "HELD" if entry.held else entry.row_status and entry.row_status.value
    return (
        *(entry.kind, entry.customer, entry.order_number, entry.name, entry.size, entry.cause, entry.message),
        *(entry.severity, entry.http_status, entry.retries, entry.source_rows, entry.error_id, status),
    )


def read(row: dict[str, Any]) -> tuple[Any, ...]:
    names = "kind customer_name order_number item_name size_label cause message severity http_status_code"
    return tuple(row[name] for name in f"{names} retry_count source_rows error_id status".split())


def test_open_errors_are_those_of_the_command(house: House) -> None:
    wanted = entries(house)
    assert {entry.held for entry in wanted} == {True, False}, "the run has left errors of both sorts"
    rows = shown(house, "VW_MON_OpenErrors")
    assert sorted(map(read, rows), key=repr) == sorted(map(told, wanted), key=repr)


def test_a_row_that_failed_again_is_one_error_since_its_first_failure(tmp_path: Path) -> None:
    again = Rule(kind=Kind.BAD_ALIAS, on="create_item", every=1, code="ColumnValueException")
    house = build_house(tmp_path, rows=1, customers=1, faults=[again])
    house.run()
    (first, *_) = house.rows("SELECT MIN(created_date) FROM ERR_MON_CustMasterSchedule")[0]
    house.requeue_everything()
    house.run()
    assert house.rows("SELECT COUNT(*) FROM ERR_MON_CustMasterSchedule") == [(2,)]
    rows = shown(house, "VW_MON_OpenErrors")
    assert sorted(map(read, rows), key=repr) == sorted(map(told, entries(house)), key=repr)
    assert [row["open_since"] for row in rows] == [first]
    assert all(row["last_seen"] >= first and row["max_retries_reached"] for row in rows)


def test_the_trace_says_where_every_order_is(house: House) -> None:
    rows = shown(house, "VW_MON_OrderTrace", "kind = 'order'")
    places = Counter((row["place"], row["status"]) for row in rows)
    staged = house.rows("SELECT COUNT(*) FROM STG_MON_CustMasterSchedule WHERE stg_status = 'API_FAILED'")
    archived = house.rows("SELECT COUNT(*) FROM ARC_STG_MON_CustMasterSchedule WHERE stg_status = 'PROMOTED'")
    assert places[("STAGING", "API_FAILED")] == staged[0][0] == 1
    assert places[("ARCHIVE", "PROMOTED")] == archived[0][0] > 10
    assert places[("HELD", "HELD")] == sum(entry.held for entry in entries(house))
    assert sum(places.values()) == len(rows)


def test_the_trace_leads_from_an_order_number_to_the_item_and_the_call(house: House) -> None:
    columns = '"AAG ORDER NUMBER", "Item ID", "Title"'
    for number, item, title in house.rows(f"SELECT {columns} FROM MON_CustMasterSchedule"):
        found = shown(house, "VW_MON_OrderTrace", f"order_number = '{number}' AND item_name = '{title}'")
        (order,) = [row for row in found if row["live_item_id"] == int(item)]
        assert (order["place"], order["identity_state"], order["batch_status"] is None) == (
            "ARCHIVE",
            "PROMOTED",
            False,
        )
        assert order["generation"] == 1
        assert order["http_status_code"] == 200
        assert "Created" in order["answer"]
        assert order["answered_at"] >= order["sent_at"]
        sizes = shown(house, "VW_MON_OrderTrace", f"kind = 'size' AND order_key = '{order['order_key']}'")
        recorded = house.rows(
            f"SELECT \"subitem_id\" FROM MON_CustMasterSchedule_Subitems WHERE parent_item_id = '{item}'"
        )
        assert sorted(str(size["live_item_id"]) for size in sizes) == sorted(str(each) for (each,) in recorded)


def test_the_trace_of_a_refused_order_tells_what_the_board_said(house: House) -> None:
    (row,) = shown(house, "VW_MON_OrderTrace", "status = 'API_FAILED'")
    (entry,) = [each for each in entries(house) if not each.held]
    assert (row["cause"], row["message"]) == (entry.cause, entry.message)
    assert row["live_item_id"] is None
    assert row["last_request_id"] in {request for (request,) in house.rows("SELECT request_id FROM MON_ApiCall")}


def test_promoted_orders_that_are_kept_in_staging_are_traced_there(tmp_path: Path) -> None:
    house = build_house(tmp_path, rows=5, customers=1, settings=KEPT)
    house.run()
    rows = shown(house, "VW_MON_OrderTrace")
    assert {(row["place"], row["status"]) for row in rows} == {("STAGING", "PROMOTED")}
    assert Counter(row["kind"] for row in rows)["order"] == 5
    assert None not in {row["live_item_id"] for row in rows}
