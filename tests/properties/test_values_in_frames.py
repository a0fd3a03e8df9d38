"""Values encoded by the frame are the values encoded one by one."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from order_sync.model.mapping import BoardColumn, ColumnType
from order_sync.monday.values import column_values_expr, encode

COLUMNS = {kind: BoardColumn(id=f"{kind.value}_mk1", type=kind) for kind in ColumnType}


_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.sampled_from(
    [
        '"',
        "\\",
        "\n",
        "\r\n\t",
        "\u2028\u2029",
        "😀",
        "\x00\x01\x1f\x7f",
        "</script>",
        "{}",
        "}",
        '{"a":1}',
        "null",
        "é",
        "é",
    ]
)


_ROW = st.fixed_dictionaries(
    {
        "text": st.none() | _TEXTS,
        "long_text": st.none() | _TEXTS,
        "numbers": st.none() | st.decimals(allow_nan=False, allow_infinity=False, places=4).map(str),
        "dropdown": st.none() | _TEXTS,
        "status": st.none() | _TEXTS,
        "date": st.none() | st.dates(),
    }
)


@given(rows=st.lists(_ROW, min_size=1, max_size=6), order=st.permutations(sorted(COLUMNS)))
def test_the_frame_says_what_each_value_says(rows: list[dict[str, Any]], order: list[ColumnType]) -> None:
    schema = {kind.value: pl.Date if kind is ColumnType.DATE else pl.String for kind in ColumnType}
    frame = pl.DataFrame(rows, schema=schema)
    expression = column_values_expr([(COLUMNS[kind], kind.value) for kind in order])
    for text, row in zip(frame.select(expression.alias("json"))["json"], rows, strict=True):
        encoded = {COLUMNS[kind].id: encode(COLUMNS[kind], row[kind.value]) for kind in order}
        expected = {key: value for key, value in encoded.items() if value is not None}
        assert json.loads(text) == expected
        assert list(json.loads(text)) == list(expected)
        assert text == json.dumps(expected, ensure_ascii=False, separators=(",", ":"))
