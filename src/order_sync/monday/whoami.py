"""The answer to who the token belongs to, and what its account may do."""

from __future__ import annotations

from typing import Any

import msgspec

from order_sync.monday.errors import item_id
from order_sync.monday.items import Me
from order_sync.monday.replies import Complaint


class _Account(msgspec.Struct):
    id: str | int | None = None
    name: str | None = None
    tier: str | None = None
    is_during_trial: bool | None = None


class _User(msgspec.Struct):
    """Whose id is none does not decode: it is recorded with every call."""

    id: str | int
    name: str = ""
    account: _Account | None = None

    def __post_init__(self) -> None:
        if item_id(self.id) is None:
            raise ValueError(f"not a user id: {str(self.id)[:40]!r}")


class _DailyLimit(msgspec.Struct):
    total: Any = None


class _Platform(msgspec.Struct):
    daily_limit: _DailyLimit | None = None


class Whoami(msgspec.Struct):
    me: _User
    platform_api: _Platform | None = None

    def read(self) -> Me:
        """The account may be hidden from the token."""
        account = self.me.account or _Account()
        return Me(
            user_id=str(self.me.id),
            name=self.me.name,
            account_id=str(account.id) if account.id is not None else None,
            account_name=account.name,
            tier=account.tier,
            trial=bool(account.is_during_trial),
            daily_calls=self._daily_calls(),
        )

    def _daily_calls(self) -> int | None:
        """None where it is not told, or is no number of calls."""
        platform = self.platform_api
        total = platform.daily_limit.total if platform is not None and platform.daily_limit is not None else None
        return total if isinstance(total, int) and not isinstance(total, bool) and total > 0 else None


def about_account(complaint: Complaint) -> bool:
    """The account and its limit are a courtesy: tokens without their scope still work."""
    return complaint.path[:2] == ("me", "account") or complaint.path[:1] == ("platform_api",)
