"""The pages for people: what they show, and that nothing on them is taken for markup."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from simulator_client import BOARD, SIZES, Client, simulated

from monday_simulator import load_faults
from monday_simulator.web.page import Pages, summary
from monday_simulator.web.page_model import ink_on, readable_date, readable_number


@pytest.fixture
def client() -> Client:
    return simulated()


def board_page(client: Client, **query: str) -> str:
    return Pages(client.simulator).board({"board": BOARD, **query})


def test_board_page_shows_groups_items_values_and_subitems(client: Client) -> None:
    item = client.created(
        "STYLE BLACK AAA-00001",
        {"dropdown_mk1": "SP26", "color_mk1": "PCE", "numeric_mk1": "1234.5", "date_mk1": "2026-06-05"},
    )
    values = json.dumps({"numeric_mkqty": "17"})
    client.data(
        "mutation ($v: JSON) {"
        f' create_subitem(parent_item_id: {item}, item_name: "XXL", column_values: $v) {{ id }} }}',
        {"v": values},
    )
    page = board_page(client)
    for shown in ("HALCYON SP26", "STYLE BLACK AAA-00001", "1,234.5", "5 Jun 2026", "XXL", "17"):
        assert shown in page
    assert '<span class="pill"' in page
    assert "1 item<" in page


def test_markup_in_a_value_stays_text(client: Client) -> None:
    client.created("<script>alert(1)</script>", {"text_mkkey": '"><b>x</b>'})
    page = board_page(client)
    assert "<script>alert" not in page
    assert "<b>x</b>" not in page
    assert "&lt;script&gt;" in page


def test_empty_columns_are_hidden_until_asked_for(client: Client) -> None:
    client.created("x", {"text_mkkey": "k"})
    assert "Revenue" not in board_page(client)
    assert "show 10 empty columns" in board_page(client)
    assert "Revenue" in board_page(client, columns="all")


def test_search_finds_text_in_names_values_and_subitems(client: Client) -> None:
    client.created("first", {"text_mkkey": "Needle"})
    item = client.created("second")
    client.data(f'mutation {{ create_subitem(parent_item_id: {item}, item_name: "needlework") {{ id }} }}')
    client.created("third")
    page = board_page(client, q="NEEDLE")
    assert ">first<" in page
    assert ">second<" in page
    assert ">third<" not in page
    assert "Nothing on this board matches" in board_page(client, q="absent")


def test_long_group_shows_its_first_items_and_a_way_to_the_rest(client: Client) -> None:
    for number in range(120):
        client.created(f"item {number:03}")
    overview = board_page(client)
    assert "item 019" in overview
    assert "item 020" not in overview
    assert "show this group" in overview
    first, second = (board_page(client, group="group_mkfirst", page=page) for page in ("1", "2"))
    assert "next items" in first
    assert "item 119" in second
    assert "item 099" not in second


def test_subitem_board_and_unknown_board_have_pages_too(client: Client) -> None:
    assert "Subitems of Orders" in Pages(client.simulator).board({"board": SIZES})
    assert "No board yet" in Pages(client.simulator).board({"board": "1"})


def test_wire_page_tells_requests_faults_and_refusals() -> None:
    rules = load_faults([{"on": "create_item", "nth": 2, "kind": "lost_after"}])
    client = simulated(faults=rules)
    client.created("x")
    client.drop(f'mutation {{ create_item(board_id: {BOARD}, item_name: "y") {{ id }} }}')
    client.send("{ nope }")
    page = Pages(client.simulator).wire()
    for shown in ("create_item", "lost_after", "no answer", "GRAPHQL", "<b>3</b> requests"):
        assert shown in page


def test_summary_counts_equal_fields(client: Client) -> None:
    create = f'create_item(board_id: {BOARD}, item_name: "x") {{ id }}'
    client.data(f"mutation {{ a: {create} b: {create} complexity {{ after }} }}")
    assert summary(next(iter(client.simulator.wire_log))) == "2 × create_item"


def test_labels_are_written_in_ink_that_can_be_read() -> None:
    assert ink_on("#ffcb00") == "#1f2330"
    assert ink_on("#333333") == "#ffffff"
    assert ink_on("red") == "#ffffff"


def test_dates_and_numbers_are_written_for_people() -> None:
    assert readable_date("2026-06-05 09:00") == "5 Jun 2026, 09:00"
    assert readable_date("") == ""
    assert readable_number("1234567.50") == "1,234,567.50"
    assert readable_number("") == ""


def test_page_needs_nothing_from_elsewhere(client: Client) -> None:
    page = board_page(client)
    assert "http://" not in page
    assert "https://" not in page
    templates = Path(__file__).parents[2] / "src" / "monday_simulator" / "web" / "templates"
    assert "@import" not in (templates / "style.css").read_text(encoding="utf-8")
