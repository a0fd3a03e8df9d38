"""The simulator behind a real socket and as a process."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from graphql import build_client_schema, build_schema
from simulator_client import BOARD, SEED, TOKEN, simulated

from monday_simulator import Latency, Limits, Simulator, SystemClock, load_faults, load_seed
from monday_simulator.__main__ import main, parser
from monday_simulator.limit_options import latency_of, limits_of
from monday_simulator.web.server import serving

CREATE = f'mutation {{ create_item(board_id: {BOARD}, item_name: "x") {{ id }} }}'
COUNT = f"{{ boards(ids: {BOARD}) {{ items_count }} }}"
SOURCE = Path(__file__).parents[2] / "src"


def post(client: httpx2.Client, query: str, **headers: str) -> httpx2.Response:
    return client.post("/v2", json={"query": query}, headers={"Authorization": TOKEN, **headers})


@pytest.mark.slow
def test_served_simulator_answers_drops_and_shows_itself() -> None:
    faults = load_faults(
        [
            {"on": "create_item", "nth": 2, "kind": "lost_after"},
            {"on": "create_item", "nth": 3, "kind": "half_answer"},
            {"on": "create_item", "nth": 4, "kind": "reset_before"},
            {"on": "create_item", "nth": 5, "kind": "html_502_after"},
        ]
    )
    simulator = simulated(faults=faults, clock=SystemClock()).simulator
    with serving(simulator) as url, httpx2.Client(base_url=url) as client:
        good = post(client, CREATE)
        assert good.json()["extensions"]["request_id"] == good.headers["x-request-id"]
        with pytest.raises(httpx2.ReadError):
            post(client, CREATE)
        with pytest.raises(httpx2.RemoteProtocolError, match="complete message body"):
            post(client, CREATE)
        with pytest.raises(httpx2.ReadError):
            post(client, CREATE)
        assert post(client, CREATE).status_code == 502
        assert post(client, COUNT).json()["data"] == {"boards": [{"items_count": 4}]}
        assert client.post("/v2", json={"query": COUNT}).status_code == 401
        assert client.get("/health").json() == {"status": "ok", "requests": 7}
        assert "HALCYON SP26" in client.get("/").text
        assert "lost_after" in client.get("/wire/log").text
        lines = [json.loads(line) for line in client.get("/wire").text.splitlines()]
        assert [line["fault"] for line in lines[:3]] == [None, "lost_after", "half_answer"]


@pytest.mark.slow
def test_long_answers_are_packed_for_those_who_take_it() -> None:
    simulator = simulated(clock=SystemClock()).simulator
    query = "{ boards { columns { id title type settings_str } groups { id title color position } } }"
    with serving(simulator) as url, httpx2.Client(base_url=url) as client:
        packed, plain = post(client, query), post(client, query, **{"Accept-Encoding": "identity"})
        assert packed.headers["content-encoding"] == "gzip"
        assert "content-encoding" not in plain.headers
        assert packed.json()["data"] == plain.json()["data"]
        assert "content-encoding" not in post(client, COUNT).headers


@pytest.mark.slow
def test_schema_is_handed_out_without_a_token() -> None:
    with serving(simulated(clock=SystemClock()).simulator) as url, httpx2.Client(base_url=url) as client:
        text = client.get("/v2/get_schema", params={"format": "sdl", "version": "2026-07"})
        assert build_schema(text.text).get_type("Board") is not None
        assert text.headers["api-version"] == "2026-07"
        described = client.get("/v2/get_schema").json()["data"]
        assert build_client_schema(described).get_type("Board") is not None
        assert client.get("/v2/get_schema", params={"version": "2026"}).status_code == 400


@contextmanager
def process(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A simulator of its own; yields it with its address, kills it at the end."""
    command = [sys.executable, "-m", "monday_simulator", "--port", "0", *options]
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as started:
        try:
            assert started.stdout is not None
            yield started, started.stdout.readline().strip()
        finally:
            started.kill()


@pytest.mark.slow
def test_killed_process_has_lost_nothing_it_answered(tmp_path: Path) -> None:
    seed = tmp_path / "seed.json"
    seed.write_text(json.dumps(SEED), encoding="utf-8")
    options = ("--seed-file", str(seed), "--state", str(tmp_path / "state"), "--token", TOKEN)
    with process(*options) as (started, url), httpx2.Client(base_url=url) as client:
        for _ in range(20):
            assert post(client, CREATE).status_code == 200
        started.kill()
        started.wait(20)
    with process(*options) as (_, url), httpx2.Client(base_url=url) as client:
        assert post(client, COUNT).json()["data"] == {"boards": [{"items_count": 20}]}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_interrupted_process_ends_well() -> None:
    with process() as (started, url):
        assert url.startswith("http://127.0.0.1:")
        started.send_signal(signal.SIGINT)
        assert started.wait(20) == 0


def test_wrong_use_is_told_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seed = tmp_path / "seed.json"
    seed.write_text('{"boards": [{"title": "x"}]}', encoding="utf-8")
    assert main(["--seed-file", str(seed), "--port", "0"]) == 2
    assert "title" in capsys.readouterr().err


def test_taken_port_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert main(["--port", str(taken.getsockname()[1])]) == 2
    assert "monday_simulator:" in capsys.readouterr().err


def test_options_set_the_limits() -> None:
    options = parser().parse_args(["--complexity", "5", "--idempotency-seconds", "2"])
    limits: Any = limits_of(options)
    assert (limits.complexity_per_minute, limits.idempotency_window.total_seconds()) == (5, 2)
    assert limits.calls_per_day == 25_000


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], Limits()),
        (["--plan", "pro"], Limits.of("pro")),
        (["--token-kind", "app"], Limits.of("enterprise", "app")),
        (["--plan", "free", "--token-kind", "playground"], Limits.of("free", "playground")),
        (["--plan", "pro", "--concurrency", "3"], Limits.of("pro", concurrency=3)),
        (["--board-locks", "--read-lag-seconds", "0.5"], Limits(board_locks=True, read_lag=timedelta(seconds=0.5))),
        (["--server-timeout-seconds", "5", "--timeout-form", "gateway"],
         Limits(server_timeout=timedelta(seconds=5), timeout_form="gateway")),
        (["--idempotency-keeps", "all", "--idempotency-memory", "9", "--idempotency-answer", "8"],
         Limits(idempotency_keeps="all", idempotency_memory=9, idempotency_answer=8)),
        (["--complexity-per-query", "7", "--requests-per-address", "6", "--cursor-seconds", "60"],
         Limits(complexity_per_query=7, requests_per_address=6, cursor_life=timedelta(seconds=60))),
        (["--fields-per-minute", "create_board=2"], Limits(fields_per_minute={"create_board": 2})),
        (["--plan", "pro", "--fields-per-minute", "create_board=2"],
         Limits.of("pro", fields_per_minute={"create_board": 2, "duplicate_board": 40, "duplicate_group": 40})),
    ],
)  # fmt: skip
def test_every_limit_has_an_option(words: list[str], expected: Limits) -> None:
    assert limits_of(parser().parse_args(words)) == expected


def test_times_have_options() -> None:
    assert latency_of(parser().parse_args(["--latency", "recorded"])) == Latency.recorded()
    assert latency_of(parser().parse_args(["--latency-ms", "2", "--request-ms", "1"])) == Latency(1, 2)


@pytest.mark.slow
def test_process_is_controlled_and_its_time_is_moved(tmp_path: Path) -> None:
    script = tmp_path / "faults.txt"
    script.write_text("error_500_before on=me nth=1  # from the file\n", encoding="utf-8")
    options = ("--faults", str(script), "--fault", "locked_423 on=me nth=2", "--control", "--virtual-clock")
    with process(*options) as (_, url), httpx2.Client(base_url=url) as client:
        assert [post(client, "{ me { id } }").status_code for _ in range(3)] == [500, 423, 200]
        before = client.get("/control/clock").json()["now"]
        assert client.post("/control/clock", json={"seconds": 3600}).json()["now"] > before
        lines = client.get("/wire/log", params={"fault": "any"}).text.splitlines()
        assert [json.loads(line)["seq"] for line in lines] == [1, 2]


def test_seed_builds_the_same_boards_in_any_process() -> None:
    first, second = (Simulator(load_seed(SEED)) for _ in range(2))
    assert list(first.store.boards) == list(second.store.boards)


@pytest.mark.parametrize(
    "words",
    [("--complexity", "-1"), ("--concurrency", "0"), ("--port", "65536"), ("--port", "x"), ("--calls-per-day", "1.5")],
)
def test_numbers_of_no_sense_are_refused(words: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(words)
    assert ended.value.code == 2
    assert f"is wanted, not '{words[1]}'" in capsys.readouterr().err
