"""What the account may use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

Plan = Literal["free", "basic", "standard", "pro", "enterprise", "trial"]
TokenKind = Literal["personal", "app", "playground"]
TimeoutForm = Literal["json", "gateway"]
Kept = Literal["successes", "answers", "all"]

PLANS: Final[tuple[str, ...]] = get_args(Plan)
TOKEN_KINDS: Final[tuple[str, ...]] = get_args(TokenKind)
TIMEOUT_FORMS: Final[tuple[str, ...]] = get_args(TimeoutForm)
KEPT: Final[tuple[str, ...]] = get_args(Kept)

# Requests a minute, calls a day, requests at once (rate limits page, A). A trial's calls are nowhere told but on a
# help page that had 200 for it as for the free plan, which has 1,000 by now (D).
_SMALL: Final = (1_000, 1_000, 40)
_BY_PLAN: Final = MappingProxyType({"pro": (2_500, 10_000, 100), "enterprise": (5_000, 25_000, 250)})
_FEW_POINTS: Final = 1_000_000
FIELDS_PER_MINUTE: Final[Mapping[str, int]] = MappingProxyType(
    {"create_board": 40, "duplicate_board": 40, "duplicate_group": 40}
)
REQUESTS_PER_ADDRESS: Final = 5_000


@dataclass(frozen=True)
class Limits:
    """The ceilings; by default those of an Enterprise account with a personal token.

    The defaults leave out what only hinders a test in process: requests by address and fields by minute.
    `Limits.of` has them all.
    """

    plan: str = "enterprise"
    """As `account { tier }` tells it; the figures are those below."""
    complexity_per_minute: int = 10_000_000
    reads_and_writes_apart: bool = False
    """Whether reads and writes have a budget of `complexity_per_minute` each."""
    complexity_per_query: int = 5_000_000
    requests_per_minute: int = 5_000
    calls_per_day: int = 25_000
    concurrency: int = 250
    requests_per_address: int | None = None
    """In 10 seconds, of one client address; None counts none."""
    fields_per_minute: Mapping[str, int] = field(default_factory=dict)
    """By name of a root field: each one in a document counts, not each document."""
    items_per_board: int = 10_000
    subitems_per_board: int = 100_000
    subitems_per_item: int = 500
    server_timeout: timedelta = timedelta(seconds=60)
    timeout_form: TimeoutForm = "json"
    """503 with a JSON body, or the 504 of a gateway."""
    board_locks: bool = False
    """Whether a write is refused while another one to its board is under way."""
    idempotency_window: timedelta = timedelta(minutes=30)
    idempotency_memory: int = 64_000_000
    """Bytes of answers that are kept for one token; the service has such a budget, and does not say which (A)."""
    idempotency_answer: int = 1_000_000
    """Bytes of the longest answer that is kept."""
    idempotency_keeps: Kept = "answers"
    """Undocumented (D): only answers without errors, every answer with HTTP 200, or also those of failures."""
    cursor_life: timedelta = timedelta(minutes=60)
    read_lag: timedelta = timedelta(0)
    """How long a fresh item or value stays hidden from look-ups by column value."""
    costs: dict[str, int] = field(default_factory=dict)
    """Points by root field of a mutation, over those of `costs.COSTS`."""

    @classmethod
    def of(cls, plan: str = "enterprise", token: str = "personal", **own: Any) -> Limits:  # noqa: S107 - a kind
        """The documented limits of a plan and a kind of token. own: settings that go before them."""
        if plan not in PLANS or token not in TOKEN_KINDS:
            raise ValueError(f"no such plan or token: {plan!r}, {token!r}")
        requests, calls, at_once = _BY_PLAN.get(plan, _SMALL)
        documented: dict[str, Any] = {
            "plan": plan,
            "complexity_per_minute": _points(plan, token),
            "reads_and_writes_apart": token != "personal",  # noqa: S105 - a kind
            "requests_per_minute": requests,
            "calls_per_day": calls,
            "concurrency": at_once,
            "requests_per_address": REQUESTS_PER_ADDRESS,
            "fields_per_minute": FIELDS_PER_MINUTE,
        }
        return cls(**{**documented, **own})


def _points(plan: str, token: str) -> int:
    """A minute's complexity: of a personal token for reads and writes together, else for each (A)."""
    match plan, token:
        case ("trial" | "free", "personal") | ("trial", "playground"):
            return _FEW_POINTS
        case _, "personal":
            return 10_000_000
        case _:
            return 5_000_000


@dataclass(frozen=True)
class Charge:
    """The complexity budget around one request, as its `complexity` field tells it."""

    before: int
    query: int
    after: int
    reset_in_x_seconds: int
