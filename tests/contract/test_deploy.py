"""Deployment: makes what is missing, leaves what is there, and says what does not fit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Table, column, insert, select, table

from order_sync.model.errors import MappingError, SchemaError, SchemaMismatch
from order_sync.model.mapping import Mapping
from order_sync.model.states import BATCH_FINAL, OPEN, RowStatus
from order_sync.reports.differences import schema_differences
from order_sync.store.catalogue import columns
from order_sync.store.deploy import deploy, missing, obstacles_of
from order_sync.store.engine import Engines
from order_sync.store.errors import StoreConflict, guarded
from order_sync.store.modules import VIEWS, modules
from order_sync.store.tables import Tables, build_tables, table_names


def put(engines: Engines, where: Table, **values: Any) -> None:
    with guarded(), engines.write.begin() as conn:
        conn.execute(insert(where).values(values))


def test_an_empty_database_lacks_everything_and_then_nothing(engines: Engines, tables: Tables) -> None:
    lacking = missing(engines, tables)
    assert set(lacking) == {*table_names(tables).values(), *VIEWS}
    made = deploy(engines, tables)
    assert set(lacking) <= set(made)
    assert missing(engines, tables) == []
    assert obstacles_of(engines, tables) == []


def test_deploying_again_makes_nothing_and_keeps_the_rows(engines: Engines, deployed: Tables) -> None:
    put(engines, deployed.boards, board="42")
    assert deploy(engines, deployed) == []
    with engines.read.begin() as conn:
        assert conn.scalars(select(deployed.boards.c.board)).all() == ["42"]


def test_a_table_that_went_missing_is_made_anew(engines: Engines, deployed: Tables) -> None:
    with engines.write.begin() as conn:
        deployed.orphans.drop(conn)
    assert missing(engines, deployed) == ["MON_OrphanItem"]
    assert deploy(engines, deployed) == ["MON_OrphanItem"]


@pytest.mark.not_on_babelfish("a missing table is a mere syntax error there")
def test_a_missing_table_is_told_with_the_command_that_makes_it(engines: Engines, tables: Tables) -> None:
    with (
        pytest.raises(SchemaError, match="order-sync schema deploy"),
        guarded(),
        engines.read.begin() as conn,
    ):
        conn.execute(select(tables.staging))


def test_a_production_table_of_other_types_with_more_columns_stays(
    engines: Engines, tables: Tables, store_url: str
) -> None:
    if not store_url.startswith("sqlite"):
        pytest.skip("made in SQLite's words")
    quoted = ", ".join(f'"{each.name}" TEXT' for each in reversed(list(tables.production.columns)))
    with engines.write.begin() as conn:
        conn.exec_driver_sql(f'CREATE TABLE "{tables.production.name}" ({quoted}, extra INT)')
    assert tables.production.name not in deploy(engines, tables)
    assert obstacles_of(engines, tables) == []


def test_tables_of_another_shape_are_all_named_and_nothing_is_made(
    engines: Engines, tables: Tables, store_url: str
) -> None:
    if not store_url.startswith("sqlite"):
        pytest.skip("made in SQLite's words")
    with engines.write.begin() as conn:
        conn.exec_driver_sql('CREATE TABLE "MON_Lease" (resource TEXT, owner TEXT, Fence INT, acquired_at, expires_at)')
        conn.exec_driver_sql('CREATE TABLE "mon_group" (board TEXT)')
    with pytest.raises(SchemaMismatch) as told:
        deploy(engines, tables)
    assert "MON_Lease.fence is there as 'Fence': rename the column to 'fence'" in str(told.value)
    assert "MON_Lease has nothing as its primary key, and needs resource" in str(told.value)
    assert "MON_Group is there as 'mon_group'" in str(told.value)
    assert len(obstacles_of(engines, tables)) == 3
    assert "MON_Board" in missing(engines, tables)


@pytest.mark.not_on_babelfish("it can alter no procedure, and the clean-up moves the new column too")
def test_a_mapping_that_gained_a_column_gets_it_at_the_end_of_its_tables(
    engines: Engines, deployed: Tables, mapping: Mapping
) -> None:
    more = mapping.model_copy(
        update={
            "columns": [
                *mapping.columns,
                mapping.columns[0].model_copy(update={"target": "RANGE / COLLECTION"}),
            ],
            "production_order": [*mapping.production_order, "RANGE / COLLECTION"],
        }
    )
    wanted = build_tables(more, deployed.metadata.schema)
    put(engines, deployed.production, Title="as it was")
    assert sorted(deploy(engines, wanted)) == [
        "ARC_STG_MON_CustMasterSchedule: RANGE / COLLECTION",
        "MON_CustMasterSchedule: RANGE / COLLECTION",
        "STG_MON_CustMasterSchedule: RANGE / COLLECTION",
    ]
    with engines.read.begin() as conn:
        found = [each.name for each in columns(conn, "MON_CustMasterSchedule", deployed.metadata.schema)]
        row = conn.execute(select(wanted.production)).mappings().one()
    assert found == [*mapping.production_order, "RANGE / COLLECTION"]
    assert (row["Title"], row["RANGE / COLLECTION"]) == ("as it was", None)


def test_production_has_the_mappings_columns_and_none_of_ours(tables: Tables, mapping: Mapping) -> None:
    assert [each.name for each in tables.production.columns] == mapping.production_order
    assert [each.name for each in tables.production_subitems.columns] == [
        "parent_item_id",
        "Size",
        "Order Qty",
    ]


def test_the_archives_have_stagings_columns_and_a_date(tables: Tables) -> None:
    for staging, archive in (
        (tables.staging, tables.archive),
        (tables.staging_subitems, tables.archive_subitems),
    ):
        assert [each.name for each in archive.columns] == [
            *(each.name for each in staging.columns),
            "arc_archived_date",
        ]
        assert archive.name == f"ARC_{staging.name}"
        assert not archive.foreign_keys


def test_roles_name_the_columns_that_are_filled_by_us(tables: Tables) -> None:
    assert tables.roles == {
        "title": "Title",
        "group": "Group",
        "item_id": "Item ID",
        "order_number": "AAG ORDER NUMBER",
    }


def test_columns_and_their_order_must_agree(mapping: Mapping) -> None:
    order = [*mapping.production_order[1:], "NOWHERE"]
    with pytest.raises(MappingError) as told:
        build_tables(mapping.model_copy(update={"production_order": order}), None)
    assert told.value.problems == (
        "'NOWHERE' is in production_order but declared nowhere",
        "'Title' is declared but missing in production_order",
    )


def test_an_unknown_sql_type_names_the_column(mapping: Mapping) -> None:
    odd = [mapping.columns[0].model_copy(update={"staging_sql": "TEXTY(3)"}), *mapping.columns[1:]]
    with pytest.raises(MappingError, match=r"column 'AAG ORDER NUMBER': SQL type 'TEXTY\(3\)' is not known"):
        build_tables(mapping.model_copy(update={"columns": odd}), None)


@pytest.mark.parametrize("status", list(RowStatus))
def test_one_open_row_per_key_is_kept_by_the_database(engines: Engines, deployed: Tables, status: RowStatus) -> None:
    row = {"stg_batch_id": uuid4(), "stg_sync_key": "k-g0", "stg_status": status.value}
    put(engines, deployed.staging, **row)
    if status in OPEN:
        with pytest.raises(StoreConflict):
            put(engines, deployed.staging, **row)
    else:
        put(engines, deployed.staging, **row)


def test_an_identity_is_made_once_per_order_size_and_generation(engines: Engines, deployed: Tables) -> None:
    order = {"order_key": "a" * 64, "generation": 0}
    put(engines, deployed.identity, **order, sync_key="o-g0")
    put(engines, deployed.identity, **order, sync_key="s-g0", size_label="30X30")
    put(engines, deployed.identity, **order, sync_key="t-g0", size_label="30x30")
    for again in ({"size_label": None}, {"size_label": "30X30"}, {"size_label": ""}):
        with pytest.raises(StoreConflict):
            put(engines, deployed.identity, **order, sync_key="u-g0", **again)
    put(engines, deployed.identity, order_key="a" * 64, generation=1, sync_key="o-g1")


def test_an_item_has_one_identity_and_those_without_an_item_are_free(engines: Engines, deployed: Tables) -> None:
    for number in range(2):
        put(engines, deployed.identity, order_key=f"{number:064d}", generation=0, sync_key=f"{number}-g0")
    put(engines, deployed.identity, order_key="b" * 64, generation=0, sync_key="b-g0", live_item_id=7)
    with pytest.raises(StoreConflict):
        put(engines, deployed.identity, order_key="c" * 64, generation=0, sync_key="c-g0", live_item_id=7)


def test_a_held_order_has_one_open_error_per_cause(engines: Engines, deployed: Tables, clock: Any) -> None:
    held = {"err_order_key": "a" * 64, "error_type": "SIZES_SUM", "err_source_rows": 1}
    nameless = {"err_fingerprint": "f" * 64, "error_type": "NULL_KEY", "err_source_rows": 2}
    for row in (held, nameless):
        put(engines, deployed.errors, **row, resolved_date=clock.now())
        put(engines, deployed.errors, **row)
        with pytest.raises(StoreConflict):
            put(engines, deployed.errors, **row)
    put(engines, deployed.errors, **{**held, "error_type": "UNKNOWN_CUSTOMER"})
    for _ in range(2):
        put(engines, deployed.errors, err_order_key="a" * 64, error_type="SIZES_SUM")


def test_the_snapshot_has_one_state(engines: Engines, deployed: Tables) -> None:
    put(engines, deployed.snapshot_state, id=1, generation=1, encoding_version=1)
    for wrong in (1, 2):
        with pytest.raises(StoreConflict):
            put(engines, deployed.snapshot_state, id=wrong, generation=1, encoding_version=1)


def test_the_view_shows_what_is_not_final_or_of_the_last_day(engines: Engines, deployed: Tables) -> None:
    now = datetime.now(UTC)
    for status in BATCH_FINAL:
        for age in (1, 30):
            put(
                engines,
                deployed.batches,
                batch_id=uuid4(),
                customer_name=f"{status.value} {age}",
                batch_type="FULL_BATCH",
                status=status.value,
                start_time=now - timedelta(hours=age),
            )
    view = table("VW_MON_ActiveBatches", column("customer_name"), schema=deployed.metadata.schema)
    with engines.read.begin() as conn:
        shown = set(conn.scalars(select(view.c.customer_name)))
    assert shown == {
        *(f"{status.value} 1" for status in BATCH_FINAL),
        *(f"{status.value} 30" for status, final in BATCH_FINAL.items() if not final),
    }


@pytest.mark.parametrize(("total", "good", "percent"), [(0, 0, 0), (3, 2, 66.67), (4, 4, 100)])
def test_the_view_computes_the_share_that_succeeded(
    engines: Engines, deployed: Tables, total: int, good: int, percent: float
) -> None:
    put(
        engines,
        deployed.batches,
        batch_id=uuid4(),
        customer_name="ACORN",
        batch_type="ORDERS",
        total_records=total,
        successful_records=good,
    )
    view = table("VW_MON_ActiveBatches", column("success_percentage"), schema=deployed.metadata.schema)
    with engines.read.begin() as conn:
        assert float(conn.execute(select(view.c.success_percentage)).scalar_one()) == pytest.approx(percent)


@pytest.mark.not_on_babelfish("it can alter no view")
def test_a_view_with_an_old_text_is_told_and_renewed(engines: Engines, deployed: Tables) -> None:
    (view, *_) = modules(deployed, engines.write.dialect)
    with engines.write.begin() as conn:
        conn.exec_driver_sql(f"DROP VIEW {view.name}")
        conn.exec_driver_sql(f"CREATE VIEW {view.name} AS SELECT 1 AS old")
    (told,) = schema_differences(engines, deployed).differences
    assert (told.kind, told.where, told.needed) == ("module", view.plain_name, False)
    assert deploy(engines, deployed) == []
    assert schema_differences(engines, deployed).differences == ()
    with engines.read.begin() as conn:
        assert conn.exec_driver_sql(f"SELECT success_percentage FROM {view.name}").all() == []


def test_each_view_and_procedure_that_is_not_there_is_told_and_made(engines: Engines, deployed: Tables) -> None:
    wanted = modules(deployed, engines.write.dialect)
    with engines.write.begin() as conn:
        for module in wanted:
            conn.exec_driver_sql(f"DROP {module.kind} {module.name}")
    names = [module.plain_name for module in wanted]
    found = schema_differences(engines, deployed).differences
    assert [(each.kind, each.where, each.needed) for each in found] == [("missing", name, True) for name in names]
    assert deploy(engines, deployed) == names
    assert schema_differences(engines, deployed).differences == ()
