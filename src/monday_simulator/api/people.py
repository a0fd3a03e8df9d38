"""The account, its people and their teams."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, TypeAlias

from monday_simulator.account import people
from monday_simulator.account.errors import FieldError, number
from monday_simulator.account.people import USER_ID
from monday_simulator.account.records import Person, Team
from monday_simulator.account.store import Store
from monday_simulator.api.context import Info

User: TypeAlias = dict[str, Any]

ACCOUNT: dict[str, Any] = {
    "id": "26114203",
    "name": "Simulated account",
    "slug": "simulated-account",
    "tier": "enterprise",
    "country_code": "GB",
    "created_at": "2024-01-15",
    "first_day_of_the_week": "monday",
    "is_during_trial": False,
    "is_trial_expired": False,
    "plan": {"max_users": 50, "period": "yearly", "tier": "enterprise", "version": 1},
    "active_members_count": 1,
    "logo": None,
    "products": [{"id": "2231901", "kind": "core", "tier": "enterprise", "default_workspace_id": None}],
    "show_timeline_weekends": False,
    "sign_up_product_kind": "core",
}


def account(_root: object, info: Info) -> dict[str, Any]:
    """The account under its plan; a trial is one of the Pro plan (D)."""
    is_trial = info.context.limits.plan == "trial"
    tier = "pro" if is_trial else info.context.limits.plan
    plan = {**ACCOUNT["plan"], "tier": tier}
    products = [{**product, "tier": tier} for product in ACCOUNT["products"]]
    return {**ACCOUNT, "tier": tier, "plan": plan, "products": products, "is_during_trial": is_trial}


def user_of(person: Person) -> User:
    url = f"https://{ACCOUNT['slug']}.example/users/{person.id}"
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "title": person.title,
        "url": url,
        "kind": person.kind,
        "status": person.status,
        "is_email_confirmed": True,
        "is_deleted": False,
        "created_at": person.created_at,
        "became_active_at": person.created_at,
        "account_id": ACCOUNT["id"],
        "country_code": "GB",
        "current_language": "en",
        "invitation_method": "FIRST_USER" if person.id == USER_ID else "USER",
        "photo_url": dict.fromkeys(("original", "small", "thumb", "thumb_small", "tiny"), f"{url}/photo.png"),
        "serial_number": 1,
        "time_zone_identifier": "Europe/London",
        "utc_hours_diff": 0.0,
    }


ME: User = user_of(people.OWNER)


def all_users(store: Store) -> list[User]:
    """The token's own first."""
    return [user_of(each) for each in people.people(store.shelf)]


def users_with(store: Store, ids: Collection[str]) -> list[User]:
    """Raises FieldError where one of them is not in the account."""
    known = {each["id"]: each for each in all_users(store)}
    for user_id in ids:
        if user_id not in known:
            data = {"user_ids": [number(user_id)]}
            raise FieldError("The user does not exist in the account", "InvalidUserIdException", data)
    return [known[each] for each in ids]


def users(
    _root: object,
    info: Info,
    ids: list[str] | None = None,
    name: str | None = None,
    emails: list[str] | None = None,
    status: list[str] | None = None,
    kind: str | None = None,
    newest_first: bool | None = None,
    limit: int | None = None,
    page: int | None = None,
    **_ignored: object,
) -> Sequence[User]:
    """By a part of the name, whole addresses, or ids; those that do not exist are left out without a word."""
    found = [
        each
        for each in all_users(info.context.store)
        if (ids is None or each["id"] in ids)
        and (name is None or name.casefold() in each["name"].casefold())
        and (emails is None or each["email"] in emails)
        and (status is None or each["status"] in status)
        and _is_of_kind(each, kind)
    ]
    size, at = limit if limit is not None else 200, max(page or 1, 1)
    return (found[::-1] if newest_first else found)[(at - 1) * size : at * size]


def _is_of_kind(user: User, kind: str | None) -> bool:
    if kind == "non_pending":
        return bool(user["status"] != "PENDING")
    if kind in ("guests", "non_guests"):
        return (user["kind"] == "guest") is (kind == "guests")
    return True


def teams(_root: object, info: Info, ids: list[str] | None = None) -> list[Team]:
    return [each for each in info.context.store.shelf.all(Team) if ids is None or each.id in ids]


def user_teams(user: User, info: Info, ids: list[str] | None = None) -> list[Team]:
    return [each for each in teams(None, info, ids) if user["id"] in each.user_ids]


def team_users(team: Team, info: Info, ids: list[str] | None = None, **filters: Any) -> Sequence[User]:
    wanted = [each for each in team.user_ids if ids is None or each in ids]
    return users(None, info, ids=wanted, **filters)


FIELDS: dict[str, dict[str, Any]] = {
    "User": {
        "account": account,
        "custom_field_metas": lambda _user, _info: [],
        "custom_field_values": lambda _user, _info: [],
        "teams": user_teams,
    },
    "Team": {
        "is_guest": lambda _team, _info: False,
        "owners": lambda _team, _info, ids=None: [ME] if ids is None or USER_ID in ids else [],
        "users": team_users,
    },
}
QUERIES: dict[str, Any] = {
    "account": account,
    "me": lambda _root, _info: ME,
    "teams": teams,
    "users": users,
}
