"""The demo's proof: what agrees passes, and each way to disagree is seen and named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from order_sync.cli.demo_proof import (
    Check,
    ShownOrder,
    ShownSize,
    cancelled_nowhere,
    canonical,
    compare,
    held_as_expected,
    no_copies,
    nothing_left,
    same_ids,
    wanted_orders,
)
from order_sync.demo_data import Expectation, Fate

KEY = ("ORDER", "STYLE")
ZERO = (("Packed", "0"),)


def expectation(number: int, fate: Fate = Fate.CREATED, causes: tuple[str, ...] = ()) -> Expectation:
    columns = {"ORDER": f"A-{number}", "STYLE": "S1", "PRICE": "12.5"}
    return Expectation(
        number,
        None,
        [f"A-{number}", "S1 "],
        "ALDER",
        fate,
        list(causes),
        name=f"S1 A-{number}",
        group="ALDER SP26",
        columns=columns,
        sizes=[["S", 3], ["M", 4]],
    )


def shown(number: int) -> ShownOrder:
    sizes = tuple(
        ShownSize(label, quantity, ZERO, f"{number}{at}", f"key-{number}-{at}")
        for at, (label, quantity) in enumerate((("S", "3"), ("M", "4")))
    )
    columns = {"ORDER": f"A-{number}", "STYLE": "S1", "PRICE": "12.5"}
    key = canonical((f"A-{number}", "S1"))
    return ShownOrder(key, f"S1 A-{number}", "ALDER SP26", columns, sizes, f"{number}", f"key-{number}")


LIST = [expectation(1), expectation(2)]
WANTED = wanted_orders(LIST, KEY, ZERO)
BOARD = [shown(1), shown(2)]


def found_in(checks: list[Check]) -> list[tuple[str, str, str]]:
    return [(each.what, each.expected, each.found) for check in checks for each in check.differences]


def against_list(*orders: ShownOrder) -> list[tuple[str, str, str]]:
    return found_in(compare(WANTED, orders, "on the board", "the list"))


def test_what_agrees_passes_with_counts() -> None:
    checks = compare(WANTED, BOARD, "on the board", "the list")
    assert found_in(checks) == []
    assert [check.compared for check in checks] == [2, 4, 6, 4]


def test_order_of_items_and_sizes_does_not_matter() -> None:
    turned = replace(shown(1), sizes=tuple(reversed(shown(1).sizes)))
    assert against_list(shown(2), turned) == []


def test_lost_order_is_counted_and_named() -> None:
    presence = compare(WANTED, [shown(1)], "on the board", "the list")[0]
    assert presence.lost == 1
    assert [(each.order, each.found) for each in presence.differences] == [("S1 A-2", "0 times")]


def test_order_made_twice_is_counted_and_named() -> None:
    presence = compare(WANTED, [*BOARD, shown(2)], "on the board", "the list")[0]
    assert presence.doubled == 1
    assert presence.differences[0].found == "2 times"


def test_order_that_nobody_listed_is_named_with_its_id() -> None:
    assert against_list(*BOARD, shown(7)) == [("on the board", "not there", "id 7")]


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        ({"name": "S1"}, ("item name", "S1 A-2", "S1")),
        ({"group": "BIRCH SP26"}, ("group", "ALDER SP26", "BIRCH SP26")),
        ({"columns": {**shown(2).columns, "PRICE": "12.50"}}, ("PRICE", "12.5", "12.50")),
        ({"columns": {**shown(2).columns, "NOTES": "x"}}, ("NOTES", "", "x")),
        ({"columns": {"ORDER": "A-2", "STYLE": "S1"}}, ("PRICE", "12.5", "")),
    ],
)
def test_each_value_is_compared(change: dict[str, object], difference: tuple[str, str, str]) -> None:
    assert against_list(shown(1), replace(shown(2), **change)) == [difference]  # type: ignore[arg-type]


def test_group_title_may_differ_in_case() -> None:
    assert against_list(shown(1), replace(shown(2), group="Alder sp26")) == []


@pytest.mark.parametrize(
    ("size", "missing", "extra"),
    [
        (ShownSize("M", "5", ZERO), "M: 4 Packed 0", "M: 5 Packed 0"),
        (ShownSize("m", "4", ZERO), "M: 4 Packed 0", "m: 4 Packed 0"),
        (ShownSize("M", "4", (("Packed", ""),)), "M: 4 Packed 0", "M: 4 Packed "),
    ],
)
def test_sizes_are_compared_with_label_quantity_and_constants(size: ShownSize, missing: str, extra: str) -> None:
    changed = replace(shown(2), sizes=(shown(2).sizes[0], size))
    assert against_list(shown(1), changed) == [("size", missing, "not there"), ("size", "not there", extra)]


def test_size_made_twice_is_named() -> None:
    double = replace(shown(2), sizes=(*shown(2).sizes, shown(2).sizes[0]))
    assert against_list(shown(1), double) == [("size", "not there", "S: 3 Packed 0")]


def test_production_must_name_the_ids_of_the_board() -> None:
    assert same_ids(BOARD, BOARD).differences == []
    other = replace(shown(1), id="9", sizes=())
    assert [each.what for each in same_ids(BOARD, [other]).differences] == ["Item ID", "subitem ids"]


def test_sync_key_used_twice_is_a_duplicate() -> None:
    copied = replace(shown(2), sync_key="key-1")
    check = no_copies([shown(1), copied])
    assert check.doubled == 1
    assert {each.order for each in check.differences} == {"S1 A-1", "S1 A-2"}


def test_missing_sync_key_is_named() -> None:
    check = no_copies([replace(shown(1), sync_key=None)])
    assert [each.found for each in check.differences] == ["none"]
    assert check.doubled == 0


def test_held_rows_need_exactly_their_causes() -> None:
    held = [
        expectation(3, Fate.HELD, ("SIZES_SUM", "UNKNOWN_CUSTOMER")),
        expectation(4, Fate.HELD, ("DUPLICATE_KEY",)),
        expectation(4, Fate.HELD, ("DUPLICATE_KEY",)),
    ]
    third, fourth = canonical(held[0].key), canonical(held[1].key)
    good = {(third, "SIZES_SUM"): 1, (third, "UNKNOWN_CUSTOMER"): 1, (fourth, "DUPLICATE_KEY"): 2}
    check = held_as_expected([*LIST, *held], good)
    assert (check.compared, check.differences) == (3, [])
    missing = {entry: rows for entry, rows in good.items() if entry[1] != "SIZES_SUM"}
    wrong = {**missing, (fourth, "DUPLICATE_KEY"): 1, (third, "NULL_KEY"): 1}
    named = {(each.what, each.expected, each.found) for each in held_as_expected(held, wrong).differences}
    assert named == {
        ("SIZES_SUM", "1 rows", "0 rows"),
        ("DUPLICATE_KEY", "2 rows", "1 rows"),
        ("NULL_KEY", "0 rows", "1 rows"),
    }


def test_cancelled_order_on_the_board_is_named() -> None:
    cancelled = [*LIST, expectation(5, Fate.CANCELLED)]
    assert cancelled_nowhere(cancelled, BOARD, BOARD).differences == []
    assert [each.order for each in cancelled_nowhere(cancelled, [shown(5)], []).differences] == ["S1 A-5"]


def test_row_left_in_staging_is_named() -> None:
    assert nothing_left({"STG": 0}).differences == []
    assert [each.found for each in nothing_left({"STG": 2}).differences] == ["2"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("  A-1\u00a0", "a-1"), ("CAFÉ", "CAFE\u0301"), ("STRASSE", "straße"), ("nan", None), ("", "None")],
)
def test_keys_that_people_call_the_same_are_the_same(one: str, other: str | None) -> None:
    assert canonical([one]) == canonical([other])
