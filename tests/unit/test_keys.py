from __future__ import annotations

import hashlib
import uuid

import polars as pl
import pytest

from order_sync.model.ids import SyncKey
from order_sync.model.keys import (
    NAMESPACE,
    canonical_parts,
    order_key,
    order_keys,
    subitem_sync_key,
    subitem_sync_keys,
    sync_key,
    sync_keys,
)

COLUMNS = ["number", "style", "colour"]

# Published: keys, order keys, sync keys of pipeline "customer-master-schedule", and sync keys of size "32DD".
GOLDEN = (
    (
        ("NOV-00001", "MSP25B50", "942 - BONNEVILLE"),
        "9:nov-00001,8:msp25b50,16:942 - bonneville,",
        "da104de9dba6c8900d630860a74085225e5942ae0ba3cda3a376f49c8d65fb91",
        "759861d6-f3e8-524d-b7d8-e434abfc4760-g1",
        "7764aab9-ebb7-52d5-a538-e11c5c7f36e2-g1",
    ),
    (
        ("nov-00002", "TBD", "CAFÉ STRASSE 🔥"),
        "9:nov-00002,3:tbd,14:café strasse 🔥,",
        "83abd9d9f50d2e93bc0a4615ceed708a80b206f06df7b57228ecb73c13f45fbb",
        "d2c7b03f-317c-5550-b59a-b14325763860-g1",
        "cfa8cfc4-80a3-5093-9b40-aff18fce02e0-g1",
    ),
)
PIPELINE = "customer-master-schedule"


def frame(*rows: tuple[object, ...]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")


@pytest.mark.parametrize(("parts", "joined", "order", "sync", "sub"), GOLDEN)
def test_golden_keys_never_change(parts: tuple[str, ...], joined: str, order: str, sync: SyncKey, sub: str) -> None:
    assert hashlib.sha256(joined.encode()).hexdigest() == order
    assert f"{uuid.uuid5(NAMESPACE, f'24:{PIPELINE},{joined}')}-g1" == sync
    assert order_key(parts) == order
    assert sync_key(PIPELINE, parts, 1) == sync
    assert subitem_sync_key(sync, "32DD") == sub


@pytest.mark.parametrize(
    "spelling",
    [
        ("NOV-00001", "ST1", "CAFÉ STRASSE"),
        (" nov-00001\u00a0", "st1\r\n", "café straße"),
        ("Nov-00001", "\x07ST1", "CAFE\u0301 STRASSE"),
    ],
)
def test_spellings_of_one_key_are_one(spelling: tuple[str, ...]) -> None:
    assert order_key(spelling) == order_key(("nov-00001", "st1", "café strasse"))
    assert sync_key("p", spelling, 1) == sync_key("p", ("nov-00001", "st1", "café strasse"), 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("ab", "c"), ("a", "bc")),
        (("a,1:b", "c"), ("a", "1:b,c")),
        (("a", "b"), ("b", "a")),
        (("a",), ("a", "a")),
    ],
)
def test_different_keys_differ(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    assert order_key(one) != order_key(other)
    assert sync_key("p", one, 1) != sync_key("p", other, 1)


@pytest.mark.parametrize("blank", [None, "", "  ", "nan", "NULL", "\x00"])
def test_a_blank_part_makes_no_key(blank: str | None) -> None:
    assert order_key(("a", blank)) is None
    assert order_keys(frame(("a", blank, "c")), COLUMNS).to_list() == [None]
    assert sync_keys("p", frame(("a", blank, "c")), COLUMNS).to_list() == [None]


def test_a_sync_key_of_a_blank_part_is_refused() -> None:
    with pytest.raises(ValueError, match="blank part"):
        sync_key("p", ("a", " "), 1)


def test_a_frame_gives_what_single_keys_give() -> None:
    rows = [("NOV-1", "S 1", "Rouge"), ("nov-2", "Ünï", "藍色"), (None, "x", "y"), ("NOV-1", "s 1", "ROUGE ")]
    singles = [None if None in row else sync_key("p", row, 3) for row in rows]  # type: ignore[arg-type]

    assert order_keys(frame(*rows), COLUMNS).to_list() == [order_key(row) for row in rows]
    assert sync_keys("p", frame(*rows), COLUMNS, 3).to_list() == singles
    assert canonical_parts(frame(*rows), COLUMNS).row(3) == ("nov-1", "s 1", "rouge")


def test_keys_of_other_types_and_of_no_rows() -> None:
    numbers = pl.DataFrame({"a": [12, None], "b": [1.0, 2.5]})

    assert order_keys(numbers, ["a", "b"]).to_list() == [order_key(("12", "1")), None]
    assert order_keys(frame(), COLUMNS).to_list() == []
    assert sync_keys("p", frame(), COLUMNS).dtype == pl.String


def test_pipeline_and_generation_tell_sync_keys_apart() -> None:
    first = sync_key("p", ("a",), 1)

    assert sync_key("q", ("a",), 1) != first
    assert sync_key("p", ("a",), 2) == first.removesuffix("-g1") + "-g2"
    assert set(first) <= set("0123456789abcdefg-")


def test_sizes_have_keys_of_their_own_below_their_order() -> None:
    parent = sync_key("p", ("a",), 12)
    labels = ["S", "s", "30/30", "30X30", "ONE SIZE", "größe", ""]

    keys = subitem_sync_keys(pl.Series([parent] * len(labels)), pl.Series(labels))

    assert keys.to_list() == [subitem_sync_key(parent, label) for label in labels]
    assert keys.n_unique() == len(labels)
    assert keys.str.ends_with("-g12").all()
    assert subitem_sync_keys(pl.Series([None], dtype=pl.String), pl.Series(["S"])).to_list() == [None]
    assert subitem_sync_keys(pl.Series([], dtype=pl.String), pl.Series([], dtype=pl.String)).len() == 0


def test_list_keys_of_sizes_are_uuids_of_version_5() -> None:
    parents = [sync_key("p", (str(number),), 1) for number in range(64)]

    keys = subitem_sync_keys(pl.Series(parents), pl.repeat("M", 64, eager=True))

    assert {uuid.UUID(key.removesuffix("-g1")).version for key in keys} == {5}
    assert keys.to_list() == [subitem_sync_key(parent, "M") for parent in parents]
