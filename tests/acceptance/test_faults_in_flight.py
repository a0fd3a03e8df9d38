"""Whatever happens to a request, the board ends with each order once and production agrees with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.harness import build_house
from tests.proof import differences

from monday_simulator.gateway.faults import Kind, Rule

pytestmark = pytest.mark.usefixtures("each_database")

ROWS = 60
ONE_FAULT = [
    pytest.param(Rule(kind, on=on, nth=1), id=f"{kind}-{on}")
    for kind in (
        Kind.LOST_AFTER,
        Kind.HALF_ANSWER,
        Kind.ERROR_500_BEFORE,
        Kind.ERROR_500_AFTER,
        Kind.HTML_502_AFTER,
        Kind.RESET_BEFORE,
        Kind.THROTTLE_429,
        Kind.LOCKED_423,
    )
    for on in ("create_group", "create_item", "create_subitem")
]


@pytest.mark.parametrize("rule", ONE_FAULT)
def test_one_fault_costs_time_and_nothing_else(tmp_path: Path, rule: Rule) -> None:
    house = build_house(tmp_path, rows=ROWS, customers=2, faults=[rule])
    report = house.run()
    assert report.halted is None
    assert report.unsettled == 0
    assert [record.fault for record in house.simulator.wire_log if record.fault] != []
    assert differences(house) == []


@pytest.mark.parametrize("on", ["create_item", "create_subitem"])
def test_a_request_applied_long_after_its_connection_died_makes_no_second_item(tmp_path: Path, on: str) -> None:
    house = build_house(
        tmp_path, rows=ROWS, customers=2, faults=[Rule(Kind.LATE_APPLY, on=on, nth=1, after_seconds=119)]
    )
    report = house.run()
    assert report.unsettled == 0
    assert differences(house) == []


FOREIGN_KEY = pytest.mark.not_on_babelfish("its foreign keys look for a table of a wrong name in a later run")


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=FOREIGN_KEY), 2, 3, 4, 5])
def test_many_faults_at_once(tmp_path: Path, seed: int) -> None:
    faults = [
        Rule(Kind.LOST_AFTER, on="write", share=0.15, seed=seed),
        Rule(Kind.ERROR_500_BEFORE, on="write", share=0.05, seed=seed + 100, times=2),
        Rule(Kind.RESET_BEFORE, on="any", share=0.1, seed=seed + 200),
        Rule(Kind.HALF_ANSWER, on="any", share=0.05, seed=seed + 300),
        Rule(Kind.THROTTLE_429, on="any", share=0.1, seed=seed + 400),
    ]
    house = build_house(tmp_path, rows=ROWS, customers=3, seed=seed, faults=faults)
    for _ in range(12):
        report = house.run()
        if report.halted is None and not report.unsettled and not report.open_errors:
            break
        # What failed alone too often is given up; a person who knows the network is back says `retry --all`.
        house.requeue_everything()
    assert differences(house) == []


def test_early_finding_ends_the_doubt_long_before_the_quarantine(tmp_path: Path) -> None:
    house = build_house(tmp_path, rows=ROWS, customers=2, faults=[Rule(Kind.LOST_AFTER, on="create_item", nth=1)])
    house.run()
    assert house.clock is not None
    assert house.clock.monotonic() < 5
    assert differences(house) == []


def test_absence_is_believed_only_after_the_quarantine_and_a_second_proof(tmp_path: Path) -> None:
    house = build_house(tmp_path, rows=ROWS, customers=2, faults=[Rule(Kind.RESET_BEFORE, on="create_item", nth=1)])
    house.run()
    times = house.project.settings.times
    assert house.clock is not None
    assert house.clock.monotonic() >= (times.quarantine + times.of("second_proof")).total_seconds()
    assert differences(house) == []


def test_a_bad_row_stays_with_its_cause_and_its_neighbours_go_on(tmp_path: Path) -> None:
    house = build_house(
        tmp_path, rows=ROWS, customers=2, faults=[Rule(Kind.BAD_ALIAS, on="create_item", nth=1, alias=3)]
    )
    report = house.run()
    errors = house.rows(
        "SELECT item_name, order_number, error_type, http_status_code, max_retries_reached, api_payload, original_data "
        "FROM ERR_MON_CustMasterSchedule"
    )
    assert len(errors) == 1
    name, number, kind, status, given_up, payload, original = errors[0]
    assert (kind, status, given_up) == ("REJECTED_VALUE", 200, 1)
    assert number in payload
    assert number in original
    assert report.open_errors == 1
    assert differences(house, without=frozenset({name})) == []


def test_an_order_with_a_failed_size_is_not_promoted_and_takes_up_again_after_a_retry(tmp_path: Path) -> None:
    fault = Rule(Kind.BAD_ALIAS, on="create_subitem", nth=1, alias=2)
    house = build_house(tmp_path, rows=ROWS, customers=2, faults=[fault])
    house.run()
    failed = house.rows("SELECT parent_item_id FROM ERR_MON_CustMasterSchedule_Subitems")
    assert len(failed) == 1
    assert failed[0] not in house.rows('SELECT "Item ID" FROM MON_CustMasterSchedule')
    house.requeue_everything()
    report = house.run()
    assert report.open_errors == 0
    assert differences(house) == []


def test_rows_that_the_server_never_takes_are_given_up_after_two_proofs(tmp_path: Path) -> None:
    house = build_house(tmp_path, rows=10, customers=1, faults=[Rule(Kind.ERROR_500_BEFORE, on="create_item", every=1)])
    for _ in range(8):
        report = house.run()
        if not report.unsettled:
            break
    orders = len([each for each in house.expected if each.fate == "created"])
    given_up = house.rows(
        "SELECT COUNT(*) FROM STG_MON_CustMasterSchedule WHERE stg_status='API_FAILED' AND stg_max_retries_reached=1"
    )
    assert given_up == [(orders,)]
    assert house.rows("SELECT COUNT(*) FROM MON_CustMasterSchedule") == [(0,)]
    assert house.rows("SELECT status FROM MON_BatchProcessing") == [("FAILED",)]
