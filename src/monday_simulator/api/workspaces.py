"""Workspaces and folders: read, made, changed, deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from monday_simulator.account.errors import argument_refused, record_not_found
from monday_simulator.account.records import Document, Folder, Record, Workspace
from monday_simulator.account.state import ACTIVE, DELETED, Board
from monday_simulator.account.store import Store
from monday_simulator.api.context import Context, Info
from monday_simulator.api.pages import page_of
from monday_simulator.api.people import ACCOUNT, ME

MAIN = Workspace(
    id="3100001", name="Main workspace", created_at="2024-01-15T08:00:00Z", is_default_workspace=True, description=""
)
R = TypeVar("R", bound=Record)


def known_record(store: Store, sort: type[R], record_id: str | None, resource: str) -> R:
    found = None if record_id is None else store.shelf.find(sort, record_id)
    if found is None:
        raise record_not_found(resource, record_id or "")
    return found


def in_workspaces(workspace_id: str | None, wanted: Sequence[str | None] | None) -> bool:
    """Boards and folders of the main workspace have no workspace id, and may be asked for by null."""
    return wanted is None or workspace_id in wanted or (workspace_id is None and MAIN.id in wanted)


# workspaces


def workspaces(
    _root: object,
    info: Info,
    ids: list[str] | None = None,
    kind: str | None = None,
    order_by: str | None = None,
    state: str = ACTIVE,
    limit: int | None = None,
    page: int | None = None,
    **_ignored: object,
) -> Sequence[Workspace]:
    """The main one first, then as they were made; by created_at the newest first."""
    found = [
        each
        for each in (MAIN, *info.context.store.shelf.all(Workspace))
        if (ids is None or each.id in ids) and kind in (None, each.kind) and state in ("all", each.state)
    ]
    return page_of(found[::-1] if order_by else found, limit, page)


def workspace_of(record: Board | Folder | Document, info: Info) -> Workspace | None:
    """None for what stands in the main workspace, except where the schema wants one."""
    found = info.context.store.shelf.find(Workspace, record.workspace_id or "")
    return MAIN if found is None and isinstance(record, Folder) else found


def create_workspace(
    context: Context, name: str, kind: str, description: str | None = None, **_ignored: object
) -> Workspace:
    if not name.strip():
        raise argument_refused("Workspace name cannot be blank", name=name)
    store = context.store
    workspace = Workspace(id=store.ids.number(), name=name, created_at=store.now(), kind=kind, description=description)
    context.made.append(workspace.id)
    return store.shelf.put(workspace)


def update_workspace(context: Context, attributes: Mapping[str, Any], id: str | None = None) -> Workspace:
    workspace = workspace_with(context, id)
    for name in ("name", "kind", "description"):
        if attributes.get(name) is not None:
            setattr(workspace, name, attributes[name])
    return context.store.shelf.put(workspace)


def delete_workspace(context: Context, workspace_id: str) -> Workspace:
    """Its boards move to the main workspace (an inference: nothing recorded says what becomes of them)."""
    store, workspace = context.store, workspace_with(context, workspace_id)
    for board in store.boards.values():
        if board.workspace_id == workspace.id:
            board.workspace_id = None
            store.put_board(board)
    workspace.state = DELETED
    return store.shelf.drop(workspace)


def workspace_with(context: Context, workspace_id: str | None) -> Workspace:
    return known_record(context.store, Workspace, workspace_id, "workspace")


# folders


def folders(
    _root: object,
    info: Info,
    ids: list[str] | None = None,
    workspace_ids: list[str | None] | None = None,
    limit: int | None = None,
    page: int | None = None,
) -> Sequence[Folder]:
    found = [
        each
        for each in info.context.store.shelf.all(Folder)
        if (ids is None or each.id in ids) and in_workspaces(each.workspace_id, workspace_ids)
    ]
    return page_of(found, limit, page)


def folder_of(record: Board | Folder, info: Info) -> Folder | None:
    folder_id = record.parent_folder_id if isinstance(record, Folder) else record.board_folder_id
    return info.context.store.shelf.find(Folder, folder_id or "")


def create_folder(context: Context, name: str, **more: Any) -> Folder:
    store = context.store
    if more.get("workspace_id") is not None and more["workspace_id"] != MAIN.id:
        workspace_with(context, more["workspace_id"])
    folder = Folder(id=store.ids.number(), name=name, created_at=store.now(), **more)
    context.made.append(folder.id)
    return store.shelf.put(folder)


def update_folder(context: Context, folder_id: str, **changes: Any) -> Folder:
    folder = known_record(context.store, Folder, folder_id, "folder")
    for name, value in changes.items():
        if value is not None:
            setattr(folder, name, value)
    return context.store.shelf.put(folder)


def delete_folder(context: Context, folder_id: str) -> Folder:
    """Its boards stay, outside of any folder."""
    store, folder = context.store, known_record(context.store, Folder, folder_id, "folder")
    for board in store.boards.values():
        if board.board_folder_id == folder.id:
            board.board_folder_id = None
            store.put_board(board)
    return store.shelf.drop(folder)


def folder_boards(folder: Folder, info: Info) -> list[Board]:
    boards = info.context.store.boards.values()
    return [each for each in boards if each.board_folder_id == folder.id and each.state == ACTIVE]


def sub_folders(folder: Folder, info: Info) -> list[Folder]:
    return [each for each in info.context.store.shelf.all(Folder) if each.parent_folder_id == folder.id]


WORKSPACE_QUERIES: dict[str, Any] = {"folders": folders, "workspaces": workspaces}
WORKSPACE_MUTATIONS: tuple[Callable[..., Any], ...] = (
    create_folder,
    create_workspace,
    delete_folder,
    delete_workspace,
    update_folder,
    update_workspace,
)
FIELDS: dict[str, dict[str, Any]] = {
    "Folder": {
        "children": folder_boards,
        "owner_id": lambda _folder, _info: ME["id"],
        "parent": folder_of,
        "sub_folders": sub_folders,
        "workspace": workspace_of,
    },
    "Workspace": {
        "account_product": lambda _workspace, _info: ACCOUNT["products"][0],
        "owners_subscribers": lambda _workspace, _info, **_page: [ME],
        "team_owners_subscribers": lambda _workspace, _info, **_page: [],
        "teams_subscribers": lambda _workspace, _info, **_page: [],
        "users_subscribers": lambda _workspace, _info, **_page: [ME],
    },
}
