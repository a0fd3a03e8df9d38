"""Documents and their blocks: read, made, changed, deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from monday_simulator.account.errors import FieldError, argument_refused
from monday_simulator.account.records import Block, Document
from monday_simulator.api.context import Context, Info
from monday_simulator.api.pages import page_of
from monday_simulator.api.people import ACCOUNT, ME
from monday_simulator.api.workspaces import MAIN, in_workspaces, known_record, workspace_of, workspace_with

BLOCK_STEP = 65536.0


def docs(
    _root: object,
    info: Info,
    ids: list[str] | None = None,
    object_ids: list[str] | None = None,
    workspace_ids: list[str | None] | None = None,
    limit: int | None = None,
    page: int | None = None,
) -> Sequence[Document]:
    found = [
        each
        for each in info.context.store.shelf.all(Document)
        if (ids is None or each.id in ids)
        and (object_ids is None or each.object_id in object_ids)
        and in_workspaces(each.workspace_id, workspace_ids)
    ]
    return page_of(found, limit, page)


def create_doc(context: Context, location: Mapping[str, Any], **_ignored: object) -> Document:
    """In a workspace, or in a doc column of an item."""
    store, place = context.store, location.get("workspace")
    if place is None and location.get("board") is None:
        raise argument_refused("location must be a workspace or a board")
    name = store.item(location["board"]["item_id"]).name if place is None else place["name"]
    place = place or {}
    if place.get("workspace_id") not in (None, MAIN.id):
        workspace_with(context, place["workspace_id"])
    now = store.now()
    document = Document(
        id=store.ids.number(),
        object_id=store.ids.number(),
        name=name,
        created_at=now,
        updated_at=now,
        doc_kind=place.get("kind") or "public",
        workspace_id=place.get("workspace_id"),
        doc_folder_id=place.get("folder_id"),
    )
    context.made.append(document.id)
    return store.shelf.put(document)


def update_doc_name(context: Context, docId: str, name: str) -> str:  # noqa: N803 - the schema's name
    document = _document(context, docId)
    document.name, document.updated_at = name, context.store.now()
    context.store.shelf.put(document)
    return _done(docId)


def delete_doc(context: Context, docId: str) -> str:  # noqa: N803 - the schema's name
    context.store.shelf.drop(_document(context, docId))
    return _done(docId)


def _document(context: Context, document_id: str) -> Document:
    return known_record(context.store, Document, document_id, "document")


def _done(document_id: str) -> str:
    return msgspec.json.encode({"success": True, "id": document_id}).decode()


# blocks


def blocks(document: Document, info: Info, limit: int | None = None, page: int | None = None) -> Sequence[Block]:
    found = [each for each in info.context.store.shelf.all(Block) if each.doc_id == document.id]
    return page_of(sorted(found, key=lambda each: each.position), limit, page)


def create_doc_block(
    context: Context,
    doc_id: str,
    type: str,
    content: object,
    after_block_id: str | None = None,
    parent_block_id: str | None = None,
) -> Block:
    """At the top, unless it is to follow another."""
    store, document = context.store, _document(context, doc_id)
    places = sorted(each.position for each in store.shelf.all(Block) if each.doc_id == document.id)
    before = 0.0 if after_block_id is None else _block(context, after_block_id).position
    behind = next((place for place in places if place > before), before + 2 * BLOCK_STEP)
    now = store.now()
    block = Block(
        id=store.ids.request(),
        doc_id=document.id,
        type=type,
        content=msgspec.json.encode(content).decode(),
        position=(before + behind) / 2,
        created_at=now,
        updated_at=now,
        parent_block_id=parent_block_id,
    )
    context.made.append(block.id)
    return store.shelf.put(block)


def update_doc_block(context: Context, block_id: str, content: object) -> Block:
    block = _block(context, block_id)
    block.content, block.updated_at = msgspec.json.encode(content).decode(), context.store.now()
    return context.store.shelf.put(block)


def delete_doc_block(context: Context, block_id: str) -> Block:
    return context.store.shelf.drop(_block(context, block_id))


def _block(context: Context, block_id: str) -> Block:
    block = context.store.shelf.find(Block, block_id)
    if block is None:
        data = {"resource_type": "block", "block_id": block_id}
        raise FieldError("Block not found", "ResourceNotFoundException", data, status_code=404)
    return block


DOC_QUERIES: dict[str, Any] = {"docs": docs}
DOC_MUTATIONS: tuple[Callable[..., Any], ...] = (
    create_doc,
    create_doc_block,
    delete_doc,
    delete_doc_block,
    update_doc_block,
    update_doc_name,
)
FIELDS: dict[str, dict[str, Any]] = {
    "Document": {
        "blocks": blocks,
        "created_by": lambda _document, _info: ME,
        "relative_url": lambda document, _info: f"/docs/{document.object_id}",
        "url": lambda document, _info: f"https://{ACCOUNT['slug']}.example/docs/{document.object_id}",
        "workspace": workspace_of,
    },
    "DocumentBlock": {"created_by": lambda _block, _info: ME},
}
