"""Normalising and fingerprinting a row at a time in plain Python: the yardstick for `model/fingerprint.py`.

Written from the documented rules with the standard library, it shares nothing with the vectorised way but the
parsing of single numbers, and gives the same digests. Tests use it as the oracle.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from order_sync.model.columns import Kind, keeps_lines, kind_of
from order_sync.model.mapping import Mapping as OrderMapping
from order_sync.model.mapping import NumberRule
from order_sync.model.numbers import Unreadable, parse_number
from order_sync.model.transform import sources_of

NULL_WORDS = frozenset({"", "nan", "none", "null"})
SENTINELS = frozenset({"0001-01-01", "1899-12-30", "1900-01-01", "9999-12-31"})
LARGEST_QUANTITY = 2**53 - 1

CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
BROKEN = re.compile("\\s*[\t\n\x0b\x0c\r\x85\u2028\u2029]\\s*")
LINE_BREAK = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
ISO_DATE = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)", re.ASCII)
ISO_FORMS = re.compile(r"\d{8}|\d{4}-\d\d-\d\d(?:[ T](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?)?", re.ASCII)


@dataclass(frozen=True)
class Plan:
    """What is read of a row: columns in the order of their names, and sizes with their labels."""

    columns: tuple[tuple[str, Kind, bool, NumberRule], ...]  # source, kind, keeps lines, rule
    sizes: tuple[tuple[str, str], ...]  # column, label


def plan_of(mapping: OrderMapping, size_columns: Sequence[str]) -> Plan:
    """A source is read as number or date where all of its targets read it so, and alike."""
    columns = [_column_plan(source, mapping) for source in sorted(sources_of(mapping))]
    labels = mapping.sizes.synonyms
    return Plan(tuple(columns), tuple((name, labels.get(name, name)) for name in size_columns))


def _column_plan(source: str, mapping: OrderMapping) -> tuple[str, Kind, bool, NumberRule]:
    targets = [column for column in mapping.columns if column.source == source]
    kinds = {Kind.NUMBER if (kind := kind_of(column)) is Kind.WHOLE else kind for column in targets}
    rule = targets[0].number if targets else NumberRule()
    alike = len(kinds) == 1 and all(column.number == rule for column in targets)
    kind = kinds.pop() if alike else Kind.TEXT
    if any(_reads(entry.strip(), kind, rule) for column in targets for entry in column.values):
        kind = Kind.TEXT
    return source, kind, any(keeps_lines(column) for column in targets), rule


def _reads(entry: str, kind: Kind, rule: NumberRule) -> bool:
    """Whether an entry of `values` could tell apart what reads alike."""
    if kind is Kind.NUMBER:
        return isinstance(parse_number(entry, rule), str)
    return kind is Kind.DATE and ISO_FORMS.fullmatch(entry) is not None


def fingerprints(rows: Iterable[Mapping[str, object]], plan: Plan) -> Iterator[str]:
    """One digest a row, 64 hex digits."""
    return (hashlib.sha256(encode([*normalise(row, plan), size_list(row, plan)])).hexdigest() for row in rows)


def order_key(row: Mapping[str, object], columns: Sequence[str]) -> str | None:
    """SHA-256 of the canonical key, 64 hex digits; None where a part is blank."""
    parts = []
    for name in columns:
        text = clean(row[name])
        if text is None:
            return None
        folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
        parts.append(f"{len(folded)}:{folded},")
    return hashlib.sha256("".join(parts).encode()).hexdigest()


def normalise(row: Mapping[str, object], plan: Plan) -> list[str | None]:
    """The canonical texts of a row."""
    return [_canonical(row[name], kind, lines, rule) for name, kind, lines, rule in plan.columns]


def _canonical(value: object, kind: Kind, lines: bool, rule: NumberRule) -> str | None:
    text = clean(value, lines)
    if text is None:
        return None
    if kind is Kind.NUMBER:
        number = parse_number(text, rule)
        return text if isinstance(number, Unreadable) else number
    return _iso(text) if kind is Kind.DATE else text


def clean(value: object, keep_lines: bool = False) -> str | None:
    """Trimmed, control characters out, blank words None."""
    if value is None:
        return None
    text = _as_text(value).strip()
    if CONTROLS.search(text):
        text = INVISIBLE.sub("", text)
        text = LINE_BREAK.sub("\n", text).replace("\t", " ") if keep_lines else BROKEN.sub(" ", text)
        text = text.strip()
    return None if text.lower() in NULL_WORDS else text


def _as_text(value: object) -> str:
    if isinstance(value, float):
        return str(value).removesuffix(".0")
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return value.isoformat() if isinstance(value, date) else str(value)


def _iso(text: str) -> str | None:
    """ISO date, None for a sentinel, the text itself where it is no date."""
    if not ISO_FORMS.fullmatch(text):
        return text
    found = ISO_DATE.match(text)
    try:
        iso = date(*map(int, found.groups())).isoformat() if found else text
    except ValueError:
        return text
    return None if iso in SENTINELS else iso


def size_list(row: Mapping[str, object], plan: Plan) -> str:
    """The sizes above zero and the cells that are none, sorted by label."""
    entries = []
    for column, label in plan.sizes:
        value = row[column]
        if value is not None and (entry := _size_entry(value, label)):
            entries.append((label, entry))
    entries.sort()
    return "".join(entry for _, entry in entries)


def _size_entry(value: object, label: str) -> str | None:
    head = f"{len(label)}:{label}"
    if not isinstance(value, int):
        text = clean(value)
        number = None if text is None else parse_number(text)
        if number is None:
            return None
        if isinstance(number, Unreadable) or "." in number or not -(2**63) <= int(number) < 2**63:
            return f"{head}!{text};"
        value = int(number)
    if 0 < value <= LARGEST_QUANTITY:
        return f"{head}={value};"
    return f"{head}!{value};" if value else None


def encode(values: Sequence[str | None]) -> bytes:
    """hash_rows version 1 of texts: 0D, count, for each 00 (NULL) or 05, length, UTF-8. Counts in LEB128."""
    parts = [b"\x0d", _leb128(len(values))]
    for value in values:
        if value is None:
            parts.append(b"\x00")
        else:
            data = value.encode()
            parts += (b"\x05", _leb128(len(data)), data)
    return b"".join(parts)


def _leb128(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)
