"""canary: what it measures on a simulated board, and that it notices a service that behaves otherwise."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.harness import House, InProcess, build_house

from monday_simulator import Limits
from monday_simulator.gateway.faults import Rule
from order_sync.canary.conduct import Outside, conduct, prepare
from order_sync.canary.results import Results
from order_sync.canary.verdicts import TITLES, Need, ProbeResult, Verdict
from order_sync.model.errors import UsageError
from order_sync.model.ids import BoardId

PLENTY = Limits(complexity_per_minute=1_000_000_000)


def outside(house: House, http: httpx2.BaseTransport | None = None) -> Outside:
    assert house.clock is not None
    return Outside(house.clock, threading.Event(), "token-of-the-canary", http or InProcess(house.simulator))


def surveyed(house: House, http: httpx2.BaseTransport | None = None, **more: Any) -> Results:
    seams = outside(house, http)
    prepared = prepare(house.project, BoardId(house.project.mapping.board.id), seams, yes=True, **more)
    return conduct(house.project, prepared, seams)[0]


def house_of(folder: Path, **more: Any) -> House:
    return build_house(folder, rows=1, customers=1, deployed=False, **{"limits": PLENTY, **more})


def probe(results: Results, name: str) -> ProbeResult:
    return next(each for each in results.probes if each.id == name)


def left_on(house: House) -> list[str]:
    board = house.simulator.store.boards[house.project.mapping.board.id]
    return [
        item.name
        for item in house.simulator.store.items.values()
        if item.board_id == board.id and item.state == "active"
    ]


def groups_on(house: House) -> list[str]:
    """Titles of the surveys' groups that are there."""
    board = house.simulator.store.boards[house.project.mapping.board.id]
    return [group.title for group in board.groups_in_order() if "canary" in group.title]


def test_a_service_as_documented_is_as_assumed(tmp_path: Path) -> None:
    house = house_of(tmp_path, faults=[Rule("lost_after", text="-a1-1", on="create_item", nth=1)])
    results = surveyed(house)
    assert [(each.id, each.verdict) for each in results.probes] == [(name, Verdict.AS_ASSUMED) for name in TITLES], (
        results
    )
    assert results.finished
    assert left_on(house) == []


def test_it_costs_what_it_said(tmp_path: Path) -> None:
    house = house_of(tmp_path, faults=[Rule("lost_after", text="-a1-1", on="create_item", nth=1)])
    seams = outside(house)
    prepared = prepare(house.project, BoardId(house.project.mapping.board.id), seams, yes=True)
    asked_before = len(house.simulator.wire_log)
    results, _ = conduct(house.project, prepared, seams)
    assert results.calls == len(house.simulator.wire_log) - asked_before == prepared.forecast.calls
    assert results.points <= prepared.forecast.points <= results.points * 1.1


def test_a_board_without_sizes_is_measured_without_them(tmp_path: Path) -> None:
    def bare(board: dict[str, Any]) -> None:
        board["subitem_board"]["columns"] = []

    house = house_of(tmp_path, board=bare)
    results = surveyed(house)
    assert probe(results, "A6").verdict is Verdict.INCONCLUSIVE
    assert probe(results, "A2").verdict is Verdict.AS_ASSUMED
    assert "parent" not in probe(results, "A2").measured
    prepared = prepare(house.project, BoardId(house.project.mapping.board.id), outside(house), yes=True)
    assert results.calls == prepared.forecast.calls - 1  # no answer was lost, so nothing had to be looked for


# a service that behaves otherwise


def test_a_lag_of_look_ups_asks_for_a_longer_visibility(tmp_path: Path) -> None:
    limits = Limits(complexity_per_minute=1_000_000_000, read_lag=timedelta(seconds=90))
    house = house_of(tmp_path, limits=limits)
    found = probe(surveyed(house), "A2")
    assert found.verdict is Verdict.DIFFERS
    (need,) = found.needs
    assert need.setting == "times.visibility"
    assert 270 <= need.value <= 330  # three times the lag, and the seconds between two looks


def test_a_lag_longer_than_the_polling_is_told_too(tmp_path: Path) -> None:
    limits = Limits(complexity_per_minute=1_000_000_000, read_lag=timedelta(seconds=900))
    found = probe(surveyed(house_of(tmp_path, limits=limits), rounds=1), "A2")
    assert found.needs == (Need("times.visibility", 900),)
    assert "10 not seen within 300 s" in found.measured


def test_a_request_that_is_applied_late_asks_for_a_longer_time(tmp_path: Path) -> None:
    late = Rule("late_apply", text="-a1-", on="create_item", every=1, after_seconds=200)
    house = house_of(tmp_path, faults=[late])
    found = probe(surveyed(house), "A1")
    assert found.verdict is Verdict.DIFFERS
    (need,) = found.needs
    assert need.setting == "times.server_apply"
    assert 300 <= need.value <= 330  # half as much again
    assert left_on(house) == []


def test_a_lag_of_look_ups_is_not_taken_for_a_late_apply(tmp_path: Path) -> None:
    limits = Limits(complexity_per_minute=1_000_000_000, read_lag=timedelta(seconds=150))
    lost = Rule("lost_after", text="-a1-", on="create_item", every=1)
    results = surveyed(house_of(tmp_path, limits=limits, faults=[lost]), rounds=1)
    assert probe(results, "A1").verdict is Verdict.AS_ASSUMED


def test_requests_that_are_never_applied_prove_nothing(tmp_path: Path) -> None:
    house = house_of(tmp_path, faults=[Rule("reset_before", text="-a1-", on="create_item", every=1)])
    found = probe(surveyed(house), "A1")
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "3 of 3 answers lost, then found: 0" in found.measured


def test_an_idempotency_key_that_is_not_kept_is_noticed(tmp_path: Path) -> None:
    limits = Limits(complexity_per_minute=1_000_000_000, idempotency_answer=1)
    results = surveyed(house_of(tmp_path, limits=limits))
    found = probe(results, "A4")
    assert found.verdict is Verdict.DIFFERS
    assert "another id" in found.measured
    assert "2 items on the board" in found.measured
    assert "does not cover the whole request" in probe(results, "A5").measured


def test_what_becomes_of_a_refusal_and_of_an_old_key_is_told(tmp_path: Path) -> None:
    limits = Limits(complexity_per_minute=1_000_000_000, idempotency_keeps="successes")
    house = house_of(tmp_path, limits=limits)
    found = probe(surveyed(house, long=True), "A4")
    assert found.verdict is Verdict.AS_ASSUMED
    assert "a refusal is not answered from memory; after 31 min: executed afresh" in found.measured
    assert house.clock is not None
    assert house.clock.monotonic() > 31 * 60


class Altered(InProcess):
    """The simulator, but for one behaviour that it cannot be set to."""

    def __init__(self, house: House, alter: Callable[[dict[str, Any], dict[str, Any]], dict[str, Any] | None]) -> None:
        super().__init__(house.simulator)
        self.alter = alter

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        asked = json.loads(request.content)
        answer = super().handle_request(request)
        altered = self.alter(asked, json.loads(answer.content))
        if altered is None:
            return answer
        return httpx2.Response(200, headers={"content-type": "application/json"}, content=json.dumps(altered).encode())


def case_sensitive(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any] | None:
    """Only keys that are spelled as in the question."""
    page = (answer.get("data") or {}).get("page")
    if "filter" not in asked["variables"] or page is None:
        return None
    wanted = asked["variables"]["filter"][0]["column_values"]
    page["items"] = [item for item in page["items"] if item["column_values"][0]["text"] in wanted]
    return answer


def half_of_them(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any] | None:
    """A filter that takes fifty values and forgets the rest."""
    wanted = asked["variables"].get("filter", [{"column_values": []}])[0]["column_values"]
    if len(wanted) <= 50:
        return None
    kept = {key.lower() for key in wanted[:20]}
    page = answer["data"]["page"]
    page["items"] = [item for item in page["items"] if item["column_values"][0]["text"] in kept]
    return answer


def test_a_look_up_that_minds_capitals_is_noticed(tmp_path: Path) -> None:
    house = house_of(tmp_path)
    found = probe(surveyed(house, Altered(house, case_sensitive)), "A3")
    assert found.verdict is Verdict.DIFFERS
    assert "25 of 25 found; 0 of 25 asked in capitals" in found.measured
    assert found.follows.startswith("capitals matter")


def test_a_look_up_that_forgets_keys_is_noticed(tmp_path: Path) -> None:
    house = house_of(tmp_path)
    found = probe(surveyed(house, Altered(house, half_of_them)), "A3")
    assert "20 of 25 found" in found.measured
    assert "send nothing to this service" in found.follows


def _refusing(field: str) -> Callable[[dict[str, Any], dict[str, Any]], dict[str, Any] | None]:
    """Says that the token may not, where the answer has an error, or where it is about the account."""

    def alter(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any] | None:
        if field not in asked["query"] or (field == "delete_item" and "errors" not in answer):
            return None
        extensions = {"code": "USER_UNAUTHORIZED", "status_code": 403}
        if field in (answer.get("data") or {}):
            # One field of a question: the others are answered.
            error = {"message": "no", "path": [field], "extensions": extensions}
            return {**answer, "data": {**answer["data"], field: None}, "errors": [error]}
        return {"data": None, "errors": [{"message": "no", "path": [], "extensions": extensions}]}

    return alter


def test_a_second_deletion_that_is_refused_as_forbidden_is_noticed(tmp_path: Path) -> None:
    house = house_of(tmp_path)
    results = surveyed(house, Altered(house, _refusing("delete_item")))
    assert results.finished
    found = probe(results, "A7")
    assert found.verdict is Verdict.DIFFERS
    assert "again: USER_UNAUTHORIZED; by id then deleted" in found.measured


def test_a_token_that_may_not_see_the_account_spoils_nothing(tmp_path: Path) -> None:
    house = house_of(tmp_path)
    results = surveyed(house, Altered(house, _refusing("platform_api")))
    assert results.finished
    assert probe(results, "A8").verdict is Verdict.AS_ASSUMED
    assert "calls a day" not in probe(results, "A8").measured


def made_without_the_value(asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any] | None:
    """A9 alone: an id where a refusal was expected."""
    if "-a9" not in str(asked["variables"].get("v0")):
        return None
    return {"data": {"r0": {"id": "4711"}}}


def test_a_bad_value_that_is_accepted_is_noticed(tmp_path: Path) -> None:
    house = house_of(tmp_path)
    found = probe(surveyed(house, Altered(house, made_without_the_value)), "A9")
    assert found.verdict is Verdict.DIFFERS
    assert "accepted" in found.measured


def without_subitems(_asked: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any] | None:
    """One subitem less below every item."""
    items = (answer.get("data") or {}).get("items") or []
    if not any("subitems" in (item or {}) for item in items):
        return None
    for item in items[:3]:
        item["subitems"] = []
    return answer


def test_sizes_that_do_not_show_below_their_item_are_noticed(tmp_path: Path) -> None:
    house = house_of(tmp_path)
    results = surveyed(house, Altered(house, without_subitems), rounds=1)
    assert probe(results, "A6").verdict is Verdict.DIFFERS
    assert probe(results, "A2").verdict is Verdict.DIFFERS


class AllOrNothing(InProcess):
    """One bad mutation stops the whole request before anything is applied."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        variables = json.loads(request.content)["variables"]
        if "n2" not in variables or "a5-bad" not in variables.get("n1", ""):
            return super().handle_request(request)
        error = {"message": "no", "path": ["r1"], "extensions": {"code": "ColumnValueException", "status_code": 200}}
        body = {"data": None, "errors": [error]}
        return httpx2.Response(200, headers={"content-type": "application/json"}, content=json.dumps(body).encode())


def test_a_bad_alias_that_stops_the_others_is_noticed(tmp_path: Path) -> None:
    house = house_of(tmp_path)
    found = probe(surveyed(house, AllOrNothing(house.simulator)), "A5")
    assert found.verdict is Verdict.DIFFERS
    assert found.needs == (Need("sending.batch_size", 1, at_most=True),)


def test_dearer_calls_are_noticed(tmp_path: Path) -> None:
    limits = Limits(complexity_per_minute=1_000_000_000, costs={"create_item": 75_000})
    found = probe(surveyed(house_of(tmp_path, limits=limits)), "A8")
    assert found.verdict is Verdict.DIFFERS
    assert "create_items: up to 2.5 times" in found.follows


def test_throttled_calls_are_made_again(tmp_path: Path) -> None:
    faults = [Rule("throttle_429", every=7), Rule("html_502_before", on="read", every=9)]
    house = house_of(tmp_path, faults=faults)
    results = surveyed(house)
    assert not [each for each in results.probes if each.verdict is Verdict.DIFFERS], results.probes
    assert left_on(house) == []


# nothing is left


class Stopping(InProcess):
    """Sets the word to stop at one of the requests."""

    def __init__(self, house: House, stop: threading.Event, at: int) -> None:
        super().__init__(house.simulator)
        self.stop, self.at, self.seen = stop, at, 0

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.seen += 1
        if self.seen == self.at:
            self.stop.set()
        return super().handle_request(request)


@pytest.mark.parametrize("at", [4, 5, 6, 20, 35, 50, 56])
def test_an_interrupted_survey_clears_up(tmp_path: Path, at: int) -> None:
    house = house_of(tmp_path)
    stop = threading.Event()
    assert house.clock is not None
    seams = Outside(house.clock, stop, "token-of-the-canary", Stopping(house, stop, at))
    prepared = prepare(house.project, BoardId(house.project.mapping.board.id), seams, yes=True)
    results, done = conduct(house.project, prepared, seams)
    assert stop.is_set()
    assert left_on(house) == []
    assert results.left == ()
    assert groups_on(house) == []
    if done.stopped is not None:
        assert not results.finished
        assert probe(results, "A1").verdict is Verdict.INCONCLUSIVE


def test_a_refused_token_ends_the_survey_and_clears_up_what_it_can(tmp_path: Path) -> None:
    house = house_of(tmp_path, faults=[Rule("refused", on="archive_item", nth=1, code="USER_ACCESS_DENIED")])
    results = surveyed(house)
    assert not results.finished
    assert "refuses the token" in probe(results, "A5").measured
    assert left_on(house) == []


def test_what_cannot_be_cleared_away_is_named(tmp_path: Path) -> None:
    house = house_of(tmp_path, faults=[Rule("error_500_before", on="delete_group", every=1)])
    results = surveyed(house)
    assert len(results.left) == 1
    assert "order-sync canary 261102-05" in results.left[0]
    assert left_on(house) == []  # the items went one by one


def test_a_group_whose_making_was_not_answered_is_cleared_away(tmp_path: Path) -> None:
    house = house_of(tmp_path, faults=[Rule("lost_after", on="create_group", nth=1)])
    results = surveyed(house)
    assert not results.finished
    assert results.left == ()
    assert groups_on(house) == []


def test_a_deletion_that_was_answered_badly_is_not_told_as_left(tmp_path: Path) -> None:
    house = house_of(tmp_path, faults=[Rule("error_500_after", on="delete_group", nth=1)])
    assert surveyed(house).left == ()
    assert groups_on(house) == []


def test_its_keys_are_none_that_an_order_can_have(tmp_path: Path) -> None:
    house = house_of(tmp_path)
    surveyed(house)
    column = house.project.mapping.board.sync_key
    keys = {str(item.values.get(column)) for item in house.simulator.store.items.values()}
    assert any("canary-" in key for key in keys)
    made = [item for item in house.simulator.store.items.values() if item.board_id == house.project.mapping.board.id]
    assert all("canary-" in str(item.values.get(column)) for item in made)


# where it may work


def test_a_board_with_orders_is_refused(tmp_path: Path) -> None:
    house = house_of(tmp_path)
    board = BoardId(house.project.mapping.board.id)
    with pytest.raises(UsageError, match="the board of the orders"):
        prepare(house.project, board, outside(house))
    house.plant_foreign_item("somebody's")
    with pytest.raises(UsageError, match="it holds 1 item"):
        prepare(house.project, board, outside(house), yes=True)
    assert house.mutations_by_product == []


def test_a_large_board_is_no_sandbox(tmp_path: Path) -> None:
    def large(board: dict[str, Any]) -> None:
        board["items"] = [{"name": f"item {at}"} for at in range(301)]

    house = house_of(tmp_path, board=large)
    other = house.project.mapping.board.model_copy(update={"id": "1"})
    mapping = house.project.mapping.model_copy(update={"board": other})
    project = type(house.project)(
        house.project.settings,
        type(house.project.mapping_file)(**{**vars(house.project.mapping_file), "mapping": mapping}),
        house.project.customers,
    )
    with pytest.raises(UsageError, match="301 items"):
        prepare(project, BoardId(house.project.mapping.board.id), outside(house))
