"""The pages for people: what they show, and that nothing on them is taken for markup."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from simulator_client import BOARD, SIZES, Client, simulated

from monday_simulator import Limits, load_faults
from monday_simulator.gateway.faults import Kind
from monday_simulator.web.page import Pages
from monday_simulator.web.page_model import css_color, ink_on, readable_date, readable_number
from monday_simulator.web.panels import ordinal, summary


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
    web = Path(__file__).parents[2] / "src" / "monday_simulator" / "web"
    for text in (board_page(client), *(each.read_text(encoding="utf-8") for each in (web / "assets").iterdir())):
        assert "http://" not in text
        assert "https://" not in text
        assert "@import" not in text


def test_nothing_on_a_page_is_a_script_of_its_own(client: Client) -> None:
    client.created("<script>alert(1)</script>")
    for page in (board_page(client, q='"><script>', group="<script>"), Pages(client.simulator).wire()):
        assert re.findall(r"<script[^>]*>", page) == ['<script src="/assets/page.js" defer>']
        assert re.findall(r"\son[a-z]+=", page) == []


def test_colour_that_is_more_than_a_colour_is_grey(client: Client) -> None:
    assert css_color("#00c875") == "#00c875"
    assert css_color("inherit") == "inherit"
    client.simulator.store.boards[BOARD].groups[0].color = "red; background: url(x)"
    page = board_page(client)
    assert "url(" not in page
    assert "--c: #808080" in page


def test_page_tells_limits_faults_and_the_newest_requests() -> None:
    client = simulated(faults=load_faults("lost_after on=create_item nth=2\nthrottle_429 share=0.015 key='<b>'"))
    client.created("x")
    client.drop(f'mutation {{ create_item(board_id: {BOARD}, item_name: "y") {{ id }} }}')
    page = board_page(client)
    for shown in (
        "9,939,998 of 10,000,000",
        "4,998 of 5,000",
        "24,998 of 25,000",
        "create_item, 2nd",
        "1 of 2",
        "key &lt;b&gt;, 1.5 %",
        '<span class="state lost" title="scripted: lost_after">lost</span>',
    ):
        assert shown in page


def test_limits_of_reads_and_writes_stand_apart() -> None:
    client = simulated(limits=Limits.of("pro", "app"))
    client.created("x")
    page = board_page(client)
    assert "points for writes</span><b>4,969,999 of 5,000,000" in page
    assert "points for reads</span><b>5,000,000 of 5,000,000" in page


def test_switches_can_be_used_only_where_they_are_controlled(client: Client) -> None:
    assert "<fieldset disabled>" in board_page(client)
    assert "--control" in board_page(client)
    controlled = Pages(client.simulator, control=True).board({})
    assert "<fieldset disabled>" not in controlled
    assert "--control" not in controlled
    assert all(f">{kind}</option>" in controlled for kind in Kind)


def test_parts_that_follow_the_simulator_can_be_told_apart(client: Client) -> None:
    """The script puts them in place by their ids, so none may come twice."""
    for number in range(3):
        client.data(f'mutation {{ create_group(board_id: {BOARD}, group_name: "{number}") {{ id }} }}')
    ids = re.findall(r'id="([^"]+)" data-li', board_page(client))
    assert {"boards", "facts", "faults", "groups", "g-group_mkfirst", "limits", "newest"} <= set(ids)
    assert len(ids) == len(set(ids))


def test_numbers_are_counted_in_english() -> None:
    assert [ordinal(each) for each in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "111th",
    ]  # fmt: skip
