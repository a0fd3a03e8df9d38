"""Whatever comes back: the next status of a row is one that the table allows, and its figures never run backwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from order_sync.model.ids import ItemId
from order_sync.model.outcomes import (
    Created,
    ErrorClass,
    Halt,
    Halted,
    InDoubt,
    Outcome,
    Problem,
    Rejected,
    Retryable,
    problem_class,
)
from order_sync.model.states import RowStatus, row_may_become
from order_sync.model.verdicts import Verdict, proven_absent, request_size, verdict
from order_sync.monday.errors import as_outcome

NOW = datetime(2026, 3, 1, tzinfo=UTC)
waits = st.none() | st.timedeltas(timedelta(0), timedelta(days=1))
problems = st.builds(Problem, st.sampled_from(ErrorClass), st.text(max_size=5))
outcomes: st.SearchStrategy[Outcome] = st.one_of(
    st.builds(Created, st.integers(1, 2**63 - 1).map(ItemId), st.none(), st.none() | problems),
    st.builds(Rejected, problems),
    st.builds(Retryable, problems, waits, st.booleans()),
    st.builds(InDoubt, problems),
    st.builds(Halted, problems, st.sampled_from(Halt), waits),
    st.builds(as_outcome, problems, waits),
)
counts = st.integers(0, 30)


@given(outcomes, counts, counts, st.integers(0, 20), st.timedeltas(timedelta(0), timedelta(hours=1)))
def test_a_sent_row_goes_where_the_table_allows(
    outcome: Outcome, retry_count: int, doubts: int, most: int, backoff: timedelta
) -> None:
    found = verdict(outcome, retry_count=retry_count, doubts=doubts, max_retries=most, now=NOW, backoff=backoff)
    assert row_may_become(RowStatus.SENDING, found.status)
    assert_sound(found, retry_count, doubts)
    assert (found.item_id is not None) is isinstance(outcome, Created)
    assert (found.status is RowStatus.IN_DOUBT) is isinstance(outcome, InDoubt)
    if found.problem is not None:
        assert found.problem.error_class is problem_class(outcome)


@given(st.none() | st.sampled_from(ErrorClass), problems, st.booleans(), counts, counts, st.integers(0, 20))
def test_a_row_that_is_certainly_absent_goes_where_the_table_allows(
    kind: ErrorClass | None, problem: Problem, alone: bool, retry_count: int, doubts: int, most: int
) -> None:
    found = proven_absent(kind, problem, alone=alone, retry_count=retry_count, doubts=doubts, max_retries=most, now=NOW)
    assert row_may_become(RowStatus.IN_DOUBT, found.status)
    assert_sound(found, retry_count, doubts)
    assert found.item_id is None


def assert_sound(found: Verdict, retry_count: int, doubts: int) -> None:
    assert retry_count <= found.retry_count <= retry_count + 1
    assert doubts <= found.doubts <= doubts + 1
    assert found.next_attempt_at is None or found.next_attempt_at >= NOW
    # Given up is failed, not due again, and told; what failed otherwise is due again.
    if found.given_up:
        assert (found.status, found.next_attempt_at, found.log) == (RowStatus.API_FAILED, None, True)
    elif found.status is RowStatus.API_FAILED:
        assert found.next_attempt_at is not None
    assert not found.log or found.problem is not None


@given(counts, st.integers(1, 50))
def test_a_request_never_grows_with_doubt(doubts: int, largest: int) -> None:
    assert 1 <= request_size(doubts + 1, largest) <= request_size(doubts, largest) <= largest
