"""Fields of boards, columns and groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from monday_simulator.account.reading import settings_str
from monday_simulator.account.state import Board, Column
from monday_simulator.api.context import Info
from monday_simulator.api.pages import items_page
from monday_simulator.api.people import ME
from monday_simulator.api.updates import activity_logs, board_tags, board_updates
from monday_simulator.api.views import GroupView
from monday_simulator.api.workspaces import folder_of, workspace_of


def board_columns(
    board: Board,
    _info: Info,
    ids: list[str | None] | None = None,
    types: list[str] | None = None,
    **_ignored: object,
) -> list[Column]:
    return [
        column
        for column in board.columns
        if (ids is None or column.id in ids) and (types is None or column.type in types)
    ]


def board_groups(board: Board, _info: Info, ids: list[str | None] | None = None) -> list[GroupView]:
    return [GroupView(board, group) for group in board.groups_in_order() if ids is None or group.id in ids]


def top_group(board: Board, _info: Info) -> GroupView:
    return GroupView(board, board.groups_in_order()[0])


def items_count(board: Board, info: Info) -> int:
    return info.context.store.items_count(board)


def board_items_page(
    board: Board,
    info: Info,
    limit: int,
    cursor: str | None = None,
    query_params: Mapping[str, Any] | None = None,
    **_ignored: object,
) -> dict[str, Any]:
    context = info.context
    return items_page(context, board, context.store.board_items(board), limit, cursor, query_params)


def group_items_page(
    group: GroupView,
    info: Info,
    limit: int,
    cursor: str | None = None,
    query_params: Mapping[str, Any] | None = None,
    **_ignored: object,
) -> dict[str, Any]:
    context = info.context
    ids = context.store.group_items(group.board.id, group.id)
    return items_page(context, group.board, ids, limit, cursor, query_params, group.id)


FIELDS: dict[str, dict[str, Any]] = {
    "Board": {
        "access_level": lambda _board, _info: "edit",
        "activity_logs": activity_logs,
        "columns": board_columns,
        "creator": lambda _board, _info: ME,
        "folder": folder_of,
        "groups": board_groups,
        "hierarchy_type": lambda _board, _info: "classic",
        "items_count": items_count,
        "items_page": board_items_page,
        "owner": lambda _board, _info: ME,
        "owners": lambda _board, _info: [ME],
        "permissions": lambda _board, _info: "everyone",
        "subscribers": lambda _board, _info: [ME],
        "tags": board_tags,
        "team_owners": lambda _board, _info, **_page: [],
        "team_subscribers": lambda _board, _info, **_page: [],
        "top_group": top_group,
        "updates": board_updates,
        "url": lambda board, _info: f"https://simulated-account.example/boards/{board.id}",
        "views": lambda _board, _info, **_filter: [],
        "workspace": workspace_of,
    },
    "Column": {
        "capabilities": lambda _column, _info: {"visibility": None},
        "settings_str": lambda column, _info: settings_str(column),
    },
    "Group": {"items_page": group_items_page},
}
