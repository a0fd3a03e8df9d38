"""Checks of customers.yaml: every name and alias leads to one customer."""

from __future__ import annotations

from collections.abc import Iterator

from order_sync.model.mapping_problems import Problem, shown
from order_sync.model.mapping_shape import choice_problem
from order_sync.model.mapping_yaml import Document, Path
from order_sync.model.texts import NULL_WORDS, casefold_one

_LONGEST = 100  # MON_BatchProcessing.customer_name is NVARCHAR(100): UTF-16 units


def customer_problems(document: Document) -> Iterator[Problem]:
    """Blank, overlong or ambiguous names."""
    if fault := choice_problem(document, ("version",), ("1",)):
        yield fault
    owners: dict[str, Path] = {}
    for entry in document.entries("customers"):
        for path, name in _names(document, entry):
            yield from _one_name(document, path, name)
            owner = owners.setdefault(casefold_one(name.strip()), path)
            if owner[:2] != entry:
                yield _ambiguous(document, path, name, owner)


def _names(document: Document, entry: Path) -> Iterator[tuple[Path, str]]:
    name = document.text(*entry, "name")
    if name is not None:
        yield (*entry, "name"), name
    yield from document.texts(*entry, "aliases")


def _one_name(document: Document, path: Path, name: str) -> Iterator[Problem]:
    if name.strip().casefold() in NULL_WORDS:
        yield document.problem(path, "a name", f"{shown(name)}, which counts as no value")
    length = len(name.encode("utf-16-le")) // 2
    if path[-1] == "name" and length > _LONGEST:
        yield document.problem(path, f"at most {_LONGEST} characters", f"{length}")


def _ambiguous(document: Document, path: Path, name: str, owner: Path) -> Problem:
    other, line = document.text(*owner[:2], "name"), document.line_of(owner)
    found = f"{shown(name)}, which leads to {shown(other)} already (line {line})"
    return document.problem(path, "a name or alias of one customer only", found)
