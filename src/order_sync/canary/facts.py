"""What the probes have measured: plain figures, without a judgement. Seconds are the clock's."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class LateApply:
    """A1. `found`: seconds from sending to the first look-up that saw the item, of requests whose answer was lost."""

    answered: int  # of those that were to be lost: the answer was faster than our patience
    found: tuple[float, ...]
    never: int  # lost, and not seen until the polling ended
    watched: float  # seconds that the polling lasted at most
    longest_answer: float  # of all mutations of the survey


@dataclass(frozen=True, slots=True)
class Visibility:
    """A2. Seconds from sending to the first look-up that saw the row; 0 where the first one after the answer did."""

    by_key: tuple[float, ...]
    by_parent: tuple[float, ...]
    by_scan: tuple[float, ...]
    unseen: int  # rows that one way or another had not shown when the polling ended
    watched: float  # seconds that the polling lasted at most

    @property
    def all(self) -> tuple[float, ...]:
        return self.by_key + self.by_parent + self.by_scan


@dataclass(frozen=True, slots=True)
class KeyLookup:
    """A3. One question for `asked` keys, some of them in capitals."""

    asked: int
    small_there: int
    small_found: int
    capital_there: int
    capital_found: int
    strangers: int  # items in the answer whose key was not asked for
    archived_hidden: bool
    deleted_hidden: bool
    hidden_after: float | None  # seconds until both were out of the answers; None: not within `watched`
    watched: float


@dataclass(frozen=True, slots=True)
class Replay:
    """A4. The same request again, under the same idempotency key."""

    header: bool  # Idempotency-Replayed stood with the second answer
    same_id: bool
    items: int  # on the board under the key
    other_body: str  # "first answer", "an item of its own", or the code of the refusal
    refusal_replayed: bool  # also a refusal was answered from memory
    after_window: str = ""  # the same after 31 minutes; empty: not asked


@dataclass(frozen=True, slots=True)
class Aliases:
    """A5. One request of several mutations, one of them with a value that cannot be."""

    good: int
    answered: int  # good ones with an id in the answer
    there: int  # good ones found on the board
    bad_refused: bool
    bad_there: bool
    in_order: bool  # ids rise as the mutations stand in the document
    replayed_whole: bool  # the request again under its key: the same ids for all


@dataclass(frozen=True, slots=True)
class Subitems:
    """A6. `by_filter`: "found", "not found", or the code of the refusal."""

    made: int
    by_parent: int
    by_filter: str


@dataclass(frozen=True, slots=True)
class Removal:
    """A7. `second_class`: how the sender would class the second deletion; empty where it was accepted again."""

    first_done: bool
    second_code: str
    second_class: str
    state_deleted: str  # by id; "absent" where the answer leaves the item out
    state_archived: str


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of call: points a row, as charged and as predicted, and seconds an answer took."""

    operation: str
    calls: int
    rows: int
    points_each: float | None  # None: the service did not say
    predicted_each: float
    median: float
    longest: float
    changes: bool


@dataclass(frozen=True, slots=True)
class Costs:
    """A8."""

    shapes: tuple[Shape, ...]
    calls_per_day: int | None = None


@dataclass(frozen=True, slots=True)
class BadValue:
    """A9. `refused_as`: the class of the refusal, empty where an id came back."""

    column_type: str
    refused_as: str
    there: bool


Facts = LateApply | Visibility | KeyLookup | Replay | Aliases | Subitems | Removal | Costs | BadValue


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of each probe: its facts, or the reason why there are none."""

    facts: dict[str, Facts] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
