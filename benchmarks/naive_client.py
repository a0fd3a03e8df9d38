"""The obvious client: a call for each group, item and size, nothing remembered, nothing looked up."""

from __future__ import annotations

import json

import httpx2

from order_sync.model.ids import BoardId, GroupId, ItemId
from order_sync.monday.documents import (
    Call,
    GroupToCreate,
    ItemToCreate,
    SubitemToCreate,
    create_groups,
    create_items,
    create_subitems,
)


class NaiveClient:
    """Creates on one board, one thing a call."""

    def __init__(self, http: httpx2.BaseTransport, board: BoardId, token: str) -> None:
        self._http = http
        self._board = board
        self._headers = {"Authorization": token, "Content-Type": "application/json"}
        self._groups: dict[str, GroupId] = {}

    def group(self, title: str) -> GroupId:
        """Made when first asked for."""
        if title not in self._groups:
            self._groups[title] = GroupId(self._made(create_groups([GroupToCreate(0, self._board, title)])))
        return self._groups[title]

    def item(self, group: GroupId, name: str, values: str) -> ItemId:
        return ItemId(int(self._made(create_items([ItemToCreate(0, self._board, group, name, values, True)]))))

    def subitem(self, parent: ItemId, name: str, values: str) -> None:
        self._made(create_subitems(self._board, [SubitemToCreate(0, parent, name, values, True)]))

    def _made(self, call: Call) -> str:
        request = httpx2.Request("POST", "http://127.0.0.1/v2", headers=self._headers, content=call.body)
        response = self._http.handle_request(request)
        answer = json.loads(response.read())
        return str(answer["data"]["r0"]["id"])
