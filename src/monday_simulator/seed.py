"""A JSON description of boards to start from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from monday_simulator.account.boards import tie_subitem_board
from monday_simulator.account.items import make_item, make_subitem
from monday_simulator.account.labels import PALETTE, complete_settings
from monday_simulator.account.people import USER_ID, person_with
from monday_simulator.account.records import Person, Tag, Team
from monday_simulator.account.state import SUBITEM_BOARD, Board, Column, Group
from monday_simulator.account.store import PLACE_STEP, Store
from monday_simulator.limits import Limits


class SeedError(ValueError):
    """A description that cannot be built. The message says where."""


class SeedColumn(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    title: str
    type: str
    settings: dict[str, Any] = {}


class SeedGroup(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    title: str
    color: str | None = None


class SeedItem(msgspec.Struct, forbid_unknown_fields=True):
    """values: as in a client's column_values. group: an id; the top group without."""

    name: str
    group: str | None = None
    values: dict[str, Any] = {}
    subitems: list[SeedItem] = []


class SeedSubitemBoard(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    columns: list[SeedColumn] = []
    id: str | None = None
    items_limit: int | None = None


class SeedBoard(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    columns: list[SeedColumn] = []
    groups: list[SeedGroup] = []
    id: str | None = None
    description: str | None = None
    subitem_board: SeedSubitemBoard | None = None
    items_limit: int | None = None
    items: list[SeedItem] = []


class SeedUser(msgspec.Struct, forbid_unknown_fields=True):
    """kind: admin, member, view_only or guest."""

    id: str
    name: str
    email: str
    kind: str = "member"


class SeedTeam(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    name: str
    users: list[str] = []


class SeedTag(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    name: str
    color: str | None = None


class Seed(msgspec.Struct, forbid_unknown_fields=True):
    """users: besides the one whose token asks, instead of the usual ones."""

    boards: list[SeedBoard] = []
    users: list[SeedUser] = []
    teams: list[SeedTeam] = []
    tags: list[SeedTag] = []


def load_seed(source: str | Path | Mapping[str, Any]) -> Seed:
    """A seed from a file, from JSON text, or from decoded JSON; raises SeedError."""
    try:
        if isinstance(source, Path):
            source = source.read_text(encoding="utf-8")
        if isinstance(source, str):
            return msgspec.json.decode(source, type=Seed)
        return msgspec.convert(source, type=Seed)
    except msgspec.DecodeError as error:
        raise SeedError(str(error)) from error


def plant(seed: Seed, store: Store, limits: Limits) -> None:
    """Build everything of the seed in an empty store."""
    _plant_people(seed, store)
    for at, tag in enumerate(seed.tags):
        store.shelf.put(
            Tag(id=_free(store, tag.id, "tag"), name=tag.name, color=tag.color or PALETTE[at % len(PALETTE)])
        )
    for board in seed.boards:
        _plant_board(board, store, limits)


def _plant_people(seed: Seed, store: Store) -> None:
    now = store.now()
    for user in seed.users:
        user_id = _free(store, user.id, "user")
        store.shelf.put(Person(id=user_id, name=user.name, email=user.email, created_at=now, kind=user.kind))
    for team in seed.teams:
        unknown = [each for each in team.users if person_with(store.shelf, each) is None]
        if unknown:
            raise SeedError(f"team {team.name!r}: there is no user {unknown[0]!r}")
        team_id = _free(store, team.id, "team")
        store.shelf.put(Team(id=team_id, name=team.name, created_at=now, user_ids=team.users))


def _free(store: Store, record_id: str, what: str) -> str:
    if not record_id.isdigit() or record_id == USER_ID or record_id in store.shelf.ids():
        raise SeedError(f"{what} {record_id!r}: an id is a number in a string, and no two records share one")
    store.ids.seen(record_id)
    return record_id


def _plant_board(seed: SeedBoard, store: Store, limits: Limits) -> None:
    groups = [
        Group(group.id, group.title, group.color or PALETTE[at % len(PALETTE)], at * PLACE_STEP)
        for at, group in enumerate(seed.groups or [SeedGroup("topics", "Group Title")], 1)
    ]
    board = _board(store, seed.id, seed.name, seed.columns, groups, seed.items_limit or limits.items_per_board)
    board.description = seed.description
    if seed.subitem_board is not None or board.subtasks_column() is not None:
        _plant_subitem_board(seed.subitem_board, board, store, limits)
    store.put_board(board)
    for item in seed.items:
        _plant_item(item, board, store, limits)


def _board(
    store: Store, board_id: str | None, name: str, columns: list[SeedColumn], groups: list[Group], limit: int
) -> Board:
    if board_id is not None and (board_id in store.boards or not board_id.isdigit()):
        raise SeedError(f"board {board_id!r}: an id is a number in a string, and no two boards share one")
    built = [_column(each) for each in columns]
    if not any(column.id == "name" for column in built):
        built.insert(0, Column("name", "Name", "name"))
    now = store.now()
    return Board(board_id or store.ids.number(), name, now, now, built, groups, limit)


def _column(seed: SeedColumn) -> Column:
    try:
        return Column(seed.id, seed.title, seed.type, complete_settings(seed.type, seed.settings))
    except ValueError as error:
        raise SeedError(f"column {seed.id!r}: {error}") from error


def _plant_subitem_board(seed: SeedSubitemBoard | None, parent: Board, store: Store, limits: Limits) -> None:
    seed = seed or SeedSubitemBoard(f"Subitems of {parent.name}")
    groups = [Group("topics", "Subitems", PALETTE[7], PLACE_STEP)]
    limit = seed.items_limit or limits.subitems_per_board
    board = _board(store, seed.id, seed.name, seed.columns, groups, limit)
    board.type = SUBITEM_BOARD
    board.parent_board_id = parent.id
    column = parent.subtasks_column()
    if column is None:
        column = Column(store.ids.column("subtasks"), "Subitems", "subtasks")
        parent.columns.insert(1, column)
    tie_subitem_board(column, board)
    store.put_board(board)


def _plant_item(seed: SeedItem, board: Board, store: Store, limits: Limits) -> None:
    group = store.group(board, seed.group) if seed.group else board.groups_in_order()[0]
    item = make_item(store, board, group, seed.name, seed.values, create_labels=True)
    for subitem in seed.subitems:
        make_subitem(store, limits, item.id, subitem.name, subitem.values, create_labels=True)
