"""What the server's catalogue says of the tables that were just made there."""

from __future__ import annotations

from tests.cli_calls import json_of
from tests.databases import needs_server
from tests.small_world import order

from installation import Installation
from order_sync.store.deploy import missing, obstacles_of

pytestmark = needs_server


def test_keys_and_views_are_found_in_whatever_case_they_are_told(site: Installation) -> None:
    assert missing(site.owner, site.tables) == []
    assert obstacles_of(site.owner, site.tables) == []


def test_a_run_on_the_server_moves_every_order(site: Installation) -> None:
    site.fill(order("A-1"), order("A-2", L=4))
    done = site.call(None, "run", "--all", "--json")
    assert done.exit_code == 0, done.stdout + done.stderr
    assert site.on_the_board() == site.promoted() == {"ST-A-1 A-1": ["M", "S"], "ST-A-2 A-2": ["L", "M", "S"]}
    assert json_of(site.call(None, "status", "--json"))
