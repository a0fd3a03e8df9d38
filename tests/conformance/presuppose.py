"""What must be there for a recorded request to be answered as it was: told by the request and its answer."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError, parse, value_from_ast_untyped
from graphql.language import DocumentNode, FieldNode, FragmentSpreadNode, InlineFragmentNode, OperationDefinitionNode
from tests.conformance.stage import STEP, Stage, type_by_value

from monday_simulator.account.records import (
    Block,
    Document,
    Folder,
    Person,
    Record,
    Tag,
    Team,
    Update,
    Webhook,
    Workspace,
)
from monday_simulator.account.state import Board, Column, Group, Item

JSON = dict[str, Any]
NOTHING: JSON = {}


@dataclass(frozen=True)
class Asked:
    """One field of a request with what it was answered."""

    name: str
    key: str
    arguments: JSON
    below: tuple[Asked, ...]
    answer: Any

    def find(self, name: str) -> Asked | None:
        return next((each for each in self.below if each.name == name), None)


def asked(recorded: JSON) -> tuple[str, list[Asked]]:
    """Kind of the operation and its root fields; none for what is no document."""
    try:
        document = parse(recorded["request"]["query"])
    except (GraphQLError, KeyError, TypeError):
        return "", []
    operation = next(each for each in document.definitions if isinstance(each, OperationDefinitionNode))
    data = body_of(recorded).get("data") or NOTHING
    variables = recorded["request"].get("variables") or NOTHING
    return operation.operation.value, _fields(document, operation, data, variables)


def body_of(recorded: JSON) -> JSON:
    try:
        body = json.loads(recorded["body"])
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _fields(document: DocumentNode, node: Any, answer: Any, variables: JSON) -> list[Asked]:
    found = []
    for each in _selected(document, node):
        key = each.alias.value if each.alias else each.name.value
        arguments = {
            argument.name.value: value_from_ast_untyped(argument.value, variables) for argument in each.arguments or ()
        }
        own = _below(answer, key)
        first = next((one for one in own if one is not None), None) if isinstance(own, list) else own
        below = _fields(document, each, first, variables) if each.selection_set else []
        found.append(Asked(each.name.value, key, arguments, tuple(below), own))
    return found


def _selected(document: DocumentNode, node: Any) -> Iterator[FieldNode]:
    for each in node.selection_set.selections:
        if isinstance(each, FieldNode):
            yield each
        elif isinstance(each, InlineFragmentNode):
            yield from _selected(document, each)
        elif isinstance(each, FragmentSpreadNode):
            named = (one for one in document.definitions if getattr(one.name, "value", None) == each.name.value)
            yield from (field for one in named for field in _selected(document, one))


def _below(answer: Any, key: str) -> Any:
    return answer.get(key) if isinstance(answer, dict) else None


# absent


def absent(recorded: JSON, fields: list[Asked]) -> set[str]:
    """Ids that the answer says do not exist."""
    missing: set[str] = set()
    body = body_of(recorded)
    for error in _errors(body):
        code, data = error
        for name in _MISSING.get(code, ()):
            if isinstance(data, Mapping) and name in data:
                missing.add(str(data[name]))
            elif isinstance(data, int | str):
                missing.add(str(data))
            else:
                missing.update(_given(fields, name))
    return missing


def _errors(body: JSON) -> Iterator[tuple[str, Any]]:
    if isinstance(body.get("error_code"), str):
        yield body["error_code"], body.get("error_data") or NOTHING
    for each in body.get("errors") or ():
        extensions = (each.get("extensions") or NOTHING) if isinstance(each, dict) else NOTHING
        if "code" in extensions:
            yield extensions["code"], extensions.get("error_data") or NOTHING


_UNAUTHORIZED = ("group_id", "workspace_id", "folder_id", "id", "update_id", "webhook_id")
_MISSING = {
    "InvalidBoardIdException": ("board_id",),
    "InvalidItemIdException": ("item_id",),
    "InvalidColumnIdException": ("column_id",),
    "InvalidUserIdException": ("user_ids",),
    "ResourceNotFoundException": (*_UNAUTHORIZED, "item_id", "column_id", "docId", "doc_id", "team_id", "block_id"),
    "USER_UNAUTHORIZED": _UNAUTHORIZED,
    "UserUnauthorizedException": _UNAUTHORIZED,
}


def _given(fields: list[Asked], name: str) -> Iterator[str]:
    for field in fields:
        value = field.arguments.get(name)
        if name == "group_id" and value is None and "group_id" not in field.arguments:
            # a field that names nothing below the board says it of the board
            below = [each for each in field.arguments if each in _UNAUTHORIZED]
            value = None if below else field.arguments.get("board_id")
        for each in value if isinstance(value, list) else [] if value is None else [value]:
            yield str(each)


# the setting of a change


def presuppose_change(stage: Stage, field: Asked, missing: set[str]) -> None:
    """Everything that the arguments name, on one board."""
    given = field.arguments
    board_id = _id(given.get("board_id"), missing)
    if given.get("board_id") is not None and board_id is None:
        return
    board = stage.board(board_id) if board_id else stage.board()
    home = stage.another_board() if field.name == "move_item_to_board" else board
    _groups(stage, board, field, missing)
    _columns(stage, board, field, missing)
    for name in ("item_id", "parent_item_id", "relative_to", "target_id"):
        item_id = _id(given.get(name), missing)
        if item_id is not None:
            stage.item(home, item_id, _name_before(field), group_id=_group_for(board, home, given, name))
    _records(stage, board, field, missing)


def _block_id(value: object, missing: set[str]) -> str | None:
    """Blocks have ids that are no numbers."""
    return value if isinstance(value, str) and value not in missing else None


def _id(value: object, missing: set[str]) -> str | None:
    """An id that exists."""
    text = str(value) if isinstance(value, int | str) else ""
    return text if text.isdigit() and text not in missing else None


def _name_before(field: Asked) -> str:
    name = field.answer.get("name") if isinstance(field.answer, dict) else None
    return str(name).removesuffix(" (copy)") if name else "Recorded item"


def _group_for(board: Board, home: Board, given: JSON, name: str) -> str | None:
    wanted = given.get("group_id") if name == "relative_to" else None
    return wanted if wanted and home is board and board.group(str(wanted)) else None


def _groups(stage: Stage, board: Board, field: Asked, missing: set[str]) -> None:
    for name in ("group_id", "relative_to"):
        group_id = field.arguments.get(name)
        if isinstance(group_id, str) and not group_id.isdigit() and group_id not in missing and field.answer:
            stage.group(board, group_id)
    if field.name in ("delete_group", "archive_group") and field.answer and len(board.groups_in_order()) == 1:
        stage.group(board, "group_mkother")


def _columns(stage: Stage, board: Board, field: Asked, missing: set[str]) -> None:
    given = field.arguments
    values = given.get("column_values")
    named: JSON = {}
    if isinstance(values, str):
        try:
            values = json.loads(values)
        except ValueError:
            values = None
    named.update(values if isinstance(values, dict) else NOTHING)
    for name in ("column_id", "after_column_id"):
        if isinstance(given.get(name), str):
            named[given[name]] = given.get("value")
    named.pop("name", None)
    for column_id, value in named.items():
        if column_id in missing:
            continue
        plain = _plain(value)
        of_file = "file" if field.name == "add_file_to_column" else None
        column = stage.column(board, column_id, of_file or type_by_value(value))
        if field.answer and not given.get("create_labels_if_missing"):
            stage.allow(column, plain)


def _plain(value: object) -> object:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value


_OWN_ID: dict[str, type[Record]] = {
    "delete_update": Update, "edit_update": Update, "delete_webhook": Webhook, "update_workspace": Workspace,
}  # fmt: skip
_BY_ARGUMENT: dict[str, type[Record]] = {
    "workspace_id": Workspace, "folder_id": Folder, "parent_folder_id": Folder, "update_id": Update,
    "parent_id": Update, "docId": Document, "doc_id": Document, "block_id": Block, "after_block_id": Block, "team_id": Team, "user_id": Person, "user_ids": Person,
    "team_ids": Team, "board_owner_ids": Person, "board_subscriber_ids": Person,
}  # fmt: skip


def _records(stage: Stage, board: Board, field: Asked, missing: set[str]) -> None:
    wanted: list[tuple[type[Record], object]] = [
        (sort, field.arguments.get(name)) for name, sort in _BY_ARGUMENT.items() if name in field.arguments
    ]
    if field.name in _OWN_ID:
        wanted.append((_OWN_ID[field.name], field.arguments.get("id")))
    location = field.arguments.get("location") or NOTHING
    for inner in location.values() if isinstance(location, dict) else ():
        wanted += [(sort, inner.get(name)) for name, sort in _BY_ARGUMENT.items() if name in inner]
        if _id(inner.get("item_id"), missing):
            stage.item(board, str(inner["item_id"]))
    for sort, value in wanted:
        for each in value if isinstance(value, list) else [value]:
            record_id = _block_id(each, missing) if sort is Block else _id(each, missing)
            if record_id is not None:
                _record(stage, sort, record_id, board)


def _record(stage: Stage, sort: type[Record], record_id: str | None, board: Board, **fields: Any) -> Record:
    if sort is Update and "item_id" not in fields:
        fields["item_id"] = stage.item(board).id
    if sort is Webhook:
        fields["board_id"] = board.id
    if sort is Block and "doc_id" not in fields:
        fields["doc_id"] = stage.record(Document, None).id
    return stage.record(sort, record_id, **fields)


# the setting of a question


def presuppose_question(stage: Stage, field: Asked, missing: set[str]) -> None:
    """Everything that the answer tells of."""
    if field.name in ("items_page_by_column_values", "next_items_page"):
        board_id = _id(field.arguments.get("board_id"), missing) or _board_of(field)
        if board_id is not None:
            _page(stage, stage.board(board_id), field, None)
        return
    if field.name == "webhooks" and _id(field.arguments.get("board_id"), missing):
        stage.board(str(field.arguments["board_id"]))
    furnish = _FURNISH.get(field.name)
    if furnish is not None:
        ids = field.arguments.get("ids")
        known = [str(each) for each in (ids if isinstance(ids, list) else [ids]) if each is not None]
        for at, record in enumerate(each for each in _list(field.answer) if isinstance(each, dict)):
            guessed = known[at] if len(known) > at else None
            furnish(stage, stage.board() if field.name not in ("boards", "users") else None, record, field, guessed)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _board(stage: Stage, _around: Board | None, record: JSON, field: Asked, guessed: str | None) -> None:
    told = {name: record[name] for name in _BOARD if record.get(name) is not None} | _in_workspace(stage, field)
    board_id = record.get("id") or guessed or stage.store.ids.number()
    board = stage.board(str(board_id), **told)
    if "description" in record:
        board.description = record["description"]
    _told_groups(stage, board, record, field)
    _told_columns(stage, board, record)
    page = field.find("items_page")
    if page is not None:
        _page(stage, board, _of(page, record), None)
    for log in record.get("activity_logs") or ():
        stage.item(board, name=str(log.get("id")))
    for name, sort in (("tags", Tag), ("updates", Update)):
        for each in record.get(name) or ():
            own = {"board_id": board.id} if sort is Tag else {}
            _record(stage, sort, _text(each.get("id")), board, **{**_told(each), **own})
    if isinstance(record.get("workspace"), dict):
        workspace = stage.record(Workspace, _text(record["workspace"].get("id")), **_told(record["workspace"]))
        board.workspace_id = workspace.id


_BOARD = ("name", "state", "board_kind", "communication", "workspace_id", "board_folder_id", "type", "created_at")


def _told(record: JSON) -> JSON:
    """The plain fields of a record but its id."""
    return {name: value for name, value in record.items() if name != "id" and not isinstance(value, dict | list)}


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _of(field: Asked, record: JSON) -> Asked:
    """A field with its answer for one record of a list."""
    return Asked(field.name, field.key, field.arguments, field.below, record.get(field.key))


def _told_groups(stage: Stage, board: Board, record: JSON, field: Asked) -> None:
    asked_groups = field.find("groups")
    told = [each for each in record.get("groups") or () if each]
    if not told or asked_groups is None:
        return
    ids = [str(each) for each in _list(asked_groups.arguments.get("ids"))]
    board.groups = [
        Group(
            str(each.get("id") or (ids[at] if len(ids) > at else f"group_mk{at}")),
            str(each.get("title", "T")),
            str(each.get("color") or "#579bfc"),
            STEP * (at + 1),
        )
        for at, each in enumerate(told)
    ]
    page = asked_groups.find("items_page")
    for group, each in zip(board.groups, told, strict=True):
        if page is not None:
            _page(stage, board, _of(page, each), group.id)


def _told_columns(stage: Stage, board: Board, record: JSON) -> None:
    told = [each for each in record.get("columns") or () if each]
    if not told:
        return
    board.columns = [Column("name", "Name", "name")]
    for each in told:
        column = stage.column(board, str(each.get("id") or each.get("title")), each.get("type"), str(each.get("title")))
        column.description = each.get("description")


@dataclass(frozen=True)
class Token:
    """What a recorded cursor says of its chain."""

    board_id: str
    total: int
    offset: int
    group_id: str


def read_token(cursor: object) -> Token | None:
    if not isinstance(cursor, str):
        return None
    try:
        plain = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError:
        return None
    found = re.fullmatch(r"\d+,(\d+),[^,]+,(\d+),(\d+),(.*)\|\d+", plain)
    return None if found is None else Token(found[1], int(found[2]), int(found[3]), found[4])


def _board_of(field: Asked) -> str | None:
    token = read_token(field.arguments.get("cursor"))
    return None if token is None else token.board_id


def _page(stage: Stage, board: Board, field: Asked, group_id: str | None) -> None:
    """Items before the page, those of the page, and as many behind it as its cursor says."""
    answer = field.answer or NOTHING
    told = [each for each in answer.get("items") or () if each]
    came, goes = read_token(field.arguments.get("cursor")), read_token(answer.get("cursor"))
    before = came.offset if came else 1 if field.arguments.get("cursor") else 0
    behind = goes.total - goes.offset if goes else 1 if answer.get("cursor") else 0
    for at in range(before):
        stage.item(board, name=f"before {at}", group_id=group_id)
    for each in told:
        _item(stage, board, each, field, None, group_id)
    for at in range(behind):
        name = _wanted_names(field, len(told) + at)
        stage.item(board, name=name or f"behind {at}", group_id=group_id)
    if told:
        _match(stage, board, field)


def _match(stage: Stage, board: Board, field: Asked) -> None:
    """Give all items of the board what the page was asked for by."""
    for column_id, value in _conditions(field):
        if column_id in ("name", "group") or value is None:
            continue
        stage.column(board, column_id)
        for item_id in stage.store.board_items(board):
            stage.write(stage.store.items[item_id], column_id, value)


def _conditions(field: Asked) -> Iterator[tuple[str, Any]]:
    """Column and one of the values that it must have."""
    for each in _list(field.arguments.get("columns")):
        yield str(each.get("column_id")), next(iter(_list(each.get("column_values"))), None)
    query = field.arguments.get("query_params") or NOTHING
    for rule in query.get("rules") or ():
        if rule.get("operator") in (None, "any_of", "contains_text"):
            value = next(iter(_list(rule.get("compare_value"))), None)
            yield str(rule.get("column_id")), None if value is None else str(value)


def _wanted_names(field: Asked, at: int) -> str | None:
    """What a look-up by name still has to find."""
    for each in _list(field.arguments.get("columns")):
        values = _list(each.get("column_values"))
        if each.get("column_id") == "name" and values:
            return str(values[min(at, len(values) - 1)])
    return None


def _item(
    stage: Stage, around: Board | None, record: JSON, field: Asked, guessed: str | None, group_id: str | None = None
) -> None:
    board = around or stage.board()
    if isinstance(record.get("board"), dict) and record["board"].get("id"):
        board = stage.board(str(record["board"]["id"]))
    group = record.get("group")
    if isinstance(group, dict) and group.get("id"):
        group_id = stage.group(board, str(group["id"]), str(group.get("title", "T"))).id
    item_id = _text(record.get("id")) or guessed
    item = stage.item(
        board, item_id, str(record.get("name", "Recorded item")), group_id=group_id, created_at=record.get("created_at")
    )
    if record.get("state"):
        item.state = record["state"]
    _told_values(stage, board, item, record)
    for each in record.get("subitems") or ():
        stage.subitem(item, _text(each.get("id")), str(each.get("name", "S")), created_at=each.get("created_at"))
    for each in record.get("updates") or ():
        _record(stage, Update, _text(each.get("id")), board, item_id=item.id, **_told(each))


def _told_values(stage: Stage, board: Board, item: Item, record: JSON) -> None:
    """Column by column, as far as a value that was read can be written."""
    told = [each for each in record.get("column_values") or () if isinstance(each, dict)]
    if told and all(each.get("id") for each in told):
        names = {str(each["id"]) for each in told}
        board.columns = [column for column in board.columns if column.id in names or column.type == "name"]
    for each in told:
        if each.get("id"):
            stage.column(board, str(each["id"]), each.get("type"))
            stage.write(item, str(each["id"]), _plain(each.get("value")))


def _plain_record(sort: type[Record]) -> Callable[..., None]:
    def furnish(stage: Stage, around: Board | None, record: JSON, field: Asked, guessed: str | None) -> None:
        told = _told(record)
        if sort is Update and told.get("item_id"):
            stage.item(stage.board(), str(told["item_id"]))
        told.update(_in_workspace(stage, field))
        if sort is Webhook and field.arguments.get("board_id"):
            around = stage.board(str(field.arguments["board_id"]))
        _record(stage, sort, _text(record.get("id")) or guessed, around or stage.board(), **told)

    return furnish


def _in_workspace(stage: Stage, field: Asked) -> JSON:
    """Where a list was asked for by workspace."""
    wanted = _list(field.arguments.get("workspace_ids"))
    if not wanted or wanted[0] is None:
        return {}
    return {"workspace_id": stage.record(Workspace, str(wanted[0])).id}


_FURNISH: dict[str, Callable[..., None]] = {
    "boards": _board,
    "items": _item,
    "docs": _plain_record(Document),
    "folders": _plain_record(Folder),
    "tags": _plain_record(Tag),
    "teams": _plain_record(Team),
    "updates": _plain_record(Update),
    "users": _plain_record(Person),
    "webhooks": _plain_record(Webhook),
    "workspaces": _plain_record(Workspace),
}
