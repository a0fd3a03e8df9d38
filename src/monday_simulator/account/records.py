"""What an account has besides boards and items. Field names are the schema's where both mean the same."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from monday_simulator.account.state import ACTIVE


class Record(msgspec.Struct, kw_only=True):
    """deleted: kept, so that a file that is read again does not bring it back."""

    sort: ClassVar[str] = "record"

    id: str
    deleted: bool = False


class Workspace(Record):
    sort: ClassVar[str] = "workspace"

    name: str
    created_at: str
    kind: str = "open"
    description: str | None = None
    state: str = ACTIVE
    is_default_workspace: bool = False


class Folder(Record):
    sort: ClassVar[str] = "folder"

    name: str
    created_at: str
    workspace_id: str | None = None
    parent_folder_id: str | None = None
    color: str | None = None
    custom_icon: str | None = None
    font_weight: str | None = None


class Update(Record):
    """parent_id: the update that this one replies to. likes: ids of the likes, each of the token's user."""

    sort: ClassVar[str] = "update"

    item_id: str
    body: str
    created_at: str
    updated_at: str
    parent_id: str | None = None
    original_creation_date: str | None = None
    likes: dict[str, str | None] = {}


class Tag(Record):
    """board_id: None for a tag of the whole account."""

    sort: ClassVar[str] = "tag"

    name: str
    color: str
    board_id: str | None = None


class Webhook(Record):
    sort: ClassVar[str] = "webhook"

    board_id: str
    event: str
    url: str
    config: str | None = None


class Document(Record):
    """item_id, column_id: set on a document that stands in a column of an item."""

    sort: ClassVar[str] = "document"

    object_id: str
    name: str
    created_at: str
    updated_at: str
    doc_kind: str = "public"
    workspace_id: str | None = None
    doc_folder_id: str | None = None
    settings: dict[str, Any] | None = None


class Block(Record):
    """A part of a document. content: JSON in a string, as it is read."""

    sort: ClassVar[str] = "block"

    doc_id: str
    type: str
    content: str
    position: float
    created_at: str
    updated_at: str
    parent_block_id: str | None = None


class Person(Record):
    """A user besides the one whose token asks."""

    sort: ClassVar[str] = "person"

    name: str
    email: str
    created_at: str
    kind: str = "member"
    status: str = "ACTIVE"
    title: str = ""


class Team(Record):
    sort: ClassVar[str] = "team"

    name: str
    created_at: str
    user_ids: list[str] = []


class Asset(Record):
    """A file with its bytes; it belongs to a column of an item, or to an update."""

    sort: ClassVar[str] = "asset"

    name: str
    file_extension: str
    created_at: str
    content: bytes
    item_id: str
    column_id: str | None = None
    update_id: str | None = None


SORTS: tuple[type[Record], ...] = (Workspace, Folder, Update, Tag, Webhook, Document, Block, Person, Team, Asset)
