"""Files on items and updates: kept whole, in memory or in the state file."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from monday_simulator.account.errors import column_not_found, column_value_refused
from monday_simulator.account.people import USER_ID
from monday_simulator.account.records import Asset
from monday_simulator.account.state import Item
from monday_simulator.account.store import Store
from monday_simulator.account.uploads import IMAGES, Upload


def add_to_column(store: Store, item_id: str, column_id: str, upload: Upload) -> tuple[Item, Asset]:
    """Beside the files that the column has already. Raises FieldError where the column takes none."""
    item = store.item(item_id)
    column = store.boards[item.board_id].column(column_id)
    if column is None or column.archived:
        raise column_not_found(column_id, item.board_id)
    if column.type != "file":
        raise column_value_refused(f"a {column.type} column takes no file", column.id, column.type)
    asset = _keep(store, upload, item.id, column_id=column.id)
    files = [*files_of(item, column_id), _entry(asset)]
    store.change_item(item, name=None, values={column.id: {"files": files}})
    return item, asset


def add_to_update(store: Store, item_id: str, update_id: str, upload: Upload) -> Asset:
    return _keep(store, upload, item_id, update_id=update_id)


def _keep(
    store: Store, upload: Upload, item_id: str, *, column_id: str | None = None, update_id: str | None = None
) -> Asset:
    extension = PurePosixPath(upload.name).suffix.lower()
    asset = Asset(
        id=store.ids.number(),
        name=upload.name,
        file_extension=extension,
        created_at=store.now(),
        content=upload.content,
        item_id=item_id,
        column_id=column_id,
        update_id=update_id,
    )
    return store.shelf.put(asset)


def _entry(asset: Asset) -> dict[str, Any]:
    """As the raw value of a file column tells of it."""
    return {
        "name": asset.name,
        "assetId": int(asset.id),
        "isImage": "true" if asset.file_extension in IMAGES else "false",
        "fileType": "ASSET",
        "createdAt": int(datetime.fromisoformat(asset.created_at).timestamp() * 1000),
        "createdBy": USER_ID,
    }


def files_of(item: Item, column_id: str) -> list[dict[str, Any]]:
    stored = item.values.get(column_id)
    return list(stored["files"]) if isinstance(stored, dict) else []
