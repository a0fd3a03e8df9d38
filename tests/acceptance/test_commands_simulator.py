"""simulator: a board that fits the mapping, until Ctrl-C."""

from __future__ import annotations

import json
import signal
import sys
import urllib.request
from pathlib import Path

import pytest
from tests.cli_calls import call, called, start
from tests.harness import House, build_house

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return build_house(tmp_path_factory.mktemp("house"), rows=3, customers=1)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to a whole console, this test with it")
def test_it_serves_the_mapping_s_board_until_ctrl_c(house: House) -> None:
    with start(house.folder, "simulator", "--port", "0", "--state", str(house.folder / "board.db")) as process:
        assert process.stdout is not None
        try:
            address = process.stdout.readline().split()[-1]
            while "Ctrl-C ends it." not in (line := process.stdout.readline()):  # communicate() reads past our buffer
                assert line, "it ended before it said how to end it"
            with urllib.request.urlopen(address, timeout=10) as page:  # noqa: S310 - loopback
                assert "Customer Master Schedule" in page.read().decode("utf-8")
            environment = {"ORDER_SYNC_MONDAY__URL": f"{address}/v2", "ORDER_SYNC_TOKEN": "any"}
            report = json.loads(called(house, "check", "--json", **environment).stdout)
            assert report["ok"]
            process.send_signal(signal.SIGINT)
            rest, errors = process.communicate(timeout=20)
        finally:
            process.kill()
    assert process.returncode == 0, errors
    assert "the simulator has ended" in rest
    assert "Traceback" not in errors


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--faults", "nonsense.json"), "No such file"),
        (("--seed-file", "mapping.yaml"), "cannot be started"),
        (("--port", "99999"), "--port"),
        (("--fault", "explode nth=1", "--fault", "lost_after"), "rule 2"),
        (("--fault", "explode nth=1"), "there is no kind 'explode' (known: "),
        (("--fault", "explode nth=1", "--state", "board.db"), "where: --fault"),
        (("--plan", "platinum"), "there is no plan 'platinum'"),
    ],
)
def test_what_cannot_be_served_is_said(
    house: House, words: tuple[str, ...], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(house.folder)
    result = called(house, "simulator", *words)
    assert result.exit_code == 2
    assert says in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to a whole console, this test with it")
def test_it_is_controlled_where_that_is_asked_for(house: House) -> None:
    wire = house.folder / "wire.jsonl"
    words = ("--port", "0", "--control", "--fault", "error_500_before nth=1", "--wire", str(wire), "--plan", "pro")
    with start(house.folder, "simulator", *words) as process:
        assert process.stdout is not None
        try:
            address = process.stdout.readline().split()[-1]
            with urllib.request.urlopen(f"{address}/control/faults", timeout=10) as answer:  # noqa: S310 - loopback
                assert json.load(answer)["rules"][0]["kind"] == "error_500_before"
            environment = {"ORDER_SYNC_MONDAY__URL": f"{address}/v2", "ORDER_SYNC_TOKEN": "any"}
            called(house, "check", "--json", **environment)
        finally:
            process.kill()
    records = [json.loads(line) for line in wire.read_text(encoding="utf-8").splitlines()]
    assert records[0]["fault"] == "error_500_before"


def test_a_folder_without_a_mapping_is_said(tmp_path: Path) -> None:
    (tmp_path / "order-sync.toml").write_text("", encoding="utf-8")
    result = call("simulator", "--port", "0", folder=tmp_path)
    assert result.exit_code == 2
    assert "there is no mapping" in result.stderr
