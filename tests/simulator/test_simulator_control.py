"""The control endpoint and the wire log over HTTP: what they do, and for whom they do not exist."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from simulator_client import BOARD, TOKEN, Client, simulated

from monday_simulator import SystemClock, load_faults
from monday_simulator.web.application import application
from monday_simulator.web.server import serving

CREATE = f'mutation {{ create_item(board_id: {BOARD}, item_name: "x") {{ id }} }}'
HERE = "http://127.0.0.1:8765"
CONTROLS = [
    ("GET", "/control/faults"),
    ("PUT", "/control/faults"),
    ("DELETE", "/control/faults"),
    ("GET", "/control/clock"),
    ("POST", "/control/clock"),
    ("GET", "/control/wire"),
    ("POST", "/control/switch"),
]


def caller(client: Client, *, control: bool = True, address: str = "127.0.0.1", base: str = HERE) -> Caller:
    return Caller(application(client.simulator, control=control), address, base)


class Caller:
    """Asks the application without a socket, as if from `address`."""

    def __init__(self, app: Any, address: str, base: str) -> None:
        self._transport = httpx2.ASGITransport(app=app, client=(address, 5000))
        self._base = base

    def __call__(self, method: str, path: str, body: str = "", **headers: str) -> httpx2.Response:
        async def ask() -> httpx2.Response:
            async with httpx2.AsyncClient(transport=self._transport, base_url=self._base) as client:
                named = {name.replace("_", "-"): value for name, value in headers.items()}
                return await client.request(method, path, content=body.encode(), headers=named)

        return asyncio.run(ask())


@pytest.fixture
def client() -> Client:
    return simulated()


@pytest.mark.parametrize(("method", "path"), CONTROLS)
def test_control_is_not_there_until_it_is_asked_for(client: Client, method: str, path: str) -> None:
    assert caller(client, control=False)(method, path).status_code == 404
    assert caller(client)(method, path).status_code != 404


@pytest.mark.parametrize(("method", "path"), CONTROLS)
@pytest.mark.parametrize(
    ("address", "base", "headers"),
    [
        ("192.0.2.7", HERE, {}),
        ("127.0.0.1", "http://rebound.example:8765", {}),
        ("127.0.0.1", HERE, {"Origin": "http://elsewhere.example"}),
        ("127.0.0.1", HERE, {"Origin": "null"}),
    ],
)
def test_control_is_there_for_this_machine_alone(
    client: Client, method: str, path: str, address: str, base: str, headers: dict[str, str]
) -> None:
    answer = caller(client, address=address, base=base)(method, path, **headers)
    assert (answer.status_code, answer.text) == (404, "Not Found")


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_this_machine_has_several_addresses(client: Client, address: str) -> None:
    assert caller(client, address=address)("GET", "/control/faults").status_code == 200


def test_script_is_replaced_added_to_told_and_cleared(client: Client) -> None:
    ask = caller(client)
    ask("PUT", "/control/faults", json.dumps([{"kind": "error_500_before", "on": "create_item", "nth": 1}]))
    assert client.send(CREATE).status == 500
    told = ask("POST", "/control/faults", "locked_423 on=create_item nth=1").json()["rules"]
    assert [(rule["kind"], rule["seen"], rule["fired"], rule["left"]) for rule in told] == [
        ("error_500_before", 1, 1, 0),
        ("locked_423", 0, 0, 1),
    ]
    assert ask("GET", "/control/faults").json()["rules"] == told
    assert ask("DELETE", "/control/faults").json() == {"rules": []}
    assert client.send(CREATE).status == 200


def test_wrong_script_is_refused_and_the_old_one_stays(client: Client) -> None:
    ask = caller(client)
    ask("PUT", "/control/faults", "lost_after nth=9")
    answer = ask("PUT", "/control/faults", "lost_after nth=1\nexplode nth=1\nlost_after")
    assert answer.status_code == 400
    assert "rule 2" in answer.json()["error"]
    assert "rule 3" in answer.json()["error"]
    assert [rule["nth"] for rule in ask("GET", "/control/faults").json()["rules"]] == [9]
    assert ask("PUT", "/control/faults", "[{]").status_code == 400


def test_virtual_clock_can_be_moved() -> None:
    client = simulated(faults=load_faults("late_apply nth=1 after_seconds=60"))
    ask = caller(client)
    client.drop(CREATE)
    before = ask("GET", "/control/clock").json()
    assert before == {"now": "2026-11-02T09:00:00+00:00", "virtual": True}
    assert ask("POST", "/control/clock", '{"seconds": 60}').json()["now"] == "2026-11-02T09:01:00+00:00"
    assert client.simulator.wire_log.find(outcome="late")
    for wrong in ('{"seconds": -1}', '{"seconds": 1e99}', '{"seconds": "x"}', "{}", ""):
        assert ask("POST", "/control/clock", wrong).status_code == 400


def test_the_computers_own_clock_cannot_be_moved() -> None:
    ask = caller(simulated(clock=SystemClock()))
    assert ask("GET", "/control/clock").json()["virtual"] is False
    assert ask("POST", "/control/clock", '{"seconds": 60}').status_code == 409


@pytest.mark.parametrize("path", ["/control/wire", "/wire", "/wire/log"])
def test_wire_log_is_asked_over_http(client: Client, path: str) -> None:
    client.simulator.faults.replace(load_faults("error_500_before on=create_item nth=2"))
    for query in (CREATE, CREATE, "{ me { id } }", f"{{ boards(ids: {BOARD}) {{ id }} }}"):
        client.send(query)
    ask = caller(client)

    def seqs(query: str) -> list[int]:
        answer = ask("GET", path + query)
        assert answer.headers["content-type"].startswith("application/x-ndjson")
        return [json.loads(line)["seq"] for line in answer.text.splitlines()]

    assert seqs("") == [1, 2, 3, 4]
    assert seqs("?field=create_item") == [1, 2]
    assert seqs("?fault=any") == [2]
    assert seqs(f"?board={BOARD}&since=1") == [4]
    assert seqs("?since=2026-11-02T08:00:00Z&limit=2") == [3, 4]
    assert seqs("?outcome=failed") == [2]
    for wrong in ("?since=yesterday", "?limit=x", "?colour=red", "?outcome=exploded"):
        assert ask("GET", path + wrong).status_code == 400


def test_browser_gets_the_wire_log_as_a_page(client: Client) -> None:
    answer = caller(client)("GET", "/wire/log", Accept="text/html,*/*;q=0.8")
    assert answer.headers["content-type"].startswith("text/html")


def test_switch_of_the_page_adds_a_rule_and_goes_back(client: Client) -> None:
    ask = caller(client)
    answer = ask("POST", "/control/switch", "kind=locked_423&on=write&when=nth%3D1&back=%2F%3Fboard%3D5", Origin=HERE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?board=5")
    assert client.send(CREATE).status == 423
    ask("POST", "/control/switch", "kind=error_500_before&on=&when=every%3D1")
    assert client.send(CREATE).status == 500
    answer = ask("POST", "/control/switch", "kind=none&back=%2F%2Felsewhere.example")
    assert answer.headers["location"] == "/"
    assert client.simulator.faults.rules == ()
    assert ask("POST", "/control/switch", "kind=explode&when=nth%3D1").status_code == 400


def test_pages_come_with_a_policy_and_only_when_they_changed(client: Client) -> None:
    ask = caller(client, control=False)
    page = ask("GET", "/")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self';" in policy
    assert "unsafe-eval" not in policy
    assert "<style" not in page.text
    assert ask("GET", "/", If_None_Match=page.headers["etag"]).status_code == 304
    client.created("x")
    assert ask("GET", "/", If_None_Match=page.headers["etag"]).status_code == 200
    for asset in ("page.css", "plain.css", "page.js"):
        assert ask("GET", f"/assets/{asset}").status_code == 200
        assert f"/assets/{asset}" in page.text
    assert ask("GET", "/assets/layout.html").status_code == 404


@pytest.fixture
def served() -> Iterator[tuple[Client, httpx2.Client]]:
    client = simulated(clock=SystemClock())
    with serving(client.simulator, control=True) as url, httpx2.Client(base_url=url) as http:
        yield client, http


@pytest.mark.slow
def test_faults_are_set_by_another_process(served: tuple[Client, httpx2.Client]) -> None:
    client, http = served
    script = "reset_unread key=k nth=1\nhalf_answer key=h at_byte=11 nth=1\nslow_answer on=me over_seconds=0.1 nth=1"
    assert http.put("/control/faults", content=script).status_code == 200

    def post(query: str, **headers: str) -> httpx2.Response:
        return http.post("/v2", json={"query": query}, headers={"Authorization": TOKEN, **headers})

    # the reset meets the client while it sends its body or when it reads: two errors, one meaning
    with pytest.raises((httpx2.NetworkError, httpx2.RemoteProtocolError)):
        post(CREATE, **{"Idempotency-Key": "k"})
    with pytest.raises(httpx2.RemoteProtocolError, match="complete message body"):
        post(CREATE, **{"Idempotency-Key": "h"})
    assert post("{ me { id } }").json()["data"]["me"]["id"]
    told = http.get("/control/faults").json()["rules"]
    assert [rule["fired"] for rule in told] == [1, 1, 1]
    outcomes = [record.outcome for record in client.simulator.wire_log]
    assert outcomes == ["lost", "cut", "answered"]
