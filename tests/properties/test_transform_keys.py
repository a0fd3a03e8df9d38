from __future__ import annotations

import hashlib
import unicodedata
import uuid

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from order_sync.model.keys import (
    NAMESPACE,
    canonical_parts,
    order_keys,
    subitem_sync_key,
    subitem_sync_keys,
    sync_key,
    sync_keys,
)

PARTS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(["ST 1", "st 1", "CAFÉ", "cafe\u0301", "STRASSE", "straße", "İ", "ΣΑΣ", "", " ", "nan", "\x00"]),
)
ROWS = st.lists(st.tuples(PARTS, PARTS), min_size=1, max_size=6)


def frame(rows: list[tuple[str, str]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"a": pl.String, "b": pl.String}, orient="row")


def prefixed(*parts: str) -> str:
    return "".join(f"{len(part)}:{part}," for part in parts)


@settings(max_examples=60)
@given(ROWS)
def test_keys_are_digests_of_the_canonical_parts(rows: list[tuple[str, str]]) -> None:
    source = frame(rows)

    canonical = canonical_parts(source, ["a", "b"]).rows()

    for parts, order, sync in zip(
        canonical, order_keys(source, ["a", "b"]), sync_keys("p", source, ["a", "b"], 1), strict=True
    ):
        if None in parts:
            assert order is None
            assert sync is None
        else:
            assert order == hashlib.sha256(prefixed(*parts).encode()).hexdigest()
            assert sync == f"{uuid.uuid5(NAMESPACE, prefixed('p', *parts))}-g1"


@settings(max_examples=60)
@given(ROWS, st.sampled_from(["NFC", "NFD"]), st.sampled_from([" {}", "{}\t", "\u00a0{}\r\n"]))
def test_spelling_does_not_count(rows: list[tuple[str, str]], form: str, around: str) -> None:
    respelled = [
        (around.format(unicodedata.normalize(form, first)), around.format(second.casefold()))  # type: ignore[arg-type]
        for first, second in rows
    ]

    assert order_keys(frame(rows), ["a", "b"]).to_list() == order_keys(frame(respelled), ["a", "b"]).to_list()


@settings(max_examples=60)
@given(PARTS)
def test_the_canonical_form_is_its_own(part: str) -> None:
    once = canonical_parts(frame([(part, part)]), ["a"])
    again = canonical_parts(once, ["a"])

    assert once.equals(again)


@settings(max_examples=40)
@given(st.lists(st.text(max_size=6), max_size=5), st.integers(1, 99))
def test_lists_of_size_keys_are_those_of_single_ones(labels: list[str], generation: int) -> None:
    parent = sync_key("p", ("a",), generation)

    keys = subitem_sync_keys(pl.Series([parent] * len(labels), dtype=pl.String), pl.Series(labels, dtype=pl.String))

    assert keys.to_list() == [subitem_sync_key(parent, label) for label in labels]
