"""Labels of status and dropdown columns: made with the column, replaced by a list, deactivated, and limited."""

from __future__ import annotations

from typing import Any

import pytest
from simulator_client import BOARD, Client, code_of, simulated

UPDATE = (
    "mutation ($b: ID!, $id: String!, $r: String!, $s: UpdateKINDColumnSettingsInput, $t: String) {"
    " update_kind_column(board_id: $b, id: $id, revision: $r, settings: $s, title: $t)"
    " { id title revision settings } }"
)
CREATE = (
    "mutation ($b: ID!, $d: CreateKINDColumnSettingsInput) {"
    ' create_kind_column(board_id: $b, title: "T", defaults: $d) { id settings } }'
)


@pytest.fixture
def client() -> Client:
    return simulated()


def of_kind(query: str, kind: str) -> str:
    return query.replace("KIND", kind.capitalize()).replace("kind", kind)


def column(client: Client, column_id: str) -> Any:
    query = f'{{ boards(ids: {BOARD}) {{ columns(ids: ["{column_id}"]) {{ revision settings }} }} }}'
    return client.data(query)["boards"][0]["columns"][0]


def update(client: Client, column_id: str, labels: list[Any] | None, revision: str = "", **more: Any) -> Any:
    kind = "status" if column_id.startswith("color") else "dropdown"
    settings = None if labels is None else {"labels": labels, **more}
    given = {"b": BOARD, "id": column_id, "r": revision or column(client, column_id)["revision"], "s": settings}
    return client.ask(of_kind(UPDATE, kind), given)


def make(client: Client, kind: str, labels: list[Any], **more: Any) -> Any:
    return client.ask(of_kind(CREATE, kind), {"b": BOARD, "d": {"labels": labels, **more}})


def status(label: str, color: str, index: int = 0, **more: Any) -> dict[str, Any]:
    return {"label": label, "color": color, "index": index, **more}


def test_status_column_is_made_with_labels_whose_ids_are_their_colors(client: Client) -> None:
    answer = make(client, "status", [status("Ready", "teal", 0, is_done=True), status("Later", "done_green", 1)])
    settings = answer["data"]["create_status_column"]["settings"]
    assert settings["type"] == "status"
    assert [
        (each["id"], each["label"], each["color"], each["index"], each["is_done"]) for each in settings["labels"]
    ] == [
        (160, "Ready", "teal", 0, True),
        (1, "Later", "done_green", 1, False),
    ]


def test_dropdown_column_is_made_with_labels_counted_from_one_and_its_limit(client: Client) -> None:
    answer = make(client, "dropdown", [{"label": "A"}, {"label": "B"}], limit_select=True, label_limit_count=1)
    made = answer["data"]["create_dropdown_column"]
    assert [(each["id"], each["label"]) for each in made["settings"]["labels"]] == [(1, "A"), (2, "B")]
    assert "errors" not in client.create("x", {made["id"]: "A"})
    assert code_of(client.create("x", {made["id"]: "A, B"})) == "ColumnValueException"


def test_column_without_defaults_has_the_usual_labels(client: Client) -> None:
    query = f'mutation {{ create_status_column(board_id: {BOARD}, title: "T") {{ settings }} }}'
    labels = client.data(query)["create_status_column"]["settings"]["labels"]
    assert [each["label"] for each in labels] == ["Working on it", "Done", "Stuck"]
    assert [each["color"] for each in labels] == ["working_orange", "done_green", "stuck_red"]


@pytest.mark.parametrize(
    ("kind", "labels"),
    [
        ("status", [status("x" * 31, "teal")]),
        ("status", [status("A", "teal", 40)]),
        ("status", [status("A", "teal"), status("B", "teal")]),
        ("status", [status("A", "teal"), status("A", "tan")]),
        ("status", [status(" ", "teal")]),
        ("dropdown", [{"label": "A"}, {"label": "A"}]),
        ("dropdown", [{"label": ""}]),
        ("dropdown", [{"label": str(each)} for each in range(501)]),
    ],
)
def test_column_is_not_made_with_labels_beyond_measure(client: Client, kind: str, labels: list[Any]) -> None:
    assert code_of(make(client, kind, labels)) == "InvalidArgumentException"


def test_stale_revision_is_refused_and_a_fresh_one_taken(client: Client) -> None:
    first = column(client, "dropdown_mk1")["revision"]
    labels = [{"id": 1, "label": "SP26"}, {"label": "FW26"}]
    answer = update(client, "dropdown_mk1", labels)
    updated = answer["data"]["update_dropdown_column"]
    assert updated["revision"] != first
    assert [(each["id"], each["label"]) for each in updated["settings"]["labels"]] == [(1, "SP26"), (2, "FW26")]
    assert code_of(update(client, "dropdown_mk1", labels, revision=first)) == "InvalidArgumentException"
    client.created("x", {"dropdown_mk1": "SS27"}, labels=True)
    assert code_of(update(client, "dropdown_mk1", labels, revision=updated["revision"])) == "InvalidArgumentException"


def test_labels_come_or_go_but_not_both_and_go_one_at_a_time(client: Client) -> None:
    three = [{"id": 1, "label": "SP26"}, {"label": "B"}, {"label": "C"}]
    assert "errors" not in update(client, "dropdown_mk1", three)
    assert code_of(update(client, "dropdown_mk1", [{"id": 1, "label": "SP26"}])) == "InvalidArgumentException"
    swapped = [{"id": 1, "label": "SP26"}, {"id": 2, "label": "B"}, {"label": "D"}]
    assert code_of(update(client, "dropdown_mk1", swapped)) == "InvalidArgumentException"
    assert "errors" not in update(client, "dropdown_mk1", swapped[:2])
    assert [each["id"] for each in column(client, "dropdown_mk1")["settings"]["labels"]] == [1, 2]
    for wrong in (
        [{"id": 1, "label": "a"}, {"id": 9, "label": "b"}],
        [{"id": 1, "label": "a"}, {"id": 1, "label": "b"}],
    ):
        assert code_of(update(client, "dropdown_mk1", wrong)) == "InvalidArgumentException"


def test_renamed_label_is_read_and_found_under_its_new_name(client: Client) -> None:
    item = client.created("x", {"dropdown_mk1": "SP26", "color_mk1": "PCE"})
    look_up = (
        f"query ($c: String!, $v: [String]!) {{ items_page_by_column_values(board_id: {BOARD},"
        " columns: [{ column_id: $c, column_values: $v }]) { items { id } } }"
    )
    for named in ("dropdown_mk1", "SP26"), ("color_mk1", "PCE"):
        found = client.data(look_up, {"c": named[0], "v": [named[1]]})["items_page_by_column_values"]["items"]
        assert found == [{"id": item}]
    update(client, "dropdown_mk1", [{"id": 1, "label": "Spring"}])
    update(client, "color_mk1", [status("Piece", "teal", 0, id=0)])
    assert (client.texts(item)["dropdown_mk1"], client.texts(item)["color_mk1"]) == ("Spring", "Piece")
    for named, hit in (
        (("dropdown_mk1", "SP26"), False), (("dropdown_mk1", "spring"), True),
        (("color_mk1", "PCE"), False), (("color_mk1", "piece"), True),
    ):  # fmt: skip
        found = client.data(look_up, {"c": named[0], "v": [named[1]]})["items_page_by_column_values"]["items"]
        assert bool(found) is hit


def test_deactivated_label_stays_readable_and_cannot_be_given_until_it_is_made_again(client: Client) -> None:
    item = client.created("x", {"dropdown_mk1": "SP26"})
    update(client, "dropdown_mk1", [{"id": 1, "label": "SP26", "is_deactivated": True}])
    assert client.texts(item)["dropdown_mk1"] == "SP26"
    for value in ({"labels": ["SP26"]}, {"ids": [1]}):
        assert code_of(client.create("y", {"dropdown_mk1": value})) == "ColumnValueException"
    client.created("z", {"dropdown_mk1": {"labels": ["SP26"]}}, labels=True)
    labels = column(client, "dropdown_mk1")["settings"]["labels"]
    assert labels == [{"id": 1, "label": "SP26", "is_deactivated": False}]


def test_status_label_keeps_its_id_and_takes_another_color(client: Client) -> None:
    item = client.created("x", {"color_mk1": "PCE"})
    answer = update(client, "color_mk1", [status("PCE", "teal", 3, id=0, is_done=True, description="Pieces")])
    label = answer["data"]["update_status_column"]["settings"]["labels"][0]
    assert (label["id"], label["color"], label["index"], label["description"]) == (0, "teal", 3, "Pieces")
    query = (
        f"{{ items(ids: {item}) {{ column_values {{ ... on StatusValue {{ is_done label_style {{ color }} }} }} }} }}"
    )
    assert {"is_done": True, "label_style": {"color": "#2da283"}} in client.data(query)["items"][0]["column_values"]
    both = [status("PCE", "teal", 0, id=0), status("BOX", "working_orange", 1)]
    assert code_of(update(client, "color_mk1", both)) == "InvalidArgumentException"


def test_only_a_column_of_the_type_is_updated_and_a_title_alone_may_be(client: Client) -> None:
    assert code_of(update(client, "color_gone", None, revision="0")) == "InvalidColumnIdException"
    given = {"b": BOARD, "id": "text_mkkey", "r": column(client, "text_mkkey")["revision"], "s": None}
    assert code_of(client.ask(of_kind(UPDATE, "status"), given)) == "InvalidArgumentException"
    before = column(client, "color_mk1")
    given = {"b": BOARD, "id": "color_mk1", "r": before["revision"], "t": "New title"}
    updated = client.data(of_kind(UPDATE, "status"), given)["update_status_column"]
    assert (updated["title"], updated["settings"]) == ("New title", before["settings"])
