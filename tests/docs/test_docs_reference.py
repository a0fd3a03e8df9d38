"""The reference is made from the code, completely: every entry has a meaning, and nothing else has one."""

from __future__ import annotations

import re
from enum import Enum

import pytest
from pydantic import BaseModel, Field
from reference import MAKERS, comments, example, filled, models, tables
from reference.markdown import code, table
from reference.meanings import MEANINGS

from order_sync.model.mapping import Customers, Mapping
from order_sync.model.outcomes import ErrorClass
from order_sync.store.tables import build_tables

READ_FROM_FILES = [*models.nested(Mapping), *models.nested(Customers)]


class Colour(Enum):
    """What a thing looks like."""

    RED = "red"  # like a tomato
    BLUE = "blue"


class Inner(BaseModel):
    deep: int = 3


class Outer(BaseModel):
    """A thing."""

    name: str  # what it is called
    sizes: list[str] = Field(default_factory=list, min_length=1)
    colour: Colour = Colour.RED
    mixedCase: str = "x"  # noqa: N815 - as the API spells it
    inner: Inner | None = None


@pytest.mark.parametrize("maker", MAKERS)
def test_every_part_can_be_made_and_holds_something(maker: str) -> None:
    assert len(MAKERS[maker]().splitlines()) >= 3


@pytest.mark.parametrize("model", READ_FROM_FILES, ids=lambda model: model.__name__)
def test_every_entry_of_our_files_has_a_meaning(model: type[BaseModel]) -> None:
    lacking = [each for each, field in model.model_fields.items() if not models.described(model, each, field)]
    assert lacking == [], "write a comment beside the field"


def test_no_meaning_is_left_over() -> None:
    entries = {f"{model.__name__}.{each}" for model in READ_FROM_FILES for each in model.model_fields}
    members = {f"{enum.__name__}.{each.name}" for enum in models.enums(READ_FROM_FILES) for each in enum}
    left_over = set(MEANINGS) - entries - members
    assert left_over == set(), "the entry is gone: take its line out of meanings.py"


def test_every_error_class_has_a_meaning() -> None:
    assert set(comments.of_members(ErrorClass)) == set(ErrorClass.__members__)


def test_every_table_has_a_purpose() -> None:
    built = build_tables(example.mapping(), None)
    assert set(tables.PURPOSES) == set(tables.described(built))


def test_the_comment_beside_a_field_is_its_meaning() -> None:
    assert comments.of_members(Outer) == {"name": "what it is called", "mixedCase": "as the API spells it"}
    assert models.described(Outer, "name", Outer.model_fields["name"]) == "what it is called"


def test_types_read_as_words() -> None:
    words = {name: models.kind(field) for name, field in Outer.model_fields.items()}
    assert words == {
        "name": "text",
        "sizes": "list of text, 1 or more",
        "colour": "`red` `blue`",
        "mixedCase": "text",
        "inner": "[Inner](#inner)",
    }


def test_defaults_read_as_they_are_written() -> None:
    defaults = [models.default(field) for field in Outer.model_fields.values()]
    assert defaults == ["**required**", "empty", "`red`", "`x`", "empty"]


def test_inner_models_are_found_once() -> None:
    assert models.nested(Outer) == [Outer, Inner]
    assert models.enums([Outer, Inner]) == [Colour]


def test_an_enum_shows_what_stands_beside_its_values() -> None:
    assert models.enum_table(Colour).splitlines()[2:] == ["| `red` | like a tomato |", "| `blue` |  |"]


def test_bars_and_line_ends_do_not_break_a_table() -> None:
    assert table(["a"], [["x | y\nz"]]).splitlines()[-1] == r"| x \| y z |"
    assert code("a`b") == "`` a`b ``"


def test_a_mark_that_nobody_makes_is_an_error() -> None:
    with pytest.raises(KeyError):
        filled("<!-- generated: weather -->")


def test_no_table_of_the_reference_has_ragged_rows() -> None:
    for make in MAKERS.values():
        for block in re.split(r"\n\s*\n", make()):
            rows = [line for line in block.splitlines() if line.startswith("|")]
            assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows}) <= 1, rows[0]
