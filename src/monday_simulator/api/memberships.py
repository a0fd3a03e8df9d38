"""Who belongs to a board, a workspace or a team. Of these only teams keep their members."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from monday_simulator.account.errors import argument_refused
from monday_simulator.account.records import Team
from monday_simulator.api.context import Context
from monday_simulator.api.people import User, users_with
from monday_simulator.api.workspaces import known_record, workspace_with


def add_users_to_board(context: Context, board_id: str, user_ids: list[str], **_ignored: object) -> list[User]:
    context.touch(context.store.board(board_id).id)
    return users_with(context.store, user_ids)


def add_subscribers_to_board(context: Context, board_id: str, user_ids: list[str], **more: object) -> list[User]:
    return add_users_to_board(context, board_id, user_ids, **more)


def delete_subscribers_from_board(context: Context, board_id: str, user_ids: list[str]) -> list[User]:
    return add_users_to_board(context, board_id, user_ids)


def add_teams_to_board(context: Context, board_id: str, team_ids: list[str], **_ignored: object) -> list[Team]:
    context.touch(context.store.board(board_id).id)
    return _teams(context, team_ids)


def delete_teams_from_board(context: Context, board_id: str, team_ids: list[str]) -> list[Team]:
    return add_teams_to_board(context, board_id, team_ids)


def add_users_to_workspace(context: Context, workspace_id: str, user_ids: list[str], **_ignored: object) -> list[User]:
    workspace_with(context, workspace_id)
    return users_with(context.store, user_ids)


def delete_users_from_workspace(context: Context, workspace_id: str, user_ids: list[str]) -> list[User]:
    return add_users_to_workspace(context, workspace_id, user_ids)


def add_teams_to_workspace(context: Context, workspace_id: str, team_ids: list[str], **_ignored: object) -> list[Team]:
    workspace_with(context, workspace_id)
    return _teams(context, team_ids)


def delete_teams_from_workspace(context: Context, workspace_id: str, team_ids: list[str]) -> list[Team]:
    return add_teams_to_workspace(context, workspace_id, team_ids)


# teams


def _teams(context: Context, team_ids: Collection[str]) -> list[Team]:
    return [known_record(context.store, Team, each, "team") for each in team_ids]


def create_team(context: Context, input: Mapping[str, Any], options: Mapping[str, Any] | None = None) -> Team:
    """With members, unless it may be empty."""
    store, user_ids = context.store, list(input.get("subscriber_ids") or ())
    if not user_ids and not (options or {}).get("allow_empty_team"):
        raise argument_refused("A team must have at least one member")
    users_with(store, user_ids)
    team = Team(id=store.ids.number(), name=input["name"], created_at=store.now(), user_ids=user_ids)
    context.made.append(team.id)
    return store.shelf.put(team)


def delete_team(context: Context, team_id: str) -> Team:
    return context.store.shelf.drop(known_record(context.store, Team, team_id, "team"))


def add_users_to_team(context: Context, team_id: str, user_ids: list[str]) -> dict[str, list[User]]:
    team = known_record(context.store, Team, team_id, "team")
    users = users_with(context.store, user_ids)
    team.user_ids = list(dict.fromkeys([*team.user_ids, *user_ids]))
    context.store.shelf.put(team)
    return {"successful_users": users, "failed_users": []}


def remove_users_from_team(context: Context, team_id: str, user_ids: list[str]) -> dict[str, list[User]]:
    """Those who were no members fail."""
    team = known_record(context.store, Team, team_id, "team")
    users = users_with(context.store, user_ids)
    gone = [each for each in users if each["id"] in team.user_ids]
    team.user_ids = [each for each in team.user_ids if each not in user_ids]
    context.store.shelf.put(team)
    return {"successful_users": gone, "failed_users": [each for each in users if each not in gone]}


MEMBERSHIP_MUTATIONS: tuple[Callable[..., Any], ...] = (
    add_subscribers_to_board,
    add_teams_to_board,
    add_teams_to_workspace,
    add_users_to_board,
    add_users_to_team,
    add_users_to_workspace,
    create_team,
    delete_subscribers_from_board,
    delete_team,
    delete_teams_from_board,
    delete_teams_from_workspace,
    delete_users_from_workspace,
    remove_users_from_team,
)
