"""Detection: CHANGED only where something that is sent would change; CANCELLED, VANISHED; and a database restored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.small_world import COLUMNS, CUSTOMERS, MAPPING, World, order

from order_sync.model.detection import Change
from order_sync.model.errors import RestoredDatabase
from order_sync.model.fingerprint import EncodingChanged
from order_sync.steps import detect as detecting
from order_sync.steps.detect import Detection, detect
from order_sync.steps.restored import accept_restore, check_snapshot_file, export_snapshot_file

MakeWorld = Callable[..., World]


def changes(world: World) -> dict[str, str]:
    """order number -> what detection says of it."""
    with world.job() as job:
        found = detect(job)
    numbers = found.source.select("NUMBER")["NUMBER"].to_list()
    return dict(zip(numbers, found.rows["change"].to_list(), strict=True))


@pytest.fixture
def sent(make_world: MakeWorld) -> World:
    """Two orders, promoted."""
    world = make_world(order("A-1"), order("A-2"))
    world.run()
    return world


def test_everything_is_new_at_first_and_unchanged_when_promoted(world: World) -> None:
    assert changes(world) == {"A-1": "NEW", "A-2": "NEW"}
    world.run()
    assert changes(world) == {"A-1": "UNCHANGED", "A-2": "UNCHANGED"}


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({"REMARK": "not mapped"}, "UNCHANGED"),
        ({"PO": "in the tables only"}, "UNCHANGED"),
        ({"PRICE": "9.5"}, "UNCHANGED"),
        ({"PRICE": " 9.50 "}, "UNCHANGED"),
        ({"BRAND": "nova peak (au)"}, "UNCHANGED"),
        ({"PRICE": "9.51"}, "CHANGED"),
        ({"SEASON": "FW26"}, "CHANGED"),
        ({"S": 3, "M": 2}, "CHANGED"),
        ({"XL": 0}, "UNCHANGED"),
        ({"XL": 1}, "CHANGED"),
        ({"STYLE NO": "st-a-1 "}, "CHANGED"),
        ({"STYLE NO": "ST-OTHER"}, "NEW"),
        ({"KIND": "CANCELLED"}, "CANCELLED"),
        ({"NUMBER": None}, "HELD"),
    ],
)
def test_a_row_is_changed_where_something_that_is_sent_changes(
    sent: World, change: dict[str, Any], verdict: str
) -> None:
    row = order("A-1", **change)
    sent.fill(row, order("A-2"))
    assert changes(sent) == {row["NUMBER"]: verdict, "A-2": "UNCHANGED"}


def test_an_alias_changes_only_the_orders_that_it_renames(make_world: MakeWorld) -> None:
    world = make_world(order("A-1"), order("B-1", BRAND="SALT ROAD"), order("C-1", BRAND="SALTY"))
    world.mapping = MAPPING.replace("unknown_customer: hold", "unknown_customer: pass").replace(
        "dropdown, labels: never}}\n  - {source: SEASON", "dropdown, labels: create}}\n  - {source: SEASON"
    )
    world.run()
    assert set(changes(world).values()) == {"UNCHANGED"}
    world.customers = CUSTOMERS.replace("{name: SALT ROAD}", "{name: SALT ROAD, aliases: [SALTY]}")
    assert changes(world) == {"A-1": "UNCHANGED", "B-1": "UNCHANGED", "C-1": "CHANGED"}


def test_a_further_column_of_the_mapping_changes_only_the_orders_that_use_it(make_world: MakeWorld) -> None:
    world = make_world(order("A-1", REMARK="a word"), order("A-2"))
    world.run()
    world.mapping = (
        MAPPING.replace("  ignored: [REMARK]\n", "")
        .replace(
            "table_columns:\n",
            "  - {source: REMARK, target: REMARK, sql: NVARCHAR(100), board: {id: text_remark, type: text}}\ntable_columns:\n",
        )
        .replace("PRICE, PO, Item ID", "PRICE, PO, REMARK, Item ID")
    )
    assert changes(world) == {"A-1": "CHANGED", "A-2": "UNCHANGED"}


def test_a_further_size_column_changes_only_the_orders_that_use_it(sent: World) -> None:
    at = COLUMNS.index("TOTAL")
    sent.columns = (*COLUMNS[:at], "XXL", *COLUMNS[at:])
    sent.fill(order("A-1"), order("A-2"))
    assert set(changes(sent).values()) == {"UNCHANGED"}


def test_a_label_that_is_called_otherwise_changes_its_orders(sent: World) -> None:
    sent.mapping = MAPPING.replace("total: TOTAL}", "total: TOTAL, synonyms: {S: SMALL}}")
    assert set(changes(sent).values()) == {"CHANGED"}


def test_what_the_source_no_longer_has_is_vanished(sent: World) -> None:
    sent.fill(order("A-2"))
    with sent.job() as job:
        found = detect(job)
    assert found.count(Change.VANISHED) == 1
    assert found.vanished["customer"].to_list() == ["NOVA PEAK"]
    assert found.count(Change.UNCHANGED) == 1


def test_a_key_that_became_double_has_not_vanished(sent: World) -> None:
    sent.fill(order("A-1"), order("a-1 ", **{"STYLE NO": "st-A-1"}), order("A-2"))
    with sent.job() as job:
        found = detect(job)
    assert found.count(Change.VANISHED) == 0
    assert found.rows["cause"].to_list() == ["DUPLICATE_KEY", "DUPLICATE_KEY", None]


def test_changed_cancelled_and_vanished_orders_are_counted_and_not_sent(make_world: MakeWorld) -> None:
    world = make_world(*(order(f"A-{at}") for at in range(4)))
    world.run()
    calls = len(world.board.calls)
    world.fill(order("A-0", PRICE="1"), order("A-1", KIND="CANCELLED"), order("A-2"), order("A-9", KIND="CANCELLED"))
    world.run()
    counted = world.events("orders.detected")[-1]
    assert {name: counted[name] for name in ("new", "changed", "cancelled", "unchanged", "vanished")} == {
        "new": 0, "changed": 1, "cancelled": 2, "unchanged": 1, "vanished": 1,
    }  # fmt: skip
    assert len(world.board.calls) == calls


def test_detection_of_nothing(world: World) -> None:
    with world.job() as job:
        nothing = Detection.nothing(job)
        assert nothing.columns_digest == detect(job).columns_digest
    assert [nothing.count(change) for change in Change] == [0] * len(Change)


def test_another_encoding_refuses(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def changed() -> None:
        raise EncodingChanged("the encoding is another")

    monkeypatch.setattr(detecting, "check_golden", changed)
    with world.job() as job, pytest.raises(EncodingChanged):
        detect(job)


# --- the snapshot file ---


def snapshot(world: World) -> Any:
    return world.folder / "ORDERS_UNIFIED_SNAPSHOT.parquet"


def test_without_a_promotion_there_is_no_file(world: World) -> None:
    world.fill()
    world.run()
    assert not snapshot(world).exists()


def test_a_file_newer_than_the_table_halts_until_the_board_was_read(make_world: MakeWorld) -> None:
    world = make_world(order("A-1"))
    world.run()
    kept = snapshot(world).read_bytes()
    world.wipe()
    snapshot(world).write_bytes(kept)
    with world.job() as job, pytest.raises(RestoredDatabase, match="snapshot rebuild"):
        check_snapshot_file(job)
    with pytest.raises(RestoredDatabase):
        world.run()
    assert world.board.calls == []
    with world.job() as job:
        assert accept_restore(job) == 1
        check_snapshot_file(job)
    assert world.run().halted is None
    assert world.board.calls == []
    assert world.rows('SELECT "Title" FROM MON_CustMasterSchedule') == [("ST-A-1 A-1",)]


def test_a_restore_that_is_accepted_without_a_file_or_with_a_table(sent: World) -> None:
    snapshot(sent).unlink()
    with sent.job() as job:
        assert accept_restore(job) == 2
        export_snapshot_file(job)
    assert sent.rows("SELECT generation FROM MON_SnapshotState") == [(2,)]
    assert snapshot(sent).exists()
