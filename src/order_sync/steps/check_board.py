"""The mapping against the live board: columns, types, labels, keys, room."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Final

from order_sync.model.mapping import BoardColumn, ColumnType, LabelPolicy
from order_sync.model.mapping_file import MappingFile
from order_sync.monday.items import BoardDescription, LiveColumn, Me
from order_sync.monday.values import READ_ONLY
from order_sync.reports.findings import Area, Finding, Level, error, fine, warning
from order_sync.steps.check_source import counted, listed

MOST_LABELS: Final = {ColumnType.DROPDOWN: 500, ColumnType.STATUS: 40}
_NEARLY_FULL: Final = 0.9

Needed = Mapping[str, Mapping[str, int]]
Place = tuple[str | int, ...]


def check_account(me: Me) -> Finding:
    """The token works, and for whom."""
    account = f" of {me.account_name}" if me.account_name else ""
    tier = f", plan {me.tier}{' (trial)' if me.trial else ''}" if me.tier else ""
    return fine(Area.BOARD, f"the token works: user {me.name or me.user_id}{account}{tier}")


def check_board(file: MappingFile, board: BoardDescription, needed: Needed) -> Iterator[Finding]:
    """`needed`: board column id -> label -> orders that want it; empty where the source could not be read."""
    mapping = file.mapping
    name = f"board {board.id} {board.name!r}"
    if board.state != "active":
        fix = "restore the board, or name another one"
        yield error(Area.BOARD, f"the board is {board.state}", file.where("board", "id"), fix)
    findings = [*_item_columns(file, board, needed), *_subitem_columns(file, board, needed)]
    yield from findings
    if not any(finding.level is Level.ERROR for finding in findings):
        count = len(mapping.sent_columns)
        yield fine(Area.BOARD, f"all {count} columns that are written are there and can be written", name)
    yield from _keys(file, board)
    yield from _groups(board)
    yield from _room(board)


def _item_columns(file: MappingFile, board: BoardDescription, needed: Needed) -> Iterator[Finding]:
    live = {str(column.id): column for column in board.columns}
    for index, column in enumerate(file.mapping.columns):
        if column.board is not None:
            place: Place = ("columns", index, "board", "id")
            yield from _column(file, place, column.board, column.target, live, needed)


def _subitem_columns(file: MappingFile, board: BoardDescription, needed: Needed) -> Iterator[Finding]:
    if board.subitem_board_id is None:
        return
    live = {str(column.id): column for column in board.subitem_columns}
    for index, column in enumerate(file.mapping.subitems.columns):
        if column.board is not None:
            place: Place = ("subitems", "columns", index, "board", "id")
            yield from _column(file, place, column.board, column.target, live, needed)


def _column(
    file: MappingFile,
    place: Place,
    column: BoardColumn,
    target: str,
    live: Mapping[str, LiveColumn],
    needed: Needed,
) -> Iterator[Finding]:
    where = file.where(*place)
    found = live.get(column.id)
    if found is None:
        yield error(
            Area.BOARD,
            f"the board has no column {column.id} for {target!r}",
            where,
            _meant(column, target, live),
        )
    elif found.archived:
        fix = "restore the column on the board, or take its entry out"
        yield error(Area.BOARD, f"column {column.id} for {target!r} is archived", where, fix)
    elif found.type in READ_ONLY:
        what = f"column {column.id} for {target!r} is of type {found.type}, which nobody can write"
        yield error(Area.BOARD, what, where, "list it under table_columns with writable: false")
    elif found.type != column.type.value:
        what = f"column {column.id} for {target!r} is of type {found.type}, not {column.type.value}"
        yield error(Area.BOARD, what, where, f"write `type: {found.type}`, or name another column")
    elif column.type in MOST_LABELS:
        yield from _labels(where, column, target, found, needed.get(column.id, {}))


def _meant(column: BoardColumn, target: str, live: Mapping[str, LiveColumn]) -> str:
    """The column of the same title and type, else the one of the most alike id."""
    titled = [each.id for each in live.values() if each.title.strip().casefold() == target.casefold()]
    close = titled or get_close_matches(column.id, live, n=1)
    return f"did you mean {close[0]}?" if close else "correct the id, or add the column to the board"


def _labels(
    where: str, column: BoardColumn, target: str, live: LiveColumn, wanted: Mapping[str, int]
) -> Iterator[Finding]:
    lacking = [label for label in wanted if label not in live.labels]
    most = MOST_LABELS[column.type]
    if column.labels is LabelPolicy.NEVER and lacking:
        told = listed([_lacking(label, wanted[label], live) for label in lacking])
        what = f"{target!r} has no label {told}, and none may be made"
        yield warning(
            Area.BOARD, what, where, "correct the source, or add the label to the board: such orders are held"
        )
    after = len(live.labels) + (len(lacking) if column.labels is LabelPolicy.CREATE else 0)
    if after > most:
        what = f"{target!r} would get {after} labels; a {column.type.value} column takes {most}"
        yield error(Area.BOARD, what, where, "make it a text column, or clear labels that nobody uses")
    elif after >= most * _NEARLY_FULL:
        what = f"{target!r} has {len(live.labels)} of at most {most} labels, {after} after the next run"
        yield warning(Area.BOARD, what, where, "clear labels that nobody uses, or make it a text column")


def _lacking(label: str, orders: int, live: LiveColumn) -> str:
    like = next((each for each in live.labels if each.casefold() == label.casefold()), None)
    told = [counted(orders, "order")]
    told += [f"there is {like!r}"] if like else []
    told += ["deactivated"] if label in live.deactivated else []
    return f"{label!r} ({', '.join(told)})"


def _keys(file: MappingFile, board: BoardDescription) -> Iterator[Finding]:
    """The columns that carry our keys, and the board of the subitems."""
    subitems = file.mapping.subitems
    yield from _key(file, ("board", "sync_key"), file.mapping.board.sync_key, board.columns, "board")
    subtasks = board.column(subitems.subtasks_column)
    if board.subitem_board_id is None:
        fix = "add a subitem to any item by hand: monday.com then makes the column and its board"
        where = file.where("subitems", "subtasks_column")
        yield error(Area.BOARD, "the board has no subitems yet, and so no board for the sizes", where, fix)
        return
    if subtasks is None or subtasks.type != "subtasks":
        here = [column.id for column in board.columns if column.type == "subtasks"]
        what = f"{subitems.subtasks_column} is not the board's column of subitems"
        fix = f"did you mean {here[0]}?" if here else "correct the id"
        yield error(Area.BOARD, what, file.where("subitems", "subtasks_column"), fix)
    if subitems.board_id not in (None, board.subitem_board_id):
        what = f"the subitem board is {board.subitem_board_id}, not {subitems.board_id}"
        fix = f"write board_id: {board.subitem_board_id}"
        yield error(Area.BOARD, what, file.where("subitems", "board_id"), fix)
    if subitems.sync_key is None:
        what = "sizes carry no key of ours: after a lost answer they are told apart by their names only"
        fix = "add a text column to the subitem board and name it in subitems.sync_key"
        yield warning(Area.BOARD, what, file.where("subitems"), fix)
    else:
        place: Place = ("subitems", "sync_key")
        yield from _key(file, place, subitems.sync_key, board.subitem_columns, "subitem board")


def _key(
    file: MappingFile, place: Place, wanted: str, columns: tuple[LiveColumn, ...], board: str
) -> Iterator[Finding]:
    found = next((column for column in columns if column.id == wanted), None)
    fix = f"add a text column to the {board} and write its id here; people should leave it alone"
    if found is None or found.archived:
        state = "archived" if found is not None else "missing"
        yield error(Area.BOARD, f"the {board}'s column for our key, {wanted}, is {state}", file.where(*place), fix)
    elif found.type != "text":
        what = f"the {board}'s column for our key, {wanted}, is of type {found.type}, not text"
        yield error(Area.BOARD, what, file.where(*place), fix)


def _groups(board: BoardDescription) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for group in board.groups:
        title = group.title.strip().casefold()
        seen[title] = seen.get(title, 0) + 1
    twice = [title for title, count in seen.items() if count > 1]
    if twice:
        what = f"{counted(len(twice), 'group title')} several times on the board: {listed(twice)}"
        yield warning(
            Area.BOARD,
            what,
            f"board {board.id}",
            "merge them; until then the recorded or the upper one is used",
        )


def _room(board: BoardDescription) -> Iterator[Finding]:
    if board.items_count is None or not board.items_limit:
        return
    told = f"{board.items_count:,} of {board.items_limit:,} items"
    if board.items_count >= board.items_limit * _NEARLY_FULL:
        yield warning(Area.BOARD, f"the board is nearly full: {told}", f"board {board.id}", "archive old items")
    else:
        yield fine(Area.BOARD, f"there is room: {told}", f"board {board.id}")
