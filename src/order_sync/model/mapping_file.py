"""mapping.yaml and customers.yaml, read as a whole: every part is right, or every fault is told at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from order_sync.model.mapping import Customers, Mapping
from order_sync.model.mapping_columns import column_problems
from order_sync.model.mapping_customers import customer_problems
from order_sync.model.mapping_problems import Problem, nearest, refuse, shown
from order_sync.model.mapping_references import reference_problems
from order_sync.model.mapping_shape import shape_problems
from order_sync.model.mapping_yaml import Document, Path, parse


@dataclass(frozen=True)
class MappingFile:
    """A mapping that knows where each part of it stands."""

    mapping: Mapping
    document: Document

    @property
    def file(self) -> str:
        return self.document.file

    def line_of(self, *path: str | int) -> int:
        """The line of a part, e.g. line_of("columns", 3, "board", "id")."""
        return self.document.line_of(path)

    def where(self, *path: str | int) -> str:
        """`mapping.yaml:123: columns[STYLE].board.id`, for messages of other checks."""
        return f"{self.file}:{self.line_of(*path)}: {self.document.spoken(path)}"


def load_mapping_file(text: str, file: str) -> MappingFile:
    """Read mapping.yaml; raises MappingError with all of its problems."""
    document = parse(text, file)
    refuse(file, _all_problems(document) if document.data is not None else document.problems)
    return MappingFile(Mapping.model_validate(document.data), document)


def _all_problems(document: Document) -> list[Problem]:
    cross_checks = [*column_problems(document), *reference_problems(document)]
    return [*document.problems, *shape_problems(document, Mapping), *cross_checks]


def load_mapping(text: str, file: str) -> Mapping:
    """As load_mapping_file, without the lines."""
    return load_mapping_file(text, file).mapping


def load_customers(text: str, file: str) -> Customers:
    """Read customers.yaml; raises MappingError with all of its problems."""
    document = parse(text, file)
    if document.data is None:
        refuse(file, document.problems)
    refuse(file, [*document.problems, *shape_problems(document, Customers), *customer_problems(document)])
    return Customers.model_validate(document.data)


def mapping_hash(mapping: Mapping, customers: Customers) -> str:
    """SHA-256 hex of what both files say; comments, layout and the order of names do not enter."""
    both = {
        "mapping": mapping.model_dump(mode="json", by_alias=True),
        "customers": customers.model_dump(mode="json"),
    }
    text = json.dumps(both, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def source_problems(loaded: MappingFile, columns: Sequence[str]) -> list[str]:
    """What the mapping says that the source table, with these columns in this order, does not bear out."""
    document, mapping = loaded.document, loaded.mapping
    paths: list[Path] = [("columns", index, "source") for index in range(len(mapping.columns))]
    paths += [("sizes", key) for key in ("after", "before", "total")]
    paths += [("sizes", "exclude", index) for index in range(len(mapping.sizes.exclude))]
    free = unread_columns(mapping, columns)
    problems = [fault for path in paths if (fault := _missing_column(document, path, columns, free))]
    problems += _marker_problems(loaded, columns)
    return [problem.text(loaded.file) for problem in sorted(problems, key=lambda p: p.line)]


def _missing_column(document: Document, path: Path, columns: Sequence[str], free: Sequence[str]) -> Problem | None:
    """`free`: the columns that no other part of the mapping claims, the likelier ones to be meant."""
    name = document.text(*path)
    if name is None or name in columns:
        return None
    other_case = next((column for column in columns if column.casefold() == name.casefold()), None)
    if other_case is not None:
        expected = f"{shown(other_case)} as the table spells it"
        return document.problem(path, expected, f"{shown(name)}: the case differs")
    expected = f"a column of the source table called {shown(name)}"
    return document.problem(path, expected, "none", nearest(name, free) or nearest(name, columns))


def _marker_problems(loaded: MappingFile, columns: Sequence[str]) -> Iterator[Problem]:
    sizes, document = loaded.mapping.sizes, loaded.document
    if sizes.after not in columns or sizes.before not in columns:
        return
    first, last = columns.index(sizes.after) + 1, columns.index(sizes.before)
    if first > last:
        expected = f"a column behind {shown(sizes.after)} (column {first})"
        yield document.problem(("sizes", "before"), expected, f"{shown(sizes.before)} (column {last + 1})")
    elif not set(columns[first:last]) - set(sizes.exclude):
        expected = f"size columns between {shown(sizes.after)} and {shown(sizes.before)}"
        yield document.problem(("sizes", "before"), expected, "none")


def unread_columns(mapping: Mapping, columns: Sequence[str]) -> list[str]:
    """Source columns that the mapping neither reads nor names as left out: perhaps newer than it."""
    sizes = mapping.sizes
    known = {column.source for column in mapping.columns}
    known |= {*mapping.source.ignored, *sizes.exclude, sizes.total, sizes.after, sizes.before}
    if sizes.after in columns and sizes.before in columns:
        known |= set(columns[columns.index(sizes.after) : columns.index(sizes.before)])
    return [name for name in columns if name not in known]
