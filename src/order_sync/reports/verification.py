"""Whether record, ledger, production and board agree: findings, each with what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from order_sync.reports.chain import ChainReport
from order_sync.reports.shape import Report


class Disagreement(StrEnum):
    """What does not agree."""

    RECORD = "record"  # the record of calls is not as it was written
    GONE = "gone"  # recorded, and archived or deleted on the board
    NOT_SHOWN = "not_shown"  # recorded, and the board tells nothing of it
    KEY = "key"  # recorded, and without its key on the board
    SECOND = "second"  # on the board beside the recorded item of its key
    UNRECORDED = "unrecorded"  # on the board with a key of ours, and no item recorded for it
    UNKNOWN_KEY = "unknown_key"  # on the board with a key that this database never gave
    NOT_IN_PRODUCTION = "not_in_production"  # promoted, and production has no row of it
    TWICE_IN_PRODUCTION = "twice_in_production"
    PRODUCTION_ONLY = "production_only"  # in production, on the board with a key, and not recorded


NEXT_STEPS = {
    Disagreement.RECORD: "find out who wrote to the MON_Api tables; compare with a backup",
    Disagreement.GONE: "restore it on the board, or clear it up with whoever removed it",
    Disagreement.NOT_SHOWN: "check that the token's user sees the whole board, then verify again",
    Disagreement.KEY: "write the key back into the item's key column",
    Disagreement.SECOND: "order-sync verify --sweep archives it where it is ours and untouched; "
    "else keep one, and archive the other or empty its key",
    Disagreement.UNRECORDED: "order-sync run --all adopts it where its order is new; else archive it by hand",
    Disagreement.UNKNOWN_KEY: "find out whether another database sends to this board; if none does, clear the key",
    Disagreement.NOT_IN_PRODUCTION: "find out who deleted the row; a backup has it",
    Disagreement.TWICE_IN_PRODUCTION: "find out who inserted the second row, and delete it",
    Disagreement.PRODUCTION_ONLY: "another program wrote the row: find out which, and stop one of the two",
}


@dataclass(frozen=True, slots=True)
class Discrepancy(Report):
    """One finding. `kind` of the thing: order, size, or call."""

    disagreement: Disagreement
    kind: str
    what: str
    item_id: int | None = None
    sync_key: str | None = None

    @property
    def fix(self) -> str:
        """What to do about it."""
        return NEXT_STEPS[self.disagreement]


@dataclass(frozen=True, slots=True)
class Comparison(Report):
    """What was compared, and what was found. `notes`: what may be as it should be and is worth knowing."""

    orders: int  # recorded items
    sizes: int
    on_board: int  # active items with a key
    findings: tuple[Discrepancy, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verification(Report):
    """All that `verify` has to say."""

    chain: ChainReport
    comparison: Comparison

    @property
    def findings(self) -> tuple[Discrepancy, ...]:
        """Of record and board together."""
        return (*(_of_record(each.what, each.board, each.request_id) for each in self.chain.breaks),
                *self.comparison.findings)  # fmt: skip


def _of_record(what: str, board: str | None, request: str | None) -> Discrepancy:
    where = "".join(f", {name} {value}" for name, value in (("board", board), ("request", request)) if value)
    return Discrepancy(Disagreement.RECORD, "call", what + where)
