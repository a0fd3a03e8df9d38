"""Files: sent to a column or an update, and read again. The bytes are kept; the addresses lead nowhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from monday_simulator.account.assets import add_to_column, add_to_update
from monday_simulator.account.errors import record_not_found
from monday_simulator.account.people import USER_ID
from monday_simulator.account.records import Asset, Update
from monday_simulator.account.state import Item
from monday_simulator.account.store import Store
from monday_simulator.account.uploads import IMAGES, Upload, url_of
from monday_simulator.api.changes import made
from monday_simulator.api.context import Context, Info
from monday_simulator.api.people import ME
from monday_simulator.api.value_views import FileView


def assets(_root: object, info: Info, ids: list[str]) -> list[Asset]:
    """Ids that do not exist are left out without a word."""
    found = (info.context.store.shelf.find(Asset, each) for each in ids)
    return [each for each in found if each is not None]


def add_file_to_column(context: Context, item_id: str, column_id: str, file: Upload) -> Asset:
    item, asset = add_to_column(context.store, item_id, column_id, file)
    made(context, item.board_id, asset.id)
    return asset


def add_file_to_update(context: Context, update_id: str, file: Upload) -> Asset:
    update = context.store.shelf.find(Update, update_id)
    if update is None:
        raise record_not_found("update", update_id)
    asset = add_to_update(context.store, update.item_id, update.id, file)
    made(context, context.store.items[update.item_id].board_id, asset.id)
    return asset


def item_assets(
    item: Item,
    info: Info,
    column_ids: list[str | None] | None = None,
    assets_source: str | None = None,
) -> list[Asset]:
    """The gallery is where the files of updates are."""
    found = [each for each in info.context.store.shelf.all(Asset) if each.item_id == item.id]
    if assets_source in ("columns", "gallery"):
        found = [each for each in found if (each.column_id is not None) == (assets_source == "columns")]
    return [each for each in found if column_ids is None or each.column_id in column_ids]


def update_assets(update: Update, info: Info) -> list[Asset]:
    return [each for each in info.context.store.shelf.all(Asset) if each.update_id == update.id]


def value_files(view: FileView, info: Info) -> list[dict[str, Any]]:
    return [_file_value(info.context.store, entry) for entry in view.entries]


def _file_value(store: Store, entry: dict[str, Any]) -> dict[str, Any]:
    asset = store.shelf.find(Asset, str(entry["assetId"]))
    assert asset is not None, "files are never taken away"  # noqa: S101 - for the type checker
    return {
        "__typename": "FileAssetValue",
        "asset": asset,
        "asset_id": str(entry["assetId"]),
        "created_at": asset.created_at,
        "creator": ME,
        "creator_id": USER_ID,
        "is_image": entry["isImage"] == "true",
        "name": entry["name"],
    }


ASSET_QUERIES: dict[str, Any] = {"assets": assets}
ASSET_MUTATIONS: tuple[Callable[..., Any], ...] = (add_file_to_column, add_file_to_update)
FIELDS: dict[str, dict[str, Any]] = {
    "Asset": {
        "file_size": lambda asset, _info: len(asset.content),
        "original_geometry": lambda _asset, _info: None,
        "public_url": lambda asset, _info: url_of(asset.id, asset.name),
        "uploaded_by": lambda _asset, _info: ME,
        "url": lambda asset, _info: url_of(asset.id, asset.name),
        "url_thumbnail": lambda asset, _info: url_of(asset.id, asset.name) if asset.file_extension in IMAGES else None,
    },
    "FileValue": {"files": value_files},
}
