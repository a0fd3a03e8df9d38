"""The place on the board where a survey works: a group of its own, keys that no order has, and everything it made."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import msgspec

from order_sync.canary import documents as own
from order_sync.canary.wire import Sent, Wire, error_class
from order_sync.model.errors import BoardMismatch, BoardUnavailable
from order_sync.model.ids import BoardId, ColumnId, GroupId, ItemId, RequestId, SyncKey
from order_sync.model.outcomes import Created, GroupCreated, Outcome
from order_sync.monday import documents
from order_sync.monday.described import Boards, description
from order_sync.monday.documents import Call, GroupToCreate, ItemToCreate, SubitemToCreate
from order_sync.monday.errors import outcomes_of
from order_sync.monday.items import BoardItem, WireItem, WirePage, board_item
from order_sync.monday.replies import Answer

PREFIX: Final = "canary-"  # the keys of orders are hexadecimal
_POLLS: Final = (0.0, 1.0, 1.0, 2.0, 3.0, 5.0, 8.0, 10.0, 15.0)  # seconds between look-ups; then the last one
_TRIES: Final = 3

# What a column of each type refuses; the first type that a board has is taken.
BAD_VALUES: Final[Mapping[str, Any]] = {
    "status": {"label": "canary: no such label"},
    "dropdown": {"labels": ["canary: no such label"]},
    "numbers": "no number",
    "date": {"date": "no date"},
}

Shape = TypeVar("Shape")


class _Items(msgspec.Struct):
    items: list[WireItem | None]


class _Found(msgspec.Struct):
    page: WirePage


class _Paged(msgspec.Struct):
    items_page: WirePage


class _Boards(msgspec.Struct):
    boards: list[_Paged | None]


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the keys go, and the column that a bad value is written to. None: the board has no such column."""

    key: ColumnId
    subitem_key: ColumnId | None
    subitem_board: BoardId | None
    bad: ColumnId
    bad_type: str
    bad_value: Any


@dataclass
class Bench:
    """`made`: ids of items by key, as the answers gave them; `tags` make keys that are this survey's own."""

    wire: Wire
    board: BoardId
    columns: Columns
    stamp: str
    group: GroupId | None = None
    made: dict[SyncKey, ItemId] = field(default_factory=dict)
    below: dict[SyncKey, ItemId] = field(default_factory=dict)  # subitem -> its item
    archived: list[ItemId] = field(default_factory=list)
    opened: bool = False  # the group was asked for, whatever was answered

    @property
    def title(self) -> str:
        """Of the group, for people who have to clear up by hand."""
        return f"order-sync canary {self.stamp}"

    def key(self, tag: str) -> SyncKey:
        return SyncKey(f"{PREFIX}{self.stamp}-{tag}")

    def request(self, tag: str) -> RequestId:
        """An idempotency key that nobody has used."""
        return RequestId(f"{self.key(tag)}-request")

    def open(self) -> None:
        """Make the group."""
        self.opened = True
        sent = self.wire.send(documents.create_groups([GroupToCreate(0, self.board, self.title)]), self.request("g"))
        made = outcome_of(sent, 0)
        if not isinstance(made, GroupCreated):
            raise BoardUnavailable(f"the group {self.title!r} could not be made", where=f"board {self.board}")
        self.group = GroupId(made.group_id)

    def items(self, tags: Sequence[str], bad: Sequence[str] = ()) -> Call:
        """One request that makes an item for each tag; those in `bad` with a value that cannot be."""
        if self.group is None:
            raise BoardUnavailable("the survey has no group yet", where=f"board {self.board}")
        group = self.group
        return documents.create_items(
            [
                ItemToCreate(at, self.board, group, f"canary {tag}", self._values(tag, tag in bad), create_labels=False)
                for at, tag in enumerate(tags)
            ]
        )

    def _values(self, tag: str, bad: bool) -> str:
        values: dict[str, Any] = {self.columns.key: self.key(tag)}
        if bad:
            values[self.columns.bad] = self.columns.bad_value
        return json.dumps(values)

    def subitems(self, parents: Sequence[tuple[str, ItemId]]) -> Call:
        """One request that makes a subitem, tagged alike, under each parent."""
        column = self.columns.subitem_key
        return documents.create_subitems(
            self.board,
            [
                SubitemToCreate(at, parent, f"canary {tag}", json.dumps({column: self.key(tag)}), create_labels=False)
                for at, (tag, parent) in enumerate(parents)
            ],
        )

    def make(self, tags: Sequence[str]) -> Sent:
        """Make an item for each tag, and remember its id. BoardUnavailable where one was not made for certain."""
        sent = self.wire.send(self.items(tags), self.request(tags[0]))
        self.remember(tags, sent)
        lacking = [tag for tag in tags if self.key(tag) not in self.made]
        if lacking:
            raise BoardUnavailable(f"the items of the probe were not made: {problem_of(sent)}")
        return sent

    def remember(self, tags: Sequence[str], sent: Sent) -> dict[str, ItemId]:
        """The ids that an answer gives, by tag."""
        ids = {tag: made for at, tag in enumerate(tags) if (made := id_of(sent, at)) is not None}
        self.made.update({self.key(tag): made for tag, made in ids.items()})
        return ids

    def by_key(self, keys: Iterable[str]) -> list[BoardItem]:
        """What the filter on the key column brings, as it stands in the answer."""
        asked = [SyncKey(key) for key in keys]
        answer = self.wire.ask(documents.find_by_key(self.board, self.columns.key, asked, None))
        return [board_item(wire, self.columns.key) for wire in _shaped(answer, _Found).page.items]

    def by_id(self, ids: Sequence[ItemId]) -> dict[ItemId, BoardItem]:
        answer = self.wire.ask(documents.items_by_id(ids, [self.columns.key]))
        return {item.id: item for item in _board_items(answer, self.columns.key)}

    def by_parent(self, parents: Sequence[ItemId]) -> set[SyncKey]:
        """Keys of the subitems that stand below these items."""
        column = self.columns.subitem_key
        answer = self.wire.ask(documents.subitems_of(parents, [column] if column else []))
        wires = [wire for wire in _shaped(answer, _Items).items if wire is not None]
        below = [each for wire in wires for each in wire.subitems or () if each is not None]
        return {key for each in below if (key := board_item(each, column).key) is not None}

    def scan(self) -> dict[SyncKey, ItemId]:
        """Everything active with a key of ours, from a first page of the board: a sandbox has no second one."""
        boards = _shaped(self.wire.ask(documents.scan(self.board, [self.columns.key])), _Boards).boards
        found = [board_item(wire, self.columns.key) for board in boards if board for wire in board.items_page.items]
        return {item.key: item.id for item in found if item.key is not None and item.key.startswith(PREFIX)}

    def polls(self, limit: float) -> Iterator[float]:
        """Moments to look, seconds since the first one, ever further apart, until `limit` is over."""
        began = self.wire.now()
        steps = iter(_POLLS)
        while True:
            self.wire.wait(next(steps, _POLLS[-1]) * self.wire.scale)
            yield self.wire.now() - began
            if self.wire.now() - began >= limit:
                return

    def clear(self) -> tuple[str, ...]:
        """Delete the group with its items, and what still has our keys. Returns what is left."""
        with self.wire.to_the_end():
            groups = [self.group] if self.group is not None else self._groups() if self.opened else []
            done = [self._tried(own.delete_group(self.board, group)) for group in groups]
            # What was answered badly may be gone all the same.
            left = [] if all(done) else [f"group {self.title!r}"] * bool(self._groups())
            return (*left, *self._stragglers())

    def _groups(self) -> list[GroupId]:
        """Those of this survey that the board has; several where an answer was lost."""
        boards = _shaped(self.wire.ask(documents.describe(self.board)), Boards).boards
        live = [group for board in boards if board is not None for group in description(board).groups]
        return [group.id for group in live if group.title == self.title]

    def _stragglers(self) -> list[str]:
        """Items of this survey that are active still: each is deleted by itself, and what stays is named."""
        if not (mine := self._mine()):
            return []
        for item in mine.values():
            self._tried(own.delete_item(self.board, item))
        return [f"item {item} with the key {key}" for key, item in self._mine().items()]

    def _mine(self) -> dict[SyncKey, ItemId]:
        return {key: item for key, item in self.scan().items() if key.startswith(self.key(""))}

    def _tried(self, call: Call) -> bool:
        """Deleting may be repeated."""
        for _ in range(_TRIES):
            sent = self.wire.send(call, anyway=True)
            if sent.answer is not None and error_class(sent.answer) is None:
                return True
        return False


def outcome_of(sent: Sent, ref: int) -> Outcome | None:
    """As a run would read it; None where the answer was lost."""
    return outcomes_of(sent.reply, sent.call, sent.answer).outcomes[ref] if sent.reply is not None else None


def id_of(sent: Sent, ref: int) -> ItemId | None:
    made = outcome_of(sent, ref)
    return made.item_id if isinstance(made, Created) else None


def problem_of(sent: Sent) -> str:
    """What stands in the answer instead of an id."""
    if sent.answer is None:
        return "the answer was lost"
    return next((each.message for each in sent.answer.complaints), f"HTTP {sent.answer.status}")


def keys_of(found: Iterable[BoardItem]) -> set[SyncKey]:
    return {item.key for item in found if item.key is not None}


def _board_items(answer: Answer, column: ColumnId) -> list[BoardItem]:
    return [board_item(wire, column) for wire in _shaped(answer, _Items).items if wire is not None]


def _shaped(answer: Answer, shape: type[Shape]) -> Shape:
    data = answer.shaped(shape)
    if data is None:
        raise BoardMismatch("the answer is not of the form that was asked for", next_step="check monday.api_version")
    return data
