"""Every older version becomes today's, with its rows, once or twice; how it looked then stands beside this file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Table, func, insert, select, text
from tests.contract.conftest import ManualClock
from tests.databases import spelled

from order_sync.model.errors import SchemaError, SchemaMismatch
from order_sync.model.ids import BoardId, RequestId
from order_sync.model.states import RowStatus
from order_sync.reports.chain import check_chain
from order_sync.reports.differences import schema_differences
from order_sync.store.deploy import ddl, deploy, standing
from order_sync.store.engine import Engines
from order_sync.store.ledger.chain import CALL, alone
from order_sync.store.migrations import MIGRATIONS, NEWEST
from order_sync.store.migrations import note as noted
from order_sync.store.tables import Tables
from order_sync.wiring import require_deployed

OLDER = Path(__file__).with_name("older")
VERSIONS = range(1, NEWEST)
BATCH = UUID(int=7)
REQUEST = RequestId("00000000-0000-4000-8000-000000000001")


def statements_of(version: int, dialect: str) -> list[str]:
    """The tables as that version made them: each file holds those that were new or other than before."""
    tables: dict[str, str] = {}
    for each in range(1, version + 1):
        for part in re.split(
            r"^-- ", (OLDER / f"v{each}.{dialect}.sql").read_text(encoding="utf-8"), flags=re.MULTILINE
        )[1:]:
            name, _, sql = part.partition("\n")
            tables[name] = sql
    later = ("MON_SyncIdentity", "MON_ApiCall", "STG_MON_CustMasterSchedule")  # parents first
    order = sorted(tables, key=lambda name: (name not in later, name))
    return [each for name in order for each in re.split(r";$", tables[name], flags=re.MULTILINE) if each.strip()]


def make(engines: Engines, version: int) -> None:
    with engines.write.begin() as conn:
        for statement in statements_of(version, engines.dialect):
            conn.exec_driver_sql(statement.replace("[EX-FTY [a]]b]", f"[{spelled('EX-FTY [a]b').replace(']', ']]')}]"))


def fill(engines: Engines, tables: Tables, clock: ManualClock) -> None:
    """Some rows of the version before the first migration: only columns that it had."""
    now = clock.now()
    with engines.write.begin() as conn:
        put = [
            (tables.batches, {"batch_id": BATCH, "customer_name": "NOVA PEAK", "batch_type": "FULL_BATCH"}),
            (tables.staging, {"stg_batch_id": BATCH, "stg_sync_key": "a-g1", "AAG ORDER NUMBER": "N-1", "Title": "T"}),
            (tables.staging, {"stg_batch_id": BATCH, "stg_sync_key": "a-g1", "stg_status": RowStatus.PROMOTED}),
            (tables.calls, {"request_id": REQUEST, "batch_id": BATCH, "board": "42", "op": "create_item",
                            "body_sha256": "0" * 64, "created_at": now}),
            (tables.call_rows, {"request_id": REQUEST, "alias": "a0", "kind": "item", "row_id": 1, "sync_key": "a-g1"}),
            (tables.call_results, {"request_id": REQUEST, "seq": 1, "http_status": 200, "created_at": now}),
            (tables.call_bodies, {"sha256": "0" * 64, "body": "{}"}),
            (tables.snapshot, {"order_key": "1" * 64, "source_hash": "2" * 64, "encoding_version": 1}),
        ]  # fmt: skip
        for table, values in put:
            conn.execute(insert(table).values(values))
        conn.execute(
            text(f"INSERT INTO {'dbo.' * (engines.dialect == 'mssql')}MON_OrphanItem (board, item_id, created_date) "
                 "VALUES ('42', 5, '2026-01-01T00:00:00')")
        )  # fmt: skip


def rows(engines: Engines, names: list[str], tables: Tables) -> dict[str, list[dict[str, Any]]]:
    """Of every table, by column; only columns that were there at the time are asked for by the caller."""
    by_name = {table.name: table for table in tables.all()}
    with engines.read.begin() as conn:
        return {name: [dict(row) for row in conn.execute(select(by_name[name])).mappings()] for name in names}


@pytest.fixture
def older(engines: Engines, tables: Tables, clock: ManualClock, request: pytest.FixtureRequest) -> int:
    """A database of that version with rows in it."""
    make(engines, request.param)
    fill(engines, tables, clock)
    return request.param


every_version = pytest.mark.parametrize("older", VERSIONS, indirect=True)


@every_version
def test_an_older_version_is_recognised_by_its_shape_and_named_with_its_command(
    engines: Engines, tables: Tables, older: int
) -> None:
    assert standing(engines, tables).version == older
    with pytest.raises(SchemaError, match=f"of version {older}, this program works with {NEWEST}") as told:
        require_deployed(engines, tables)
    assert "order-sync schema deploy" in str(told.value)


@every_version
def test_an_older_version_becomes_todays_with_its_rows(engines: Engines, tables: Tables, older: int) -> None:
    deploy(engines, tables)
    assert standing(engines, tables).version == NEWEST
    require_deployed(engines, tables)
    report = schema_differences(engines, tables)
    assert report.needed == ()
    kept = rows(engines, [table.name for table in tables.all()], tables)
    assert [row["customer_name"] for row in kept["MON_BatchProcessing"]] == ["NOVA PEAK"]
    assert [(row["AAG ORDER NUMBER"], row["Title"]) for row in kept["STG_MON_CustMasterSchedule"]] == [
        ("N-1", "T"),
        (None, None),
    ]
    assert [(row["alias"], row["kind"], row["row_id"]) for row in kept["MON_ApiCallRow"]] == [("a0", "item", 1)]
    assert [row["mapping_hash"] for row in kept["MON_OrderSnapshot"]] == [None]
    assert [(row["item_id"], row["resolution"]) for row in kept["MON_OrphanItem"]] == [(5, None)]
    assert [row["version"] for row in kept["MON_SchemaVersion"]] == list(range(1, NEWEST + 1))


@every_version
def test_upgrading_twice_does_nothing_more(engines: Engines, tables: Tables, older: int) -> None:
    deploy(engines, tables)
    names = [table.name for table in tables.all()]
    before = rows(engines, names, tables)
    assert deploy(engines, tables) == []
    assert rows(engines, names, tables) == before


@every_version
@pytest.mark.not_on_babelfish("its catalogue tells no conditions of indexes, so that a new one is not missed")
def test_the_new_rules_hold_after_an_upgrade(engines: Engines, tables: Tables, older: int) -> None:
    deploy(engines, tables)
    with engines.write.begin() as conn:
        conn.execute(insert(tables.call_rows).values(request_id=REQUEST, alias="a1", kind="orphan"))
        for _ in range(2):  # rows of others, without a key of ours
            conn.execute(insert(tables.staging).values(stg_batch_id=BATCH))
        conn.execute(insert(tables.orphans).values(item_id=6, created_date=ManualClock().now(), resolution="LEFT"))


@pytest.mark.parametrize("older", [1, 2], indirect=True)
def test_calls_from_before_the_chain_are_chained(engines: Engines, tables: Tables, older: int) -> None:
    deploy(engines, tables)
    with engines.read.begin() as conn:
        report = check_chain(conn, tables)
    assert [(head.board, head.entries) for head in report.heads] == [("42", 2)]
    assert [each for each in report.breaks if "body" not in each.what] == []


@pytest.mark.parametrize("older", [3, 4, 5], indirect=True)
def test_a_call_that_went_missing_from_the_chain_is_not_put_back(engines: Engines, tables: Tables, older: int) -> None:
    """The upgrade from version 2 alone may chain what is there: later, a call outside the chain is a finding."""
    deploy(engines, tables)
    with engines.read.begin() as conn:
        assert conn.scalar(select(func.count()).select_from(tables.chain)) == 0
        assert check_chain(conn, tables).breaks


def test_an_upgrade_that_breaks_off_leaves_the_older_version(
    engines: Engines, tables: Tables, clock: ManualClock, store_url: str
) -> None:
    if not store_url.startswith("sqlite"):
        pytest.skip("the trigger is SQLite's")
    make(engines, 2)
    fill(engines, tables, clock)
    with engines.write.begin() as conn:  # nobody can copy the rows of calls
        conn.exec_driver_sql("INSERT INTO MON_ApiBody (sha256, body) VALUES ('x', 'y')")
        conn.exec_driver_sql("PRAGMA ignore_check_constraints=ON")
        conn.exec_driver_sql(f"INSERT INTO MON_ApiCallRow (request_id, alias, kind) VALUES ('{REQUEST}', 'b', 'odd')")
        conn.exec_driver_sql("PRAGMA ignore_check_constraints=OFF")
    with pytest.raises(Exception, match="CK_MON_ApiCallRow_kind"):
        deploy(engines, tables)
    assert standing(engines, tables).version == 2
    with engines.read.begin() as conn:
        kept = conn.exec_driver_sql("SELECT alias FROM MON_ApiCallRow ORDER BY alias").scalars().all()
        names = conn.exec_driver_sql("SELECT name FROM sqlite_master WHERE name IN ('MON_ApiChain')").all()
    assert (kept, names) == (["a0", "b"], [])


def test_a_new_database_is_of_the_newest_version(engines: Engines, tables: Tables) -> None:
    assert standing(engines, tables).version == 0
    deploy(engines, tables)
    assert standing(engines, tables).version == NEWEST


def test_a_newer_database_is_left_alone(engines: Engines, deployed: Tables, clock: ManualClock) -> None:
    with engines.write.begin() as conn:
        conn.execute(
            insert(deployed.versions).values(version=NEWEST + 1, applied_at=clock.now(), what="something later")
        )
    for act in (deploy, require_deployed):
        with pytest.raises(SchemaError, match=f"of version {NEWEST + 1}, this program knows {NEWEST}") as told:
            act(engines, deployed)
        assert "newer Order Sync" in str(told.value)
    assert isinstance(told.value, SchemaError)
    assert issubclass(SchemaMismatch, SchemaError)


def test_a_chain_from_after_is_not_chained_again(engines: Engines, deployed: Tables, clock: ManualClock) -> None:
    with engines.write.begin() as conn:
        conn.execute(
            insert(deployed.calls).values(
                request_id=REQUEST, board="42", op="x", body_sha256="0" * 64, created_at=clock.now()
            )
        )
        with alone(conn, deployed, BoardId("42")) as end:
            end.link(REQUEST, CALL, "c" * 64)
    deploy(engines, deployed)
    with engines.read.begin() as conn:
        assert conn.scalars(select(deployed.chain.c.content_sha256)).all() == ["c" * 64]


def test_the_migrations_are_numbered_without_a_gap_and_say_why() -> None:
    assert [each.number for each in MIGRATIONS] == list(range(1, NEWEST + 1))
    assert all(20 < len(each.why) <= 400 and each.why.endswith(".") for each in MIGRATIONS)


def test_every_table_comes_from_a_migration(tables: Tables) -> None:
    made = {change.table.name for each in MIGRATIONS for change in each.changes(tables)}
    assert made == {table.name for table in tables.all()}


def test_who_upgraded_and_when_is_written_down(engines: Engines, deployed: Tables) -> None:
    versions: Table = deployed.versions
    with engines.read.begin() as conn:
        found = conn.execute(select(versions).order_by(versions.c.version)).all()
    assert [row.what for row in found] == [each.why for each in MIGRATIONS]
    assert all(row.applied_by and row.applied_at.tzinfo is not None for row in found)
    with engines.write.begin() as conn:  # a second note changes nothing
        conn.execute(noted(deployed, MIGRATIONS[0], conn.dialect), {"by": "another"})
        assert conn.scalar(select(func.count()).select_from(versions)) == NEWEST


@every_version
@pytest.mark.not_on_babelfish("the script asks for indexes by their names, and its catalogue tells others")
def test_the_script_upgrades_an_older_version_and_may_be_run_again(
    engines: Engines, tables: Tables, older: int
) -> None:
    if engines.dialect == "sqlite":
        pytest.skip("SQLite's script has no conditions: `schema deploy` upgrades there")
    for _ in range(2):
        with engines.write.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            for batch in re.split(r"^GO$", ddl(tables, "mssql"), flags=re.MULTILINE):
                if batch.strip():
                    conn.exec_driver_sql(batch)
    # Calls from before the chain are chained by the program alone: the script goes no further then.
    assert standing(engines, tables).version == (2 if older < 3 else NEWEST)
    deploy(engines, tables)
    assert schema_differences(engines, tables).needed == ()
