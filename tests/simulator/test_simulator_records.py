"""What an account has besides boards and items, in its plain form; and that every field answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLObjectType, get_named_type, is_leaf_type, is_required_argument
from simulator_client import BOARD, Client, code_of, simulated

from monday_simulator import Simulator, VirtualClock
from monday_simulator.api.schema import executable_schema


@pytest.fixture
def client() -> Client:
    return simulated()


def made(client: Client, mutation: str) -> str:
    (answer,) = client.data(f"mutation {{ {mutation} {{ id }} }}").values()
    return str(answer["id"])


def test_update_is_written_answered_liked_and_deleted(client: Client) -> None:
    item = client.created("x")
    update = made(client, f'create_update(item_id: {item}, body: "<p>a &amp; b</p>")')
    reply = made(client, f'create_update(item_id: {item}, parent_id: {update}, body: "yes")')
    client.data(f"mutation {{ like_update(update_id: {update}) {{ id }} }}")
    read = f"{{ items(ids: {item}) {{ updates {{ id text_body likes {{ reaction_type }} replies {{ id body }} }} }} }}"
    assert client.data(read)["items"][0]["updates"] == [
        {
            "id": update,
            "text_body": "a & b",
            "likes": [{"reaction_type": "Like"}],
            "replies": [{"id": reply, "body": "yes"}],
        }
    ]
    client.data(f'mutation {{ edit_update(id: {update}, body: "c") {{ id }} }}')
    assert client.data("{ updates { body } }") == {"updates": [{"body": "c"}]}
    client.data(f"mutation {{ delete_update(id: {update}) {{ id }} }}")
    assert client.data("{ updates { body } }") == {"updates": []}
    assert code_of(client.ask(f"mutation {{ delete_update(id: {update}) {{ id }} }}")) == "ResourceNotFoundException"


def test_updates_of_an_item_are_cleared(client: Client) -> None:
    item, other = client.created("x"), client.created("y")
    for each in (item, other):
        client.data(f'mutation {{ create_update(item_id: {each}, body: "b") {{ id }} }}')
    client.data(f"mutation {{ clear_item_updates(item_id: {item}) {{ id }} }}")
    board = client.data(f"{{ boards(ids: {BOARD}) {{ updates {{ item_id }} }} }}")["boards"][0]
    assert board["updates"] == [{"item_id": other}]


def test_workspace_holds_boards_and_leaves_them_behind(client: Client) -> None:
    workspace = made(client, 'create_workspace(name: "W", kind: open)')
    board = made(client, f'create_board(board_name: "B", board_kind: public, workspace_id: {workspace})')
    assert client.data(f"{{ boards(workspace_ids: {workspace}) {{ id workspace {{ name }} }} }}") == {
        "boards": [{"id": board, "workspace": {"name": "W"}}]
    }
    assert [each["name"] for each in client.data("{ workspaces { name } }")["workspaces"]] == ["Main workspace", "W"]
    client.data(f'mutation {{ update_workspace(id: {workspace}, attributes: {{name: "V"}}) {{ name }} }}')
    client.data(f"mutation {{ delete_workspace(workspace_id: {workspace}) {{ id }} }}")
    assert client.data(f"{{ boards(ids: {board}) {{ workspace_id }} }}") == {"boards": [{"workspace_id": None}]}
    again = client.ask(f"mutation {{ delete_workspace(workspace_id: {workspace}) {{ id }} }}")
    assert code_of(again) == "ResourceNotFoundException"


def test_folder_holds_boards_and_folders(client: Client) -> None:
    workspace = made(client, 'create_workspace(name: "W", kind: open)')
    folder = made(client, f'create_folder(name: "F", workspace_id: {workspace})')
    inner = made(client, f'create_folder(name: "G", workspace_id: {workspace}, parent_folder_id: {folder})')
    board = made(client, f'create_board(board_name: "B", board_kind: public, folder_id: {folder})')
    read = f"{{ folders(ids: {folder}) {{ name workspace {{ id }} children {{ id }} sub_folders {{ id }} }} }}"
    assert client.data(read)["folders"] == [
        {"name": "F", "workspace": {"id": workspace}, "children": [{"id": board}], "sub_folders": [{"id": inner}]}
    ]
    client.data(f'mutation {{ update_folder(folder_id: {folder}, name: "H") {{ id }} }}')
    client.data(f"mutation {{ delete_folder(folder_id: {inner}) {{ id }} }}")
    assert client.data(f"{{ folders(workspace_ids: {workspace}) {{ name }} }}") == {"folders": [{"name": "H"}]}


def test_document_is_made_renamed_and_deleted(client: Client) -> None:
    workspace = made(client, 'create_workspace(name: "W", kind: open)')
    document = made(client, f'create_doc(location: {{workspace: {{name: "D", workspace_id: {workspace}}}}})')
    client.data(f'mutation {{ update_doc_name(docId: {document}, name: "E") }}')
    assert client.data(f"{{ docs(ids: {document}) {{ name workspace_id }} }}") == {
        "docs": [{"name": "E", "workspace_id": workspace}]
    }
    client.data(f"mutation {{ delete_doc(docId: {document}) }}")
    assert client.data("{ docs { id } }") == {"docs": []}


def test_tag_is_made_once_and_without_spaces(client: Client) -> None:
    tag = made(client, 'create_or_get_tag(tag_name: "a b")')
    assert made(client, 'create_or_get_tag(tag_name: "ab")') == tag
    assert client.data(f"{{ tags(ids: {tag}) {{ name }} }}") == {"tags": [{"name": "ab"}]}
    assert code_of(client.ask('mutation { create_or_get_tag(tag_name: " ") { id } }')) == "InvalidArgumentException"


def test_webhook_is_kept_until_it_is_deleted(client: Client) -> None:
    config = json.dumps(json.dumps({"columnId": "status"}))
    arguments = f'board_id: {BOARD}, url: "https://example.com", event: create_item, config: {config}'
    webhook = made(client, f"create_webhook({arguments})")
    read = f"{{ webhooks(board_id: {BOARD}) {{ id event config }} }}"
    assert client.data(read)["webhooks"] == [{"id": webhook, "event": "create_item", "config": '{"columnId":"status"}'}]
    client.data(f"mutation {{ delete_webhook(id: {webhook}) {{ id }} }}")
    assert client.data(read) == {"webhooks": []}


def test_people_are_found_and_strangers_refused(client: Client) -> None:
    me = client.data("{ me { id email teams { id } } }")["me"]
    assert client.data(f'{{ users(emails: ["{me["email"]}"]) {{ id }} }}') == {"users": [{"id": me["id"]}]}
    assert client.data("{ users(ids: 77) { id } }") == {"users": []}
    add = f"mutation {{ add_users_to_board(board_id: {BOARD}, user_ids: [%s]) {{ id }} }}"
    assert client.data(add % me["id"]) == {"add_users_to_board": [{"id": me["id"]}]}
    assert code_of(client.ask(add % "77")) == "InvalidUserIdException"


def test_activity_log_tells_of_new_items(client: Client) -> None:
    item = client.created("x")
    (log,) = client.data(f"{{ boards(ids: {BOARD}) {{ activity_logs {{ event data created_at }} }} }}")["boards"][0][
        "activity_logs"
    ]
    assert (log["event"], json.loads(log["data"])["pulse_id"]) == ("create_pulse", int(item))
    assert len(log["created_at"]) == 17


def test_records_survive_in_the_state_file(tmp_path: Path) -> None:
    with Simulator(state=tmp_path / "state.db", clock=VirtualClock()) as simulator:
        workspace = made(Client(simulator), 'create_workspace(name: "W", kind: open)')
        gone = made(Client(simulator), 'create_workspace(name: "X", kind: open)')
        Client(simulator).data(f"mutation {{ delete_workspace(workspace_id: {gone}) {{ id }} }}")
    with Simulator(state=tmp_path / "state.db", clock=VirtualClock()) as simulator:
        client = Client(simulator)
        assert client.data(f"{{ workspaces(ids: [{workspace}, {gone}]) {{ name }} }}") == {
            "workspaces": [{"name": "W"}]
        }
        assert int(made(client, 'create_workspace(name: "Y", kind: open)')) > int(gone)


# every field


def _selection(type_: GraphQLObjectType, depth: int) -> str:
    """Every field that needs no argument, and what is below it."""
    chosen = []
    for name, field in type_.fields.items():
        needs = any(is_required_argument(each) for each in field.args.values())
        inner = get_named_type(field.type)
        if needs or name.startswith("__"):
            continue
        if is_leaf_type(inner):
            chosen.append(name)
        elif isinstance(inner, GraphQLObjectType) and depth:
            chosen.append(f"{name} {{ {_selection(inner, depth - 1)} }}")
        elif depth:
            chosen.append(f"{name} {{ id type text value }}")
    return " ".join(chosen) or "__typename"


@pytest.mark.parametrize("root", ["boards", "items", "users", "teams", "updates", "workspaces", "folders", "docs", "tags",
                                  "account", "me", "platform_api", "version", "versions", "complexity"])  # fmt: skip
def test_every_field_answers(root: str) -> None:
    client = _furnished()
    query = executable_schema().query_type
    assert query is not None
    inner = get_named_type(query.fields[root].type)
    assert isinstance(inner, GraphQLObjectType)
    answer = client.ask(f"{{ {root} {{ {_selection(inner, 2)} }} }}")
    assert "errors" not in answer, answer["errors"][:3]
    assert answer["data"][root] or root == "teams"


def _furnished() -> Client:
    """An account that has one of everything."""
    client = simulated()
    item = client.created("x", {"text_mkkey": "k"})
    client.data(f'mutation {{ create_subitem(parent_item_id: {item}, item_name: "S") {{ id }} }}')
    update = made(client, f'create_update(item_id: {item}, body: "b")')
    client.data(f"mutation {{ like_update(update_id: {update}) {{ id }} }}")
    client.data(f'mutation {{ create_update(parent_id: {update}, body: "b") {{ id }} }}')
    workspace = made(client, 'create_workspace(name: "W", kind: open)')
    made(client, f'create_folder(name: "F", workspace_id: {workspace})')
    made(client, 'create_folder(name: "G")')
    made(client, f'create_doc(location: {{workspace: {{name: "D", workspace_id: {workspace}}}}})')
    made(client, 'create_or_get_tag(tag_name: "t")')
    return client


def test_schema_has_no_field_without_an_answer() -> None:
    """Every mutation and every root of a query has a resolver of its own."""
    schema = executable_schema()
    roots: list[Any] = [schema.query_type, schema.mutation_type]
    silent = [f"{root.name}.{name}" for root in roots for name, field in root.fields.items() if field.resolve is None]
    assert silent == []


# teams and blocks


def test_team_keeps_its_members(client: Client) -> None:
    me = client.data("{ me { id } }")["me"]["id"]
    team = made(client, f'create_team(input: {{name: "T", subscriber_ids: [{me}]}})')
    assert client.data("{ me { teams { name } } }") == {"me": {"teams": [{"name": "T"}]}}
    assert client.data(f"{{ teams(ids: {team}) {{ users {{ id }} }} }}") == {"teams": [{"users": [{"id": me}]}]}
    remove = f"mutation {{ remove_users_from_team(team_id: {team}, user_ids: [{me}]) {{ successful_users {{ id }} failed_users {{ id }} }} }}"
    assert client.data(remove)["remove_users_from_team"] == {"successful_users": [{"id": me}], "failed_users": []}
    assert client.data(remove)["remove_users_from_team"] == {"successful_users": [], "failed_users": [{"id": me}]}
    client.data(f"mutation {{ add_users_to_team(team_id: {team}, user_ids: [{me}]) {{ successful_users {{ id }} }} }}")
    client.data(f"mutation {{ delete_team(team_id: {team}) {{ id }} }}")
    assert client.data("{ me { teams { name } } }") == {"me": {"teams": []}}
    assert code_of(client.ask('mutation { create_team(input: {name: "E"}) { id } }')) == "InvalidArgumentException"


def test_teams_and_users_are_named_to_boards_and_workspaces(client: Client) -> None:
    workspace = made(client, 'create_workspace(name: "W", kind: open)')
    team = made(client, 'create_team(input: {name: "T"}, options: {allow_empty_team: true})')
    me = client.data("{ me { id } }")["me"]["id"]
    for what, ids in (("teams", team), ("users", me)):
        for place, place_id in (("board", BOARD), ("workspace", workspace)):
            removed = (
                f"delete_{what}_from_{place}"
                if (what, place) != ("users", "board")
                else "delete_subscribers_from_board"
            )
            for name in (f"add_{what}_to_{place}", removed):
                query = f"mutation {{ {name}({place}_id: {place_id}, {what[:-1]}_ids: [{ids}]) {{ id }} }}"
                assert client.data(query) == {name: [{"id": ids}]}


def test_blocks_of_a_document_keep_their_order(client: Client) -> None:
    document = made(client, 'create_doc(location: {workspace: {name: "D", workspace_id: 3100001}})')

    def add(after: str | None = None) -> str:
        follow = "" if after is None else f', after_block_id: "{after}"'
        return made(client, f'create_doc_block(doc_id: {document}, type: normal_text, content: "{{}}"{follow})')

    first = add()
    last = add(first)
    middle = add(first)
    top = add()
    client.data(f'mutation {{ update_doc_block(block_id: "{last}", content: "[1]") {{ id }} }}')
    client.data(f'mutation {{ delete_doc_block(block_id: "{middle}") {{ id }} }}')
    read = f"{{ docs(ids: {document}) {{ blocks {{ id content }} }} }}"
    assert client.data(read)["docs"][0]["blocks"] == [
        {"id": top, "content": "{}"},
        {"id": first, "content": "{}"},
        {"id": last, "content": "[1]"},
    ]
    again = client.ask(f'mutation {{ delete_doc_block(block_id: "{middle}") {{ id }} }}')
    assert code_of(again) == "ResourceNotFoundException"
