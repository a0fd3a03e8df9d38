"""Who is in the account: the user whose token asks, then those that a seed names, or else a fixed few."""

from __future__ import annotations

from typing import Protocol, TypeVar

from monday_simulator.account.records import Person, Record, Team

R = TypeVar("R", bound=Record)

USER_ID = "59821734"
_SINCE = "2024-01-15T08:00:00Z"
OWNER = Person(id=USER_ID, name="Simulated user", email="user@simulator.example", created_at=_SINCE, kind="admin")
USUAL = (
    Person(id="59821801", name="Ada Member", email="ada@simulator.example", created_at=_SINCE),
    Person(id="59821802", name="Ben Member", email="ben@simulator.example", created_at=_SINCE),
    Person(id="59821803", name="Vera Viewer", email="vera@simulator.example", created_at=_SINCE, kind="view_only"),
    Person(id="59821804", name="Gil Guest", email="gil@partner.example", created_at=_SINCE, kind="guest"),
)


class Records(Protocol):
    """The part of the shelf that is asked here."""

    def all(self, sort: type[R]) -> list[R]: ...

    def find(self, sort: type[R], record_id: str) -> R | None: ...


def people(shelf: Records) -> list[Person]:
    """The token's own first."""
    return [OWNER, *(shelf.all(Person) or USUAL)]


def person_with(shelf: Records, person_id: str) -> Person | None:
    if person_id == USER_ID:
        return OWNER
    return shelf.find(Person, person_id) or next((each for each in people(shelf) if each.id == person_id), None)


def team_with(shelf: Records, team_id: str) -> Team | None:
    return shelf.find(Team, team_id)
