"""What the board page shows, worked out before a template sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from monday_simulator.account.labels import HEX_COLOR, color_of, hex_of, label_with_id
from monday_simulator.account.reading import text_of
from monday_simulator.account.state import SUBITEM_BOARD, Board, Column, Group, Item
from monday_simulator.account.store import Store
from monday_simulator.account.values.choices import dropdown_options

OVERVIEW_ROWS = 20
OVERVIEW_TOTAL = 300
GROUP_ROWS = 100
SUMMED_ROWS = 5_000
_HIDDEN_TYPES = frozenset({"name", "subtasks"})
_NUMERIC = frozenset({"numbers"})


@dataclass(frozen=True)
class BoardLink:
    """A board in the side bar; subitem boards stand indented under their parents."""

    id: str
    name: str
    items: int
    is_subitem_board: bool


@dataclass(frozen=True)
class Pill:
    """A label. ink: the text colour that can be read on it."""

    text: str
    color: str
    ink: str


@dataclass(frozen=True)
class Cell:
    """kind: text, long, number, date, status or labels; empty cells have no text."""

    kind: str
    text: str
    pills: tuple[Pill, ...] = ()


@dataclass(frozen=True)
class Row:
    id: str
    name: str
    cells: tuple[Cell, ...]
    subitems: Table | None


@dataclass(frozen=True)
class Table:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class GroupTable:
    """total: items that match, of which `table` shows a page. sums: by column position, of all that match."""

    id: str
    title: str
    color: str
    total: int
    table: Table
    sums: Mapping[int, str]
    more: str | None
    newer: str | None


@dataclass(frozen=True)
class Shown:
    """The board as asked for. hidden: columns left out because nothing on the page fills them."""

    id: str
    name: str
    description: str | None
    groups: tuple[GroupTable, ...]
    items: int
    limit: int
    subitems: int
    hidden: int
    all_columns: str
    everything: str

    @property
    def has_subitems(self) -> bool:
        return any(row.subitems for group in self.groups for row in group.table.rows)


def board_links(store: Store) -> list[BoardLink]:
    """Boards in the order they were made, each followed by its subitem board."""
    links: list[BoardLink] = []
    for board in store.boards.values():
        if board.type == SUBITEM_BOARD:
            continue
        children = [each for each in store.boards.values() if each.parent_board_id == board.id]
        links.extend(
            BoardLink(each.id, each.name, store.items_count(each), each.type == SUBITEM_BOARD)
            for each in (board, *children)
        )
    return links


def shown_board(store: Store, board: Board, query: Mapping[str, str]) -> Shown:
    """query: group and page narrow to one group, q to items with that text, columns=all shows empty ones."""
    pages = _pages(store, board, query)
    shown_items = [item for page in pages for item in page.items]
    every = [column for column in board.columns if column.type not in _HIDDEN_TYPES]
    columns = every if query.get("columns") == "all" else _filled(every, shown_items)
    children = store.subitem_board(board)
    groups = tuple(_group_table(store, board, page, columns, query) for page in pages)
    return Shown(
        id=board.id,
        name=board.name,
        description=board.description,
        groups=tuple(group for group in groups if group.total or not query.get("q")),
        items=store.items_count(board),
        limit=board.items_limit,
        subitems=0 if children is None else store.items_count(children),
        hidden=len(every) - len(columns),
        all_columns=_link(board, query, columns="all"),
        everything=_link(board, {}),
    )


@dataclass(frozen=True)
class _Page:
    group: Group
    matching: Sequence[Item]
    items: Sequence[Item]
    number: int
    size: int


def _pages(store: Store, board: Board, query: Mapping[str, str]) -> list[_Page]:
    """Groups far down an overview come without their items, so that the page stays light."""
    pages: list[_Page] = []
    left = OVERVIEW_TOTAL
    for group in board.groups_in_order():
        if _wanted(group, query):
            pages.append(_page(store, board, group, query, left))
            left -= len(pages[-1].items)
    return pages


def _wanted(group: Group, query: Mapping[str, str]) -> bool:
    return query.get("group") in (None, "", group.id)


def _page(store: Store, board: Board, group: Group, query: Mapping[str, str], most: int) -> _Page:
    items = [store.items[item_id] for item_id in store.group_items(board.id, group.id)]
    needle = query.get("q", "").strip().casefold()
    matching = [item for item in items if _contains(store, board, item, needle)] if needle else items
    alone = query.get("group") == group.id
    number = int(query["page"]) if alone and query.get("page", "").isdecimal() else 1
    size = GROUP_ROWS if alone else min(OVERVIEW_ROWS, most)
    start = (max(number, 1) - 1) * size
    return _Page(group, matching, matching[start : start + size], max(number, 1), size)


def _contains(store: Store, board: Board, item: Item, needle: str) -> bool:
    if needle in item.name.casefold() or needle == item.id:
        return True
    if any(needle in (text_of(column, item) or "").casefold() for column in board.columns):
        return True
    return any(needle in child.name.casefold() for child in store.subitems(item.id))


def _filled(columns: Iterable[Column], items: Sequence[Item]) -> list[Column]:
    used = {column_id for item in items for column_id in item.values}
    return [column for column in columns if column.id in used]


def _group_table(
    store: Store, board: Board, page: _Page, columns: Sequence[Column], query: Mapping[str, str]
) -> GroupTable:
    reached = (page.number - 1) * page.size + len(page.items)
    alone = query.get("group") == page.group.id
    following = page.number + 1 if alone else 1
    return GroupTable(
        id=page.group.id,
        title=page.group.title,
        color=page.group.color,
        total=len(page.matching),
        table=Table(tuple(columns), tuple(_row(store, item, columns) for item in page.items)),
        sums=_sums(page.matching, columns),
        more=_link(board, query, group=page.group.id, page=str(following)) if reached < len(page.matching) else None,
        newer=_link(board, query, page=str(page.number - 1)) if page.number > 1 else None,
    )


def _row(store: Store, item: Item, columns: Sequence[Column]) -> Row:
    children = store.subitems(item.id)
    return Row(item.id, item.name, tuple(_cell(column, item) for column in columns), _subitem_table(store, children))


def _subitem_table(store: Store, children: Sequence[Item]) -> Table | None:
    if not children:
        return None
    board = store.boards[children[0].board_id]
    columns = _filled((column for column in board.columns if column.type not in _HIDDEN_TYPES), children)
    rows = tuple(
        Row(child.id, child.name, tuple(_cell(column, child) for column in columns), None) for child in children
    )
    return Table(tuple(columns), rows)


def _cell(column: Column, item: Item) -> Cell:
    text = text_of(column, item) or ""
    stored = item.values.get(column.id)
    if stored is not None and column.type == "status":
        label = label_with_id(column.settings, stored["index"])
        color = color_of(stored["index"]) if label is None else hex_of(label)
        return Cell("status", text, (Pill(text, color, ink_on(color)),))
    if column.type == "dropdown":
        options = dropdown_options(column, stored)
        pills = (Pill(each["label"], color_of(int(each["id"])), "inherit") for each in options)
        return Cell("labels", text, tuple(pills))
    if column.type == "date":
        return Cell("date", readable_date(text))
    kind = "number" if column.type in _NUMERIC else "long" if column.type == "long_text" else "text"
    return Cell(kind, readable_number(text) if kind == "number" else text)


def ink_on(color: str) -> str:
    """Black or white, whichever can be read on a colour such as #fdab3d; white on any other notation."""
    if not HEX_COLOR.fullmatch(color):
        return "#ffffff"
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return "#1f2330" if 0.299 * red + 0.587 * green + 0.114 * blue > 170 else "#ffffff"


def css_color(color: str) -> str:
    """The colour itself, or grey for what might be more than a colour."""
    return color if HEX_COLOR.fullmatch(color) or color == "inherit" else "#808080"


def readable_date(text: str) -> str:
    """2026-06-05 09:00 as 5 Jun 2026, 09:00."""
    day, _, moment = text.partition(" ")
    if not day:
        return ""
    parsed = date.fromisoformat(day)
    written = f"{parsed.day} {parsed:%b %Y}"
    return f"{written}, {moment}" if moment else written


def readable_number(text: str) -> str:
    """1234.50 as 1,234.50: thousands apart, the decimals as they are."""
    return f"{Decimal(text):,f}" if text else ""


def _sums(items: Sequence[Item], columns: Sequence[Column]) -> Mapping[int, str]:
    if len(items) > SUMMED_ROWS:
        return {}
    sums: dict[int, str] = {}
    for at, column in enumerate(columns):
        values = [item.values[column.id] for item in items if column.id in item.values]
        if column.type in _NUMERIC and values:
            sums[at] = f"{sum(map(Decimal, values)):,f}"
    return sums


def _link(board: Board, query: Mapping[str, str], **more: str) -> str:
    kept = {name: query[name] for name in ("q", "group", "page", "columns") if query.get(name)}
    return "/?" + urlencode({"board": board.id, **kept, **more})
