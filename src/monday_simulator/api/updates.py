"""Updates, tags, webhooks, notifications and activity logs."""

from __future__ import annotations

import html
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import msgspec

from monday_simulator.account.board_changes import ticks
from monday_simulator.account.errors import argument_refused, record_not_found
from monday_simulator.account.labels import PALETTE
from monday_simulator.account.people import USER_ID
from monday_simulator.account.records import Tag, Update, Webhook
from monday_simulator.account.state import Board, Item
from monday_simulator.account.store import Store
from monday_simulator.api.assets import update_assets
from monday_simulator.api.context import Context, Info
from monday_simulator.api.pages import page_of
from monday_simulator.api.people import ACCOUNT, ME, users_with

IDS_MAX = 100
_TAG = re.compile(r"<[^>]*>")


# updates


def _page(
    found: Iterable[Update],
    ids: list[str] | None,
    limit: int | None,
    page: int | None,
    since: str | None,
    until: str | None,
) -> Sequence[Update]:
    """Newest first; replies are found under what they reply to."""
    chosen = [
        each
        for each in found
        if each.parent_id is None
        and (ids is None or each.id in ids)
        and (since is None or each.created_at >= since)
        and (until is None or each.created_at[: len(until)] <= until)
    ]
    return page_of(chosen[::-1], limit, page)


def updates(
    _root: object,
    info: Info,
    ids: list[str] | None = None,
    limit: int | None = None,
    page: int | None = None,
    from_date: str | None = None,
    to_date: str | None = None,
) -> Sequence[Update]:
    return _page(info.context.store.shelf.all(Update), ids, limit, page, from_date, to_date)


def item_updates(
    item: Item, info: Info, ids: list[str] | None = None, limit: int | None = None, page: int | None = None
) -> Sequence[Update]:
    return _page(_of_items(info.context.store, lambda each: each.id == item.id), ids, limit, page, None, None)


def board_updates(
    board: Board,
    info: Info,
    ids: list[str] | None = None,
    limit: int | None = None,
    page: int | None = None,
    from_date: str | None = None,
    to_date: str | None = None,
    board_updates_only: bool | None = None,
) -> Sequence[Update]:
    """Of the board's items; the simulated board has no updates of its own."""
    found = _of_items(info.context.store, lambda each: each.board_id == board.id and not board_updates_only)
    return _page(found, ids, limit, page, from_date, to_date)


def _of_items(store: Store, wanted: Callable[[Item], bool]) -> Iterator[Update]:
    return (each for each in store.shelf.all(Update) if wanted(store.items[each.item_id]))


def _update(context: Context, update_id: str) -> Update:
    found = context.store.shelf.find(Update, update_id)
    if found is None:
        raise record_not_found("update", update_id)
    return found


def create_update(
    context: Context,
    body: str,
    item_id: str | None = None,
    parent_id: str | None = None,
    original_creation_date: str | None = None,
    **_ignored: object,
) -> Update:
    """On an item, or as a reply to an update."""
    store = context.store
    parent = None if parent_id is None else _update(context, parent_id)
    about = item_id if parent is None else parent.item_id
    if about is None:
        raise argument_refused("item_id or parent_id must be given")
    item, now = store.item(about), store.now()
    context.touch(item.board_id)
    update = Update(
        id=store.ids.number(),
        item_id=item.id,
        body=body,
        created_at=now,
        updated_at=now,
        parent_id=parent_id,
        original_creation_date=original_creation_date,
    )
    context.made.append(update.id)
    return store.shelf.put(update)


def edit_update(context: Context, id: str, body: str) -> Update:
    update = _update(context, id)
    update.body, update.updated_at = body, context.store.now()
    return context.store.shelf.put(update)


def delete_update(context: Context, id: str) -> Update:
    return context.store.shelf.drop(_update(context, id))


def like_update(context: Context, update_id: str, reaction_type: str | None = None) -> Update:
    update = _update(context, update_id)
    update.likes = {context.store.ids.number(): reaction_type}
    return context.store.shelf.put(update)


def unlike_update(context: Context, update_id: str) -> Update:
    update = _update(context, update_id)
    update.likes = {}
    return context.store.shelf.put(update)


def clear_item_updates(context: Context, item_id: str) -> Item:
    item = context.store.item(item_id)
    context.touch(item.board_id)
    for update in list(_of_items(context.store, lambda each: each.id == item.id)):
        context.store.shelf.drop(update)
    return item


def update_replies(update: Update, info: Info) -> list[Update]:
    return [each for each in info.context.store.shelf.all(Update) if each.parent_id == update.id]


def likes(update: Update, _info: Info) -> list[dict[str, Any]]:
    about = {"creator_id": USER_ID, "creator": ME, "created_at": update.updated_at, "updated_at": update.updated_at}
    return [{"id": like_id, "reaction_type": kind or "Like", **about} for like_id, kind in update.likes.items()]


def text_body(update: Update, _info: Info) -> str:
    return html.unescape(_TAG.sub("", update.body))


# tags, webhooks, notifications


def tags(_root: object, info: Info, ids: list[str] | None = None) -> list[Tag]:
    return [each for each in info.context.store.shelf.all(Tag) if ids is None or each.id in ids]


def board_tags(board: Board, info: Info) -> list[Tag]:
    return [each for each in info.context.store.shelf.all(Tag) if each.board_id == board.id]


def create_or_get_tag(context: Context, tag_name: str | None = None, board_id: str | None = None) -> Tag:
    """Spaces go. A private or shareable board has tags of its own; all others are the account's."""
    store, name = context.store, (tag_name or "").replace(" ", "")
    if not name:
        raise argument_refused("tag_name must be given")
    board = None if board_id is None else store.board(board_id)
    owner = board.id if board is not None and board.board_kind != "public" else None
    existing = store.shelf.all(Tag)
    found = next((each for each in existing if each.board_id == owner and each.name == name), None)
    if found is not None:
        return found
    tag = Tag(id=store.ids.number(), name=name, color=PALETTE[len(existing) % len(PALETTE)], board_id=owner)
    context.made.append(tag.id)
    return store.shelf.put(tag)


def webhooks(_root: object, info: Info, board_id: str, **_ignored: object) -> list[Webhook]:
    board = info.context.store.board(board_id)
    return [each for each in info.context.store.shelf.all(Webhook) if each.board_id == board.id]


def create_webhook(context: Context, board_id: str, url: str, event: str, config: object = None) -> Webhook:
    """Kept and listed; the address is neither asked to answer a challenge nor ever called."""
    store, board = context.store, context.store.board(board_id)
    text = None if config is None else msgspec.json.encode(config).decode()
    webhook = Webhook(id=store.ids.number(), board_id=board.id, event=event, url=url, config=text)
    context.touch(board.id)
    context.made.append(webhook.id)
    return store.shelf.put(webhook)


def delete_webhook(context: Context, id: str) -> Webhook:
    webhook = context.store.shelf.find(Webhook, id)
    if webhook is None:
        raise record_not_found("webhook", id)
    return context.store.shelf.drop(webhook)


def create_notification(context: Context, user_id: str, text: str, **_ignored: object) -> dict[str, Any]:
    """Nobody is told. Like the service, it tells no id of a notification that may never be made."""
    users_with(context.store, [user_id])
    return {"id": "-1", "text": text}


# activity logs


def activity_logs(
    board: Board,
    info: Info,
    limit: int | None = None,
    page: int | None = None,
    item_ids: list[str] | None = None,
    group_ids: list[str | None] | None = None,
    user_ids: list[str] | None = None,
    column_ids: list[str | None] | None = None,
    to: str | None = None,
    **since: str | None,
) -> Sequence[dict[str, Any]]:
    """Newest first: that items were made. What became of them later is not kept."""
    store, begin = info.context.store, since.get("from") or ""
    if column_ids or (user_ids is not None and USER_ID not in user_ids):
        return []
    found = [
        each
        for each in (store.items[item_id] for item_id in store.board_items(board))
        if (item_ids is None or each.id in item_ids)
        and (group_ids is None or each.group_id in group_ids)
        and begin <= each.created_at <= (to or each.created_at)
    ]
    return [_creation(board, item) for item in page_of(found[::-1], limit, page)]


def _creation(board: Board, item: Item) -> dict[str, Any]:
    about = {
        "board_id": int(board.id),
        "group_id": item.group_id,
        "pulse_id": int(item.id),
        "pulse_name": item.name,
    }
    return {
        "id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{board.id}/{item.id}")),
        "event": "create_pulse",
        "entity": "pulse",
        "data": msgspec.json.encode(about).decode(),
        "created_at": ticks(item.created_at),
        "user_id": item.creator_id,
        "account_id": ACCOUNT["id"],
    }


UPDATE_QUERIES: dict[str, Any] = {"tags": tags, "updates": updates, "webhooks": webhooks}
UPDATE_MUTATIONS: tuple[Callable[..., Any], ...] = (
    clear_item_updates,
    create_notification,
    create_or_get_tag,
    create_update,
    create_webhook,
    delete_update,
    delete_webhook,
    edit_update,
    like_update,
    unlike_update,
)
_COMMON: dict[str, Any] = {
    "assets": lambda _update, _info: [],
    "creator": lambda _update, _info: ME,
    "creator_id": lambda _update, _info: USER_ID,
    "edited_at": lambda update, _info: update.updated_at,
    "likes": likes,
    "text_body": text_body,
}
FIELDS: dict[str, dict[str, Any]] = {
    "Update": {
        **_COMMON,
        "assets": update_assets,
        "item": lambda update, info: info.context.store.items.get(update.item_id),
        "pinned_to_top": lambda _update, _info: [],
        "replies": update_replies,
        "viewers": lambda _update, _info, **_page: [],
    },
    "Reply": {**_COMMON, "kind": lambda _reply, _info: "reply"},
}
