"""order-sync canary, and what check says of its results."""

from __future__ import annotations

import io
import json
import signal
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console
from tests.cli_calls import TOKEN, call, json_of, real_house, served, start
from tests.harness import House

from monday_simulator.gateway.faults import Rule
from monday_simulator.gateway.latency import Latency
from order_sync.canary.results import Results, file_for, kept, read, write
from order_sync.canary.standing import findings
from order_sync.canary.survey import Outcome
from order_sync.canary.verdicts import Need, ProbeResult, Verdict
from order_sync.cli.canary import show
from order_sync.cli.terminal import Terminal
from order_sync.model.errors import SettingsError
from order_sync.reports.findings import Finding, Level
from order_sync.settings import Canary, Monday, Settings, Times

NOW = datetime(2026, 11, 2, 5, 0, tzinfo=UTC)
LIVE = "api.monday.com"
LAG = ProbeResult("A2", "how soon a row is found", Verdict.DIFFERS, "max 90 s", "set", (Need("times.visibility", 270),))
BATCH = Need("sending.batch_size", 1, at_most=True)
MADE = Results(NOW, "42", LIVE, "2026-10", True, 54, 2_500_000, ())
# The survey takes real time: a machine that stands still for a second must not look like a slow board.
PATIENT = {f"ORDER_SYNC_TIMES__{name}": "6000" for name in ("SERVER_TIMEOUT", "VISIBILITY")}


@pytest.fixture
def house(tmp_path: Path) -> House:
    return real_house(tmp_path, rows=1, customers=1)


def said(folder: Path, *results: Results, now: datetime = NOW, settings: Settings | None = None) -> list[Finding]:
    settings = settings or Settings()
    for each in results:
        write(file_for(folder, each), each)
    return list(findings(settings.model_copy(update={"folder": folder}), now))


def test_a_survey_from_the_command_line(house: House) -> None:
    board = house.project.mapping.board.id
    with served(house) as served_at:
        environment = {**served_at, **PATIENT}
        result = call("canary", "--board", board, "--yes", folder=house.folder, **environment)
        assert result.exit_code == 0, result.output
        assert "takes: 54 calls and about 2,580,090 points" in result.stderr
        checked = call("check", "--json", folder=house.folder, **environment)
    (path,) = kept(house.folder)
    assert TOKEN not in path.read_text("utf-8")
    assert str(path) in result.stdout
    written = read(path)
    assert (written.board, written.host, written.finished, written.left) == (board, "127.0.0.1", True, ())
    told = [each for each in json_of(checked)["findings"] if each["area"] == "canary"]
    assert [each["level"] for each in told] == ["ok"], told


def test_a_dry_run_changes_nothing(house: House) -> None:
    with served(house) as environment:
        result = call(
            "canary",
            "--board",
            house.project.mapping.board.id,
            "--yes",
            "--dry-run",
            folder=house.folder,
            **environment,
        )
    assert result.exit_code == 0
    assert house.mutations == []
    assert list(kept(house.folder)) == []


def test_what_differs_ends_with_1_and_goes_where_it_is_told(house: House, tmp_path: Path) -> None:
    house.simulator.faults.replace([Rule("error_500_before", on="delete_group", every=1)])
    out = tmp_path / "elsewhere" / "results.json"
    words = ("canary", "--board", house.project.mapping.board.id, "--yes", "--rounds", "1", "--json", "--out", out)
    with served(house) as environment:
        result = call(*words, folder=house.folder, **environment)
    assert result.exit_code == 1
    told = json_of(result)
    assert told["file"] == str(out)
    assert len(told["left"]) == 1
    assert json.loads(out.read_text("utf-8"))["left"] == told["left"]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--board", "abc"], "'abc' is no board number"),
        (["--board", "OWN"], "this is the board of the orders"),
        (["--board", "999"], "there is no active board 999"),
    ],
)
def test_a_wrong_board_is_refused(house: House, words: list[str], text: str) -> None:
    given = [house.project.mapping.board.id if word == "OWN" else word for word in words]
    with served(house) as environment:
        result = call("canary", *given, folder=house.folder, **environment)
    assert result.exit_code == 2
    assert text in result.stderr
    assert house.mutations == []


@pytest.mark.slow
def test_ctrl_c_leaves_nothing_on_the_board(tmp_path: Path) -> None:
    house = real_house(tmp_path, rows=1, customers=1, latency=Latency(100, 50))
    with served(house, scale=0.05) as environment:
        process = start(house.folder, "canary", "--board", house.project.mapping.board.id, "--yes", **environment)
        assert process.stderr is not None
        while not process.stderr.readline().startswith("A2"):
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 1, errors
    assert "the survey was interrupted" in errors
    board = house.simulator.store.boards[house.project.mapping.board.id]
    assert [group.title for group in board.groups_in_order()] == ["Group Title"]
    assert [item for item in house.simulator.store.items.values() if item.state == "active"] == []
    (path,) = kept(house.folder)
    assert not read(path).finished


# check


def test_a_live_service_that_nobody_measured_is_a_warning(tmp_path: Path) -> None:
    (found,) = said(tmp_path)
    assert found.level is Level.WARNING
    assert "order-sync canary --board" in found.fix


def test_a_simulator_need_not_be_measured(tmp_path: Path) -> None:
    assert said(tmp_path, settings=Settings(monday=Monday(url="http://127.0.0.1:8765/v2"))) == []


def test_results_that_fit_are_fine(tmp_path: Path) -> None:
    (found,) = said(tmp_path, MADE)
    assert found.level is Level.OK


@pytest.mark.parametrize(
    ("results", "text"),
    [
        (replace(MADE, made_at=NOW - timedelta(days=91)), "last measured 91 days ago"),
        (replace(MADE, api_version="2026-07"), "API version 2026-07 was measured, and 2026-10 is in use"),
        (replace(MADE, host="127.0.0.1"), "api.monday.com was never measured, only 127.0.0.1"),
        (replace(MADE, finished=False), "stopped before its end"),
        (replace(MADE, probes=(LAG,)), "A2 how soon a row is found differs: max 90 s"),
        (replace(MADE, probes=(replace(LAG, needs=(BATCH,)),)), "differs"),
        (replace(MADE, probes=(replace(LAG, needs=()),)), "differs"),
        (replace(MADE, probes=(replace(LAG, verdict=Verdict.AS_ASSUMED),)), "lowered since"),
    ],
)
def test_results_that_do_not_fit_are_a_warning(tmp_path: Path, results: Results, text: str) -> None:
    (found,) = said(tmp_path, results)
    assert found.level is Level.WARNING
    assert text in found.what


def test_a_setting_that_heeds_the_results_ends_the_warning(tmp_path: Path) -> None:
    (found,) = said(tmp_path, replace(MADE, probes=(LAG,)), settings=Settings(times=Times(visibility=270)))
    assert found.level is Level.OK


def test_the_latest_results_count(tmp_path: Path) -> None:
    old = replace(MADE, made_at=NOW - timedelta(hours=1), probes=(LAG,))
    (found,) = said(tmp_path, MADE, old)
    assert found.level is Level.OK
    assert sorted(path.name for path in kept(tmp_path)) == ["canary-42-2026-11-02-2.json", "canary-42-2026-11-02.json"]


def test_a_survey_that_was_stopped_hides_no_whole_one(tmp_path: Path) -> None:
    (found,) = said(tmp_path, MADE, replace(MADE, made_at=NOW + timedelta(hours=1), finished=False))
    assert found.level is Level.OK


def test_results_are_looked_for_where_the_settings_say(tmp_path: Path) -> None:
    write(tmp_path / "kept" / "canary-42-2026-11-02.json", MADE)
    (found,) = said(tmp_path, settings=Settings(canary=Canary(folder="kept")))
    assert found.level is Level.OK


def test_a_spoilt_file_is_a_warning_and_hides_no_other(tmp_path: Path) -> None:
    (tmp_path / "canary-42-2026-11-01.json").write_text("{}")
    spoilt, fine = said(tmp_path, MADE)
    assert (spoilt.level, fine.level) == (Level.WARNING, Level.OK)
    with pytest.raises(SettingsError, match="cannot be read"):
        read(tmp_path / "canary-42-2026-11-01.json")


# on the screen


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_word_of_the_results_is_broken(width: int) -> None:
    measured = replace(MADE, probes=(replace(LAG, follows="set times.visibility to 270"),), left=("group 'x'",))
    screen = io.StringIO()
    show(Terminal(out=Console(file=screen, width=width)), measured, Outcome(archived=1), Path("canary-42.json"))
    text = screen.getvalue()
    for word in ("times.visibility", "differs", "A2", "left on the board: group 'x'", "1 archived item left"):
        assert word in text
