"""YAML as data that knows its lines, in which every value is text."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from order_sync.model.mapping_yaml import parse

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20)


def test_values_are_the_text_that_was_written() -> None:
    data = parse("a: [0, 010, NO, TRUE, 1e3, 8148-00, 2025-06-16, 'x', '']\nb: !!str null\n", "f").data
    assert data == {"a": ["0", "010", "NO", "TRUE", "1e3", "8148-00", "2025-06-16", "x", ""], "b": "null"}


def test_only_nothing_is_none() -> None:
    assert parse("a:\nb: ~\nc: null\nd: 'null'\n", "f").data == {"a": None, "b": None, "c": None, "d": "null"}


def test_a_byte_order_mark_and_windows_line_ends_are_tolerated() -> None:
    document = parse("\ufeffa: 1\r\nb:\r\n  c: 2\r\n", "f")
    assert document.data == {"a": "1", "b": {"c": "2"}}
    assert document.line_of(("b", "c")) == 3
    assert not document.problems


def test_each_part_has_a_line_and_a_spoken_path() -> None:
    document = parse("list:\n  - {source: A, target: B}\n  -\n    x: 1\n  - name: C\n    y:\n      - 5\n", "f")
    assert document.line_of(("list", 1, "x")) == 4
    assert document.line_of(("list", 2, "y", 0)) == 7
    assert document.line_of(("other", "x")) == 1
    assert document.spoken(("list", 0, "target")) == "list[B].target"
    assert document.spoken(("list", 1, "x")) == "list[#2].x"
    assert document.spoken(("list", 2, "y", 0)) == "list[C].y[#1]"
    assert document.spoken(()) == ""


def test_what_is_not_there_reads_as_nothing() -> None:
    document = parse("a: {b: [x, {c: d}]}", "f")
    assert document.at(("a", "b", 5)) is None
    assert document.at(("a", 0)) is None
    assert document.text("a", "b") is None
    assert [text for _, text in document.texts("a", "b")] == ["x"]
    assert list(document.entries("a", "b")) == [("a", "b", 1)]
    assert list(document.entries("a")) == []
    assert list(document.texts("nothing")) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a: 1\nb: 2\na: 3", "f:3: a: expected each name once, found it again (first in line 1)"),
        ("l:\n  - {target: X, a: 1,\n     a: 2}", "f:3: l[X].a: expected each name once, found it again (first in line 2)"),
        ("a: &x [1]\nb: *x", "f:1: b: expected the value itself, found an alias (*name) of this anchor"),
        ("a: &x [*x]", "f:1: a[#1]: expected the value itself, found an alias (*name) of this anchor"),
        ("a: !!python/object:os.system 1", 'f:1: a: expected a value without a tag, found "!!python/object:os.system"'),
        ("a: !own {b: 1}", 'f:1: a: expected a value without a tag, found "!own"'),
        ("{a: 1}: 2", "f:1: expected a name, found a list or names and values before the colon"),
        ("a: b: c", "f:1: column 5: expected readable YAML, found a syntax error (mapping values are not allowed here)"),
        ("a: *x", "f:1: column 4: expected readable YAML, found a syntax error (found undefined alias 'x')"),
        ("---\na: 1\n---\nb: 2", "f:3: column 1: expected readable YAML, found a syntax error (expected a single document"),
        ("a: 1\nb: \x07", "f:2: expected text, found the character U+0007"),
        ("[" * 500, "f:1: expected a few levels, found brackets nested without end"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_text_is_told(text: str, wanted: str) -> None:
    assert parse(text, "f").problems[0].text("f").startswith(wanted)


@settings(max_examples=40)
@given(st.recursive(WORDS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3)))
def test_any_quoted_text_is_read_back(data: object) -> None:
    text = yaml.dump({"root": data}, default_style='"', allow_unicode=True)
    document = parse(text, "f")
    assert document.data == {"root": data}
    assert not document.problems
