"""A client for tests of the simulator: asks in process, without a socket."""

from __future__ import annotations

import json
from typing import Any

from monday_simulator import Answer, ConnectionDropped, Simulator, VirtualClock, load_seed

BOARD = "9200517329"
SIZES = "9200517330"
TOKEN = "a-token"

SEED: dict[str, Any] = {
    "boards": [
        {
            "id": BOARD,
            "name": "Orders",
            "columns": [
                {"id": "subtasks_mk1", "title": "Subitems", "type": "subtasks"},
                {"id": "text_mkkey", "title": "Sync key", "type": "text"},
                {"id": "long_text_mk1", "title": "Notes", "type": "long_text"},
                {"id": "numeric_mk1", "title": "Price", "type": "numbers"},
                {
                    "id": "dropdown_mk1",
                    "title": "Season",
                    "type": "dropdown",
                    "settings": {"labels": ["SP26"]},
                },
                {"id": "color_mk1", "title": "Unit", "type": "status", "settings": {"labels": ["PCE"]}},
                {"id": "date_mk1", "title": "Due", "type": "date"},
                {"id": "lookup_mk1", "title": "Shipped", "type": "mirror"},
                {"id": "formula_mk1", "title": "Revenue", "type": "formula"},
                {"id": "pulse_id_mk1", "title": "Item ID", "type": "item_id"},
                {"id": "board_relation_mk1", "title": "Planning", "type": "board_relation"},
                {"id": "tags_mk1", "title": "Tags", "type": "tags"},
            ],
            "groups": [
                {"id": "group_mkfirst", "title": "HALCYON SP26"},
                {"id": "group_mksecond", "title": "HALCYON FW26"},
            ],
            "subitem_board": {
                "id": SIZES,
                "name": "Subitems of Orders",
                "columns": [
                    {"id": "text_mksize", "title": "Sync key", "type": "text"},
                    {"id": "numeric_mkqty", "title": "Qty", "type": "numbers"},
                ],
            },
        }
    ]
}

CREATE = (
    "mutation ($name: String!, $values: JSON, $labels: Boolean, $group: String)"
    f"{{ create_item(board_id: {BOARD}, item_name: $name, group_id: $group, column_values: $values,"
    " create_labels_if_missing: $labels) { id } }"
)
READ = (
    "query ($ids: [ID!]) { items(ids: $ids, limit: 100) { id name state group { id } parent_item { id }"
    " column_values { id type text value } } }"
)


class Client:
    """Asks a simulator; remembers the last answer."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.last: Answer | None = None

    def send(self, query: str, variables: dict[str, Any] | None = None, **headers: str) -> Answer:
        body = json.dumps({"query": query, "variables": variables or {}}).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.last = self.simulator.handle("POST", "/v2", {"Authorization": TOKEN, **named}, body)
        return self.last

    def ask(self, query: str, variables: dict[str, Any] | None = None, **headers: str) -> Any:
        return self.send(query, variables, **headers).json()

    def data(self, query: str, variables: dict[str, Any] | None = None, **headers: str) -> Any:
        """The data of an answer that must have no errors."""
        answer = self.ask(query, variables, **headers)
        assert "errors" not in answer, answer
        return answer["data"]

    def create(self, name: str, values: dict[str, Any] | None = None, labels: bool = False, **more: str) -> Any:
        """The whole answer to one create_item."""
        group, headers = more.pop("group", None), more
        encoded = None if values is None else json.dumps(values)
        variables = {"name": name, "values": encoded, "labels": labels, "group": group}
        return self.ask(CREATE, variables, **headers)

    def created(self, name: str, values: dict[str, Any] | None = None, labels: bool = False, **more: str) -> str:
        """The id of an item that must have been made."""
        answer = self.create(name, values, labels, **more)
        assert "errors" not in answer, answer
        return str(answer["data"]["create_item"]["id"])

    def drop(self, query: str, variables: dict[str, Any] | None = None, **headers: str) -> ConnectionDropped:
        """Send a request whose answer must get lost."""
        try:
            self.send(query, variables, **headers)
        except ConnectionDropped as dropped:
            return dropped
        raise AssertionError("the connection was not dropped")

    def read(self, *ids: str) -> list[Any]:
        return list(self.data(READ, {"ids": list(ids)})["items"])

    def texts(self, item_id: str) -> dict[str, str | None]:
        """The texts of an item's columns by column id."""
        return {value["id"]: value["text"] for value in self.read(item_id)[0]["column_values"]}

    def names(self) -> list[str]:
        query = f"{{ boards(ids: {BOARD}) {{ items_page(limit: 500) {{ items {{ name }} }} }} }}"
        return [item["name"] for item in self.data(query)["boards"][0]["items_page"]["items"]]


def simulated(**settings: Any) -> Client:
    """A client of a new simulator with the seed above and a virtual clock."""
    settings.setdefault("clock", VirtualClock())
    return Client(Simulator(load_seed(SEED), **settings))


def code_of(answer: Any, at: int = 0) -> str:
    """The code of an answer's error."""
    extensions = answer["errors"][at]["extensions"]
    return str(extensions.get("code", extensions.get("error_code")))
