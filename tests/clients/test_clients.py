"""Clients that others wrote, unmodified, over HTTP: they make a board, read it, change it, and meet refusals.

What a client told is checked, and what stands on the simulator's board afterwards.
"""

from __future__ import annotations

from typing import Any

import pytest
from client_stage import Story

pytestmark = [pytest.mark.clients, pytest.mark.slow]

NAMES = [f"Order {number}" for number in range(1, 8)]
NONSENSE = 'Cannot query field "nonsense" on type "Board".'


def check_board(story: Story) -> None:
    """Seven items with values: one changed, one moved, one archived, one deleted; the eighth is there once."""
    filled = story["filled"]
    assert story.item(1).name == "Order one"
    assert story.texts(1, "key", "amount", "state", "due") == ["K-1", "12.5", "Done", "2026-04-02"]
    assert story.texts(7, "key", "amount", "state", "due") == ["K-7", "70", "Open", "2026-03-01"]
    assert [story.item(number).group_id for number in (1, 2)] == [filled["open"], filled["done"]]
    assert [story.item(number).state for number in (2, 3, 4, 5)] == ["active", "archived", "deleted", "active"]
    assert story.simulator.store.items[filled["subitem"]].parent_id == filled["items"][0]
    assert len(story.named("Order 8")) == 1


def check_wire(story: Story) -> None:
    """What the simulator says it did: a refusal that changed nothing, an error that did change something."""
    records = {record.fault: record for record in story.simulator.wire_log if record.fault}
    refused, failed = records["throttle_429"], records["error_500_after"]
    assert (refused.status, refused.code, refused.applied) == (429, "MINUTE_RATE_LIMIT_EXCEEDED", False)
    assert (failed.status, failed.applied, len(failed.made)) == (500, True, 1)


def check_papers(story: Story) -> None:
    stored: Any = story.item(1).values[story.column("papers").id]
    assert [each["name"] for each in stored["files"]] == ["order.txt"]


def test_official_javascript_client(official: Story) -> None:
    assert (official["version"]["header"], official["version"]["served"]) == ("2026-07", "2026-07")
    assert official["version"]["kinds"] == ["current", "dev", "maintenance", "release_candidate"]
    assert official["version"]["request"] is True
    assert set(official["groups"]["titles"]) >= {"Open", "Done"}
    assert official["pages"] == {"sizes": [3, 3, 1], "names": NAMES}
    assert official["read"] == {"count": 7}
    assert official["found"] == {"names": ["Order 5", "Order 6"]}
    assert official["changed"] == {"name": "Order one"}
    assert official["file"] == {"name": "order.txt", "size": 18}
    assert official["put away"] == {"moved": True, "archived": "archived", "deleted": "deleted"}
    check_board(official)
    check_papers(official)
    check_wire(official)


def test_official_javascript_client_throws_every_refusal(official: Story) -> None:
    wrong = {"kind": "ClientError", "status": 200, "code": "ColumnValueException"}
    assert official["invalid value"] == wrong
    limit = {"status": 429, "code": "MINUTE_RATE_LIMIT_EXCEEDED", "wait": 7, "after": "7"}
    assert official["too many"] == {"kind": "ClientError", **limit}
    assert official["broken"] == {"kind": "ClientError", "status": 500, "code": "INTERNAL_SERVER_ERROR"}
    assert official["after the 500"] == {"found": 1}
    assert official["unknown field"] == {"kind": "ClientError", "status": 200}
    assert official["bad token"] == {"kind": "ClientError", "status": 401, "code": "NOT_AUTHENTICATED"}


def test_deprecated_javascript_client_takes_refusals_for_answers(deprecated: Story) -> None:
    assert deprecated["pages"] == {"sizes": [3, 3, 1], "names": NAMES}
    assert deprecated["found"] == {"names": ["Order 5", "Order 6"]}
    assert deprecated["changed"] == {"name": "Order one"}
    assert deprecated["put away"] == {"moved": True, "archived": "archived", "deleted": "deleted"}
    assert deprecated["invalid value"]["code"] == "ColumnValueException"
    assert (deprecated["too many"]["code"], deprecated["too many"]["wait"]) == ("MINUTE_RATE_LIMIT_EXCEEDED", 7)
    assert deprecated["broken"]["code"] == "INTERNAL_SERVER_ERROR"
    assert deprecated["after the 500"] == {"found": 1}
    assert deprecated["unknown field"]["message"] == NONSENSE
    assert deprecated["not json"] == {"text": "<html>"}
    check_board(deprecated)
    check_wire(deprecated)


def test_python_client(blocking: Story) -> None:
    assert blocking["me"] == {"name": "Simulated user", "is_admin": True}
    assert blocking["pages"]["names"] == NAMES
    assert blocking["group page"] == {"names": NAMES[:4], "more": True}
    assert blocking["found"] == {"names": ["Order 5", "Order 6"]}
    assert blocking["board"]["name"] == "Clients"
    assert set(blocking["board"]["types"]) >= {"text", "numbers", "status", "date", "file", "subtasks"}
    assert blocking["changed"] == {"name": "Order one"}
    assert blocking["put away"]["ids"] == blocking["filled"]["items"][1:4]
    check_board(blocking)
    check_papers(blocking)
    check_wire(blocking)


def test_python_client_raises_by_http_status(blocking: Story) -> None:
    assert (blocking["invalid value"]["kind"], blocking["invalid value"]["code"]) == (
        "MondayQueryError",
        "ColumnValueException",
    )
    assert blocking["too many"] == {"kind": "HTTPError", "status": "HTTP 429", "code": "MINUTE_RATE_LIMIT_EXCEEDED"}
    assert blocking["broken"] == {"kind": "HTTPError", "status": "HTTP 500", "code": "INTERNAL_SERVER_ERROR"}
    assert blocking["after the 500"] == {"found": 1}
    assert blocking["unknown field"] == {"kind": "MondayQueryError", "message": NONSENSE, "code": None}
    assert blocking["bad token"] == {"kind": "HTTPError", "status": "HTTP 401", "code": "NOT_AUTHENTICATED"}


def test_asynchronous_python_client(asynchronous: Story) -> None:
    assert asynchronous["me"] == {"name": "Simulated user", "is_admin": True}
    assert asynchronous["versions"]["kinds"] == ["current", "dev", "maintenance", "release_candidate"]
    assert asynchronous["pages"] == {"sizes": [3, 3, 1], "names": NAMES, "subitems": ['Size "M"'], "cost": True}
    assert asynchronous["found"] == {"names": ["Order 5", "Order 6"]}
    assert asynchronous["filtered"] == {"names": ["Order 7"]}
    assert asynchronous["texts"]["texts"][asynchronous["filled"]["columns"]["state"]] == "Open"
    assert asynchronous["changed"] == {"name": "Order one"}
    assert asynchronous["file"] == {"name": "order.txt"}
    assert asynchronous["put away"] == {"moved": True, "ids": asynchronous["filled"]["items"][2:4]}
    check_board(asynchronous)
    check_papers(asynchronous)
    check_wire(asynchronous)


def test_asynchronous_python_client_names_every_refusal(asynchronous: Story) -> None:
    assert (asynchronous["invalid value"]["kind"], asynchronous["invalid value"]["code"]) == (
        "ColumnValueError",
        "ColumnValueException",
    )
    assert (asynchronous["too many"]["code"], asynchronous["too many"]["wait"]) == ("MINUTE_RATE_LIMIT_EXCEEDED", 7)
    assert asynchronous["broken"]["kind"] == "MondayAPIError"
    assert asynchronous["after the 500"] == {"found": 1}
    assert asynchronous["unknown field"]["kind"] == "MondayAPIError"
    assert asynchronous["no such item"] == {
        "kind": "InvalidItemIdError",
        "code": "InvalidItemIdException",
        "wait": None,
    }
    assert asynchronous["bad token"]["code"] == "NOT_AUTHENTICATED"


def test_deleted_board_is_gone(asynchronous: Story) -> None:
    deleted = asynchronous["deleted board"]
    assert deleted["left"] == [asynchronous.board().id]
    assert asynchronous.simulator.store.boards[deleted["id"]].state == "deleted"
