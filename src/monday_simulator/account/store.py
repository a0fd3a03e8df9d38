"""The account's boards and items: found, ordered, indexed, and written down once per request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from monday_simulator.account.errors import board_not_found, group_not_found, item_not_found, number
from monday_simulator.account.ids import FIRST_ID, IdMaker
from monday_simulator.account.lookup import Lookup
from monday_simulator.account.members import Members
from monday_simulator.account.past import Past
from monday_simulator.account.records import Record
from monday_simulator.account.shelf import Shelf
from monday_simulator.account.state import ACTIVE, Board, Column, Group, Item
from monday_simulator.account.state_file import StateFile
from monday_simulator.clock import Clock

PLACE_STEP = 65536.0


class Store:
    """Not thread-safe: the simulator holds a lock around every use."""

    def __init__(self, clock: Clock, seed: int = 0, file: StateFile | None = None) -> None:
        self.boards: dict[str, Board] = {}
        self.items: dict[str, Item] = {}
        self.lookup = Lookup()
        self.past = Past(clock)
        self._clock = clock
        self._file = file
        self._members = Members()
        self._children: dict[str, list[str]] = {}
        self._changed: dict[tuple[str, str], Board | Item | Record] = {}
        self._notes: dict[tuple[str, str], bytes | None] = {}
        self._last_place = 0.0
        self.shelf = Shelf(self._note)
        if file is not None:
            self._load(file)
        numbers = [int(each) for each in (*self.boards, *self.items, *self.shelf.ids()) if each.isdigit()]
        self.ids = IdMaker(seed, max([FIRST_ID, *numbers]))

    def _note(self, sort: str, record: Record) -> None:
        self._changed[sort, record.id] = record

    def _load(self, file: StateFile) -> None:
        for body in file.records("board"):
            board = msgspec.msgpack.decode(body, type=Board)
            self.boards[board.id] = board
        items = [msgspec.msgpack.decode(body, type=Item) for body in file.records("item")]
        for item in sorted(items, key=lambda item: item.place):
            self._enter(item)
        self.shelf.load(file)

    def _enter(self, item: Item) -> None:
        self.items[item.id] = item
        if item.parent_id is not None:
            self._children.setdefault(item.parent_id, []).append(item.id)
        self._enter_group(item)

    def _enter_group(self, item: Item) -> None:
        self._last_place = max(self._last_place, item.place)
        if item.state == ACTIVE:
            self._members.add(item.board_id, item.group_id, item.id)

    def now(self) -> str:
        return self._clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")

    def now_exactly(self) -> str:
        """To the millisecond, as values keep it."""
        return self._clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def is_empty(self) -> bool:
        return not self.boards

    # what is there

    def board(self, board_id: str) -> Board:
        board = self.boards.get(board_id)
        if board is None or board.state != ACTIVE:
            raise board_not_found(board_id)
        return board

    def group(self, board: Board, group_id: str) -> Group:
        group = board.group(group_id)
        if group is None:
            raise group_not_found(group_id, board.id)
        return group

    def item(self, item_id: str) -> Item:
        """An active item of an active board; raises FieldError for any other."""
        item = self.items.get(item_id)
        if item is None or item.state != ACTIVE or self.boards[item.board_id].state != ACTIVE:
            number(item_id)
            raise item_not_found(item_id)
        return item

    def subitems(self, item_id: str) -> list[Item]:
        """Active ones, in the order they were made."""
        children = (self.items[child] for child in self._children.get(item_id, ()))
        return [child for child in children if child.state == ACTIVE]

    def has_subitems(self, item_id: str) -> bool:
        return any(self.items[child].state == ACTIVE for child in self._children.get(item_id, ()))

    def group_items(self, board_id: str, group_id: str) -> Sequence[str]:
        """Ids of the active items, in their order on the board."""
        return self._members.of_group(board_id, group_id)

    def group_count(self, board_id: str, group_id: str) -> int:
        return self._members.count(board_id, group_id)

    def board_items(self, board: Board) -> Sequence[str]:
        """Ids of the active items as they stand now: what is given out never changes."""
        return self._members.of_board(board.id, [group.id for group in board.groups_in_order()])

    def items_count(self, board: Board) -> int:
        return sum(self._members.count(board.id, group.id) for group in board.groups)

    def find_items(self, board: Board, column: Column, wanted: Iterable[str]) -> dict[str, None]:
        """Ids of active items by the whole text of a column, case-insensitive."""
        return self.lookup.find(board, column, wanted, self._active(board))

    def _active(self, board: Board) -> Iterator[Item]:
        return (self.items[item_id] for item_id in self.board_items(board))

    def subitem_board(self, board: Board) -> Board | None:
        boards = (each for each in self.boards.values() if each.parent_board_id == board.id)
        return next((each for each in boards if each.state == ACTIVE), None)

    # changing it: the callers have checked everything, nothing here refuses

    def put_board(self, board: Board) -> None:
        board.updated_at = self.now()
        self.boards[board.id] = board
        self.ids.seen(board.id)
        self._changed["board", board.id] = board

    def new_place(self) -> float:
        return self._last_place + PLACE_STEP

    def place_beside(self, item: Item, after: bool) -> float:
        """A place between an item and its neighbour in the group."""
        ids = self.group_items(item.board_id, item.group_id)
        position = ids.index(item.id) + (1 if after else -1)
        if position < 0:
            return item.place - PLACE_STEP
        if position >= len(ids):
            return self.new_place()
        return (item.place + self.items[ids[position]].place) / 2

    def add_item(self, item: Item) -> None:
        in_order = item.place > self._last_place
        self._enter(item)
        if not in_order:
            self._members.remove(item.board_id, item.group_id, item.id)
            self._members.insert(item.board_id, item.group_id, item.id, self._place_of)
        self.lookup.add(self.boards[item.board_id], item)
        self._changed["item", item.id] = item

    def _place_of(self, item_id: str) -> float:
        return self.items[item_id].place

    def change_item(self, item: Item, *, name: str | None, values: dict[str, object]) -> None:
        """values: None clears a column."""
        board = self.boards[item.board_id]
        self.past.note(item)
        self.lookup.remove(board, item)
        kept = {column: value for column, value in {**item.values, **values}.items() if value is not None}
        item.values = kept
        item.name = item.name if name is None else name
        item.updated_at = self.now()
        self.lookup.add(board, item)
        self._changed["item", item.id] = item

    def retire_item(self, item: Item, state: str) -> None:
        """Archive or delete an item with its subitems."""
        for child in self.subitems(item.id):
            self.retire_item(child, state)
        self.lookup.remove(self.boards[item.board_id], item)
        self._members.remove(item.board_id, item.group_id, item.id)
        item.state = state
        item.updated_at = self.now()
        self._changed["item", item.id] = item

    def move_item(self, item: Item, group: Group, place: float | None = None) -> None:
        """To another group of the same board, at its end unless a place is given."""
        self._members.remove(item.board_id, item.group_id, item.id)
        item.group_id = group.id
        item.place = self.new_place() if place is None else place
        item.updated_at = self.now()
        if place is None:
            self._enter_group(item)
        else:
            self._last_place = max(self._last_place, place)
            self._members.insert(item.board_id, group.id, item.id, self._place_of)
        self._changed["item", item.id] = item

    def move_to_board(self, item: Item, board: Board, group: Group, values: dict[str, object]) -> None:
        """To the end of a group of another board, with the values that it has there."""
        self.lookup.remove(self.boards[item.board_id], item)
        self._members.remove(item.board_id, item.group_id, item.id)
        item.board_id, item.group_id, item.values = board.id, group.id, values
        item.place = self.new_place()
        item.updated_at = self.now()
        self._enter_group(item)
        self.lookup.add(board, item)
        self._changed["item", item.id] = item

    # what others keep beside the account, in the same transactions

    @property
    def has_file(self) -> bool:
        return self._file is not None

    def notes(self, kind: str) -> Iterable[bytes]:
        """What was noted under a kind, in this process or an earlier one."""
        return () if self._file is None else self._file.records(kind)

    def note(self, kind: str, note_id: str, body: bytes | None) -> None:
        """Written with the next commit; None takes it away."""
        self._notes[kind, note_id] = body

    def commit(self) -> None:
        """Write down what changed since the last commit, all or none."""
        if self._file is not None and (self._changed or self._notes):
            self._file.save([*self._encoded(), *((*name, body) for name, body in self._notes.items())])
        self._changed.clear()
        self._notes.clear()

    def _encoded(self) -> Iterator[tuple[str, str, bytes]]:
        for (kind, record_id), record in self._changed.items():
            yield kind, record_id, msgspec.msgpack.encode(record)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
