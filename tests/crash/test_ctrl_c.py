"""Ctrl-C once ends a run in order; twice at once, with the call in flight in doubt."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from processes import Gate, Installation, a_run, install
from tests.proof import differences

from monday_simulator.web.server import serving

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to a whole console, this test with it"),
]
STAGING = ("STG_MON_CustMasterSchedule", "STG_MON_CustMasterSchedule_Subitems")


@pytest.fixture
def house(tmp_path: Path) -> Installation:
    return install(tmp_path, rows=30, customers=2)


@pytest.fixture(params=["create_group", "create_item", "create_subitem"])
def gate(house: Installation, request: pytest.FixtureRequest) -> Iterator[Gate]:
    """Keeps one call in flight."""
    with Gate(house.seed_file, request.param) as gate, serving(gate) as url:
        house.served_at(url)
        try:
            yield gate
        finally:
            gate.opened.set()


def _on_the_way(house: Installation) -> int:
    """Rows and groups that were sent and whose answer is not recorded."""
    query = " UNION ALL ".join(f"SELECT 1 FROM {table} WHERE stg_status = 'SENDING'" for table in STAGING)
    return len(house.rows(f"{query} UNION ALL SELECT 1 FROM MON_Group WHERE status = 'SENDING'"))


def test_the_first_one_ends_the_call_and_records_it(house: Installation, gate: Gate) -> None:
    with a_run(house) as run:
        assert gate.arrived.wait(30)
        assert _on_the_way(house) > 0
        run.popen.send_signal(signal.SIGINT)
        run.until("stopping")
        gate.opened.set()
        assert run.ended() == 3, run.words
    assert _on_the_way(house) == 0
    assert house.rows("SELECT resource FROM MON_Lease WHERE owner IS NOT NULL") == []
    assert house.rows("SELECT request_id FROM MON_ApiCall EXCEPT SELECT request_id FROM MON_ApiCallResult") == []
    calls = gate.mutations
    with a_run(house) as following:
        assert following.ended() == 0, following.words
    assert calls < gate.mutations
    assert differences(house) == []


def test_the_second_one_leaves_at_once_and_the_next_run_settles_the_call(house: Installation, gate: Gate) -> None:
    with a_run(house) as run:
        assert gate.arrived.wait(30)
        run.popen.send_signal(signal.SIGINT)
        run.until("stopping")
        run.popen.send_signal(signal.SIGINT)
        assert run.ended() == 130, run.words
    assert _on_the_way(house) > 0
    with a_run(house) as following:
        following.until("@ doubt.looked_at")
        # Only now does the server apply it: who believes in its absence at the first look makes it again.
        gate.opened.set()
        assert following.ended() == 0, following.words
    assert differences(house) == []
