"""Between them the documented logins do every command, with the rights of their roles only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import typer.main
from tests.databases import is_babelfish, needs_server
from tests.small_world import order

from installation import SOURCE, Installation
from order_sync.cli import app


@dataclass(frozen=True)
class Use:
    """`words`: a call that gets as far as it can. `codes`: what it may end with here."""

    login: str
    words: tuple[str, ...] = ()
    codes: tuple[int, ...] = (0,)


# In the order in which a site comes to them. Where schema diff cannot compare the indexes it ends with 1.
USES = {
    "init": Use("reader", ("--table", SOURCE, "--database", "URL", "--folder", "FOLDER")),
    "schema show": Use("stranger"),
    "schema deploy": Use("migration"),
    "schema diff": Use("worker", codes=(0, 1)),
    "check": Use("worker", codes=(0, 1, 2)),
    "plan": Use("worker"),
    "run": Use("worker", ("--all",), (1,)),
    "status": Use("worker", ("--steps",)),
    "errors": Use("worker"),
    "retry": Use("worker", ("--all",), (0, 1)),
    "verify": Use("worker", ("--sweep",), (0, 1)),
    "snapshot show": Use("worker"),
    "snapshot rebuild": Use("worker"),
    "canary": Use("stranger", ("--board", "42", "--dry-run", "--yes"), (0, 2)),
    "drill": Use("stranger", ("--trials", "1")),
}
# They work in a folder of their own, and are asked nothing of this database.
APART = {"demo", "demo-data", "simulator"}


def commands(group: Any = None, before: str = "") -> Iterator[str]:
    """Every command of the command line, those of groups as `group command`."""
    for name, command in (group or typer.main.get_command(app)).commands.items():
        inner = hasattr(command, "commands")
        yield from commands(command, f"{before}{name} ") if inner else [before + name]


def test_every_command_has_a_login() -> None:
    assert set(commands()) == {*USES, *APART}


@pytest.fixture(scope="module")
def work(logins: Installation) -> Installation:
    """Two orders of which one cannot be sent as it is, and one that is held."""
    logins.fill(order("A-1"), order("A-2", L=4), order("A-3", BRAND="Nobody Knows"))
    return logins


@needs_server
@pytest.mark.slow
@pytest.mark.parametrize("command", USES)
def test_a_login_does_its_commands(work: Installation, command: str, tmp_path: Path) -> None:
    if command == "schema deploy" and is_babelfish():
        pytest.skip(
            "not provable on Babelfish: it names indexes in its own way, and a second deployment makes them anew"
        )
    use = USES[command]
    named = {"URL": work.url(use.login), "FOLDER": str(tmp_path / "new")}
    done = work.call(use.login, *command.split(), *(named.get(word, word) for word in use.words))
    assert done.exit_code in use.codes, done.stdout + done.stderr
    for word in ("permission", "lacks", "unexpected"):
        assert word not in done.stderr, done.stderr


@needs_server
@pytest.mark.slow
def test_all_is_done_then(work: Installation) -> None:
    assert work.on_the_board() == work.promoted() == {"ST-A-1 A-1": ["M", "S"], "ST-A-2 A-2": ["L", "M", "S"]}
