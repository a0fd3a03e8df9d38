"""What the demo says of a run's events: a plain sentence for each fault, readable without colours too."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from order_sync.cli.demo_story import BAD, GOOD, Story


def story_on(encoding: str = "utf-8") -> tuple[Story, io.TextIOWrapper]:
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="replace", newline="\n")
    return Story(Console(file=stream, width=120)), stream


def written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode(stream.encoding)


@pytest.mark.parametrize(
    ("http", "event", "count", "sentence"),
    [
        (None, "item.in_doubt", 25, "the connection broke before the answer: 25 orders in doubt"),
        (500, "subitem.in_doubt", 1, "error 500 instead of an answer: 1 size in doubt"),
        (None, "item.found", 25, "25 orders found on the board by key"),
        (None, "subitem.absent", 4, "4 sizes proven absent, twice"),
        (429, "item.put_off", 3, "refused for now (429): 3 orders"),
        (200, "item.failed", 1, "1 of 25 orders refused"),
        (None, "item.failed", 2, "2 of 25 orders not sent: nobody could be reached"),
        (None, "item.adopted", 2, "2 orders on the board already"),
    ],
)
def test_each_fault_is_told_in_a_sentence(http: int | None, event: str, count: int, sentence: str) -> None:
    story, stream = story_on()
    story("call.done", {"operation": "create_items", "rows": 25, "made": 0, "http": http, "code": None})
    story(event, {"count": count})
    assert sentence in written(stream)


def test_what_goes_well_is_left_to_the_bars() -> None:
    story, stream = story_on()
    story("call.done", {"operation": "create_items", "rows": 25, "made": 25, "http": 200, "code": None})
    story("item.created", {"count": 25, "of": 25, "customer": "ALDER"})
    story("batch.promoted", {"customer": "ALDER", "orders": 25})
    assert written(stream) == ""


def test_a_pipe_gets_no_colours_and_an_old_console_no_odd_signs() -> None:
    story, stream = story_on("cp1252")
    story.line(GOOD, "fine")
    story.line(BAD, "not [bold]fine[/bold]")
    assert written(stream) == "            ok fine\n            !! not [bold]fine[/bold]\n"


def test_picture_loads_nothing_from_elsewhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    story = Story(Console(), recording=True)
    story.step(1, "Source", "300 rows")
    story.draw(tmp_path / "demo.svg", "order-sync demo")
    capsys.readouterr()
    picture = (tmp_path / "demo.svg").read_text(encoding="utf-8")
    assert "300" in picture
    assert "@font-face" not in picture
    assert "src:" not in picture
