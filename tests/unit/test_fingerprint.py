from __future__ import annotations

import polars as pl
import pytest

from order_sync.model import fingerprint
from order_sync.model.fingerprint import (
    GOLDEN,
    EncodingChanged,
    check_golden,
    column_list_digest,
    fingerprint_columns,
    fingerprints,
)


def digests(frame: pl.DataFrame, *lists: str) -> list[str]:
    return fingerprints(frame, pl.Series(lists or [""] * frame.height, dtype=pl.String)).to_list()


def texts(**columns: list[str | None]) -> pl.DataFrame:
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def test_the_golden_rows_give_their_digests() -> None:
    check_golden()


def test_another_encoding_refuses_to_compare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingerprint, "GOLDEN", (GOLDEN[0]._replace(digest="0" * 64),))

    with pytest.raises(EncodingChanged, match="not 0000"):
        check_golden()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": None, "b": "x"}, {"a": "", "b": "x"}),
        ({"a": "a|", "b": "b"}, {"a": "a", "b": "|b"}),
        ({"a": "1", "b": "23"}, {"a": "12", "b": "3"}),
        ({"a": "x", "b": None}, {"a": None, "b": "x"}),
        ({"a": "é", "b": ""}, {"a": "e\u0301", "b": ""}),
    ],
)
def test_nothing_moves_unseen(one: dict[str, str | None], other: dict[str, str | None]) -> None:
    both = texts(**{name: [one[name], other[name]] for name in one})

    first, second = digests(both)

    assert first != second


def test_sizes_count() -> None:
    assert len(set(digests(texts(a=["x"] * 3), "", "1:S=1;", "1:S=2;"))) == 3


def test_the_order_of_the_columns_and_the_row_number_do_not_count() -> None:
    frame = texts(b=["1"], a=["2"])

    assert digests(frame) == digests(frame.select("a", "b")) == digests(frame.with_row_index("__row"))
    assert fingerprint_columns(["b", "__row", "a"]) == ["a", "b"]


def test_chunks_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = texts(a=[str(number) for number in range(10)])
    whole = digests(frame)

    monkeypatch.setattr(fingerprint, "CHUNK_ROWS", 3)

    assert digests(frame) == whole
    assert len(set(whole)) == 10


def test_no_rows_have_no_fingerprints() -> None:
    empty = fingerprints(texts(a=[]), pl.Series([], dtype=pl.String))

    assert empty.len() == 0
    assert empty.dtype == pl.String


def test_the_list_of_columns_has_a_digest_that_names_cannot_forge() -> None:
    assert column_list_digest(["a", "b"]) == column_list_digest(["b", "a", "__row"])
    assert column_list_digest(["a", "b"]) != column_list_digest(["a,1:b"])
    assert column_list_digest(["a"]) != column_list_digest(["a", "b"])
