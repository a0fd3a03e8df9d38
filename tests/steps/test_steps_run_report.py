"""What a run reports about itself when it ends early: its batches as they stand, whoever could not finish them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future

import pytest
from tests.small_board import SmallBoard, applied, halting
from tests.small_world import World, order

from order_sync.model.errors import UsageError
from order_sync.model.outcomes import ErrorClass, Halt
from order_sync.monday.documents import Call
from order_sync.monday.errors import Delivery
from order_sync.run import _collect, exit_code
from order_sync.steps.select import Selection
from order_sync.store.leases import Lease

MakeWorld = Callable[..., World]

NOVA, SALT = "NOVA PEAK", "SALT ROAD"


def batches(world: World) -> list[str]:
    return [str(key) for (key,) in world.rows("SELECT batch_id FROM MON_BatchProcessing ORDER BY start_time")]


def test_the_batch_of_an_interrupted_customer_is_among_those_of_the_run(world: World) -> None:
    def steal(board: SmallBoard, call: Call) -> Delivery:
        world.change("UPDATE MON_Lease SET fence = fence + 1, owner = 'other' WHERE resource LIKE 'customer:%'")
        return applied(board, call)

    world.board.answers.extend([applied, steal])
    report = world.run()
    assert report.works == []
    assert [each.hex for each in report.batches] == batches(world)
    assert [(each.customer, each.why.what) for each in report.interrupted] == [(NOVA, "another process took over")]
    assert report.not_begun == 0
    assert exit_code(report) == 1


def test_a_lease_that_ran_out_is_told_from_one_that_was_taken(world: World) -> None:
    def expire(board: SmallBoard, call: Call) -> Delivery:
        world.change("UPDATE MON_Lease SET owner = NULL WHERE resource LIKE 'customer:%'")
        return applied(board, call)

    world.board.answers.extend([applied, expire])
    (interrupted,) = world.run().interrupted
    assert interrupted.why.what == "the lease ran out before it was renewed"


def test_after_a_halt_the_batches_that_it_left_behind_are_counted(world: World) -> None:
    world.board.answers.extend([halting(Halt.BOARD_FULL, ErrorClass.BOARD_FULL)])
    report = world.run()
    assert report.halted is not None
    assert report.works == []
    assert [each.hex for each in report.batches] == batches(world)
    again = world.run()
    assert (again.halted, again.not_begun, again.batches) == (None, 0, report.batches)


def test_planned_orders_that_an_early_end_left_out_are_counted(make_world: MakeWorld) -> None:
    world = make_world(order("A-1"), order("B-1", BRAND=SALT), order("B-2", BRAND=SALT))
    with world.job() as other:
        assert isinstance(other.store.leases.acquire(f"customer:{SALT}"), Lease)
        report = world.run()
    assert (len(report.skipped), report.not_begun) == (1, 2)
    assert world.run().not_begun == 0


def test_only_errors_of_the_selected_customers_count(make_world: MakeWorld) -> None:
    world = make_world(order("A-1"), order("B-1", BRAND=SALT), order("", BRAND=SALT))
    one = world.run(Selection(customers=frozenset({NOVA.lower()})))
    assert (one.customers, one.open_errors, exit_code(one)) == (frozenset({NOVA}), 0, 0)
    other = world.run(Selection(customers=frozenset({SALT})))
    assert (other.open_errors, exit_code(other)) == (1, 1)
    assert world.run().open_errors == 1


def test_only_names_that_count_are_suggested(make_world: MakeWorld) -> None:
    world = make_world(order("A-1", BRAND="NOVA PEEK"))
    with pytest.raises(UsageError, match="there is no customer 'NOVA PEE'") as refusal:
        world.run(Selection(customers=frozenset({"NOVA PEE"})))
    assert refusal.value.next_step == "did you mean NOVA PEAK?"


def test_an_option_that_no_source_row_matches_is_told(world: World) -> None:
    world.run()
    known = Selection(po=frozenset({" po-a-1"}), season=frozenset({"ss26"}))
    assert world.run(known).unmatched == ()
    typed = Selection(po=frozenset({"PO-A-1", "1"}), season=frozenset({"NOPE"}))
    assert world.run(typed).unmatched == ("--po 1", "--season NOPE")


def test_sizes_that_were_on_the_board_already_are_told(world: World) -> None:
    world.run()
    sizes = sum(len(item.subitems) for item in world.board.items)
    world.wipe()
    world.seen.clear()
    world.run()
    assert [fields["count"] for fields in world.events("subitem.adopted")] == [sizes]


def test_results_are_taken_in_the_order_of_their_beginning(world: World) -> None:
    """Whichever ended first: a run that is done again takes up its batches in the same order."""
    ended = [Future[int]() for _ in range(12)]
    for number, future in enumerate(ended):
        future.set_result(number)
    taken: list[int] = []
    report = world.run()
    with world.job() as job:
        _collect(job, report, dict.fromkeys(ended, "somebody"), taken.append)
    assert taken == list(range(12))
