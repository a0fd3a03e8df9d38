"""Questions that get a broken answer, then honest ones: the truth, an error of ours, or nothing known; never "absent"."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any, Final

import httpx2

from order_sync.model.errors import OrderSyncError
from order_sync.model.ids import ColumnId, ItemId, SyncKey
from order_sync.monday.board import Board, ReadRetries
from order_sync.monday.budget import Budget
from tests.campaign.broken_replies import BrokenReply, Honest, draw
from tests.campaign.figures import Figures
from tests.monday_fakes import BOARD, HandClock, transport

KEY: Final = ColumnId("text_key")
KEYS: Final = tuple(SyncKey(f"key-{at}-g1") for at in range(4))
ITEMS: Final = tuple(ItemId(900 + at) for at in range(4))
CONTROL: Final = 3  # which of them the look-up takes for its control


def _item(at: int, subitems: bool = False) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": str(ITEMS[at]),
        "name": f"order {at}",
        "state": "active",
        "creator_id": "5",
        "group": {"id": "topics"},
        "column_values": [{"id": KEY, "text": KEYS[at]}],
    }
    if subitems:
        del made["group"]
        made["subitems"] = [_size(at, size) for size in ("S", "M")]
    return made


def _size(at: int, size: str) -> dict[str, Any]:
    values = [{"id": KEY, "text": f"{size.lower()}-{at}-g1"}]
    return {"id": str(70 + at), "name": size, "state": "active", "creator_id": "5", "column_values": values}


_POINTS: Final = {"query": 101, "before": 5_000_000, "after": 4_999_899, "reset_in_x_seconds": 30}
_COLUMNS: Final = [{"id": KEY, "title": "Key", "type": "text", "archived": False, "settings": {}}]
_BOARD: Final = {
    "id": BOARD,
    "name": "Orders",
    "state": "active",
    "items_count": len(ITEMS),
    "items_limit": 10_000,
    "columns": _COLUMNS,
    "groups": [{"id": "topics", "title": "NOVA PEAK SS26", "position": "1", "archived": False, "deleted": False}],
}
ANSWERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "find_by_key": {"page": {"cursor": None, "items": [_item(at) for at in range(4)]}, "control": [_item(CONTROL)]},
    "scan": {"boards": [{"items_page": {"cursor": None, "items": [_item(at) for at in range(4)]}}]},
    "subitems_of": {"items": [_item(at, subitems=True) for at in range(4)]},
    "describe": {"boards": [_BOARD]},
    "me": {
        "me": {
            "id": "5",
            "name": "Somebody",
            "account": {"id": "1", "name": "A", "tier": "pro", "is_during_trial": False},
        }
    },
}


class _BrokenFirst(httpx2.BaseTransport):
    """The broken reply to the first request, honest ones to whatever is asked after it."""

    def __init__(self, reply: BrokenReply, honest: Mapping[str, Any]) -> None:
        self._reply: BrokenReply | None = reply
        self._honest = honest

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.extensions["trace"]("http11.send_request_headers.started", {})
        reply, self._reply = self._reply, None
        return reply.response() if reply is not None else httpx2.Response(200, json=self._honest)


def ask_one(chance: random.Random, clock: HandClock, budget: Budget, figures: Figures) -> list[str]:
    """One question, whose first answer is broken. Returns what was concluded wrongly."""
    asked = chance.choice(sorted(ANSWERS))
    other = chance.choice(sorted(set(ANSWERS) - {asked}))
    answer = {"data": {**ANSWERS[asked], "complexity": _POINTS}}
    reply = draw(chance, Honest(answer, {"data": {**ANSWERS[other], "complexity": _POINTS}}))
    board = Board(transport(_BrokenFirst(reply, answer), clock), budget, clock, BOARD, ReadRetries(attempts=3))
    figures.faults[reply.kind] += 1
    began = clock.seconds
    try:
        concluded = _CONCLUSIONS[asked](board)
    except OrderSyncError as error:
        figures.outcomes[f"{asked}: {type(error).__name__}"] += 1
        concluded = None
    else:
        figures.outcomes[f"{asked}: answered"] += 1
    wrong = [] if concluded is None else [concluded]
    if clock.seconds - began > _PATIENCE:
        wrong.append(f"it took {clock.seconds - began} seconds")
    return [f"{reply.kind}, HTTP {reply.status}, to {asked}: {each}" for each in wrong]


_PATIENCE: Final = 3_600.0


def _find(board: Board) -> str | None:
    found = board.find_by_key(KEY, KEYS[:CONTROL], ITEMS[CONTROL], KEYS[CONTROL])
    absent = [key for key in KEYS[:CONTROL] if key not in found.found]
    return f"{absent} are taken for absent" if absent and found.control_ok else None


def _scan(board: Board) -> str | None:
    """As many as the board counts: the scan of fewer is believed by nobody."""
    read = list(board.scan(KEY))
    absent = [key for key in KEYS if key not in {item.key for item in read}]
    return f"{absent} are taken for absent" if absent and len(read) >= len(KEYS) else None


def _parents(board: Board) -> str | None:
    parents = board.subitems_of(ITEMS, KEY)
    found = {item: {each.key for each in parent.subitems} for item, parent in parents.items() if parent.active}
    absent = [item for at, item in enumerate(ITEMS) if item in found and found[item] != {f"s-{at}-g1", f"m-{at}-g1"}]
    return f"sizes of {absent} are taken for absent" if absent else None


def _describe(board: Board) -> str | None:
    described = board.describe()
    if described.items_count is not None and described.items_count < len(ITEMS):
        return f"the board is said to hold {described.items_count} items"
    # A column that is taken for absent stops the run; a group is made once more.
    return None if [group.title for group in described.groups] == ["NOVA PEAK SS26"] else "a group is taken for absent"


def _me(board: Board) -> str | None:
    user = board.me().user_id
    return None if user == "5" else f"we are user {user!r}"


_CONCLUSIONS: Final[Mapping[str, Callable[[Board], str | None]]] = {
    "find_by_key": _find,
    "scan": _scan,
    "subitems_of": _parents,
    "describe": _describe,
    "me": _me,
}
