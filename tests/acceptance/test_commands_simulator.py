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
    ],
)
def test_what_cannot_be_served_is_said(
    house: House, words: tuple[str, ...], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(house.folder)
    result = called(house, "simulator", *words)
    assert result.exit_code == 2
    assert says in result.stderr


def test_a_folder_without_a_mapping_is_said(tmp_path: Path) -> None:
    (tmp_path / "order-sync.toml").write_text("", encoding="utf-8")
    result = call("simulator", "--port", "0", folder=tmp_path)
    assert result.exit_code == 2
    assert "there is no mapping" in result.stderr
