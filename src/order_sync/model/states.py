"""The row and batch statuses and which may follow which. One table; every change is a compare-and-set against it."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import Final


class RowStatus(StrEnum):
    """stg_status of a staged order or size."""

    PENDING = "PENDING"
    SENDING = "SENDING"
    IN_DOUBT = "IN_DOUBT"
    API_SUCCESS = "API_SUCCESS"
    API_FAILED = "API_FAILED"
    BLOCKED = "BLOCKED"
    PROMOTED = "PROMOTED"
    CANCELLED = "CANCELLED"
    ROLLING_BACK = "ROLLING_BACK"
    ROLLED_BACK = "ROLLED_BACK"


class BatchStatus(StrEnum):
    """status in MON_BatchProcessing."""

    STARTED = "STARTED"
    STAGING_LOADED = "STAGING_LOADED"
    ITEMS_CREATED = "ITEMS_CREATED"
    SUBITEMS_CREATED = "SUBITEMS_CREATED"
    PROMOTED = "PROMOTED"
    COMPLETED = "COMPLETED"
    COMPLETED_WITH_ERRORS = "COMPLETED_WITH_ERRORS"
    FAILED = "FAILED"
    ROLLING_BACK = "ROLLING_BACK"
    ROLLED_BACK = "ROLLED_BACK"


class Op(StrEnum):
    """stg_op: what the row asks of the board."""

    CREATE = "CREATE"
    UPDATE = "UPDATE"
    CANCEL = "CANCEL"


# A key with an open row is not staged again: the filtered unique index on stg_sync_key covers exactly these.
OPEN: Final = (
    RowStatus.PENDING,
    RowStatus.SENDING,
    RowStatus.IN_DOUBT,
    RowStatus.API_SUCCESS,
    RowStatus.API_FAILED,
    RowStatus.BLOCKED,
    RowStatus.ROLLING_BACK,
)

# What goes from staging to the archive: by the sweep, or by the operators' procedure.
SWEPT: Final = (RowStatus.PROMOTED, RowStatus.CANCELLED)

ROW_TRANSITIONS: Final = MappingProxyType(
    {
        RowStatus.BLOCKED: frozenset({RowStatus.PENDING, RowStatus.CANCELLED}),
        RowStatus.PENDING: frozenset(
            {RowStatus.SENDING, RowStatus.API_SUCCESS, RowStatus.API_FAILED, RowStatus.CANCELLED}
        ),
        RowStatus.SENDING: frozenset(
            {RowStatus.API_SUCCESS, RowStatus.API_FAILED, RowStatus.IN_DOUBT, RowStatus.PENDING}
        ),
        RowStatus.IN_DOUBT: frozenset({RowStatus.API_SUCCESS, RowStatus.PENDING, RowStatus.API_FAILED}),
        RowStatus.API_FAILED: frozenset({RowStatus.PENDING, RowStatus.SENDING, RowStatus.CANCELLED}),
        RowStatus.API_SUCCESS: frozenset({RowStatus.PROMOTED, RowStatus.ROLLING_BACK}),
        RowStatus.PROMOTED: frozenset({RowStatus.ROLLING_BACK}),
        RowStatus.ROLLING_BACK: frozenset({RowStatus.ROLLED_BACK}),
        RowStatus.ROLLED_BACK: frozenset(),
        RowStatus.CANCELLED: frozenset(),
    }
)

# Final means: nothing is left that a run would do by itself. The view, the procedures and the code read this one table.
BATCH_FINAL: Final = MappingProxyType(
    {
        BatchStatus.STARTED: False,
        BatchStatus.STAGING_LOADED: False,
        BatchStatus.ITEMS_CREATED: False,
        BatchStatus.SUBITEMS_CREATED: False,
        BatchStatus.PROMOTED: False,
        BatchStatus.COMPLETED: True,
        BatchStatus.COMPLETED_WITH_ERRORS: True,
        BatchStatus.FAILED: True,
        BatchStatus.ROLLING_BACK: False,
        BatchStatus.ROLLED_BACK: True,
    }
)

_FORWARD: Final = (
    BatchStatus.STARTED,
    BatchStatus.STAGING_LOADED,
    BatchStatus.ITEMS_CREATED,
    BatchStatus.SUBITEMS_CREATED,
    BatchStatus.PROMOTED,
)
_ENDS: Final = frozenset({BatchStatus.COMPLETED, BatchStatus.COMPLETED_WITH_ERRORS, BatchStatus.FAILED})

BATCH_TRANSITIONS: Final = MappingProxyType(
    {
        # A batch may skip steps forward (nothing to send) and an interrupted one may end from anywhere.
        **{
            status: frozenset(_FORWARD[at + 1 :]) | _ENDS | {BatchStatus.ROLLING_BACK, BatchStatus.STAGING_LOADED}
            for at, status in enumerate(_FORWARD)
        },
        BatchStatus.COMPLETED: frozenset({BatchStatus.ROLLING_BACK}),
        # A requeue or a restage reopens the batch that its rows belong to.
        BatchStatus.COMPLETED_WITH_ERRORS: frozenset({BatchStatus.STAGING_LOADED, BatchStatus.ROLLING_BACK}),
        BatchStatus.FAILED: frozenset({BatchStatus.STAGING_LOADED, BatchStatus.ROLLING_BACK}),
        BatchStatus.ROLLING_BACK: frozenset({BatchStatus.ROLLED_BACK}),
        BatchStatus.ROLLED_BACK: frozenset(),
    }
)


def row_may_become(was: RowStatus, becomes: RowStatus) -> bool:
    """Whether the transition is in the table."""
    return becomes in ROW_TRANSITIONS[was]


def batch_may_become(was: BatchStatus, becomes: BatchStatus) -> bool:
    """Whether the transition is in the table."""
    return becomes in BATCH_TRANSITIONS[was]


def is_final(status: BatchStatus) -> bool:
    """Whether a run has nothing left to do for such a batch."""
    return BATCH_FINAL[status]
