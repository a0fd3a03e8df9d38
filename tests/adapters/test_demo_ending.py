"""The commands at the end of a demo can be copied from a terminal of any width."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from order_sync.cli import demo_ending
from order_sync.cli.demo_folder import DemoFolder
from order_sync.cli.demo_story import Story


@pytest.mark.parametrize("width", [50, 80, 140])
def test_a_command_stands_on_a_line_of_its_own_where_it_would_be_torn(
    width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_ending, "program_name", lambda: ".venv/bin/order-sync")
    console = Console(file=io.StringIO(), width=width)
    demo_ending._tell_where(Story(console), DemoFolder(Path("demo"), 8793, 60, 3, 1), keep=False)
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    commands = [line for line in lines if "order-sync " in line]
    assert [line.rsplit(maxsplit=1)[-1] for line in commands] == ["demo/board.db", "errors", "status"]
    assert all(len(line) <= width or line.startswith("   ") for line in commands)
