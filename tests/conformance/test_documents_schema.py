"""Every document against the API's own schema, and the reading of answers against recorded traffic."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLSchema, build_schema, parse, validate
from graphql.execution.values import get_variable_values
from graphql.language import OperationDefinitionNode

from monday_simulator.api.schema import sdl
from order_sync.model.ids import BoardId, ColumnId, GroupId, ItemId, SyncKey
from order_sync.model.outcomes import Created, ErrorClass, GroupCreated
from order_sync.monday import documents
from order_sync.monday.codes import classify
from order_sync.monday.documents import Call, GroupToCreate, ItemToArchive, ItemToCreate, Query, SubitemToCreate
from order_sync.monday.errors import outcomes_of
from order_sync.monday.replies import Reply, read_answer

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "monday"
RECORDED = SHARED / "recorded.jsonl"
VERSIONS = ("2026-07", "2026-10")
SIMULATED = "simulated"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the API's schema and recordings are not beside the repository"),
]

BOARD = BoardId("1234567890")
COLUMNS = [ColumnId("text_mk1"), ColumnId("status_mk2")]
KEYS = [SyncKey("0f-g1"), SyncKey("1e-g1")]
IDS = [ItemId(1), ItemId(2)]


def _items(count: int) -> list[ItemToCreate]:
    return [ItemToCreate(at, BOARD, GroupId("topics"), f"n{at}", '{"a":"b"}', at % 2 == 0) for at in range(count)]


def _subitems(count: int) -> list[SubitemToCreate]:
    return [SubitemToCreate(at, ItemId(99), f"n{at}", "{}", at % 2 == 0) for at in range(count)]


DOCUMENTS: dict[str, Call | Query] = {
    "create_items": documents.create_items(_items(1)),
    "create_items, many": documents.create_items(_items(documents.MOST_MUTATIONS)),
    "create_subitems": documents.create_subitems(BOARD, _subitems(1)),
    "create_subitems, many": documents.create_subitems(BOARD, _subitems(25)),
    "create_groups": documents.create_groups([GroupToCreate(at, BOARD, f"G{at}") for at in range(3)]),
    "archive_items": documents.archive_items(BOARD, [ItemToArchive(at, item) for at, item in enumerate(IDS)]),
    "full_items": documents.full_items(IDS),
    "me": documents.me(),
    "describe": documents.describe(BOARD),
    "find_by_key": documents.find_by_key(BOARD, COLUMNS[0], KEYS, None),
    "find_by_key, control": documents.find_by_key(BOARD, COLUMNS[0], KEYS, IDS[0]),
    "items_by_id": documents.items_by_id(IDS, COLUMNS),
    "items_by_id, bare": documents.items_by_id(IDS, []),
    "subitems_of": documents.subitems_of(IDS, COLUMNS),
    "subitems_of, bare": documents.subitems_of(IDS, []),
    "scan": documents.scan(BOARD, COLUMNS),
    "scan, bare": documents.scan(BOARD, []),
    "next_page": documents.next_page("cursor", COLUMNS),
    "next_page, bare": documents.next_page("cursor", []),
    "scan_full": documents.scan_full(BOARD, 25),
    "next_full_page": documents.next_full_page("cursor", 25),
}


@pytest.fixture(scope="module", params=[*VERSIONS, SIMULATED])
def schema(request: pytest.FixtureRequest) -> GraphQLSchema:
    if request.param == SIMULATED:
        return build_schema(sdl())
    return build_schema((SHARED / "schema" / f"schema.{request.param}.graphql").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_valid_and_takes_its_variables(schema: GraphQLSchema, name: str) -> None:
    body = json.loads(DOCUMENTS[name].body)
    document = parse(body["query"])
    assert validate(schema, document) == []
    (operation,) = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    definitions = operation.variable_definitions or ()
    declared = {definition.variable.name.value for definition in definitions}
    assert declared == set(body["variables"])
    coerced = get_variable_values(schema, definitions, body["variables"])
    assert not isinstance(coerced, list), coerced


def test_every_document_of_the_module_is_tried() -> None:
    made = {
        "me",
        "describe",
        "find_by_key",
        "items_by_id",
        "subitems_of",
        "scan",
        "next_page",
        "scan_full",
        "next_full_page",
    }
    made |= {"create_items", "create_subitems", "create_groups", "archive_items", "full_items"}
    public = {
        name
        for name, value in vars(documents).items()
        if callable(value) and getattr(value, "__module__", "") == documents.__name__ and name[0].islower()
    }
    assert public == made == {name.split(",")[0] for name in DOCUMENTS}


def _recordings() -> list[dict[str, Any]]:
    if not RECORDED.is_file():
        return []
    return [json.loads(line) for line in RECORDED.read_text(encoding="utf-8").splitlines()]


def _replies() -> list[tuple[str, Reply]]:
    return [
        (each["operation"], Reply(each["status"], each["headers"], each["body"].encode(), timedelta(0)))
        for each in _recordings()
    ]


def test_recorded_answers_are_read() -> None:
    replies = _replies()
    assert len(replies) > 100
    for _, reply in replies:
        answer = read_answer(reply)
        assert answer.readable
        assert answer.fields() or answer.complaints
        assert answer.request_id or reply.status == 401


def test_every_recorded_complaint_is_known() -> None:
    """Nothing that was really said may fall through to "unknown"."""
    for _, reply in _replies():
        for complaint in read_answer(reply).complaints:
            assert classify(complaint, reply.status) is not ErrorClass.AMBIGUOUS, complaint


def test_recorded_creations_and_refusals() -> None:
    made = refused = 0
    for operation, reply in _replies():
        if operation not in {"create_item", "create_group"}:
            continue
        call = documents.create_items(_items(1))
        if operation == "create_group":
            call = documents.create_groups([GroupToCreate(0, BOARD, "G")])
        # The recordings name the field itself; ours are aliased.
        aliased = Reply(
            reply.status, reply.headers, reply.body.replace(f'"{operation}"'.encode(), b'"r0"'), reply.elapsed
        )
        outcome = outcomes_of(aliased, call).outcomes[0]
        if reply.status == 200 and b'"errors"' not in reply.body:
            assert isinstance(outcome, Created | GroupCreated)
            made += 1
        else:
            assert not isinstance(outcome, Created | GroupCreated)
            refused += 1
    assert made > 20
    assert refused > 0
