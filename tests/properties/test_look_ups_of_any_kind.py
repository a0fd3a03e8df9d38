"""No answer but the right one proves absence."""

from __future__ import annotations

import json
from typing import Any

import httpx2
from hypothesis import given
from hypothesis import strategies as st
from tests.monday_fakes import board

from order_sync.model.errors import BoardMismatch, BoardUnavailable
from order_sync.model.ids import ColumnId, ItemId, SyncKey

K1 = SyncKey("aa-g1")
KEY = ColumnId("text_key")


@given(
    body=st.recursive(
        st.none() | st.text(max_size=3) | st.integers(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["data", "page", "items", "cursor", "id", "control", "errors"]), inner)
        ),
        max_leaves=12,
    )
)
def test_no_answer_makes_a_look_up_believe_in_absence(body: Any) -> None:
    it, _, _ = board(lambda _: httpx2.Response(200, content=json.dumps(body).encode()))
    try:
        lookup = it.find_by_key(KEY, [K1], ItemId(9))
    except (BoardUnavailable, BoardMismatch):
        return
    assert not lookup.control_ok
