from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from order_sync.model.detection import cancelled_rows, classify, distinguishing_columns
from order_sync.model.mapping import CancelRule

SNAPSHOT = {"order_key": pl.String, "source_hash": pl.String, "customer": pl.String}


def rows(*entries: tuple[str | None, str, bool | None]) -> pl.DataFrame:
    keys, hashes, cancelled = zip(*entries, strict=True) if entries else ((), (), ())
    return pl.DataFrame(
        {
            "__row": pl.Series(range(len(entries)), dtype=pl.UInt32),
            "order_key": pl.Series(keys, dtype=pl.String),
            "fingerprint": pl.Series(hashes, dtype=pl.String),
            "customer": pl.Series(["NOVA"] * len(entries), dtype=pl.String),
            "cancelled": pl.Series(cancelled, dtype=pl.Boolean),
        }
    )


def snapshot(**hashes: str) -> pl.DataFrame:
    known = [(key, digest, "PEAK") for key, digest in hashes.items()]
    return pl.DataFrame(known, schema=SNAPSHOT, orient="row")


def changes(source: pl.DataFrame, known: pl.DataFrame) -> list[tuple[Any, ...]]:
    return classify(source, known).rows.select("change", "cause").rows()


def test_each_order_is_one_thing() -> None:
    source = rows(
        ("new", "h1", False),
        ("same", "h2", False),
        ("other", "h3", None),
        ("off", "h4", True),
        ("off at first", "h5", True),
        ("still off", "h6", True),
    )

    found = classify(source, snapshot(same="h2", other="was", off="was", gone="h9", **{"still off": "h6"}))

    assert found.rows["change"].to_list() == [
        "NEW",
        "UNCHANGED",
        "CHANGED",
        "CANCELLED",
        "CANCELLED",
        "UNCHANGED",
    ]
    assert found.rows["known_hash"].to_list() == [None, "h2", "was", "was", None, "h6"]
    assert found.rows["known_customer"].to_list() == [None, "PEAK", "PEAK", "PEAK", None, "PEAK"]
    assert found.rows["__row"].to_list() == list(range(6))
    assert found.vanished.rows() == [("gone", "h9", "PEAK")]


def test_rows_without_a_key_are_held_and_make_nobody_vanish() -> None:
    found = classify(rows((None, "h1", False), (None, "h1", True)), snapshot(a="h1"))

    assert found.rows.select("change", "cause").rows() == [("HELD", "NULL_KEY")] * 2
    assert found.vanished["order_key"].to_list() == ["a"]


def test_a_shared_key_is_held_and_counts_as_present() -> None:
    source = rows(("a", "h1", False), ("b", "h2", False), ("a", "h3", True))

    found = classify(source, snapshot(a="h1"))

    assert found.rows.select("change", "cause").rows() == [
        ("HELD", "DUPLICATE_KEY"),
        ("NEW", None),
        ("HELD", "DUPLICATE_KEY"),
    ]
    assert found.vanished.is_empty()


def test_an_empty_source_makes_all_vanish_and_an_empty_snapshot_makes_all_new() -> None:
    assert classify(rows(), snapshot(a="h1", b="h2")).vanished.height == 2
    assert changes(rows(("a", "h1", False)), snapshot()) == [("NEW", None)]


def test_cancelled_is_what_the_rule_says_in_any_case() -> None:
    frame = pl.DataFrame({"KIND": ["Cancelled", " CANCELLED ", "ACTIVE", None, "gestrichen", "nan"]})
    rule = CancelRule(column="KIND", values=["CANCELLED ", "Gestrichen"])

    assert cancelled_rows(frame, rule).to_list() == [True, True, False, False, True, False]
    assert cancelled_rows(frame, None).to_list() == [False] * 6


def keyed(**columns: list[Any]) -> pl.DataFrame:
    return pl.DataFrame({"__row": range(len(columns["key"])), **columns})


def test_no_shared_key_needs_no_further_column() -> None:
    assert distinguishing_columns(keyed(key=["a", "b", None], po=["1", "1", "1"]), ["key"]) == []


def test_the_column_that_tells_shared_keys_apart_is_named() -> None:
    frame = keyed(key=["a", "A ", "b"], unit=["P", "P", "P"], po=["1", "2", "1"], size=[1, 2, 3])

    assert distinguishing_columns(frame, ["key"]) == ["po"]


def test_several_columns_are_named_where_one_does_not_do() -> None:
    frame = keyed(key=["a"] * 4, po=["1", "1", "2", "2"], way=["AIR", "SEA", "AIR", "SEA"])

    assert distinguishing_columns(frame, ["key"]) == ["po", "way"]


def test_a_blank_tells_nobody_apart() -> None:
    frame = keyed(key=["a", "a", "b"], po=["1", None, "3"], alt=["x", "y", None])

    assert distinguishing_columns(frame, ["key"]) == ["alt"]


def test_of_equals_the_column_with_fewer_blanks_is_named() -> None:
    frame = keyed(key=["a", "a", "b"], alt=["x", "y", None], po=["1", "2", "3"])

    assert distinguishing_columns(frame, ["key"]) == ["po"]


@pytest.mark.parametrize("po", [["1", "1"], ["1", " 1 "], [None, None]])
def test_rows_that_are_alike_cannot_be_told_apart(po: list[str | None]) -> None:
    assert distinguishing_columns(keyed(key=["a", "a"], po=po), ["key"]) == []


def test_only_the_given_candidates_are_looked_at() -> None:
    frame = keyed(key=["a", "a"], uuid=["1", "2"], po=["3", "4"])

    assert distinguishing_columns(frame, ["key"], ["po"]) == ["po"]
    assert distinguishing_columns(frame, ["key"], []) == []
