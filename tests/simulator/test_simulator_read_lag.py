"""Look-ups that see a board as it was a moment ago."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from simulator_client import BOARD, Client, simulated

from monday_simulator import Limits

KEY = "text_mkkey"
RULES = (
    f"query ($v: CompareValue!) {{ boards(ids: {BOARD}) {{ items_page(limit: 9, query_params: "
    f'{{rules: [{{column_id: "{KEY}", compare_value: $v}}]}}) {{ items {{ id }} }} }} }}'
)
VALUES = (
    f"query ($v: String!) {{ items_page_by_column_values(board_id: {BOARD}, limit: 9, "
    f'columns: [{{column_id: "{KEY}", column_values: [$v]}}]) {{ items {{ id }} }} }}'
)
CHANGE = (
    f'mutation ($i: ID!, $v: String) {{ change_simple_column_value(board_id: {BOARD}, column_id: "{KEY}",'
    " item_id: $i, value: $v) { id } }"
)


def by_values(client: Client, value: str) -> list[str]:
    return [item["id"] for item in client.data(VALUES, {"v": value})["items_page_by_column_values"]["items"]]


def by_rules(client: Client, value: str) -> list[str]:
    boards = client.data(RULES, {"v": [value]})["boards"]
    return [item["id"] for item in boards[0]["items_page"]["items"]]


@pytest.mark.parametrize("find", [by_values, by_rules])
def test_changed_value_is_found_under_the_one_before_until_the_lag_is_over(
    find: Callable[[Client, str], list[str]],
) -> None:
    client = simulated(limits=Limits(read_lag=timedelta(seconds=5)))
    sleep = client.simulator.clock.sleep
    item = client.created("x", {KEY: "one"})
    assert find(client, "one") == []
    sleep(timedelta(seconds=6))
    assert find(client, "one") == [item]
    for value in ("two", "three"):
        client.data(CHANGE, {"i": item, "v": value})
        sleep(timedelta(seconds=2))
    assert [find(client, each) for each in ("one", "two", "three")] == [[item], [], []]
    assert client.texts(item)[KEY] == "three"
    sleep(timedelta(seconds=1))
    assert [find(client, each) for each in ("one", "two", "three")] == [[], [item], []]
    sleep(timedelta(seconds=2))
    assert [find(client, each) for each in ("one", "two", "three")] == [[], [], [item]]


@pytest.mark.parametrize("find", [by_values, by_rules])
def test_without_a_lag_a_change_is_found_at_once(find: Callable[[Client, str], list[str]]) -> None:
    client = simulated()
    item = client.created("x", {KEY: "one"})
    client.data(CHANGE, {"i": item, "v": "two"})
    assert [find(client, each) for each in ("one", "two")] == [[], [item]]


def test_pages_without_rules_and_ids_do_not_lag() -> None:
    client = simulated(limits=Limits(read_lag=timedelta(seconds=5)))
    item = client.created("x")
    assert client.names() == ["x"]
    assert client.read(item)[0]["name"] == "x"


def test_archived_item_is_not_found_though_the_index_lags() -> None:
    client = simulated(limits=Limits(read_lag=timedelta(seconds=5)))
    item = client.created("x", {KEY: "one"})
    client.simulator.clock.sleep(timedelta(seconds=6))
    client.data(CHANGE, {"i": item, "v": "two"})
    client.data(f"mutation {{ archive_item(item_id: {item}) {{ id }} }}")
    assert by_values(client, "one") == by_rules(client, "one") == []
