"""What a fault does, and at which boundary of a request it does it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Boundary(StrEnum):
    """Where on its way a request meets the fault; what that means for its effect is in the value."""

    BEFORE_READING = "before its body is read: not applied"
    BEFORE_APPLYING = "read, not applied"
    APPLYING = "applied but for one field"
    DELIVERY = "applied later, or twice"
    AFTER_APPLYING = "applied"


class Kind(StrEnum):
    """What happens to a request."""

    RESET_UNREAD = "reset_unread"
    RESET_BEFORE = "reset_before"
    ERROR_500_BEFORE = "error_500_before"
    ERROR_200_BEFORE = "error_200_before"
    HTML_502_BEFORE = "html_502_before"
    GATEWAY_504_BEFORE = "gateway_504_before"
    THROTTLE_429 = "throttle_429"
    THROTTLE_200 = "throttle_200"
    LOCKED_423 = "locked_423"
    REFUSED = "refused"
    BAD_ALIAS = "bad_alias"
    THROTTLE_FIELD = "throttle_field"
    LATE_APPLY = "late_apply"
    REST_LATE = "rest_late"
    DUPLICATE = "duplicate"
    LOST_AFTER = "lost_after"
    HALF_ANSWER = "half_answer"
    SLOW_ANSWER = "slow_answer"
    WRONG_JSON = "wrong_json"
    MISSING_ALIAS = "missing_alias"
    THROTTLE_SUBGRAPH = "throttle_subgraph"
    ERROR_500_AFTER = "error_500_after"
    ERROR_200_AFTER = "error_200_after"
    HTML_502_AFTER = "html_502_after"
    GATEWAY_504_AFTER = "gateway_504_after"

    @property
    def boundary(self) -> Boundary:
        return _BOUNDARIES.get(self, Boundary.AFTER_APPLYING)

    @property
    def own_fields(self) -> tuple[str, ...]:
        """The fields of a rule that mean something for this kind alone."""
        return _OWN_FIELDS.get(self, ())


_BOUNDARIES: Mapping[Kind, Boundary] = {
    Kind.RESET_UNREAD: Boundary.BEFORE_READING,
    Kind.RESET_BEFORE: Boundary.BEFORE_APPLYING,
    Kind.ERROR_500_BEFORE: Boundary.BEFORE_APPLYING,
    Kind.ERROR_200_BEFORE: Boundary.BEFORE_APPLYING,
    Kind.HTML_502_BEFORE: Boundary.BEFORE_APPLYING,
    Kind.GATEWAY_504_BEFORE: Boundary.BEFORE_APPLYING,
    Kind.THROTTLE_429: Boundary.BEFORE_APPLYING,
    Kind.THROTTLE_200: Boundary.BEFORE_APPLYING,
    Kind.LOCKED_423: Boundary.BEFORE_APPLYING,
    Kind.REFUSED: Boundary.BEFORE_APPLYING,
    Kind.BAD_ALIAS: Boundary.APPLYING,
    Kind.THROTTLE_FIELD: Boundary.APPLYING,
    Kind.LATE_APPLY: Boundary.DELIVERY,
    Kind.REST_LATE: Boundary.DELIVERY,
    Kind.DUPLICATE: Boundary.DELIVERY,
}

_OWN_FIELDS: Mapping[Kind, tuple[str, ...]] = {
    Kind.THROTTLE_429: ("code", "retry_in_seconds"),
    Kind.THROTTLE_200: ("code", "retry_in_seconds"),
    Kind.THROTTLE_FIELD: ("alias", "retry_in_seconds"),
    Kind.REFUSED: ("code",),
    Kind.BAD_ALIAS: ("alias", "code"),
    Kind.MISSING_ALIAS: ("alias",),
    Kind.THROTTLE_SUBGRAPH: ("alias",),
    Kind.LATE_APPLY: ("after_seconds",),
    Kind.REST_LATE: ("after_seconds",),
    Kind.DUPLICATE: ("after_seconds",),
    Kind.HALF_ANSWER: ("at_byte", "at_share"),
    Kind.SLOW_ANSWER: ("over_seconds",),
    Kind.WRONG_JSON: ("body",),
}

ONLY_WRITES = frozenset({Kind.BAD_ALIAS, Kind.THROTTLE_FIELD, Kind.LATE_APPLY, Kind.REST_LATE, Kind.DUPLICATE})
OWN_ERRORS = frozenset({Kind.ERROR_500_AFTER, Kind.ERROR_200_AFTER})
"""Errors of the service itself, not of a gateway before it: what it answered is not kept for the request's key."""
