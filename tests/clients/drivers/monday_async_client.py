"""PyPI `monday-async` against the simulator: its addresses are one constant, taken when a client is made."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import aiohttp
from monday_async import AsyncMondayClient
from monday_async.exceptions import MondayAPIError
from monday_async.resources import base_resource
from monday_async.types import BoardKind, ColumnType, QueryParams

SERVICE = os.environ["SIMULATOR"]
base_resource._URLS.update(prod=f"{SERVICE}/v2", file=f"{SERVICE}/v2/file")


def say(step: str, **seen: object) -> None:
    sys.stdout.write(json.dumps({"step": step, **seen}) + "\n")


async def refused(attempt: Awaitable[Any]) -> dict[str, Any]:
    """The client has a class for each code it knows; HTTP statuses it does not look at."""
    try:
        return {"accepted": await attempt}
    except MondayAPIError as error:
        return {
            "kind": type(error).__name__,
            "code": error.error_code,
            "wait": error.extensions.get("retry_in_seconds"),
        }


class Story:
    """One board's life."""

    def __init__(self, client: AsyncMondayClient) -> None:
        self.client = client
        self.columns: dict[str, str] = {}
        self.items: list[str] = []

    async def make_board(self) -> None:
        made = await self.client.boards.create_board("Clients", BoardKind.PUBLIC, empty=True, with_columns=True)
        self.board = made["data"]["create_board"]["id"]
        types = {
            "key": ColumnType.TEXT,
            "amount": ColumnType.NUMBERS,
            "state": ColumnType.STATUS,
            "due": ColumnType.DATE,
            "papers": ColumnType.FILE,
        }
        for title, kind in types.items():
            column = await self.client.columns.create_column(self.board, title.title(), kind)
            self.columns[title] = column["data"]["create_column"]["id"]
        self.open, self.done = [await self.make_group(name) for name in ("Open", "Done")]

    async def make_group(self, name: str) -> str:
        made = await self.client.groups.create_group(self.board, name)
        return str(made["data"]["create_group"]["id"])

    async def fill(self) -> None:
        for number in range(1, 8):
            values = {
                self.columns["key"]: f"K-{number}",
                self.columns["amount"]: str(10 * number),
                self.columns["state"]: {"label": "Open"},
                self.columns["due"]: {"date": "2026-03-01"},
            }
            made = await self.client.items.create_item(f"Order {number}", self.board, self.open, values, True)
            self.items.append(made["data"]["create_item"]["id"])
        child = (await self.client.items.create_subitem(self.items[0], 'Size "M"'))["data"]["create_subitem"]["id"]
        seen = {"board": self.board, "columns": self.columns, "open": self.open, "done": self.done}
        say("filled", **seen, items=self.items, subitem=child)

    async def read(self) -> None:
        answer = await self.client.items.get_items_by_board(
            self.board, limit=3, with_subitems=True, with_complexity=True
        )
        page = answer["data"]["boards"][0]["items_page"]
        sizes, names = [len(page["items"])], [item["name"] for item in page["items"]]
        subitems = [child["name"] for child in page["items"][0]["subitems"]]
        while page["cursor"]:
            page = (await self.client.items.next_items_page(page["cursor"], limit=3))["data"]["next_items_page"]
            sizes.append(len(page["items"]))
            names += [item["name"] for item in page["items"]]
        say("pages", sizes=sizes, names=names, subitems=subitems, cost=answer["data"]["complexity"]["query"] > 0)
        found = await self.client.items.get_items_by_column_value(self.board, self.columns["key"], ["k-5", "K-6"])
        say("found", names=[item["name"] for item in found["data"]["items_page_by_column_values"]["items"]])
        params = QueryParams()
        params.add_rule(self.columns["key"], ["K-7"])
        chosen = await self.client.items.get_items_by_board(self.board, params)
        say("filtered", names=[item["name"] for item in chosen["data"]["boards"][0]["items_page"]["items"]])
        named = (await self.client.items.get_items_by_id(self.items[0]))["data"]["items"][0]
        say("texts", texts={value["id"]: value["text"] for value in named["column_values"]})

    async def change(self) -> None:
        items, target = self.client.items, self.items[0]
        await items.change_item_column_json_value(target, self.board, self.columns["due"], {"date": "2026-04-02"})
        await items.change_item_column_simple_value(target, self.board, self.columns["state"], "Done", True)
        values = {"name": "Order one", self.columns["amount"]: "12.5"}
        changed = await items.change_multiple_item_column_values(target, self.board, values)
        say("changed", name=changed["data"]["change_multiple_column_values"]["name"])
        papers = Path(os.environ["FOLDER"]) / "order.txt"
        papers.write_bytes(b"papers of an order")
        added = await items.upload_file_to_column(target, self.columns["papers"], str(papers))
        say("file", name=added["data"]["add_file_to_column"]["name"])
        moved = await items.move_item_to_group(self.items[1], self.done)
        archived = await items.archive_item(self.items[2])
        deleted = await items.delete_item(self.items[3])
        say(
            "put away",
            moved=moved["data"]["move_item_to_group"]["group"]["id"] == self.done,
            ids=[archived["data"]["archive_item"]["id"], deleted["data"]["delete_item"]["id"]],
        )

    async def fail(self) -> None:
        items, amount = self.client.items, self.columns["amount"]
        wrong = items.change_item_column_simple_value(self.items[0], self.board, amount, "twelve")
        say("invalid value", **await refused(wrong))
        say("too many", **await refused(items.create_item("Order 8", self.board, self.open)))
        say("broken", **await refused(items.create_item("Order 8", self.board, self.open)))
        found = await items.get_items_by_column_value(self.board, "name", "Order 8")
        say("after the 500", found=len(found["data"]["items_page_by_column_values"]["items"]))
        say("unknown field", **await refused(self.client.custom.execute_custom_query("{ boards { nonsense } }")))
        say("no such item", **await refused(items.archive_item("1")))


async def main() -> None:
    async with aiohttp.ClientSession() as session:
        client = AsyncMondayClient(os.environ["TOKEN"], session=session)
        versions = await client.api.get_all_api_versions()
        say("versions", kinds=sorted(each["kind"] for each in versions["data"]["versions"]))
        me = (await client.users.get_me())["data"]["me"]
        say("me", name=me["name"], is_admin=me["is_admin"])
        story = Story(client)
        await story.make_board()
        await story.fill()
        await story.read()
        await story.change()
        await story.fail()
        second = (await client.boards.create_board("Second", BoardKind.PRIVATE))["data"]["create_board"]["id"]
        await client.boards.delete_board(second)
        left = (await client.boards.get_boards([second, story.board]))["data"]["boards"]
        say("deleted board", id=second, left=[board["id"] for board in left])
        say("bad token", **await refused(AsyncMondayClient("wrong", session=session).complexity.get_complexity()))


asyncio.run(main())
