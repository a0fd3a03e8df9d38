"""Any answer becomes an outcome for each row."""

from __future__ import annotations

import json
from datetime import timedelta

from hypothesis import example, given
from hypothesis import strategies as st
from tests.monday_fakes import complaint, items, outcomes

from order_sync.model.outcomes import (
    Created,
)
from order_sync.monday.codes import CODES
from order_sync.monday.errors import item_id, outcomes_of
from order_sync.monday.replies import Reply

NAMES = [
    "data",
    "errors",
    "message",
    "path",
    "extensions",
    "code",
    "id",
    "r0",
    "r1",
    "r2",
    "complexity",
    "query",
    "retry_in_seconds",
    "error_data",
    "error_code",
    "status_code",
    "request_id",
    "after",
    "column_id",
]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12) | st.just("r1"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), inner),
    max_leaves=25,
)


@given(
    body=_JSON.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=60),
    status=st.integers(100, 599),
)
@example(body=b'{"data":{"r0":{"id":"1"}},"errors":{"r0":1}}', status=200)
@example(body=b'{"data":null,"errors":[null,1,[],{"path":{"a":1}},{"extensions":[]}]}', status=200)
def test_no_answer_breaks_the_reading(body: bytes, status: int) -> None:
    found = outcomes_of(Reply(status, {}, body, timedelta(0)), items())
    assert set(found.outcomes) == {10, 11, 12}
    for ref, outcome in found.outcomes.items():
        if isinstance(outcome, Created):
            assert item_id(json.loads(body)["data"][f"r{ref - 10}"]["id"]) == outcome.item_id


@given(
    made=st.lists(st.integers(1, 2**63 - 1) | st.none(), min_size=3, max_size=3, unique_by=lambda v: v or object()),
    code=st.sampled_from(sorted(CODES)),
    status=st.sampled_from([200, 400, 403, 409, 422, 423, 429, 500, 503]),
)
def test_an_id_is_never_lost(made: list[int | None], code: str, status: int) -> None:
    data = {f"r{at}": None if given is None else {"id": str(given)} for at, given in enumerate(made)}
    errors = [complaint(code, [f"r{at}"]) for at, given in enumerate(made) if given is None]
    found = outcomes({"data": data, "errors": errors}, status)
    assert [each.item_id if isinstance(each, Created) else None for each in found] == made
