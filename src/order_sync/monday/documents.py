"""Every GraphQL document that Order Sync sends: fixed text with variables, never glued values.

A mutation's body is made once, stored with its intent, and sent byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import msgspec

from order_sync.model.ids import Alias, BoardId, ColumnId, GroupId, ItemId, SyncKey

# One bad answer puts a whole request in doubt, and the server gives up after 60 s: never more than this.
MOST_MUTATIONS: Final = 50
MOST_IDS: Final = 100  # items(ids:) and the values of one filter
PAGE: Final = 500

# Points before the server has told its own figures; only create_item's was ever published.
ITEM_POINTS: Final = 30_001
SUBITEM_POINTS: Final = 30_001
GROUP_POINTS: Final = 10_001

ARCHIVE_POINTS: Final = 10_001

ARCHIVE: Final = "archive_items"  # the operation whose answers hold ids of items that are gone now

# The names of per-row variables end in the number of their alias: an error that names one names its row.
ROW_VARIABLE: Final = re.compile(r"\$[a-z]+(\d{1,2})\b")

_COMPLEXITY: Final = "complexity { query before after reset_in_x_seconds }"


@dataclass(frozen=True, slots=True)
class ItemToCreate:
    """`ref` is the caller's own number for the row; `column_values` is JSON text."""

    ref: int
    board_id: BoardId
    group_id: GroupId
    name: str
    column_values: str
    create_labels: bool


@dataclass(frozen=True, slots=True)
class SubitemToCreate:
    """`ref` is the caller's own number for the row; `column_values` is JSON text."""

    ref: int
    parent_item_id: ItemId
    name: str
    column_values: str
    create_labels: bool


@dataclass(frozen=True, slots=True)
class GroupToCreate:
    """`ref` is the caller's own number for the group."""

    ref: int
    board_id: BoardId
    title: str


@dataclass(frozen=True, slots=True)
class ItemToArchive:
    """An item or a subitem. `ref` is the caller's own number for it."""

    ref: int
    item_id: ItemId


@dataclass(frozen=True, slots=True)
class Call:
    """A mutation ready to be stored and sent: `body` is the exact JSON, `cost` the predicted points."""

    operation: str
    board_id: BoardId
    body: bytes
    refs: tuple[tuple[Alias, int], ...]
    cost: int


@dataclass(frozen=True, slots=True)
class Query:
    """A question: it changes nothing and may be asked again."""

    operation: str
    body: bytes
    cost: int


def create_items(items: Sequence[ItemToCreate]) -> Call:
    """One request that makes each item on its board's group. All items belong to one board."""
    board = _one_board(item.board_id for item in items)
    variables: dict[str, Any] = {"board": board}
    for at, item in enumerate(items):
        variables |= {
            f"g{at}": item.group_id,
            f"n{at}": item.name,
            f"v{at}": item.column_values,
            f"l{at}": item.create_labels,
        }
    return _call("create_items", board, [item.ref for item in items], _items_text, variables, ITEM_POINTS)


def create_subitems(board_id_of_parents: BoardId, subitems: Sequence[SubitemToCreate]) -> Call:
    """One request that makes each subitem under its parent."""
    variables: dict[str, Any] = {}
    for at, subitem in enumerate(subitems):
        variables |= {
            f"p{at}": str(subitem.parent_item_id),
            f"n{at}": subitem.name,
            f"v{at}": subitem.column_values,
            f"l{at}": subitem.create_labels,
        }
    refs = [subitem.ref for subitem in subitems]
    return _call("create_subitems", board_id_of_parents, refs, _subitems_text, variables, SUBITEM_POINTS)


def create_groups(groups: Sequence[GroupToCreate]) -> Call:
    """One request that makes each group. All groups belong to one board."""
    board = _one_board(group.board_id for group in groups)
    variables = {"board": board, **{f"t{at}": group.title for at, group in enumerate(groups)}}
    refs = [group.ref for group in groups]
    return _call("create_groups", board, refs, _groups_text, variables, GROUP_POINTS)


def archive_items(board_id: BoardId, items: Sequence[ItemToArchive]) -> Call:
    """One request that archives each item. It can be made again: what is archived stays so."""
    variables = {f"i{at}": str(item.item_id) for at, item in enumerate(items)}
    return _call(ARCHIVE, board_id, [item.ref for item in items], _archive_text, variables, ARCHIVE_POINTS)


def me() -> Query:
    """Who the token belongs to, and how many calls a day its account may make."""
    who = "me { id name account { id name tier is_during_trial } } platform_api { daily_limit { total } }"
    text = f"query me {{ {who} {_COMPLEXITY} }}"
    return _query("me", text, {}, cost=100)


def describe(board_id: BoardId) -> Query:
    """A board with its columns, groups and limits."""
    text = f"""query describe($boards: [ID!]) {{
  boards(ids: $boards, limit: 1) {{
    id name state items_count items_limit
    columns {{ id title type archived settings }}
    groups {{ id title position archived deleted }}
  }}
  {_COMPLEXITY}
}}"""
    return _query("describe", text, {"boards": [board_id]}, cost=5_000)


def find_by_key(board_id: BoardId, column_id: ColumnId, keys: Sequence[SyncKey], control: ItemId | None) -> Query:
    """Items whose key column holds one of `keys`; in the same pass the control item, by id."""
    asked = f"control: items(ids: $control, limit: 1) {{ {_item(True)} }}" if control is not None else ""
    declared = ", $control: [ID!]" if control is not None else ""
    text = f"""query find_by_key(
  $board: ID!, $filter: [ItemsPageByColumnValuesQuery!], $columns: [String!]{declared}
) {{
  page: items_page_by_column_values(board_id: $board, columns: $filter, limit: {PAGE}) {{
    cursor items {{ {_item(True)} }}
  }}
  {asked}
  {_COMPLEXITY}
}}"""
    variables: dict[str, Any] = {
        "board": board_id,
        "filter": [{"column_id": column_id, "column_values": list(keys)}],
        "columns": [column_id],
    }
    if control is not None:
        variables["control"] = [str(control)]
    return _query("find_by_key", text, variables, cost=20_000)


def items_by_id(ids: Sequence[ItemId], columns: Sequence[ColumnId]) -> Query:
    """Items by id, whatever their state."""
    text = f"""query items_by_id($ids: [ID!]{_declared(columns)}) {{
  items(ids: $ids, limit: {MOST_IDS}) {{ {_item(bool(columns))} }}
  {_COMPLEXITY}
}}"""
    return _query("items_by_id", text, {"ids": [str(item) for item in ids], **_asked(columns)}, cost=10_000)


def full_items(ids: Sequence[ItemId]) -> Query:
    """Items or subitems by id, whatever their state, with every value and every subitem."""
    text = f"""query full_items($ids: [ID!]) {{
  items(ids: $ids, limit: {MOST_IDS}) {{ {_FULL} }}
  {_COMPLEXITY}
}}"""
    return _query("full_items", text, {"ids": [str(item) for item in ids]}, cost=200_000)


def subitems_of(parents: Sequence[ItemId], columns: Sequence[ColumnId]) -> Query:
    """Parents by id with all their subitems."""
    text = f"""query subitems_of($ids: [ID!]{_declared(columns)}) {{
  items(ids: $ids, limit: {MOST_IDS}) {{ id state subitems {{ {_item(bool(columns), group=False)} }} }}
  {_COMPLEXITY}
}}"""
    ids = [str(item) for item in parents]
    return _query("subitems_of", text, {"ids": ids, **_asked(columns)}, cost=50_000)


def scan(board_id: BoardId, columns: Sequence[ColumnId], limit: int = PAGE) -> Query:
    """The first page of all active items of a board."""
    text = f"""query scan($boards: [ID!], $limit: Int!{_declared(columns)}) {{
  boards(ids: $boards, limit: 1) {{
    items_page(limit: $limit) {{ cursor items {{ {_item(bool(columns))} }} }}
  }}
  {_COMPLEXITY}
}}"""
    return _query("scan", text, {"boards": [board_id], "limit": limit, **_asked(columns)}, cost=50_000)


def next_page(cursor: str, columns: Sequence[ColumnId], limit: int = PAGE) -> Query:
    """The page after `cursor`, of a scan or of a look-up."""
    text = f"""query next_page($cursor: String!, $limit: Int!{_declared(columns)}) {{
  page: next_items_page(cursor: $cursor, limit: $limit) {{ cursor items {{ {_item(bool(columns))} }} }}
  {_COMPLEXITY}
}}"""
    return _query("next_page", text, {"cursor": cursor, "limit": limit, **_asked(columns)}, cost=50_000)


def scan_full(board_id: BoardId, limit: int) -> Query:
    """The first page of all active items with every value and every subitem."""
    text = f"""query scan_full($boards: [ID!], $limit: Int!) {{
  boards(ids: $boards, limit: 1) {{ items_page(limit: $limit) {{ cursor items {{ {_FULL} }} }} }}
  {_COMPLEXITY}
}}"""
    return _query("scan_full", text, {"boards": [board_id], "limit": limit}, cost=200_000)


def next_full_page(cursor: str, limit: int) -> Query:
    """The page after `cursor` of a full scan."""
    text = f"""query next_full_page($cursor: String!, $limit: Int!) {{
  page: next_items_page(cursor: $cursor, limit: $limit) {{ cursor items {{ {_FULL} }} }}
  {_COMPLEXITY}
}}"""
    return _query("next_full_page", text, {"cursor": cursor, "limit": limit}, cost=200_000)


_FULL: Final = (
    "id name state creator_id group { id title } column_values { id text } "
    "subitems { id name state creator_id column_values { id text } }"
)


def _item(columns: bool, *, group: bool = True) -> str:
    """The selection of one item. An empty list of column ids is never sent: some servers read it as "all"."""
    values = " column_values(ids: $columns) { id text }" if columns else ""
    return f"id name state creator_id{' group { id }' if group else ''}{values}"


def _declared(columns: Sequence[ColumnId]) -> str:
    return ", $columns: [String!]" if columns else ""


def _asked(columns: Sequence[ColumnId]) -> dict[str, Any]:
    return {"columns": list(columns)} if columns else {}


@lru_cache(maxsize=MOST_MUTATIONS)
def _items_text(count: int) -> str:
    declared = "".join(f", $g{at}: String!, $n{at}: String!, $v{at}: JSON!, $l{at}: Boolean!" for at in range(count))
    fields = "".join(
        f"  r{at}: create_item(board_id: $board, group_id: $g{at}, item_name: $n{at}, "
        f"column_values: $v{at}, create_labels_if_missing: $l{at}) {{ id }}\n"
        for at in range(count)
    )
    return f"mutation create_items($board: ID!{declared}) {{\n{fields}  {_COMPLEXITY}\n}}"


@lru_cache(maxsize=MOST_MUTATIONS)
def _subitems_text(count: int) -> str:
    declared = ", ".join(f"$p{at}: ID!, $n{at}: String!, $v{at}: JSON!, $l{at}: Boolean!" for at in range(count))
    fields = "".join(
        f"  r{at}: create_subitem(parent_item_id: $p{at}, item_name: $n{at}, "
        f"column_values: $v{at}, create_labels_if_missing: $l{at}) {{ id }}\n"
        for at in range(count)
    )
    return f"mutation create_subitems({declared}) {{\n{fields}  {_COMPLEXITY}\n}}"


@lru_cache(maxsize=MOST_MUTATIONS)
def _groups_text(count: int) -> str:
    declared = "".join(f", $t{at}: String!" for at in range(count))
    fields = "".join(f"  r{at}: create_group(board_id: $board, group_name: $t{at}) {{ id }}\n" for at in range(count))
    return f"mutation create_groups($board: ID!{declared}) {{\n{fields}  {_COMPLEXITY}\n}}"


@lru_cache(maxsize=MOST_MUTATIONS)
def _archive_text(count: int) -> str:
    declared = ", ".join(f"$i{at}: ID!" for at in range(count))
    fields = "".join(f"  r{at}: archive_item(item_id: $i{at}) {{ id }}\n" for at in range(count))
    return f"mutation archive_items({declared}) {{\n{fields}  {_COMPLEXITY}\n}}"


def _call(
    operation: str,
    board_id: BoardId,
    refs: list[int],
    text: Callable[[int], str],
    variables: dict[str, Any],
    points: int,
) -> Call:
    if not 1 <= len(refs) <= MOST_MUTATIONS:
        raise ValueError(f"a request carries 1 to {MOST_MUTATIONS} mutations, not {len(refs)}")
    if len(set(refs)) != len(refs):
        raise ValueError("each row has its own ref within a request")
    aliases = tuple((Alias(f"r{at}"), ref) for at, ref in enumerate(refs))
    body = msgspec.json.encode({"query": text(len(refs)), "variables": variables})
    return Call(operation, board_id, body, aliases, points * len(refs))


def _query(operation: str, text: str, variables: dict[str, Any], cost: int) -> Query:
    return Query(operation, msgspec.json.encode({"query": text, "variables": variables}), cost)


def _one_board(boards: Iterable[BoardId]) -> BoardId:
    different = set(boards)
    if len(different) != 1:
        raise ValueError(f"a request concerns one board, not {len(different)}")
    return different.pop()
