"""What the columns of an unknown table tell about orders: sizes, kinds of values, what cannot be read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from order_sync.model.mapping_columns import RESERVED_TARGETS
from order_sync.model.mapping_sql import SqlKind

_WORDS = re.compile(r"[a-z0-9]+")
_TOTAL = re.compile(r"total|sum|qty|quantity", re.IGNORECASE)
_KINDS = {
    SqlKind.INTEGER: "tinyint smallint int integer bigint int64",
    SqlKind.NUMBER: "float real double decimal numeric money smallmoney",
    SqlKind.DATE: "date",
    SqlKind.TIME: "datetime datetime2 smalldatetime timestamp datetimeoffset time",
    SqlKind.TEXT: "nvarchar varchar nchar char text ntext string clob sysname",
    SqlKind.FLAG: "bit boolean bool",
    SqlKind.UUID: "uniqueidentifier uuid",
}
_KIND_OF = {name: kind for kind, names in _KINDS.items() for name in names.split()}
READ = (SqlKind.TEXT, SqlKind.INTEGER, SqlKind.NUMBER, SqlKind.DATE, SqlKind.TIME)  # the rest is left out

OURS = (  # target, types, role
    ("Title", "sql: NVARCHAR(MAX), staging_sql: NVARCHAR(510)", "title"),
    ("UpdateDate", "sql: NVARCHAR(MAX), staging_sql: NVARCHAR(50)", "update_date"),
    ("Group", "sql: NVARCHAR(MAX), staging_sql: NVARCHAR(510)", "group"),
    ("Item ID", "sql: BIGINT", "item_id"),
)


@dataclass(frozen=True)
class Sizes:
    """The longest run of integer columns, and what stands around it."""

    columns: tuple[str, ...] = ()
    after: str | None = None
    before: str | None = None
    total: str | None = None


@dataclass
class ReadColumn:
    """One proposed entry of `columns`."""

    source: str
    target: str
    kind: SqlKind


@dataclass
class Findings:
    """What the columns of the table tell."""

    sizes: Sizes
    read: list[ReadColumn] = field(default_factory=list)
    ignored: list[tuple[str, str]] = field(default_factory=list)  # name, SQL type that cannot be read

    def named(self, *words: str) -> list[str]:
        """The columns of text or integers whose name has all the words."""
        named = (entry for entry in self.read if set(words) <= set(words_of(entry.source)))
        return [entry.source for entry in named if entry.kind in (SqlKind.TEXT, SqlKind.INTEGER)]

    def called(self, *words: str) -> list[str]:
        """As `named`, of those whose name has no other word."""
        return [name for name in self.named(*words) if len(words_of(name)) == len(words)]


def findings_of(columns: Sequence[tuple[str, str]]) -> Findings:
    sizes = _size_run(columns)
    findings = Findings(sizes)
    taken = {target.casefold() for target in (*RESERVED_TARGETS, *(target for target, _, _ in OURS))}
    for name, sql in columns:
        kind = kind_of(sql)
        if name in sizes.columns or name == sizes.total:
            continue
        if kind not in READ or not name.strip():
            findings.ignored.append((name, sql))
            continue
        target = _free_name(name, taken)
        taken.add(target.casefold())
        findings.read.append(ReadColumn(name, target, kind))
    return findings


def _free_name(name: str, taken: set[str]) -> str:
    target = f"source {name}" if name.casefold().startswith("stg_") else " ".join(name.replace(".", " ").split())
    while target.casefold() in taken:
        target += " (source)"
    return target


def kind_of(sql: str) -> SqlKind | None:
    name = re.match(r"\s*([A-Za-z0-9]*)", sql)
    return _KIND_OF.get(name[1].lower()) if name else None


def _size_run(columns: Sequence[tuple[str, str]]) -> Sizes:
    """The longest run of two or more integer columns; one at its end that is called a total ends it."""
    longest, start = (0, 0), 0
    for position in range(len(columns) + 1):
        if position == len(columns) or kind_of(columns[position][1]) is not SqlKind.INTEGER:
            if position - start > longest[1] - longest[0]:
                longest = (start, position)
            start = position + 1
    first, end = longest
    if end - first < 2:
        return Sizes()
    names = [name for name, _ in columns]
    total = names[end - 1] if _TOTAL.search(names[end - 1]) else None
    last = end - 1 if total else end
    return Sizes(
        columns=tuple(names[first:last]),
        after=names[first - 1] if first else None,
        before=names[last] if last < len(names) else None,
        total=total,
    )


def words_of(name: str) -> list[str]:
    return _WORDS.findall(name.lower())
