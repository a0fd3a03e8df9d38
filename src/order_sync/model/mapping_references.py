"""Checks of what mapping.yaml says about its own columns elsewhere: keys, templates, rules."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from order_sync.model.mapping import TableNames
from order_sync.model.mapping_problems import Problem, nearest, shown
from order_sync.model.mapping_shape import choice_problem
from order_sync.model.mapping_yaml import Document, Path

PLACE = re.compile(r"\{([^{}]*)\}")  # a placeholder of a template
VANISHED = ("keep", "zero", "archive")
_VERSIONS = ("1",)
_GROUP_PLACES = ("CUSTOMER", "SEASON")
_SOURCE_LISTS = (("source", "key"), ("source", "po"), ("source", "season"), ("board", "group", "season"))
_SOURCE_NAMES = (("source", "customer"), ("source", "order_number"), ("changes", "cancelled", "column"))


def reference_problems(document: Document) -> Iterator[Problem]:
    """Every name, template or choice that leads nowhere."""
    yield from _choices(document)
    sources = _column_texts(document, "source")
    yield from _source_references(document, sources)
    yield from _ignored(document, sources)
    yield from _customer_column(document)
    targets = _column_texts(document, "target")
    yield from _template(document, ("board", "item_name"), targets, "targets of columns")
    yield from _template(document, ("board", "group", "name"), _GROUP_PLACES, "CUSTOMER or SEASON")
    yield from _template(document, ("sizes", "name"), ("SIZE",), "SIZE")
    yield from _markers(document)
    yield from _table_names(document)


def _column_texts(document: Document, key: str) -> list[str]:
    found = (document.text(*entry, key) for entry in document.entries("columns"))
    return [name for name in found if name is not None]


def _choices(document: Document) -> Iterator[Problem]:
    if fault := choice_problem(document, ("version",), _VERSIONS):
        yield fault
    if fault := choice_problem(document, ("changes", "vanished"), VANISHED):
        yield fault
    pipeline = document.text("pipeline")
    if pipeline is not None and not pipeline.strip():
        yield document.problem(("pipeline",), "a name", "an empty one")


def _source_references(document: Document, sources: Collection[str]) -> Iterator[Problem]:
    named = [found for path in _SOURCE_LISTS for found in document.texts(*path)]
    named += [(path, text) for path in _SOURCE_NAMES if (text := document.text(*path)) is not None]
    for path, name in named:
        if name not in sources:
            meant = nearest(name, sources)
            yield document.problem(path, "the source of an entry of columns", shown(name), meant)
    key = [name for _, name in document.texts("source", "key")]
    if len(set(key)) < len(key):
        yield document.problem(("source", "key"), "each key column once", ", ".join(key))


def _ignored(document: Document, sources: Collection[str]) -> Iterator[Problem]:
    for path, name in document.texts("source", "ignored"):
        if name in sources:
            yield document.problem(path, "a column that is not read", f"{shown(name)}, which columns reads")


def _customer_column(document: Document) -> Iterator[Problem]:
    columns = document.entries("columns")
    flagged = [entry for entry in columns if _is_true(document, (*entry, "canonical_customer"))]
    for entry in flagged[1:]:
        line = document.line_of(flagged[0])
        expected = "one column that is looked up in customers.yaml"
        yield document.problem((*entry, "canonical_customer"), expected, f"another (first in line {line})")
    customer = document.text("source", "customer")
    for entry in flagged[:1]:
        source = document.text(*entry, "source")
        if source and customer and source != customer:
            expected = f"canonical_customer on {shown(customer)}, which source.customer names"
            yield document.problem((*entry, "canonical_customer"), expected, f"it on {shown(source)}")


def _is_true(document: Document, path: Path) -> bool:
    return (document.text(*path) or "").lower() in ("true", "yes", "on", "y", "t", "1")


def _template(document: Document, path: Path, known: Collection[str], expected: str) -> Iterator[Problem]:
    template = document.text(*path)
    if template is None:
        return
    if not PLACE.search(template):
        yield document.problem(path, f"a template with {expected} in braces", shown(template))
    for name in PLACE.findall(template):
        if name not in known:
            yield document.problem(path, f"{expected} in braces", f"{{{name}}}", nearest(name, known))
    rest = PLACE.sub("", template)
    if "{" in rest or "}" in rest:
        yield document.problem(path, "braces in pairs", shown(template))


def _markers(document: Document) -> Iterator[Problem]:
    after, before = document.text("sizes", "after"), document.text("sizes", "before")
    if after is not None and after == before:
        yield document.problem(("sizes", "before"), "another column than sizes.after", shown(before))


def _table_names(document: Document) -> Iterator[Problem]:
    first: dict[str, Path] = {}
    source = document.text("source", "table")
    if source is not None:
        first[source.casefold()] = ("source", "table")
    for key, field in TableNames.model_fields.items():
        path = ("tables", key)
        name = document.text(*path) or str(field.default)
        seen = first.setdefault(name.casefold(), path)
        if seen != path:
            found = f"{shown(name)}, as in {document.spoken(seen)}"
            yield document.problem(path, "a table of its own", found)
