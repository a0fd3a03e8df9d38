"""Runs the demo from a fresh start and puts what it prints into docs/assets/demo.svg."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "assets" / "demo.svg"
WIDTH = 110
_SWITCHED_LINE = re.compile(r"[^\n]*\r(?!\n)")  # a bar that was drawn over
_FOREIGN_FONT = re.compile(r"@font-face\s*\{[^}]*\}\s*")

THEME = TerminalTheme(
    (20, 32, 31),
    (222, 235, 233),
    [
        (20, 32, 31),
        (224, 138, 109),
        (95, 208, 193),
        (222, 188, 105),
        (110, 168, 221),
        (196, 148, 212),
        (63, 181, 166),
        (222, 235, 233),
    ],
)


def recorded(words: list[str]) -> str:
    """What the command prints, with its colours. Raises CalledProcessError when it fails."""
    program = shutil.which("order-sync", path=str(Path(sys.executable).parent))
    if program is None:
        raise SystemExit("order-sync is not installed beside this Python; next: make setup")
    env = {**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(WIDTH), "PYTHONUTF8": "1"}
    command = [program, *words]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=True)  # noqa: S603 - ours
    return _SWITCHED_LINE.sub("", done.stdout.decode("utf-8"))


def picture(output: str, title: str) -> str:
    """The output as an SVG that loads nothing."""
    console = Console(record=True, width=WIDTH, file=io.StringIO())
    console.print(Text.from_ansi(output))
    return _FOREIGN_FONT.sub("", console.export_svg(title=title, theme=THEME))


def main() -> None:
    PICTURE.write_text(picture(recorded(["demo", "--fresh", *sys.argv[1:]]), "make demo"), encoding="utf-8")


if __name__ == "__main__":
    main()
