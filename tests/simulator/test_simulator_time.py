"""Server time: drawn, run out of, and held against others on the same board."""

from __future__ import annotations

from datetime import timedelta
from statistics import median, quantiles
from typing import Any

import pytest
from simulator_client import BOARD, SIZES, Client, code_of, simulated

from monday_simulator import LaneClock, Latency, Limits, load_faults
from monday_simulator.gateway.latency import MEDIANS
from monday_simulator.gateway.schedule import Schedule, schedule

CREATE = f'mutation {{ create_item(board_id: {BOARD}, item_name: "x") {{ id }} }}'


def batch(count: int) -> str:
    return "mutation { " + " ".join(f"a{at}: {CREATE[10:-1]}" for at in range(count)) + " }"


def drawn(field: str, count: int, **settings: Any) -> list[float]:
    latency = Latency.recorded(**settings)
    times = (latency.of([field], writes=True, seed=0, number=at)[0] for at in range(count))
    return [each / timedelta(milliseconds=1) for each in times]


# drawn


def test_drawn_times_are_distributed_as_the_recorded_ones() -> None:
    times = drawn("create_item", 20_000)
    assert median(times) == pytest.approx(829, rel=0.01)
    assert quantiles(times, n=20)[18] == pytest.approx(1_114, rel=0.01)
    assert max(times) <= 3_459


@pytest.mark.parametrize("field", sorted(MEDIANS))
def test_every_recorded_field_has_its_median(field: str) -> None:
    assert median(drawn(field, 2_000)) == pytest.approx(MEDIANS[field], rel=0.03)


def test_draw_hangs_on_seed_and_request_alone() -> None:
    one, other = Latency.recorded(1), Latency.recorded(2)
    asked: dict[str, Any] = {"writes": True, "seed": 7, "number": 3}
    fields = ["create_item", "create_item"]
    assert one.of(fields, **asked) == one.of(fields, **asked) != other.of(fields, **asked)
    assert one.of(fields, **asked) != one.of(fields, **{**asked, "number": 4})
    first, second = one.of(fields, **asked)
    assert first != second
    assert Latency.recorded().of(fields, **asked) == Latency.recorded(7).of(fields, **asked)


def test_own_medians_go_before_the_recorded_ones() -> None:
    assert median(drawn("create_subitem", 2_000, medians={"create_subitem": 800.0})) == pytest.approx(800, rel=0.03)


def test_fields_of_a_document_take_their_time_one_after_the_other() -> None:
    client = simulated(latency=Latency.recorded())
    client.send(batch(20))
    assert 20 * 0.6 < client.simulator.clock.monotonic() < 20 * 1.1


# run out of


@pytest.mark.parametrize(
    ("times", "planned"),
    [
        ([], Schedule(timedelta(0), 0, is_over=False)),
        ([20, 20, 20], Schedule(timedelta(seconds=60), 3, is_over=False)),
        ([20, 20, 21], Schedule(timedelta(seconds=60), 2, is_over=True)),
        ([61, 1], Schedule(timedelta(seconds=60), 0, is_over=True)),
    ],
)
def test_what_is_done_when_the_time_is_over(times: list[int], planned: Schedule) -> None:
    assert schedule([timedelta(seconds=each) for each in times], timedelta(seconds=60)) == planned


def test_document_of_just_under_a_minute_is_answered() -> None:
    client = simulated(latency=Latency(per_mutation_ms=1_000))
    assert len(client.data(batch(60))) == 60
    assert client.simulator.clock.monotonic() == 60


def test_document_of_over_a_minute_is_given_up_with_what_fitted_applied() -> None:
    client = simulated(latency=Latency(per_mutation_ms=1_000))
    answer = client.send(batch(61))
    assert (answer.status, client.simulator.clock.monotonic()) == (503, 60)
    error = {"message": "Request processing timeout exceeded", "extensions": {"code": "TIMEOUT_EXCEEDED"}}
    assert answer.json() == {"errors": [error]}
    assert len(client.names()) == 60
    record = next(iter(client.simulator.wire_log))
    assert (record.status, record.applied, len(record.made)) == (503, True, 60)


def test_what_a_given_up_document_had_left_may_be_applied_late() -> None:
    faults = load_faults([{"kind": "rest_late", "nth": 1, "after_seconds": 30}])
    client = simulated(latency=Latency(per_mutation_ms=25_000), faults=faults)
    assert client.send(batch(3)).status == 503
    clock = client.simulator.clock
    assert (clock.monotonic(), len(client.names())) == (60, 2)
    clock.sleep(timedelta(seconds=29))
    assert len(client.names()) == 2
    clock.sleep(timedelta(seconds=1))
    assert len(client.names()) == 3
    records = [record for record in client.simulator.wire_log if record.fault == "rest_late"]
    assert [(record.late, len(record.made), record.applied) for record in records] == [
        (False, 2, True),
        (True, 1, True),
    ]
    assert len(client.data(batch(2))) == 2


def test_document_that_fits_has_no_rest() -> None:
    faults = load_faults([{"kind": "rest_late", "nth": 1, "after_seconds": 30}])
    client = simulated(latency=Latency(per_mutation_ms=20_000), faults=faults)
    assert client.send(batch(3)).status == 200
    client.simulator.clock.sleep(timedelta(seconds=31))
    assert len(client.names()) == 3


def test_read_of_over_a_minute_is_given_up() -> None:
    client = simulated(latency=Latency(per_request_ms=60_001))
    assert client.send("{ me { id } }").status == 503


def test_gateway_may_be_the_one_that_gives_up() -> None:
    client = simulated(latency=Latency(per_mutation_ms=61_000), limits=Limits(timeout_form="gateway"))
    answer = client.send(CREATE)
    assert (answer.status, answer.is_json) == (504, False)
    assert client.names() == []


def test_own_server_timeout() -> None:
    limits = Limits(server_timeout=timedelta(seconds=5))
    assert simulated(latency=Latency(per_mutation_ms=1_000), limits=limits).send(batch(5)).status == 200
    assert simulated(latency=Latency(per_mutation_ms=1_000), limits=limits).send(batch(6)).status == 503


def test_root_fields_in_fragments_count_too() -> None:
    client = simulated(latency=Latency(per_mutation_ms=40_000))
    document = f"mutation {{ a: {CREATE[10:-1]} ...F }} fragment F on Mutation {{ b: {CREATE[10:-1]} }}"
    assert client.send(document).status == 503
    assert client.names() == ["x"]


# held against others


def at_once(documents: list[str], **settings: Any) -> tuple[Client, list[Any]]:
    """One lane for each document; the answers."""
    clock = LaneClock()
    client = simulated(clock=clock, latency=Latency(per_mutation_ms=800), **settings)
    send = [lambda document=each: Client(client.simulator).send(document) for each in documents]
    return client, clock.run(send)


@pytest.mark.parametrize("locks", [False, True])
def test_write_to_a_board_under_way_is_refused_where_boards_are_locked(locks: bool) -> None:
    client, answers = at_once([CREATE, CREATE], limits=Limits(board_locks=locks))
    assert [each.status for each in answers] == ([200, 423] if locks else [200, 200])
    assert len(client.names()) == (1 if locks else 2)
    if locks:
        message = "Resource is currently locked, please try again later"
        assert answers[1].json()["errors"][0]["message"] == message
    assert client.send(CREATE).status == 200


def test_other_boards_and_reads_are_not_locked() -> None:
    limits = Limits(board_locks=True)
    client = simulated(limits=limits)
    parent = client.created("parent")
    subitem = f'mutation {{ create_subitem(parent_item_id: {parent}, item_name: "s") {{ id }} }}'
    change = (
        f'mutation {{ change_simple_column_value(board_id: {SIZES}, column_id: "text_mksize", item_id: 1) {{ id }} }}'
    )
    clock = LaneClock()
    again = simulated(clock=clock, latency=Latency(per_mutation_ms=800), limits=limits)
    assert again.created("parent") == parent
    documents = [CREATE, subitem, change, "{ me { id } }"]
    answers = clock.run([lambda document=each: Client(again.simulator).send(document) for each in documents])
    assert [each.status for each in answers] == [200, 200, 423, 200]


def test_board_of_an_item_is_locked_by_whatever_names_the_item() -> None:
    client = simulated(limits=Limits(board_locks=True), clock=(clock := LaneClock()), latency=Latency(10, 10))
    item = client.created("x")
    asked: list[tuple[str, dict[str, Any]]] = [
        ("mutation ($i: ID!) { archive_item(item_id: $i) { id } }", {"i": item}),
        (f"mutation {{ delete_item(item_id: {item}) {{ id }} }}", {}),
        (f'mutation {{ delete_item(item_id: "{item}") {{ id }} }}', {}),
    ]
    answers = clock.run([lambda each=each: Client(client.simulator).send(*each) for each in asked])
    assert [each.status for each in answers] == [200, 423, 423]


# at once


@pytest.mark.parametrize("plan", ["free", "pro", "enterprise"])
def test_requests_at_once(plan: str) -> None:
    most = Limits.of(plan).concurrency
    _, answers = at_once([CREATE] * most, limits=Limits.of(plan, complexity_per_minute=10**9))
    assert {each.status for each in answers} == {200}
    _, answers = at_once([CREATE] * (most + 1), limits=Limits.of(plan, complexity_per_minute=10**9))
    refused = [each for each in answers if each.status != 200]
    assert [(each.status, code_of(each.json())) for each in refused] == [(429, "MAX_CONCURRENCY_EXCEEDED")]
    assert refused[0].headers["Retry-After"] == "15"
    assert refused[0].json()["errors"][0]["message"] == "Too many concurrent requests"
    assert '"concurrency";r=0' in refused[0].headers["RateLimit"]


def test_key_of_a_running_request_conflicts() -> None:
    clock = LaneClock()
    client = simulated(clock=clock, latency=Latency(per_mutation_ms=800))
    send = [lambda: Client(client.simulator).send(CREATE, Idempotency_Key="k")] * 2
    first, second = clock.run(send)
    assert (first.status, second.status, second.headers["Retry-After"]) == (200, 409, "5")
    assert client.send(CREATE, Idempotency_Key="k").headers["Idempotency-Replayed"] == "true"
    assert client.names() == ["x"]


# one seed


def test_one_seed_fixes_ids_times_and_faults() -> None:
    def lines(seed: int) -> list[tuple[str | None, tuple[str, ...], int]]:
        faults = load_faults([{"kind": "error_500_after", "share": 0.5}])
        client = simulated(random_seed=seed, latency=Latency.recorded(), faults=faults)
        for _ in range(20):
            client.send(CREATE)
        return [(record.fault, record.made, record.took_ms) for record in client.simulator.wire_log]

    one, other = lines(1), lines(2)
    assert one == lines(1)
    for told, told_otherwise in zip(zip(*one, strict=True), zip(*other, strict=True), strict=True):
        assert told != told_otherwise
