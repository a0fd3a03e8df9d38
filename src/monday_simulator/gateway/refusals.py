"""Refusals that nothing in the simulated account causes by itself: they are met by a scripted fault alone."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from monday_simulator.gateway.answers import Answer, gateway_error, json_answer

IP_RESTRICTED: Final = "IP_RESTRICTED"

# HTTP status and message by code, of requests that are refused whole. The error page has code and status (A), the
# messages are ours (D).
OF_REQUESTS: Final[Mapping[str, tuple[int, str]]] = MappingProxyType(
    {
        IP_RESTRICTED: (401, "Your ip is restricted"),
        "USER_ACCESS_DENIED": (403, "User access denied"),
        "RecordInvalidException": (422, "Record invalid"),
    }
)
# Status inside of 200 and message by code, of single fields.
OF_FIELDS: Final[Mapping[str, tuple[int, str]]] = MappingProxyType(
    {
        "missingRequiredPermissions": (403, "Missing required permissions"),
        "UNAUTHORIZED_FIELD_OR_TYPE": (403, "Unauthorized field or type"),
        "USER_UNAUTHORIZED": (403, "User unauthorized to perform action"),
        "InvalidUserIdException": (200, "User ids are invalid"),
        "CorrectedValueException": (200, "Invalid value was given, a corrected one would be accepted"),
        "CreateBoardException": (200, "The board could not be created"),
    }
)


def refusal(code: str, request_id: str) -> Answer:
    """Raises KeyError for a code that refuses no whole request. A restricted address is told in a text alone (C)."""
    status, message = OF_REQUESTS[code]
    if code == IP_RESTRICTED:
        return json_answer(status, {"errors": [message]}, code=code)
    return gateway_error(status, message, code, request_id)
