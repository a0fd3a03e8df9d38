"""A board of Python objects with the face of `monday.board.Board`: quick, and able to misbehave at every call."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import Any

from order_sync.model.ids import BoardId, ColumnId, GroupId, ItemId, RequestId, SyncKey
from order_sync.model.outcomes import (
    Archived,
    Created,
    ErrorClass,
    GroupCreated,
    Halt,
    Halted,
    InDoubt,
    Outcome,
    Problem,
    Rejected,
    Retryable,
)
from order_sync.monday.documents import Call
from order_sync.monday.errors import Delivery
from order_sync.monday.items import BoardDescription, BoardItem, FullItem, LiveColumn, LiveGroup, Lookup, Me, Parent

US, SOMEBODY = "77", "88"  # user ids
AMBIGUOUS = Problem(ErrorClass.AMBIGUOUS, "no answer came", "ReadTimeout")

Answer = Callable[["SmallBoard", Call], Delivery]


@dataclass
class Item:
    """An item or subitem as the board keeps it."""

    id: ItemId
    name: str
    values: dict[str, Any]
    group: GroupId | None = None
    creator: str = US
    state: str = "active"
    subitems: list[Item] = field(default_factory=list)

    def shown(self, key_column: str | None) -> BoardItem:
        key = self.values.get(key_column) if key_column else None
        return BoardItem(self.id, self.name, self.state, SyncKey(key) if key else None, self.group, self.creator)

    def full(self, key_column: str | None) -> FullItem:
        values = {ColumnId(column): _shown(value) for column, value in self.values.items()}
        return FullItem(
            replace(self.shown(key_column), values=values), "", tuple(each.shown(None) for each in self.subitems)
        )


def _shown(value: Any) -> str:
    """The text of a value as it was sent."""
    inside = next(iter(value.values())) if isinstance(value, dict) else value
    return ", ".join(inside) if isinstance(inside, list) else str(inside)


class NoLimits:
    """A budget that never binds, but for one `wait`."""

    binding = "points"

    def __init__(self) -> None:
        self.wait = timedelta(0)
        self.calls = 0

    def wait_for(self, _cost: int, _operation: str = "") -> timedelta:
        self.calls += 1
        wait, self.wait = self.wait, timedelta(0)
        return wait


class SmallBoard:
    """`answers` holds what becomes of the next calls; where it is empty, each call is applied and answered."""

    def __init__(self, board_id: str, columns: Sequence[LiveColumn], subitem_columns: Sequence[LiveColumn]) -> None:
        self.board_id = BoardId(board_id)
        self.columns, self.subitem_columns = list(columns), list(subitem_columns)
        self.groups: list[LiveGroup] = []
        self.items: list[Item] = []
        self.answers: deque[Answer] = deque()
        self.calls: list[Call] = []
        self.asked: list[str] = []
        self.counted: deque[int] = deque()  # items_count of the next descriptions, where it is not the truth
        self.blind = False  # the filter finds nothing, not even the control
        self.trouble: Exception | None = None  # what every question ends with
        self.reaches: deque[bool] = deque()  # what the breaker's next questions come to; True where none is left
        self.user = US
        self.daily_calls: int | None = None
        self.budget = NoLimits()
        self._ids = count(1_001)

    # what it is asked

    def describe(self) -> BoardDescription:
        self._ask("describe")
        alive = sum(item.state == "active" for item in self.items)
        return BoardDescription(
            self.board_id,
            "Orders",
            "active",
            tuple(self.columns),
            tuple(self.groups),
            self.counted.popleft() if self.counted else alive,
            10_000,
            BoardId("43"),
            tuple(self.subitem_columns),
        )

    def me(self) -> Me:
        self._ask("me")
        return Me(self.user, "Somebody", "1", "Account", "pro", daily_calls=self.daily_calls)

    def reachable(self) -> bool:
        self._ask("reachable")
        return self.reaches.popleft() if self.reaches else True

    def find_by_key(
        self, column_id: ColumnId, keys: Sequence[SyncKey], control: ItemId | None, control_key: SyncKey | None = None
    ) -> Lookup:
        self._ask("find_by_key")
        found: dict[SyncKey, list[BoardItem]] = {}
        alive = [] if self.blind else [item.shown(column_id) for item in self.items if item.state == "active"]
        for item in alive:
            if item.key in keys and item.key is not None:
                found.setdefault(item.key, []).append(item)
        return Lookup(found, control_ok=any(item.id == control and item.key == control_key for item in alive))

    def subitems_of(
        self, parent_ids: Sequence[ItemId], key_column: ColumnId | None, _columns: Sequence[ColumnId] = ()
    ) -> dict[ItemId, Parent]:
        self._ask("subitems_of")
        return {
            item.id: Parent(item.state, [each.shown(key_column) for each in item.subitems])
            for item in self.items
            if item.id in parent_ids
        }

    def full_items(self, ids: Sequence[ItemId], key_column: ColumnId | None) -> dict[ItemId, FullItem]:
        self._ask("full_items")
        every = [*self.items, *(size for item in self.items for size in item.subitems)]
        return {item.id: item.full(key_column) for item in every if item.id in ids}

    def items_by_id(self, ids: Sequence[ItemId], key_column: ColumnId | None = None) -> list[BoardItem]:
        return [full.item for full in self.full_items(ids, key_column).values()]

    def scan(self, key_column: ColumnId) -> Iterator[BoardItem]:
        self._ask("scan")
        return iter([item.shown(key_column) for item in self.items if item.state == "active"])

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        self.budget.calls += 1
        if self.trouble is not None:
            raise self.trouble

    # what it is told to do

    def deliver(self, call: Call, _request: RequestId, _deadline: float) -> Delivery:
        self.calls.append(call)
        answer = self.answers.popleft() if self.answers else applied
        return answer(self, call)

    def apply(self, call: Call, only: Callable[[int], bool] = lambda _at: True) -> dict[int, Outcome]:
        """Make what the call asks for, as far as its position is wanted."""
        variables = json.loads(call.body)["variables"]
        make = {
            "create_groups": self._group,
            "create_items": self._item,
            "create_subitems": self._subitem,
            "archive_items": self._archive,
        }
        return {ref: make[call.operation](variables, at) for at, (_, ref) in enumerate(call.refs) if only(at)}

    def _group(self, variables: Mapping[str, Any], at: int) -> Outcome:
        group = LiveGroup(GroupId(f"group_{next(self._ids)}"), variables[f"t{at}"])
        self.groups.insert(0, group)
        return GroupCreated(group.id)

    def _item(self, variables: Mapping[str, Any], at: int) -> Outcome:
        group = GroupId(variables[f"g{at}"])
        if group not in {each.id for each in self.groups}:
            return Retryable(Problem(ErrorClass.GROUP_GONE, "there is no such group", "ResourceNotFoundException"))
        item = self.plant(variables[f"n{at}"], json.loads(variables[f"v{at}"]), group, creator=self.user)
        return Created(item.id)

    def _subitem(self, variables: Mapping[str, Any], at: int) -> Outcome:
        parent = self.item(int(variables[f"p{at}"]))
        size = Item(ItemId(next(self._ids)), variables[f"n{at}"], json.loads(variables[f"v{at}"]), creator=self.user)
        parent.subitems.append(size)
        return Created(size.id, BoardId("43"))

    def _archive(self, variables: Mapping[str, Any], at: int) -> Outcome:
        item = self.item(int(variables[f"i{at}"]))
        item.state = "archived"
        return Archived(item.id)

    def plant(
        self, name: str, values: dict[str, Any], group: GroupId | None = None, *, creator: str = SOMEBODY
    ) -> Item:
        """An item that is there without a call of ours."""
        item = Item(ItemId(next(self._ids)), name, values, group, creator)
        self.items.append(item)
        return item

    def item(self, key: int) -> Item:
        return next(item for item in self.items if item.id == key)

    def named(self, name: str) -> Item:
        return next(item for item in self.items if item.name == name)

    def sent(self, operation: str) -> list[Call]:
        return [call for call in self.calls if call.operation == operation]


def delivery(call: Call, outcomes: Mapping[int, Outcome], status: int | None = 200, *, lost: bool = False) -> Delivery:
    assert set(outcomes) == {ref for _, ref in call.refs}
    return Delivery(dict(outcomes), status, None, None, False, 10, timedelta(milliseconds=40), None, lost)


def applied(board: SmallBoard, call: Call) -> Delivery:
    """As it should be."""
    return delivery(call, board.apply(call))


def lost_after(board: SmallBoard, call: Call) -> Delivery:
    """Applied, and no answer came."""
    return delivery(call, {ref: InDoubt(AMBIGUOUS) for ref in board.apply(call)}, None, lost=True)


def lost_before(_board: SmallBoard, call: Call) -> Delivery:
    """Not applied, and no answer came."""
    return delivery(call, {ref: InDoubt(AMBIGUOUS) for _, ref in call.refs}, None, lost=True)


def server_error(_board: SmallBoard, call: Call) -> Delivery:
    """500, and nothing was made."""
    problem = Problem(ErrorClass.SERVER_ERROR, "internal server error", None, 500)
    return delivery(call, {ref: InDoubt(problem) for _, ref in call.refs}, 500)


def unsent(_board: SmallBoard, call: Call) -> Delivery:
    """No byte left this machine."""
    problem = Problem(ErrorClass.NOT_SENT, "connection refused", "ConnectError")
    return delivery(call, {ref: Retryable(problem, None, consumes_attempt=False) for _, ref in call.refs}, None)


def throttled(_board: SmallBoard, call: Call) -> Delivery:
    problem = Problem(ErrorClass.THROTTLED, "too many", "RATE_LIMIT_EXCEEDED", 429)
    wait = timedelta(seconds=20)
    return delivery(call, {ref: Retryable(problem, wait, consumes_attempt=False) for _, ref in call.refs}, 429)


def failing(_board: SmallBoard, call: Call) -> Delivery:
    """Proven not applied, and the attempt counts."""
    problem = Problem(ErrorClass.LOCKED, "not now", None, 423)
    return delivery(call, {ref: Retryable(problem) for _, ref in call.refs}, 423)


def rejecting(*positions: int) -> Answer:
    """Some rows are refused for good, the others made."""

    def answer(board: SmallBoard, call: Call) -> Delivery:
        made = board.apply(call, lambda at: at not in positions)
        problem = Problem(
            ErrorClass.REJECTED_VALUE, "this value is not taken", "ColumnValueException", 200, "text_style"
        )
        refused = {call.refs[at][1]: Rejected(problem) for at in positions}
        return delivery(call, {**made, **refused})

    return answer


def warning(board: SmallBoard, call: Call) -> Delivery:
    """Made, with a complaint beside it."""
    problem = Problem(ErrorClass.REJECTED_VALUE, "corrected", "CorrectedValueException", 200)
    made = board.apply(call)
    return delivery(call, {ref: Created(each.item_id, None, problem) for ref, each in made.items()
                           if isinstance(each, Created)})  # fmt: skip


def halting(halt: Halt, error_class: ErrorClass) -> Answer:
    """Nothing was made, and nothing else would be."""

    def answer(_board: SmallBoard, call: Call) -> Delivery:
        outcome = Halted(Problem(error_class, f"no more: {halt.value}", "SomeCode", 400), halt)
        return delivery(call, {ref: outcome for _, ref in call.refs}, 400)

    return answer
