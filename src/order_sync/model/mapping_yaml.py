"""YAML text as plain data that knows its lines.

Every value is text, so that 0, NO, TRUE and 8148-00 stay what was written; only nothing, ~ and null are None.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from order_sync.model.mapping_problems import PLACEHOLDER, Problem, shown

Path = tuple[str | int, ...]

_CORE = "tag:yaml.org,2002:"
_SCALARS = frozenset(f"{_CORE}{tag}" for tag in ("str", "null", "bool", "int", "float", "timestamp", "merge", "value"))
_COLLECTIONS = frozenset(f"{_CORE}{tag}" for tag in ("seq", "map"))
_NAMED_BY = ("target", "source", "name")  # what an entry of a list is called in messages


@dataclass
class Document:
    """A parsed file. `data` is nested dict | list | str | None; `problems` are those of the text itself."""

    file: str
    data: object = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line_of(self, path: Path) -> int:
        """The 1-based line of the deepest part of `path` that the file has."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def at(self, path: Path) -> object:
        """The value at `path`, or None where there is none."""
        value = self.data
        for part in path:
            if isinstance(value, dict) and isinstance(part, str):
                value = value.get(part)
            elif isinstance(value, list) and isinstance(part, int) and part < len(value):
                value = value[part]
            else:
                return None
        return value

    def text(self, *path: str | int) -> str | None:
        """The text at `path`; None where something else stands, or a placeholder: a problem already."""
        value = self.at(path)
        return value if isinstance(value, str) and value != PLACEHOLDER else None

    def texts(self, *path: str | int) -> Iterator[tuple[Path, str]]:
        """The texts of the list at `path`, each with its own path."""
        value = self.at(path)
        for index in range(len(value) if isinstance(value, list) else 0):
            text = self.text(*path, index)
            if text is not None:
                yield (*path, index), text

    def entries(self, *path: str | int) -> Iterator[Path]:
        """The paths of the entries of the list at `path` that have names and values."""
        value = self.at(path)
        for index, entry in enumerate(value if isinstance(value, list) else ()):
            if isinstance(entry, dict):
                yield (*path, index)

    def spoken(self, path: Path) -> str:
        """`path` as messages write it: columns[STYLE].board.id; of a nameless entry columns[#4], from 1."""
        words = ""
        for depth, part in enumerate(path):
            if isinstance(part, int):
                words += f"[{self._name_of(path[: depth + 1]) or f'#{part + 1}'}]"
            else:
                words += f".{part}" if words else part
        return words

    def _name_of(self, path: Path) -> str | None:
        names = (self.text(*path, key) for key in _NAMED_BY)
        return next((name for name in names if name and name.strip()), None)

    def problem(self, path: Path, expected: str, found: str, nearest: str | None = None) -> Problem:
        return Problem(self.line_of(path), self.spoken(path), expected, found, nearest)


def parse(text: str, file: str) -> Document:
    """Read one YAML document; what is wrong with the text is in the document's `problems`."""
    document = Document(file)
    text = text.removeprefix("\ufeff")
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        if node is not None:
            _Builder(document).build(node)
    except yaml.MarkedYAMLError as fault:
        document.problems.append(_syntax_problem(fault))
        return document
    except yaml.reader.ReaderError as fault:
        line = text.count("\n", 0, fault.position) + 1
        found = f"the character U+{ord(text[fault.position]):04X}"
        document.problems.append(Problem(line, "", "text", found))
        return document
    except RecursionError:
        document.problems.append(Problem(1, "", "a few levels", "brackets nested without end"))
        return document
    if document.data is None and not document.problems:
        found = "nothing but comments or blanks" if text else "an empty file (0 bytes)"
        document.problems.append(Problem(1, "", "names and values", found))
    return document


def _syntax_problem(fault: yaml.MarkedYAMLError) -> Problem:
    mark = fault.problem_mark or fault.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    reason = ", ".join(part for part in (fault.context, fault.problem) if part)
    return Problem(line, f"column {column}", "readable YAML", f"a syntax error ({reason})")


class _Builder:
    """Turns nodes into data and notes the line of every path."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._seen: set[int] = set()
        self._faults: list[tuple[int, Path, str, str]] = []

    def build(self, node: yaml.Node) -> None:
        document = self._document
        document.data = self._value(node, ())
        for line, path, expected, found in self._faults:
            document.problems.append(Problem(line, document.spoken(path), expected, found))

    def _fault(self, node: yaml.Node, path: Path, expected: str, found: str) -> None:
        self._faults.append((node.start_mark.line + 1, path, expected, found))

    def _value(self, node: yaml.Node, path: Path) -> object:
        self._document.lines.setdefault(path, node.start_mark.line + 1)
        if id(node) in self._seen:  # the composer gives an alias the node of its anchor
            self._fault(node, path, "the value itself", "an alias (*name) of this anchor")
            return None
        self._seen.add(id(node))
        if node.tag not in _SCALARS | _COLLECTIONS:
            self._fault(node, path, "a value without a tag", shown(node.tag.replace(_CORE, "!!")))
        if isinstance(node, yaml.MappingNode):
            return self._names_and_values(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(entry, (*path, index)) for index, entry in enumerate(node.value)]
        return None if node.tag == f"{_CORE}null" else str(node.value)

    def _names_and_values(self, node: yaml.MappingNode, path: Path) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._fault(key, path, "a name", "a list or names and values before the colon")
                continue
            here = (*path, key.value)
            if key.value in found:
                first = self._document.lines[here]
                self._fault(key, here, "each name once", f"it again (first in line {first})")
                continue
            self._document.lines[here] = key.start_mark.line + 1
            found[key.value] = self._value(value, here)
        return found
