"""Files: sent in the three ways that clients use, kept byte by byte, read again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from simulator_client import BOARD, TOKEN, Client, code_of, simulated
from test_simulator_bodies import Field, multipart

from monday_simulator.account.records import Asset

ADD = "mutation ($file: File!) { add_file_to_column(file: $file, item_id: %s, column_id: %s) { id name file_size } }"
CONTENT = b"\x89PNG\r\n\r\n--another\n--sep\r\n\x00\xff\r\n"
READ = (
    "query ($ids: [ID!]) { items(ids: $ids) { assets { id name file_extension file_size url url_thumbnail"
    " uploaded_by { id } } column_values(types: file) { text value ... on FileValue { files { __typename"
    " ... on FileAssetValue { name asset_id is_image creator { id } asset { id file_size } } } } } } }"
)


def shelf() -> tuple[Client, str, str]:
    """A client, an item, and a file column."""
    client = simulated()
    made = client.data(f'mutation {{ create_column(board_id: {BOARD}, title: "F", column_type: file) {{ id }} }}')
    return client, client.created("an item"), made["create_column"]["id"]


def send(client: Client, *fields: Field, path: str = "/v2/file") -> Any:
    headers = {"Authorization": TOKEN, "Content-Type": "multipart/form-data; boundary=sep"}
    answer = client.simulator.handle("POST", path, headers, multipart(*fields))
    assert answer.status == 200
    return answer.json()


def ways(query: str) -> dict[str, tuple[Field, ...]]:
    document: Field = ("query", None, query.encode())
    operations = json.dumps({"query": query, "variables": {"file": None}}).encode()
    mapped: Field = ("map", None, b'{"0": ["variables.file"]}')
    return {
        "by name": (document, ("variables[file]", "/home/somebody/a picture.png", CONTENT)),
        "by map": (document, mapped, ("0", "a picture.png", CONTENT)),
        "by map with variables": (document, ("variables", None, b"{}"), mapped, ("0", "a picture.png", CONTENT)),
        "by the specification": (("operations", None, operations), mapped, ("0", "a picture.png", CONTENT)),
    }


@pytest.mark.parametrize("path", ["/v2", "/v2/file"])
@pytest.mark.parametrize("way", ways(""))
def test_file_arrives_as_it_was_sent(way: str, path: str) -> None:
    client, item, column = shelf()
    answer = send(client, *ways(ADD % (item, json.dumps(column)))[way], path=path)
    added = answer["data"]["add_file_to_column"]
    assert (added["name"], added["file_size"]) == ("a picture.png", len(CONTENT))
    asset = client.simulator.store.shelf.find(Asset, added["id"])
    assert asset is not None
    assert asset.content == CONTENT
    assert ("account_id" in answer) is (path == "/v2/file")


def test_files_are_read_on_item_and_column() -> None:
    client, item, column = shelf()
    for name in ("a.txt", "b.PNG"):
        document: Field = ("query", None, (ADD % (item, json.dumps(column))).encode())
        send(client, document, ("variables[file]", name, b"12345"))
    read = client.data(READ, {"ids": [item]})["items"][0]
    assert [(each["name"], each["file_extension"], each["file_size"]) for each in read["assets"]] == [
        ("a.txt", ".txt", 5),
        ("b.PNG", ".png", 5),
    ]
    value = read["column_values"][0]
    assert value["text"] == ", ".join(each["url"] for each in read["assets"])
    assert [each["is_image"] for each in value["files"]] == [False, True]
    assert [each["assetId"] for each in json.loads(value["value"])["files"]] == [
        int(each["id"]) for each in read["assets"]
    ]
    assert [each["asset"]["id"] for each in value["files"]] == [each["id"] for each in read["assets"]]
    ids = [each["id"] for each in read["assets"]]
    assert client.data("query ($i: [ID!]!) { assets(ids: $i) { id } }", {"i": [*ids, "1"]}) == {
        "assets": [{"id": each} for each in ids]
    }


def test_file_of_an_update_is_in_the_gallery() -> None:
    client, item, _ = shelf()
    update = client.data(f'mutation {{ create_update(item_id: {item}, body: "x") {{ id }} }}')["create_update"]["id"]
    add = f"mutation ($f: File!) {{ add_file_to_update(file: $f, update_id: {update}) {{ id }} }}"
    added = send(client, ("query", None, add.encode()), ("variables[f]", "a.txt", b"1"))["data"]["add_file_to_update"]
    read = client.data(
        f"{{ items(ids: {item}) {{ updates {{ assets {{ id }} }} all: assets {{ id }}"
        f" columns: assets(assets_source: columns) {{ id }} gallery: assets(assets_source: gallery) {{ id }} }} }}"
    )["items"][0]
    assert read == {"updates": [{"assets": [added]}], "all": [added], "columns": [], "gallery": [added]}


@pytest.mark.parametrize(
    ("item", "column", "code"),
    [
        ("1", None, "InvalidItemIdException"),
        (None, "nowhere", "InvalidColumnIdException"),
        (None, "text_mkkey", "ColumnValueException"),
    ],
)
def test_file_that_fits_nowhere_is_refused(item: str | None, column: str | None, code: str) -> None:
    client, known, files = shelf()
    query = ADD % (item or known, json.dumps(column or files))
    answer = send(client, ("query", None, query.encode()), ("variables[file]", "a.txt", b"1"))
    assert code_of(answer) == code
    assert client.simulator.store.shelf.all(Asset) == []


@pytest.mark.parametrize("variables", [{}, {"file": None}, {"file": "a.txt"}, {"file": {}}])
def test_file_must_be_a_file(variables: dict[str, Any]) -> None:
    client, item, column = shelf()
    answer = client.ask(ADD % (item, json.dumps(column)), variables)
    assert "data" not in answer
    assert '"$file"' in answer["errors"][0]["message"]


def test_file_survives_a_restart(tmp_path: Path) -> None:
    with simulated(state=tmp_path / "state").simulator as simulator:
        client = Client(simulator)
        item = client.created("an item")
        made = client.data(f'mutation {{ create_column(board_id: {BOARD}, title: "F", column_type: file) {{ id }} }}')
        query = ADD % (item, json.dumps(made["create_column"]["id"]))
        send(client, ("query", None, query.encode()), ("variables[file]", "a.txt", CONTENT))
    with simulated(state=tmp_path / "state").simulator as simulator:
        assert [each.content for each in simulator.store.shelf.all(Asset)] == [CONTENT]
