"""run, plan, retry and what the other commands say afterwards, against the simulator behind a socket."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from tests.cli_calls import AWAY, called, json_of, real_house, served
from tests.harness import House

from monday_simulator import Rule
from monday_simulator.gateway.faults import Kind
from order_sync.snapshot import write_snapshot_file


@pytest.fixture
def house(tmp_path: Path) -> House:
    return real_house(tmp_path, rows=12, customers=2)


@pytest.fixture
def board(house: House) -> Iterator[dict[str, str]]:
    with served(house) as environment:
        yield environment


def customers(house: House) -> list[str]:
    return sorted({str(each.customer) for each in house.expected})


def test_plan_run_status_tell_one_story(house: House, board: dict[str, str]) -> None:
    planned = json_of(called(house, "plan", "--json", **board))
    assert planned["labels_checked"] is True
    assert planned["changes"]["NEW"] == planned["orders"] == 12
    done = called(house, "run", "--all", "--json", **board)
    assert done.exit_code == 0, done.stderr
    summary = json_of(done)
    assert summary["orders_promoted"] == 12
    assert summary["sizes_created"] == planned["sizes"]
    assert summary["calls"] <= planned["cost"]["calls"] + 3
    status = json_of(called(house, "status", "--json"))
    assert sorted(batch["customer"] for batch in status["batches"]) == customers(house)
    assert {batch["status"] for batch in status["batches"]} == {"COMPLETED"}
    assert {batch["standing"] for batch in status["batches"]} == {"ok"}
    assert status["snapshot"]["orders"] == 12
    assert json_of(called(house, "plan", "--json", **board))["changes"]["UNCHANGED"] == 12


def test_a_second_run_says_that_there_is_nothing_to_send(house: House, board: dict[str, str]) -> None:
    assert called(house, "run", "--all", **board).exit_code == 0
    before = len(house.simulator.wire_log)
    again = called(house, "run", "--all", **board)
    assert again.exit_code == 0
    assert "nothing to send" in again.stdout
    assert len(house.simulator.wire_log) == before


def test_the_tables_that_people_read(house: House, board: dict[str, str]) -> None:
    plan = called(house, "plan", **board).stdout
    for text in ("NEW", "12 sent with", "this one binds", *customers(house)):
        assert text in plan
    run = called(house, "run", "--all", **board)
    for text in ("orders promoted", "calls an order", "12"):
        assert text in run.stdout
    assert "planned: 12 orders" in run.stderr
    status = called(house, "status", "--steps", **board).stdout
    for text in ("COMPLETED", "100.0 %", "staging load", "snapshot:"):
        assert text in status
    assert "nothing is held or failed" in called(house, "errors").stdout


def test_source_columns_may_have_a_dot(house: House, board: dict[str, str]) -> None:
    path = house.folder / "mapping.yaml"
    text = path.read_text(encoding="utf-8")
    with sqlite3.connect(house.folder / "orders.db") as conn:
        for name in ("CUSTOMER STYLE", "CUSTOMER NAME"):
            conn.execute(f'ALTER TABLE ORDERS_UNIFIED RENAME COLUMN "{name}" TO "{name[:-1]}. {name[-1]}"')
            text = text.replace(name, f"{name[:-1]}. {name[-1]}")
    conn.close()
    path.write_text(text, encoding="utf-8")
    done = called(house, "run", "--all", "--json", **board)
    assert done.exit_code == 0, done.stderr
    assert json_of(done)["orders_promoted"] == 12
    assert json_of(called(house, "plan", "--json", **board))["changes"]["UNCHANGED"] == 12


def test_one_customer_by_an_alias_and_a_limit(house: House, board: dict[str, str]) -> None:
    customer = customers(house)[0]
    entry = next(each for each in house.project.customers.customers if each.name == customer)
    done = called(house, "run", "--customer", entry.aliases[0].lower(), "--limit", "2", "--json", **board)
    assert done.exit_code == 0, done.stderr
    summary = json_of(done)
    assert (summary["orders_promoted"], summary["batches"][0]["customer"]) == (2, customer)


def test_a_dry_run_writes_nothing(house: House, board: dict[str, str]) -> None:
    shown = called(house, "run", "--all", "--dry-run", "--json", **board)
    assert shown.exit_code == 0
    assert json_of(shown)["orders"] == 12
    assert house.rows("SELECT COUNT(*) FROM STG_MON_CustMasterSchedule") == [(0,)]
    assert not house.mutations


def test_nothing_selected_is_refused_with_the_way_to_select(house: House) -> None:
    for words in (("run",), ("run", "--dry-run"), ("run", "--limit", "3")):
        refused = called(house, *words)
        assert refused.exit_code == 2
        assert "--customer NAME, --po NUMBER or --season SEASON" in refused.stderr
        assert "--all" in refused.stderr


def test_an_unknown_customer_is_refused_with_the_nearest(house: House, board: dict[str, str]) -> None:
    name = customers(house)[0]
    for words in (("run", "--customer"), ("plan", "--customer"), ("status", "--customer"), ("errors", "--customer")):
        refused = called(house, *words, name[:-1] + "!", **board)
        assert refused.exit_code == 2
        assert "there is no customer" in refused.stderr
        assert name in refused.stderr
    assert not house.mutations


def test_plan_goes_without_a_token_and_says_what_it_could_not_check(house: House) -> None:
    result = called(house, "plan")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.count("the board was not asked") == 1
    planned = json_of(called(house, "plan", "--json"))
    assert (planned["labels_checked"], planned["orders"]) == (False, 12)


def test_plan_goes_without_a_board(house: House) -> None:
    result = called(house, "plan", "--json", **AWAY)
    assert result.exit_code == 0, result.stderr
    assert "could not be asked" in json_of(result)["notes"][0]


def test_a_refused_row_is_shown_and_retried(tmp_path: Path) -> None:
    refusal = Rule(Kind.BAD_ALIAS, on="create_item", nth=1, alias=3)
    house = real_house(tmp_path, rows=12, customers=1, faults=[refusal])
    with served(house) as board:
        first = called(house, "run", "--all", "--json", **board)
        assert first.exit_code == 1
        assert json_of(first)["orders"]["failed"] == 1
        told = json_of(called(house, "errors", "--json"))
        (entry,) = told["entries"]
        assert (entry["kind"], entry["held"], entry["given_up"]) == ("order", False, True)
        assert entry["retry"] == f'order-sync retry --order "{entry["order_number"]}"'
        assert json.loads(entry["sent"])
        text = called(house, "errors").stdout
        assert entry["retry"] in text
        assert "sent" in text
        status = called(house, "status").stdout
        assert "COMPLETED_WITH_ERRORS" in status
        again = called(house, "retry", "--order", entry["order_number"].lower(), "--json", **board)
        assert again.exit_code == 0, again.stderr
        assert json_of(again)["orders_promoted"] == 1
        assert called(house, "errors").stdout.startswith("nothing is held or failed")
        assert json_of(called(house, "errors", "--all", "--json"))["entries"][0]["resolved_by"]
        assert "nothing has failed" in called(house, "retry", "--all", **board).stdout


def test_a_raised_daily_limit_is_for_a_person_to_say(tmp_path: Path) -> None:
    faults = [
        Rule(Kind.BAD_ALIAS, on="create_item", nth=1, alias=3),
        Rule(Kind.THROTTLE_429, on="create_subitem", nth=2, code="DAILY_LIMIT_EXCEEDED", retry_in_seconds=40_000),
    ]
    house = real_house(tmp_path, rows=12, customers=1, faults=faults)
    with served(house) as board:
        assert called(house, "run", "--all", **board).exit_code == 1
        for words in (("run", "--all"), ("retry", "--all")):
            stopped = called(house, *words, **board)
            assert stopped.exit_code == 1
            assert "the account's calls were used up" in stopped.stderr
            assert "order-sync run --all --ignore-daily-limit" in stopped.stderr
        again = called(house, "retry", "--all", "--ignore-daily-limit", **board)
        assert again.exit_code == 0, again.stderr
        assert called(house, "run", "--all", "--ignore-daily-limit", **board).exit_code == 0
        assert json_of(called(house, "status", "--json"))["snapshot"]["orders"] == 12


def test_retry_of_a_batch_by_the_beginning_of_its_id(tmp_path: Path) -> None:
    refusal = Rule(Kind.BAD_ALIAS, on="create_subitem", nth=1, alias=0)
    house = real_house(tmp_path, rows=6, customers=1, faults=[refusal])
    with served(house) as board:
        assert called(house, "run", "--all", **board).exit_code == 1
        (batch,) = json_of(called(house, "status", "--json"))["batches"]
        beginning = batch["batch_id"][:8]
        (entry,) = json_of(called(house, "errors", "--batch", beginning, "--json"))["entries"]
        assert (entry["kind"], bool(entry["size"])) == ("size", True)
        again = called(house, "retry", "--batch", beginning, **board)
        assert again.exit_code == 0, again.stderr
        (batch,) = json_of(called(house, "status", "--json"))["batches"]
        assert (batch["status"], batch["success_percent"]) == ("COMPLETED", 100.0)


def test_what_cannot_be_retried_says_why(house: House, board: dict[str, str]) -> None:
    for words in (("retry",), ("retry", "--all", "--order", "X")):
        refused = called(house, *words, **board)
        assert refused.exit_code == 2
        assert "one of --batch ID, --order NUMBER, --all" in refused.stderr
    unknown = called(house, "retry", "--order", "NOPE-1", **board)
    assert unknown.exit_code == 2
    assert "no order 'NOPE-1' is staged or held" in unknown.stderr
    batch = called(house, "retry", "--batch", "zz", **board)
    assert batch.exit_code == 2
    assert "no batch begins with" in batch.stderr


def test_held_orders_are_told_with_their_way_out(tmp_path: Path) -> None:
    house = real_house(tmp_path, rows=120, customers=3, dirt=0.2)
    held = {cause for each in house.expected for cause in each.causes if each.fate == "held"}
    with served(house) as board:
        done = called(house, "run", "--all", "--json", **board)
        assert done.exit_code == 1
        assert {group["cause"] for group in json_of(done)["held"]} == held
        report = json_of(called(house, "errors", "--json"))
        assert {group["cause"] for group in report["groups"]} == held
        entry = next(each for each in report["entries"] if each["held"] and each["order_number"])
        retried = called(house, "retry", "--order", entry["order_number"], **board)
        assert retried.exit_code == 1
        assert "held, not failed" in retried.stdout
        only = json_of(called(house, "errors", "--cause", entry["cause"].lower(), "--json"))
        assert {each["cause"] for each in only["entries"]} == {entry["cause"]}
        assert "correct the source" in called(house, "errors").stdout
        planned = json_of(called(house, "plan", "--json", **board))
        assert planned["orders"] == 0
        assert sum(each["rows"] for each in planned["held"]) >= len(report["entries"])


def test_every_command_counts_the_same_held_rows(tmp_path: Path) -> None:
    house = real_house(tmp_path, rows=120, customers=3, dirt=0.3)
    rows = sum(each.fate == "held" for each in house.expected)
    with served(house) as board:
        assert f"held in all {rows} " in " ".join(called(house, "plan", **board).stdout.split())
        done = called(house, "run", "--all", **board)
        assert f"; {rows} rows held" in done.stderr
        assert f" held {rows} " in " ".join(done.stdout.split())
        again = called(house, "retry", "--all", **board)
    for told in (done, again, called(house, "status"), called(house, "errors")):
        assert f"{rows} source rows" in told.stdout


def test_a_customer_that_another_process_holds_is_skipped_and_its_holder_named(
    house: House, board: dict[str, str]
) -> None:
    first, second = customers(house)
    with house.job() as other:
        other.store.leases.acquire(f"customer:{first}")
        # Patience lasts one lease: three seconds here.
        lease = {"ORDER_SYNC_TIMES__LEASE_TTL": "300", "ORDER_SYNC_TIMES__LEASE_BEAT": "50"}
        done = called(house, "run", "--all", **{**board, **lease})
        status = called(house, "status").stdout
    assert done.exit_code == 1, done.stderr
    assert f"skipped: customer:{first} is held by process" in done.stdout
    assert f"promoted: {sum(each.customer == second for each in house.expected)} orders of {second}" in done.stderr
    assert "at work: " in status
    assert first in status


def test_a_stopped_board_halts_the_run_and_says_what_to_do(house: House) -> None:
    done = called(house, "run", "--all", **AWAY)
    assert done.exit_code == 3
    assert "monday.com did not answer" in done.output
    assert "next:" in done.output


def test_a_refused_token_halts_and_names_the_token(tmp_path: Path) -> None:
    house = real_house(tmp_path, rows=3, customers=1, token="another-token")
    with served(house) as board:
        done = called(house, "run", "--all", **board)
        assert done.exit_code == 3
        assert "refuses the token" in done.output
        checked = called(house, "check", **board)
        assert checked.exit_code == 2
        assert "refuses the token" in checked.stdout


def test_after_a_restore_everything_says_rebuild(house: House, board: dict[str, str]) -> None:
    assert "generation 0" in called(house, "snapshot", "show").stdout
    assert called(house, "run", "--all", "--limit", "3", **board).exit_code == 0
    shown = json_of(called(house, "snapshot", "show", "--json"))
    assert (shown["orders"], shown["file_standing"]) == (3, "same")
    path = house.folder / "ORDERS_UNIFIED_SNAPSHOT.parquet"
    write_snapshot_file(path, pl.read_parquet(path), shown["generation"] + 5)
    restored = called(house, "snapshot", "show").stdout
    assert "restored from an older backup" in restored
    assert "order-sync snapshot rebuild" in restored
    assert "a run would halt" in called(house, "plan", **board).stdout
    halted = called(house, "run", "--all", **board)
    assert halted.exit_code == 3
    assert "order-sync snapshot rebuild" in halted.output
    rebuilt = called(house, "snapshot", "rebuild", **board)
    assert rebuilt.exit_code == 0, rebuilt.stderr
    assert "3 items with our key" in rebuilt.stdout
    assert json_of(called(house, "snapshot", "show", "--json"))["file_standing"] == "same"
    assert called(house, "run", "--all", **board).exit_code == 0
