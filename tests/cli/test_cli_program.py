"""The program around the commands: help, version, errors, the log."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.cli_calls import call
from typer.main import get_command

from order_sync import __version__
from order_sync.cli import app, application
from order_sync.cli.session import Session, session_of

ROOT = get_command(app)
COMMANDS = sorted(ROOT.commands)  # type: ignore[attr-defined]
PLANNED = {"demo", "demo-data", "init", "check", "plan", "run", "status", "errors", "retry", "schema", "simulator"}


def test_every_command_that_was_promised_is_there() -> None:
    assert set(COMMANDS) >= PLANNED


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_short_and_says_what_every_option_is(command: str) -> None:
    result = call(command, "--help", COLUMNS="80")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) <= 45
    assert "<bool>" not in result.stdout
    for option in ROOT.commands[command].params:  # type: ignore[attr-defined]
        assert option.help or option.hidden or option.name == "help", f"{command} {option.name}"


def test_the_first_page_fits_a_screen() -> None:
    result = call("--help", COLUMNS="80")
    assert len(result.stdout.splitlines()) <= 48
    for command in COMMANDS:
        assert re.search(rf"│ {command}\s", result.stdout)


def test_the_version() -> None:
    assert call("--version").stdout == f"order-sync {__version__}\n"


def test_a_word_that_is_no_command_is_wrong_use() -> None:
    result = call("launch")
    assert result.exit_code == 2
    assert "launch" in result.stderr


def test_no_settings_file_says_where_and_what_to_do(tmp_path: Path) -> None:
    result = call("status", folder=tmp_path)
    assert result.exit_code == 2
    assert "error: there is no settings file" in result.stderr
    assert "order-sync init" in result.stderr
    assert result.stdout == ""


def test_a_fault_of_ours_is_short_unless_the_whole_story_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_self: Session) -> None:
        raise KeyError("surprise")

    monkeypatch.setattr(Session, "project", broken)
    short = call("status", folder=tmp_path)
    assert short.exit_code == 3
    assert "KeyError: 'surprise'" in short.stderr
    assert "Traceback" not in short.stderr
    assert "Traceback" in call("--debug", "status", folder=tmp_path).stderr
    assert "Traceback" in call("status", folder=tmp_path, ORDER_SYNC_DEBUG="1").stderr


def test_the_first_ctrl_c_ends_any_command_with_a_word_and_the_same_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_self: Session) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Session, "project", interrupted)
    result = call("plan", folder=tmp_path)
    assert result.exit_code == 3
    assert result.stderr.startswith("stopped: what was done is kept")


def test_a_place_that_cannot_be_used_is_no_fault_of_ours(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    for words in (
        ("init", "--folder", str(tmp_path / "file" / "x")),
        ("demo", "--folder", str(tmp_path / "file" / "x")),
    ):
        result = call(*words, folder=tmp_path)
        assert result.exit_code == 2, result.stderr
        assert "unexpected" not in result.stderr
        assert str(tmp_path / "file") in result.stderr


def test_a_run_that_may_no_longer_write_its_files_is_halted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(_self: Session) -> None:
        raise PermissionError(13, "Permission denied", "snapshot.parquet")

    monkeypatch.setattr(Session, "project", forbidden)
    result = call("run", "--all", folder=tmp_path)
    assert (result.exit_code, "unexpected" in result.stderr) == (3, False)
    assert "snapshot.parquet" in result.stderr
    assert call("status", folder=tmp_path).exit_code == 2


def test_init_beside_a_database_that_is_not_there_does_not_advise_what_cannot_work(tmp_path: Path) -> None:
    result = call("init", "--database", f"sqlite:///{tmp_path.as_posix()}/none.db", folder=tmp_path)
    assert result.exit_code == 2
    assert "schema deploy" not in result.stderr
    assert "correct --database" in result.stderr


def test_the_log_is_json_lines_in_utf8(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def tells(session: Session) -> None:
        session.events().emit("order.staged", customer="FJØRVAL 日本", count=3)
        raise KeyError("enough")

    monkeypatch.setattr(Session, "project", tells)
    log = tmp_path / "run.jsonl"
    for _ in range(2):
        call("--log", str(log), "status", folder=tmp_path)
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [(line["event"], line["customer"], line["count"]) for line in lines] == [
        ("order.staged", "FJØRVAL 日本", 3)
    ] * 2
    assert lines[0]["timestamp"].endswith("Z")


def test_a_log_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    result = call("--log", str(tmp_path / "no" / "run.jsonl"), "status", folder=tmp_path)
    assert result.exit_code == 2
    assert "the log cannot be written" in result.stderr


def test_a_command_needs_the_program_around_it() -> None:
    class Lonely:
        def find_object(self, _kind: type) -> None:
            return None

    with pytest.raises(TypeError, match="program's own options"):
        session_of(Lonely())  # type: ignore[arg-type]


def test_main_runs_the_program(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["order-sync", "--version"])
    with pytest.raises(SystemExit) as ended:
        application.main()
    assert ended.value.code == 0
    assert __version__ in capsys.readouterr().out


@pytest.mark.parametrize(
    "command", [[each.name] for each in application.app.registered_commands] + [["schema", "show"]]
)
def test_help_names_values_in_words_not_types(command: list[str]) -> None:
    result = call(*command, "--help")
    assert result.exit_code == 0
    assert not re.search(r"<(int|float|str|bool|path|text)|INTEGER|range>", result.stdout)
