"""What is written where, on consoles of every kind."""

from __future__ import annotations

import io
import json
import sys

import pytest
from rich.console import Console

from order_sync.cli.terminal import Terminal, duration, number, plural, prepare_streams, table
from order_sync.model.errors import MappingError, SettingsError, UsageError


def pair() -> tuple[Terminal, io.StringIO, io.StringIO]:
    out, err = io.StringIO(), io.StringIO()
    return Terminal(Console(file=out, width=60), Console(file=err, width=60)), out, err


def test_an_error_says_what_where_and_next_on_stderr() -> None:
    terminal, out, err = pair()
    terminal.error(SettingsError("no [token] was given", where="here", next_step="give one"))
    assert err.getvalue() == "error: no [token] was given\n  where: here\n  next:  give one\n"
    assert out.getvalue() == ""


def test_every_problem_of_a_mapping_has_its_line() -> None:
    terminal, _, err = pair()
    terminal.error(MappingError("two problems", ("m.yaml:3: first", "m.yaml:9: second")))
    assert "  - m.yaml:3: first\n  - m.yaml:9: second\n" in err.getvalue()


def test_long_lines_are_not_broken_so_that_they_can_be_copied() -> None:
    terminal, _, err = pair()
    terminal.error(SettingsError("what", where="/a/path/" + "x" * 200))
    assert "x" * 200 in err.getvalue()


def test_json_is_ascii_whatever_it_holds() -> None:
    terminal, out, _ = pair()
    terminal.json({"colour": "Größe “M” 🙂"})
    assert out.getvalue().isascii()
    assert json.loads(out.getvalue()) == {"colour": "Größe “M” 🙂"}


def test_a_console_of_an_old_code_page_shows_question_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="cp1252"))
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(io.BytesIO(), encoding="cp1252"))
    prepare_streams()
    terminal = Terminal()
    made = table("customer")
    made.add_row("FJØRVAL 日本")
    terminal.out.print(made)
    terminal.say("日本 🙂")
    sys.stdout.flush()
    text = raw.getvalue().decode("cp1252")
    assert "FJØRVAL ??" in text
    assert "?? ?" in text


def test_a_script_is_never_written_with_question_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="cp1252", errors="replace"))
    with pytest.raises(UsageError, match="in cp1252, which has no '日'") as told:
        Terminal().raw("CREATE TABLE [Größe];\nCREATE TABLE [日本];\n")
    assert "--output FILE" in str(told.value.next_step)
    assert raw.getvalue() == b""


def test_what_goes_into_a_file_has_no_colours_and_room_for_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    terminal = Terminal()
    terminal.say(("bold", "bold red"))
    assert sys.stdout.getvalue() == "bold\n"  # type: ignore[attr-defined]
    assert terminal.out.width == 140


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "-"),
        (0.04, "0.0 s"),
        (9.94, "9.9 s"),
        (59.4, "59 s"),
        (8, "8 s"),
        (0, "under 1 s"),
        (61, "1 min 01 s"),
        (3725, "1 h 02 min"),
    ],
)
def test_spans_read_as_people_say_them(seconds: float | None, text: str) -> None:
    assert duration(seconds) == text


def test_numbers_and_their_nouns() -> None:
    assert (number(1234567), number(None), number(0.25)) == ("1,234,567", "-", "0.25")
    assert (plural(1, "order"), plural(2, "order"), plural(0, "batch", "batches")) == (
        "1 order",
        "2 orders",
        "0 batches",
    )
