"""The account and the people that the simulated token belongs to."""

from __future__ import annotations

from monday_simulator.account.items import USER_ID

ACCOUNT = {
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
}
ME = {
    "id": USER_ID,
    "name": "Simulated user",
    "email": "user@simulator.example",
    "title": "",
    "url": "https://simulated-account.example/users/" + USER_ID,
    "kind": "admin",
    "status": "ACTIVE",
    "is_email_confirmed": True,
    "created_at": "2024-01-15T08:00:00Z",
    "account": ACCOUNT,
}
