"""What becomes of a second item of a key, by what is recorded and what the board tells: every way a verdict can fall."""

from __future__ import annotations

from dataclasses import replace

import pytest

from order_sync.model.ids import ColumnId, ItemId, SyncKey
from order_sync.monday.items import BoardItem, FullItem
from order_sync.monday.shown import Sent
from order_sync.steps.second_items import Known, settled
from order_sync.store.ledger.orphans import Live, Orphan, Resolution

KEY = SyncKey("0123456789abcdef0123456789abcdef")
FIRST, SECOND = ItemId(11), ItemId(22)
STYLE = ColumnId("style")
ORPHAN = Orphan(1, SECOND, "item", KEY, None, None)


def full(item: ItemId, **changes: object) -> FullItem:
    shown = BoardItem(item, "PO-1", "active", KEY, None, "7", {STYLE: "KP-100"})
    return FullItem(replace(shown, **changes), "2026 March", ())  # type: ignore[arg-type]


def known(second: FullItem | None, first: FullItem | None = None, **changes: object) -> Known:
    read = {each.item.id: each for each in (second, first or full(FIRST)) if each is not None}
    usual = Known(
        {}, {KEY: Live(FIRST, None)}, {KEY: [Sent("PO-1", {STYLE: "KP-100"})]}, read, {"7"}, {"style": "text"}
    )
    return replace(usual, **changes)  # type: ignore[arg-type]


def test_ours_and_untouched_it_may_be_archived() -> None:
    assert settled(ORPHAN, known(full(SECOND))) is None


def test_without_a_recorded_item_nothing_is_decided() -> None:
    assert settled(ORPHAN, known(full(SECOND), live={})) is None


@pytest.mark.parametrize(
    ("orphan", "found", "resolution"),
    [
        (ORPHAN, known(full(SECOND), recorded={SECOND: KEY}), Resolution.RECORDED),
        (ORPHAN, known(full(SECOND, state="archived")), Resolution.GONE),
        (replace(ORPHAN, resolution=Resolution.ARCHIVING), known(full(SECOND, state="archived")), Resolution.ARCHIVED),
    ],
    ids=["it is the recorded one", "somebody took it away", "we archived it"],
)
def test_what_is_over_is_over(orphan: Orphan, found: Known, resolution: Resolution) -> None:
    assert settled(orphan, found) == (resolution, None)


@pytest.mark.parametrize(
    ("orphan", "found", "why"),
    [
        (replace(ORPHAN, key=None), known(full(SECOND)), "which order it was made for is not recorded"),
        (ORPHAN, known(None), "the board tells nothing of it any more"),
        (ORPHAN, known(full(SECOND), full(FIRST, state="archived")), "decide which one to keep"),
        (ORPHAN, known(full(SECOND), full(FIRST, key=None)), "does not carry it on the board"),
        (ORPHAN, known(full(SECOND, key=None)), "it does not carry the key any more"),
        (ORPHAN, known(full(SECOND, creator_id=None)), "it was made by user unknown, not by us"),
        (ORPHAN, known(full(SECOND, creator_id="8")), "it was made by user 8, not by us"),
        (ORPHAN, known(replace(full(SECOND), subitems=(full(ItemId(33)).item,))), "it has subitems"),
        (ORPHAN, known(full(SECOND, name="PO-1 new")), "it differs from what was sent in name"),
        (ORPHAN, known(full(SECOND, values={STYLE: "KP-200"})), "it differs from what was sent in style"),
        (ORPHAN, known(full(SECOND, values={STYLE: "KP-200"}), sent={}), "it differs from what was sent in style"),
        (
            ORPHAN,
            known(full(SECOND, values={STYLE: "KP-100", ColumnId("note"): "call them"}), types={"note": "text"}),
            "it shows in note what the recorded item does not",
        ),
    ],
    ids=lambda value: value.replace(" ", "-") if isinstance(value, str) else "",
)
def test_what_is_in_doubt_is_left_to_a_person_who_is_told_why(orphan: Orphan, found: Known, why: str) -> None:
    verdict = settled(orphan, found)
    assert verdict is not None
    assert verdict[0] is Resolution.LEFT
    assert why in (verdict[1] or "")
