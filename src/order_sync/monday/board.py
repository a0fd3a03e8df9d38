"""One board's conversation: mutations are attempted once, questions are asked until answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final, TypeVar

import msgspec

from order_sync.clock import Clock
from order_sync.model.errors import BoardMismatch, BoardUnavailable
from order_sync.model.ids import BoardId, ColumnId, ItemId, RequestId, SyncKey
from order_sync.model.outcomes import Halt, Halted, Outcome, Retryable
from order_sync.monday import documents
from order_sync.monday.budget import WAITING, Budget
from order_sync.monday.described import Boards, WireBoard, description
from order_sync.monday.documents import Call, Query
from order_sync.monday.errors import Delivery, not_delivered, outcomes_of
from order_sync.monday.items import (
    BoardDescription,
    BoardItem,
    FullItem,
    LiveColumn,
    LiveGroup,
    Lookup,
    Me,
    Parent,
    WireItem,
    WirePage,
    board_item,
    full_item,
)
from order_sync.monday.reads import CursorGone, ReadRetries, Reads, nothing_tolerated
from order_sync.monday.replies import Complaint, read_answer
from order_sync.monday.transport import AnswerLost, NotSent, Transport
from order_sync.monday.whoami import Whoami, about_account

__all__ = [
    "Board",
    "BoardDescription",
    "BoardItem",
    "Delivery",
    "FullItem",
    "LiveColumn",
    "LiveGroup",
    "Lookup",
    "Me",
    "Parent",
    "ReadRetries",
]

FULL_PAGE: Final = 25  # items with all their values and subitems: points grow with the product
_RESTARTS: Final = 3  # of a scan whose cursor expired
_LOOKUP_PAGES: Final = 4  # 100 keys fill one page; more than this is a filter that does not filter

T = TypeVar("T")
Shape = TypeVar("Shape")


class _Items(msgspec.Struct):
    items: list[WireItem | None]


class _Found(msgspec.Struct):
    page: WirePage
    control: list[WireItem | None] | None = None


class _Page(msgspec.Struct):
    page: WirePage


class _PagedBoard(msgspec.Struct):
    items_page: WirePage


class _PagedBoards(msgspec.Struct):
    boards: list[_PagedBoard | None]


class Board:
    """The board with `board_id`, over `transport`. What it reads is for the caller to keep."""

    def __init__(
        self,
        transport: Transport,
        budget: Budget,
        clock: Clock,
        board_id: BoardId,
        reads: ReadRetries | None = None,
    ) -> None:
        self.board_id = board_id
        self.budget = budget
        self._transport = transport
        self._clock = clock
        self._reads = Reads(transport, budget, clock, f"board {board_id}", reads)

    def deliver(self, call: Call, request_id: RequestId, deadline: float) -> Delivery:
        """Send the stored body once, no later than `deadline` on the monotonic clock.

        Network and server trouble is an outcome of its rows, never an exception.
        """
        began = self._clock.monotonic()
        try:
            reply = self._transport.post(call.body, idempotency_key=request_id, deadline=deadline)
        except (NotSent, AnswerLost) as trouble:
            sent = isinstance(trouble, AnswerLost)
            self.budget.unanswered(operation=call.operation, cost=call.cost, sent=sent)
            elapsed = timedelta(seconds=max(0.0, self._clock.monotonic() - began))
            return not_delivered(trouble.problem, call, elapsed)
        answer = read_answer(reply)
        self.budget.note(reply, answer.complexity, operation=call.operation, cost=call.cost)
        delivery = outcomes_of(reply, call, answer)
        wait = self.budget.throttled(delivery)
        return _with_wait(delivery, wait) if wait else delivery

    def describe(self) -> BoardDescription:
        """The board and its subitem board's columns. Raises BoardMismatch where there is no such board."""
        described = description(self._board(self.board_id))
        if described.subitem_board_id is None:
            return described
        subitem_board = description(self._board(described.subitem_board_id))
        return replace(described, subitem_columns=subitem_board.columns)

    def me(self) -> Me:
        """Who the token belongs to. The account may be hidden from it."""
        return self._ask(documents.me(), Whoami, about_account).read()

    def hear(self, heard: Callable[[bool], None]) -> None:
        """Who is told of each attempt to read whether the server answered."""
        self._reads.heard = heard

    def reachable(self) -> bool:
        """One question, put once: whether the server answers."""
        return self._reads.reached(documents.me(), Whoami, about_account)

    def find_by_key(
        self,
        column_id: ColumnId,
        keys: Sequence[SyncKey],
        control: ItemId | None,
        control_key: SyncKey | None = None,
    ) -> Lookup:
        """Active items by key, at most 99 keys in one request.

        `control` is a recorded live item. The look-up stands only if it is read active by id and, where
        `control_key` is given, is found by the filter too, and if the filter brought nothing else.
        """
        asked = [SyncKey(key.lower()) for key in keys]
        wanted = [*asked, SyncKey(control_key.lower())] if control_key else asked
        if not 1 <= len(wanted) <= documents.MOST_IDS:
            raise ValueError(f"a look-up takes 1 to {documents.MOST_IDS - 1} keys, not {len(keys)}")
        first = self._ask(documents.find_by_key(self.board_id, column_id, wanted, control), _Found)
        items = [board_item(wire, column_id) for wire in self._rest(first.page, column_id)]
        by_id = [board_item(wire, column_id) for wire in first.control or () if wire is not None]
        found: dict[SyncKey, list[BoardItem]] = {}
        for item in items:
            if item.key in asked:
                found.setdefault(item.key, []).append(item)
        honest = all(item.key in wanted for item in items)
        seen = control_key is None or any(item.id == control for item in items)
        alive = any(item.id == control and item.active and item.key for item in by_id)
        return Lookup(found, control_ok=honest and seen and alive)

    def items_by_id(self, ids: Sequence[ItemId], key_column: ColumnId | None = None) -> list[BoardItem]:
        """Items whatever their state, at most 100. One missing in the answer is unknown, not absent."""
        if not ids:
            return []
        columns = [key_column] if key_column else []
        answer = self._ask(documents.items_by_id(_at_most_100(ids), columns), _Items)
        return [board_item(wire, key_column) for wire in answer.items if wire is not None]

    def full_items(self, ids: Sequence[ItemId], key_column: ColumnId | None) -> dict[ItemId, FullItem]:
        """Items or subitems, at most 25, whatever their state. One missing in the answer is unknown, not absent."""
        if len(ids) > FULL_PAGE:
            raise ValueError(f"at most {FULL_PAGE} items with all their values a request, not {len(ids)}")
        answer = self._ask(documents.full_items(ids), _Items) if ids else _Items([])
        found = [full_item(wire, key_column, None) for wire in answer.items if wire is not None]
        return {full.item.id: full for full in found}

    def subitems_of(
        self, parent_ids: Sequence[ItemId], key_column: ColumnId | None, columns: Sequence[ColumnId] = ()
    ) -> dict[ItemId, Parent]:
        """Parents, at most 100, with their subitems. A parent that is missing in the answer is unknown."""
        if not parent_ids:
            return {}
        asked = _columns(key_column, columns)
        answer = self._ask(documents.subitems_of(_at_most_100(parent_ids), asked), _Items)
        parents = {}
        for wire in answer.items:
            if wire is not None:
                parent = full_item(wire, None, key_column)
                parents[parent.item.id] = Parent(parent.item.state, list(parent.subitems))
        return parents

    def scan(self, key_column: ColumnId, columns: Sequence[ColumnId] = ()) -> Iterator[BoardItem]:
        """Every active item once, 500 a request."""
        asked = _columns(key_column, columns)
        return self._scan(
            documents.scan(self.board_id, asked),
            lambda cursor: documents.next_page(cursor, asked),
            lambda wire: board_item(wire, key_column),
            lambda item: item.id,
        )

    def scan_full(
        self,
        key_column: ColumnId | None = None,
        subitem_key: ColumnId | None = None,
        page: int = FULL_PAGE,
    ) -> Iterator[FullItem]:
        """Every active item once, with all its values and subitems, `page` a request."""
        return self._scan(
            documents.scan_full(self.board_id, page),
            lambda cursor: documents.next_full_page(cursor, page),
            lambda wire: full_item(wire, key_column, subitem_key),
            lambda full: full.item.id,
        )

    def _board(self, board_id: BoardId) -> WireBoard:
        answer = self._ask(documents.describe(board_id), Boards)
        for wire in answer.boards:
            if wire is not None and str(wire.id) == board_id:
                return wire
        raise _no_such_board(board_id)

    def _rest(self, page: WirePage, column: ColumnId) -> Iterator[WireItem]:
        """The items of a look-up's first page and of those that follow it."""
        for _ in range(_LOOKUP_PAGES):
            yield from page.items
            if not page.cursor:
                return
            page = self._ask(documents.next_page(page.cursor, [column]), _Page).page
        raise self._unusable(f"the look-up by {column} goes on after {_LOOKUP_PAGES} pages: the filter is not applied")

    def _scan(
        self,
        first: Query,
        following: Callable[[str], Query],
        convert: Callable[[WireItem], T],
        identity: Callable[[T], ItemId],
    ) -> Iterator[T]:
        """Pages until the cursor ends. When it expires, the scan starts over without what was handed on."""
        handed_on: set[ItemId] = set()
        for _ in range(_RESTARTS + 1):
            try:
                for wire in self._pages(first, following):
                    converted = convert(wire)
                    if identity(converted) not in handed_on:
                        handed_on.add(identity(converted))
                        yield converted
            except CursorGone:
                continue
            return
        raise self._unusable("the cursor of the scan expired again and again")

    def _pages(self, first: Query, following: Callable[[str], Query]) -> Iterator[WireItem]:
        boards = [board for board in self._reads.ask(first, _PagedBoards).boards if board is not None]
        if not boards:
            raise _no_such_board(self.board_id)
        page = boards[0].items_page
        cursors: set[str] = set()
        while True:
            yield from page.items
            if not page.cursor:
                return
            if page.cursor in cursors:
                raise self._unusable("the scan came back to a page that it had read")
            cursors.add(page.cursor)
            page = self._reads.ask(following(page.cursor), _Page).page

    def _ask(
        self, query: Query, shape: type[Shape], tolerate: Callable[[Complaint], bool] = nothing_tolerated
    ) -> Shape:
        try:
            return self._reads.ask(query, shape, tolerate)
        except CursorGone as gone:
            raise self._unusable(f"the cursor expired: {gone}") from gone

    def _unusable(self, what: str) -> BoardUnavailable:
        step = "nothing was concluded from it; run again"
        return BoardUnavailable(what, where=f"board {self.board_id}", next_step=step)


def _no_such_board(board_id: BoardId) -> BoardMismatch:
    return BoardMismatch(
        f"there is no active board {board_id} that this token may see",
        where="board.id in mapping.yaml",
        next_step="correct the id (it ends the board's address in the browser), or invite the token's user",
    )


def _columns(key_column: ColumnId | None, others: Iterable[ColumnId]) -> list[ColumnId]:
    return list(dict.fromkeys([*([key_column] if key_column else []), *others]))


def _at_most_100(ids: Sequence[ItemId]) -> Sequence[ItemId]:
    if len(ids) > documents.MOST_IDS:
        raise ValueError(f"at most {documents.MOST_IDS} ids a request, not {len(ids)}")
    return ids


def _with_wait(delivery: Delivery, wait: timedelta) -> Delivery:
    outcomes = {ref: _waiting(outcome, wait) for ref, outcome in delivery.outcomes.items()}
    return replace(delivery, outcomes=outcomes, wait=wait)


def _waiting(outcome: Outcome, wait: timedelta) -> Outcome:
    """Refused for now: the budget's wait in place of the bare hint."""
    if isinstance(outcome, Retryable) and outcome.problem.error_class in WAITING:
        return replace(outcome, wait=wait)
    if isinstance(outcome, Halted) and outcome.halt in (Halt.DAILY_LIMIT, Halt.API_BLOCKED):
        return replace(outcome, wait=wait)
    return outcome
