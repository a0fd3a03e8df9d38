"""board_relation, dependency, tags, vote and file: values that point at something else."""

from __future__ import annotations

from typing import Any

from monday_simulator.account.records import Tag
from monday_simulator.account.state import ACTIVE, Column
from monday_simulator.account.uploads import url_of
from monday_simulator.account.values.target import Target


def parse_board_relation(target: Target, raw: object) -> dict[str, Any] | None:
    """Items of the boards that the column's settings connect; only one where they say so."""
    boards = _connected(target)
    ids = _linked(target, raw, boards)
    if len(ids) > 1 and target.settings.get("allowMultipleItems") is False:
        raise target.refuse("the column takes one item")
    return {"item_ids": ids} if ids else None


def parse_dependency(target: Target, raw: object) -> dict[str, Any] | None:
    """Items of the column's own board, or of those that its settings name."""
    boards = {target.board_id, *_connected(target)}
    ids = _linked(target, raw, boards)
    return {"item_ids": ids} if ids else None


def _connected(target: Target) -> set[str]:
    boards = target.settings.get("boardIds")
    return {str(each) for each in boards} if isinstance(boards, list) else set()


def _linked(target: Target, raw: object, boards: set[str]) -> list[str]:
    given = target.record(raw)
    ids = [str(each) for each in target.numbers(given.get("item_ids", [] if not given else None), "item_ids")]
    for item_id in ids:
        item = target.account.items.get(item_id)
        if item is None or item.state != ACTIVE:
            raise target.refuse(f"item {item_id} does not exist")
        if item.board_id not in boards:
            raise target.refuse(f"item {item_id} is not on a board that is connected to the column")
    return ids


def parse_tags(target: Target, raw: object) -> dict[str, Any] | None:
    """Replaces all. A tag has to be made first."""
    given = target.record(raw)
    ids = target.numbers(given.get("tag_ids", [] if not given else None), "tag_ids")
    tags = [target.account.shelf.find(Tag, str(each)) for each in ids]
    names = [tag.name for tag in tags if tag is not None]
    if len(names) < len(ids):
        raise target.refuse("tag does not exist")
    return {"tag_ids": ids, "names": names} if ids else None


def tags_text(_: Column, stored: Any) -> str:
    return ", ".join(stored["names"])


def tags_raw(stored: Any) -> Any:
    return {"tag_ids": stored["tag_ids"]}


def nothing_raw(_stored: Any) -> None:
    """Since 2025-04 the value of what links items reads null."""


def parse_vote(target: Target, raw: object) -> dict[str, Any] | None:
    """Taken, kept as it is, and without effect on the votes."""
    return dict(target.record(raw)) or None


def file_text(_: Column, stored: Any) -> str:
    return ", ".join(url_of(entry["assetId"], entry["name"]) for entry in stored["files"])


def parse_file(target: Target, raw: object) -> None:
    """Files come by an upload; here they can only be cleared."""
    if target.record(raw).get("clear_all") is not True:
        raise target.refuse('a file column takes only {"clear_all": true}')
