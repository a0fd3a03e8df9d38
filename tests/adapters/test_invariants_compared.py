"""Invariants that take two looks: a good pair breaks none, a planted difference is told."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.harness import House, build_house

from monday_simulator.gateway.faults import Rule
from monday_simulator.gateway.faults.kinds import Kind
from order_sync.drill.board_contents import InProcess
from order_sync.drill.breaches import Breach
from order_sync.drill.comparisons import converged, files_below, idempotent_rerun, isolated, secrets
from order_sync.drill.evidence import Evidence, Scene, look
from order_sync.drill.invariants import INVARIANTS
from order_sync.model.keys import order_keys


def seen(house: House) -> Evidence:
    with house.job() as job:
        scene = Scene.of(job)
    return look(scene, InProcess(house.simulator, house.project.mapping), wire=house.simulator.wire_log)


def told(breaches: list[Breach]) -> list[int]:
    return [each.invariant.number for each in breaches]


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> House:
    house = build_house(tmp_path_factory.mktemp("clean"), rows=6, customers=1)
    house.run()
    return house


def test_run_after_faults_converges(clean: House, tmp_path: Path) -> None:
    faults = [Rule(Kind.LOST_AFTER, on="create_item", nth=1), Rule(Kind.ERROR_500_BEFORE, on="create_subitem", nth=1)]
    other = build_house(tmp_path, rows=6, customers=1, faults=faults)
    other.run()
    assert converged(seen(clean), seen(other)) == []


def test_other_outcome_does_not_converge(clean: House, tmp_path: Path) -> None:
    other = build_house(tmp_path, rows=6, customers=1, faults=[Rule(Kind.BAD_ALIAS, on="create_item", nth=1)])
    other.run()
    breaches = converged(seen(clean), seen(other))
    assert told(breaches) == [19]
    assert "missing" in str(breaches[0])


def test_second_run_changes_nothing(clean: House) -> None:
    before = seen(clean)
    clean.run()
    assert idempotent_rerun(before, seen(clean)) == []


def test_second_run_that_sends_is_told(tmp_path: Path) -> None:
    house = build_house(tmp_path, rows=6, customers=1)
    before = seen(house)
    house.run()
    (breach,) = idempotent_rerun(before, seen(house))
    assert breach.invariant.number == 18
    assert "requests asked for a change" in " ".join(breach.examples)


def test_faulty_row_leaves_the_others_alone(clean: House, tmp_path: Path) -> None:
    frame = clean.frame
    first = pl.int_range(pl.len()) == 0
    broken = frame.with_columns(pl.when(first).then(pl.lit("not a number")).otherwise("CUSTOMER PRICE").alias("CUSTOMER PRICE"),
                                pl.when(first).then(pl.lit(1)).otherwise("TOTAL QTY").alias("TOTAL QTY"))  # fmt: skip
    other = build_house(tmp_path, frame=broken)
    other.run()
    faulty = [str(order_keys(frame, clean.project.mapping.source.key)[0])]
    assert isolated(seen(clean), seen(other), faulty) == []
    assert told(isolated(seen(clean), seen(other), [])) == [17]


def test_token_is_nowhere_and_would_be_found(clean: House) -> None:
    outputs = files_below(clean.folder)
    assert {"orders.db", "ORDERS_UNIFIED_SNAPSHOT.parquet"} <= set(outputs)
    assert secrets(outputs, "token-of-the-house") == []
    assert told(secrets(outputs, "NORTHWEIR")) == [22]


def test_what_one_look_cannot_show_has_a_function_here() -> None:
    named = {each.compared for each in INVARIANTS if each.compared}
    assert named == {"isolated", "idempotent_rerun", "converged"}
    assert named <= set(globals())
    assert all(each.checks or each.compared for each in INVARIANTS)
