"""The version that serves retired ones: its schema beside the current one, and fields that it alone has."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any

from graphql import GraphQLObjectType, GraphQLSchema

NEW_TYPES = ("DailyLimitAddon",)
NEW_FIELDS = (("DailyLimit", "addon"), ("Team", "created_at"))


def extensions() -> str:
    return files("monday_simulator.api").joinpath("schema.2026-07.graphql").read_text(encoding="utf-8")


def take_back(schema: GraphQLSchema) -> None:
    """What came with the current version."""
    for type_name, field in NEW_FIELDS:
        holder = schema.type_map[type_name]
        assert isinstance(holder, GraphQLObjectType)  # noqa: S101 - for the type checker
        del holder.fields[field]
    for type_name in NEW_TYPES:
        del schema.type_map[type_name]


def _photo(size: str) -> Callable[..., Any]:
    return lambda user, _info: user["photo_url"][size]


USER_FIELDS: dict[str, Any] = {
    "enabled": lambda user, _info: user["status"] != "INACTIVE",
    "encrypt_api_token": lambda _user, _info: None,
    "is_admin": lambda user, _info: user["kind"] == "admin",
    "is_guest": lambda user, _info: user["kind"] == "guest",
    "is_pending": lambda user, _info: user["status"] == "PENDING",
    "is_verified": lambda user, _info: user["is_email_confirmed"],
    "is_view_only": lambda user, _info: user["kind"] == "viewer",
    "join_date": lambda user, _info: user["became_active_at"][: len("2026-01-31")],
    **{f"photo_{size}": _photo(size) for size in ("original", "small", "thumb", "thumb_small", "tiny")},
    "sign_up_product_kind": lambda _user, _info: "core",
}
