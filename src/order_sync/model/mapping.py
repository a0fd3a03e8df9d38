"""mapping.yaml as types: the single truth from which tables, documents, checks and docs are made."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=False)


class ColumnType(StrEnum):
    """The monday column types that Order Sync writes. Others in a mapping are refused by name."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBERS = "numbers"
    DROPDOWN = "dropdown"
    STATUS = "status"
    DATE = "date"


class LabelPolicy(StrEnum):
    """Whether a label that the board does not have may be made."""

    NEVER = "never"
    CREATE = "create"


class TooLong(StrEnum):
    """What becomes of a value longer than its column takes."""

    HOLD = "hold"  # the row is held
    DROP = "drop"  # the row goes without the value, with a warning
    CUT = "cut"  # the value is cut, with a warning


class Severity(StrEnum):
    """An error holds the row; a warning goes with it."""

    ERROR = "error"
    WARNING = "warning"


class Percent(StrEnum):
    """How `10%` is read: refused, as 10, or as 0.1."""

    ISSUE = "issue"
    NUMBER = "number"
    FRACTION = "fraction"


class NumberRule(_Part):
    """Exceptions to the published table of accepted number forms, per column."""

    percent: Percent = Percent.ISSUE
    decimal_comma: bool = False  # accept 28,86
    currency: bool = False  # accept a leading or trailing $, £, €


class BoardColumn(_Part):
    """A column of the monday board."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,64}$")]
    type: ColumnType
    labels: LabelPolicy = LabelPolicy.NEVER  # dropdown and status only


class ColumnMapping(_Part):
    """One source column on its way to one column of the tables and, if `board` is given, of the board."""

    source: str
    target: str
    sql: str  # production type, e.g. NVARCHAR(MAX), FLOAT, BIGINT, DATE
    staging_sql: str | None = None  # bounded where production is not; None: the same
    board: BoardColumn | None = None
    required: bool = False  # a value that is missing or cannot be parsed holds the row
    too_long: TooLong = TooLong.HOLD
    values: dict[str, str] = Field(default_factory=dict)  # compared case-insensitively after trimming
    number: NumberRule = NumberRule()
    canonical_customer: bool = False  # looked up in customers.yaml


class TableColumn(_Part):
    """A column of the tables that no source column feeds (board-only, mirror, formula ...)."""

    target: str
    sql: str
    staging_sql: str | None = None
    board_id: str | None = None
    board_type: str | None = None
    writable: bool = True  # False: never write (mirror, formula, board_relation)
    role: str | None = None  # "title", "group", "item_id", "update_date": filled by us


class UnknownCustomer(StrEnum):
    """What becomes of an order whose customer no name or alias matches."""

    HOLD = "hold"
    PASS = "pass"  # noqa: S105 - a policy


class SourceMapping(_Part):
    table: str
    db_schema: Annotated[str, Field(alias="schema", pattern=r"^[^.\[\]]+$")] = "dbo"  # SQL Server only
    key: Annotated[list[str], Field(min_length=1)]
    customer: str
    po: list[str] = Field(default_factory=list)  # what --po selects by
    season: list[str] = Field(default_factory=list)  # what --season selects by
    order_number: str  # shown to people
    ignored: list[str] = Field(default_factory=list)  # known, deliberately not read


class TableNames(_Part):
    staging: str = "STG_MON_CustMasterSchedule"
    staging_subitems: str = "STG_MON_CustMasterSchedule_Subitems"
    production: str = "MON_CustMasterSchedule"
    production_subitems: str = "MON_CustMasterSchedule_Subitems"
    errors: str = "ERR_MON_CustMasterSchedule"
    errors_subitems: str = "ERR_MON_CustMasterSchedule_Subitems"


class GroupRule(_Part):
    """`name` is a template over {CUSTOMER} and {SEASON}; season = first non-blank of `season`, else `fallback`."""

    name: str = "{CUSTOMER} {SEASON}"
    season: list[str]
    fallback: str = "UNKNOWN_SEASON"


class BoardMapping(_Part):
    id: Annotated[str, Field(pattern=r"^\d{1,20}$")]
    name: str = ""
    sync_key: str  # id of the text column that carries the sync key
    item_name: str  # template over target column names, e.g. "{STYLE} {COLOR} {AAG ORDER NUMBER}"
    name_too_long: TooLong = TooLong.HOLD
    group: GroupRule


class SubitemColumn(_Part):
    """A column of the subitem tables and board. role: size | quantity | constant | item_id | parent_id | board_id."""

    target: str
    sql: str = "NVARCHAR(MAX)"
    board: BoardColumn | None = None
    board_id: str | None = None  # known on the board, not written by us
    board_type: str | None = None
    role: str | None = None
    value: str | None = None  # of a constant


class SizesMapping(_Part):
    after: str  # marker: the column before the first size
    before: str  # marker: the column after the last size
    exclude: list[str] = Field(default_factory=list)
    total: str  # the column whose value the sizes must add up to
    mismatch: Severity = Severity.ERROR
    invalid: Severity = Severity.ERROR  # not an integer, negative
    duplicate_label: Severity = Severity.ERROR
    name: str = "Size {SIZE}"
    synonyms: dict[str, str] = Field(default_factory=dict)


class SubitemMapping(_Part):
    board_id: str | None = None  # None: learned from the board's subtasks column
    subtasks_column: str
    sync_key: str | None = None  # None: parent + size serve, `check` warns
    columns: Annotated[list[SubitemColumn], Field(min_length=1)]


class CancelRule(_Part):
    column: str  # source column
    values: list[str]


class ChangeRules(_Part):
    cancelled: CancelRule | None = None
    vanished: str = "keep"  # keep | zero | archive
    breaker_share: Annotated[float, Field(gt=0, le=1)] = 0.05
    breaker_min: Annotated[int, Field(ge=1)] = 10


class Mapping(_Part):
    """All of mapping.yaml."""

    version: int = 1
    pipeline: str  # enters the sync key: never change it once orders were sent
    source: SourceMapping
    tables: TableNames = TableNames()
    board: BoardMapping
    columns: Annotated[list[ColumnMapping], Field(min_length=1)]
    table_columns: list[TableColumn] = Field(default_factory=list)
    production_order: list[str]  # every production column, in the order of the table
    sizes: SizesMapping
    subitems: SubitemMapping
    changes: ChangeRules = ChangeRules()
    unknown_customer: UnknownCustomer = UnknownCustomer.HOLD
    customers: str = "customers.yaml"  # path beside the mapping file

    @property
    def sent_columns(self) -> tuple[ColumnMapping, ...]:
        """The columns that a board column receives, in file order."""
        return tuple(column for column in self.columns if column.board is not None)

    def by_target(self, target: str) -> ColumnMapping | None:
        """The mapped column that fills `target`, or None."""
        return next((column for column in self.columns if column.target == target), None)


class Customer(_Part):
    name: str
    aliases: list[str] = Field(default_factory=list)


class Customers(_Part):
    """customers.yaml: the canonical names and what else they are called."""

    version: int = 1
    customers: list[Customer]

    def lookup(self) -> dict[str, str]:
        """case-folded, trimmed name or alias -> canonical name."""
        table: dict[str, str] = {}
        for customer in self.customers:
            for name in (customer.name, *customer.aliases):
                table[name.strip().casefold()] = customer.name
        return table
