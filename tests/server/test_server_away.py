"""The server goes away in the middle of a batch: the run waits and goes on, or ends and says so, and the next one ends
what it began. No order is lost, none is there twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from line import Line
from sqlalchemy import make_url
from tests.databases import needs_server, server
from tests.small_world import order
from typer.testing import Result

from installation import Installation
from order_sync import failpoints
from order_sync.store import sqlserver_engine

pytestmark = [needs_server, pytest.mark.slow]

MOMENTS = ("db:stage.load:inside", "db:send.outcome:inside", "db:promote:commit")


@dataclass
class At:
    """Does it once, when the run comes to this place."""

    place: str
    does: Callable[[], None]
    reached: list[str] = field(default_factory=list)

    def __call__(self, place: str) -> None:
        if place == self.place and not self.reached:
            self.reached.append(place)
            self.does()


@pytest.fixture(scope="module")
def line() -> Iterator[Line]:
    url = make_url(server())
    with Line(url.host or "127.0.0.1", url.port or 1433) as made:
        yield made


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch, line: Line) -> Iterator[None]:
    monkeypatch.setattr(sqlserver_engine, "CONNECT_TIMEOUT", timedelta(seconds=2))
    yield
    failpoints.strike_with(None)
    line.come_up()


def run(site: Installation, line: Line, strike: At | None = None) -> Result:
    failpoints.strike_with(strike)
    try:
        url = site.url(None, host="127.0.0.1", port=line.port)
        return site.call(None, "run", "--all", ORDER_SYNC_DATABASE__URL=url)
    finally:
        failpoints.strike_with(None)


def plant(site: Installation, name: str) -> None:
    """One more order, with a size that no other has."""
    site.add(order(name), order(f"{name}-2", XL=7))


def assert_whole(site: Installation) -> None:
    planted = {f"{style} {number}" for style, number in site.rows("SELECT [STYLE NO], NUMBER FROM dbo.ORDERS")}
    board = site.on_the_board()
    assert set(board) == planted
    assert board == site.promoted()


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_connection_that_breaks_is_made_again_and_the_run_goes_on(
    site: Installation, line: Line, moment: str
) -> None:
    plant(site, f"CUT-{MOMENTS.index(moment)}")
    strike = At(moment, line.cut)
    done = run(site, line, strike)
    assert strike.reached
    if done.exit_code != 0:  # it may end instead, and say so
        assert done.exit_code == 3, done.stdout + done.stderr
        assert "the connection to the database was lost" in done.stderr
        assert run(site, line).exit_code == 0
    assert_whole(site)


@pytest.mark.parametrize("moment", ["db:send.outcome:commit", "db:promote:commit"])
def test_a_commit_whose_answer_is_lost_is_looked_at_before_it_is_repeated(
    site: Installation, line: Line, moment: str
) -> None:
    plant(site, f"LOST-{moment[3:-7]}")
    strike = At(moment, line.lose_next_answer)
    done = run(site, line, strike)
    assert strike.reached
    assert done.exit_code in (0, 3), done.stdout + done.stderr
    assert done.exit_code == 0 or run(site, line).exit_code == 0
    assert_whole(site)


@pytest.mark.parametrize("moment", ["db:send.intent:commit", "db:promote:inside"])
def test_a_server_that_stays_away_ends_the_run_and_the_next_one_resumes(
    site: Installation, line: Line, moment: str
) -> None:
    plant(site, f"AWAY-{moment[3:].replace(':', '-')}")
    strike = At(moment, line.go_down)
    done = run(site, line, strike)
    assert strike.reached
    assert done.exit_code == 3, done.stdout + done.stderr
    assert "error: " in done.stderr
    assert "  next: " in done.stderr
    assert "Traceback" not in done.stderr
    line.come_up()
    resumed = run(site, line)
    assert resumed.exit_code == 0, resumed.stdout + resumed.stderr
    assert_whole(site)
