"""PyPI `monday` against the simulator: its addresses are one constant, taken when a client is made."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import urllib3
from monday import MondayClient
from monday.exceptions import MondayQueryError
from monday.resources import base
from monday.resources.types import BoardKind, ColumnType

SERVICE = os.environ["SIMULATOR"]
base._URLS.update(prod=f"{SERVICE}/v2", file=f"{SERVICE}/v2/file")
client = MondayClient(os.environ["TOKEN"])


def say(step: str, **seen: object) -> None:
    sys.stdout.write(json.dumps({"step": step, **seen}) + "\n")


def refused(attempt: Callable[[], Any]) -> dict[str, Any]:
    """What the client makes of an error: one exception for HTTP, another for errors in a good answer."""
    try:
        return {"accepted": attempt()}
    except MondayQueryError as error:
        code = error.original_errors[0].get("extensions", {}).get("code")
        return {"kind": "MondayQueryError", "message": str(error), "code": code}
    except urllib3.exceptions.HTTPError as error:
        status, _, body = str(error).partition(": ")
        first = json.loads(body)["errors"][0]["extensions"]
        return {"kind": "HTTPError", "status": status, "code": first.get("code", first.get("error_code"))}


def make_board() -> tuple[str, dict[str, str], list[str]]:
    board = client.boards.create_board("Clients", BoardKind.PUBLIC)["data"]["create_board"]["id"]
    types = {
        "key": ColumnType.TEXT,
        "amount": ColumnType.NUMBERS,
        "state": ColumnType.STATUS,
        "due": ColumnType.DATE,
        "papers": ColumnType.FILE,
    }
    columns = {}
    for title, kind in types.items():
        made = client.columns.create_column(
            board, title.title(), kind, {"labels": {"1": "Open"}} if title == "state" else None
        )
        columns[title] = made["data"]["create_column"]["id"]
    groups = [client.groups.create_group(board, name)["data"]["create_group"]["id"] for name in ("Open", "Done")]
    return board, columns, groups


def fill(board: str, columns: dict[str, str], group: str) -> tuple[list[str], dict[str, Any]]:
    items = []
    for number in range(1, 8):
        values = {
            columns["key"]: f"K-{number}",
            columns["amount"]: str(10 * number),
            columns["state"]: {"label": "Open"},
            columns["due"]: {"date": "2026-03-01"},
        }
        made = client.items.create_item(board, group, f"Order {number}", values, create_labels_if_missing=True)
        items.append(made["data"]["create_item"]["id"])
    child = client.items.create_subitem(items[0], 'Size "M"')["data"]["create_subitem"]
    return items, child


def read(board: str, columns: dict[str, str], group: str) -> None:
    everything = client.boards.fetch_all_items_by_board_id(board, limit=3)
    say("pages", names=[item["name"] for item in everything if item["name"].startswith("Order")])
    page = client.groups.get_items_by_group(board, group, limit=4)["data"]["boards"][0]["groups"][0]["items_page"]
    say("group page", names=[item["name"] for item in page["items"]], more=page["cursor"] is not None)
    found = client.items.fetch_items_by_column_value(board, columns["key"], ["k-5", "K-6"])
    say("found", names=[item["name"] for item in found["data"]["items_page_by_column_values"]["items"]])
    board_read = client.boards.fetch_boards_by_id(board)["data"]["boards"][0]
    say("board", name=board_read["name"], types=sorted({column["type"] for column in board_read["columns"]}))


def change(board: str, columns: dict[str, str], items: list[str], done: str) -> None:
    target = items[0]
    client.items.change_item_value(board, target, columns["due"], {"date": "2026-04-02"})
    values = {"name": "Order one", columns["amount"]: "12.5", columns["state"]: "Done"}
    changed = client.items.change_multiple_column_values(board, target, values, create_labels_if_missing=True)
    say("changed", name=changed["data"]["change_multiple_column_values"]["name"])
    papers = Path(os.environ["FOLDER"]) / "order.txt"
    papers.write_bytes(b"papers of an order")
    say(
        "file",
        id=client.items.add_file_to_column(target, columns["papers"], str(papers))["data"]["add_file_to_column"]["id"],
    )
    moved = client.items.move_item_to_group(items[1], done)["data"]["move_item_to_group"]["id"]
    archived = client.items.archive_item_by_id(items[2])["data"]["archive_item"]["id"]
    deleted = client.items.delete_item_by_id(items[3])["data"]["delete_item"]["id"]
    say("put away", ids=[moved, archived, deleted])


def main() -> None:
    me = client.me.get_details()["data"]["me"]
    say("me", name=me["name"], is_admin=me["is_admin"])
    board, columns, (opened, done) = make_board()
    items, child = fill(board, columns, opened)
    say("filled", board=board, columns=columns, open=opened, done=done, items=items, subitem=child["id"])
    read(board, columns, opened)
    change(board, columns, items, done)
    target = items[0]
    say("invalid value", **refused(lambda: client.items.change_item_value(board, target, columns["amount"], "twelve")))
    say("too many", **refused(lambda: client.items.create_item(board, opened, "Order 8")))
    say("broken", **refused(lambda: client.items.create_item(board, opened, "Order 8")))
    found = client.items.fetch_items_by_column_value(board, "name", "Order 8")
    say("after the 500", found=len(found["data"]["items_page_by_column_values"]["items"]))
    say("unknown field", **refused(lambda: client.custom.execute_custom_query("{ boards { nonsense } }")))
    say("bad token", **refused(lambda: MondayClient("wrong").complexity.get_complexity()))


main()
