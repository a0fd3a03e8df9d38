"""Mutants of what follows the board: promotion, the snapshot, errors, counters, the archive, the sweeper."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final
from unittest.mock import patch

from sqlalchemy import select, update

from order_sync import batch, run
from order_sync.drill.evidence import Scene
from order_sync.drill.scenarios import NEW
from order_sync.drill.world import World
from order_sync.model.states import RowStatus
from order_sync.steps import groups, promote, send, sweep_board
from order_sync.steps.sweep_board import Swept
from order_sync.store.ledger import batches, failures, promotion
from order_sync.store.ledger.calls import record_call
from tests.campaign.mutations.faults import lost, refused_item, refused_row, refused_size
from tests.campaign.mutations.mutant import Mutant, both, instead, replaced, wherever
from tests.campaign.mutations.scenes import CAPITALS, MOVING, SECOND_ITEM

_PROMOTING: Final = r"^db:(promote|sweep):"


def _afterwards(_world: World) -> AbstractContextManager[Any]:
    """Production gets its rows in a transaction of their own, once the marks are committed."""
    return _later("_insert_orders", "_insert_sizes")


@contextmanager
def _later(*names: str) -> Iterator[None]:
    sound = {name: getattr(promotion, name) for name in names}
    promoting, put_off = promote.promote, []

    def putting_off(name: str) -> Any:
        return lambda _conn, *rest: put_off.append((sound[name], rest))

    def promoted(job: Any, work: Any, digest: str) -> int:
        put_off.clear()
        count = promoting(job, work, digest)
        if put_off:
            with job.store.writing(promote._PROMOTE, work.lease) as conn:
                for write, rest in put_off:
                    write(conn, *rest)
        return count

    with (
        patch.multiple(promotion, **{name: putting_off(name) for name in names}),
        patch.object(batch, "promote", promoted),
    ):
        yield


def _incomplete(_complete: Any) -> Any:
    def orders(conn: Any, tables: Any, of: Any) -> Any:
        c = tables.staging.c
        query = select(c.stg_id).where(c.stg_batch_id == of, c.stg_status == RowStatus.API_SUCCESS)
        return list(conn.execute(query).scalars())

    return orders


def _of_the_source(world: World) -> AbstractContextManager[Any]:
    """The snapshot takes the fingerprint that the source has at this moment."""
    sound = promotion._move_snapshot
    scene: Scene = world._scene

    def moving(conn: Any, tables: Any, *rest: Any) -> None:
        sound(conn, tables, *rest)
        snapshot = tables.snapshot
        for each in scene.wanted():
            mine = snapshot.c.order_key == each.order_key
            conn.execute(update(snapshot).where(mine).values(source_hash=each.fingerprint))

    return patch.object(promotion, "_move_snapshot", moving)


def _failed_too(move: Any) -> Any:
    def moving(conn: Any, tables: Any, orders: Any, *rest: Any) -> None:
        failed = conn.execute(
            select(tables.staging.c.stg_id).where(tables.staging.c.stg_status == RowStatus.API_FAILED)
        )
        move(conn, tables, [*orders, *failed.scalars()], *rest)

    return moving


def _added_up(recount: Any) -> Any:
    """Every look at a batch adds what it sees to the counters."""

    def counting(conn: Any, tables: Any, of: Any) -> Any:
        table = tables.batches
        before = conn.execute(select(table.c.successful_records).where(table.c.batch_id == of)).scalar_one()
        counts = recount(conn, tables, of)
        more = table.c.successful_records + (before or 0)
        conn.execute(update(table).where(table.c.batch_id == of).values(successful_records=more))
        return counts

    return counting


def _orders_alone(copy: Any) -> Any:
    def copying(conn: Any, source: Any, *rest: Any) -> None:
        if "stg_subitem_id" not in source.c:
            copy(conn, source, *rest)

    return copying


def _without_payload(shared: Any) -> Any:
    return lambda row: {**shared(row), "api_payload": None}


def _everything_with_the_key(_second: Any) -> Any:
    def finding(job: Any, keys: Any) -> Any:
        found = []
        with job.store.reading() as conn:
            live = sweep_board.live_items(conn, job.store.tables, job.board_id, keys)
        for key, items in sweep_board.find_keys(job, sorted(live), anew=True).items():
            found += [(item.id, key) for item in items]
        return found

    return finding


def _intended(conn: Any, tables: Any, orphans: Any, intent: Any, now: Any) -> None:
    """Without asking what is recorded by now."""
    table = tables.orphans
    mine = table.c.orphan_id.in_([orphan.id for orphan in orphans])
    conn.execute(update(table).where(mine).values(resolution="ARCHIVING", archive_request_id=intent.request_id))
    record_call(conn, tables, intent, "orphan", {orphan.id: orphan.key for orphan in orphans}, now)


MUTANTS: Final = (
    Mutant(
        "production after the marks",
        "An order is marked as promoted first, and put into production in another transaction.",
        _afterwards,
        wherever(NEW, at=_PROMOTING),
        ("I2", "I15"),
    ),
    Mutant(
        "incomplete orders promoted",
        "An order goes into production although one of its sizes is not on the board.",
        replaced(promote, "complete_orders", _incomplete),
        wherever(NEW, faults=(refused_size,)),
        ("I6", "I12"),
    ),
    Mutant(
        "snapshot of the live source",
        "The snapshot takes what the source holds now for what was sent.",
        _of_the_source,
        wherever(MOVING),
        ("I5",),
    ),
    Mutant(
        "snapshot of failed orders",
        "Orders that failed count as done for the next comparison.",
        replaced(promotion, "_move_snapshot", _failed_too),
        wherever(NEW, faults=(refused_item,)),
        ("I5", "I19", "recovery"),
    ),
    Mutant(
        "counters counted up",
        "The counters of a batch are added to, not computed.",
        replaced(batches, "recount", _added_up),
        wherever(NEW, faults=(lost, refused_row)),
        ("I7",),
    ),
    Mutant(
        "archive without sizes",
        "What is promoted goes to the archive without its sizes.",
        replaced(promotion, "_copy", _orders_alone),
        wherever(NEW),
        ("I6", "I7", "I24"),
    ),
    Mutant(
        "failures not logged",
        "A row fails, and nothing tells why.",
        instead(send, "log_failures", lambda *_: None),
        wherever(NEW, faults=(refused_row,)),
        ("I14",),
    ),
    Mutant(
        "failures without what was sent",
        "The error table does not keep the payload.",
        replaced(failures, "_shared", _without_payload),
        wherever(NEW, faults=(refused_row,)),
        ("I14",),
    ),
    Mutant(
        "second items stay",
        "Nobody looks for items that came after all.",
        instead(run, "sweep_after_run", lambda _job: Swept()),
        wherever(SECOND_ITEM),
        ("I1",),
    ),
    Mutant(
        "sweeper that trusts the key",
        "Whatever carries the key is archived, the recorded item too.",
        both(
            replaced(sweep_board, "_second_items", _everything_with_the_key),
            instead(sweep_board, "settled", lambda _orphan, _known: None),
            instead(sweep_board, "intend_archive", _intended),
        ),
        wherever(SECOND_ITEM),
        ("I2", "I23"),
    ),
    Mutant(
        "groups by their exact title",
        "A group counts as another where a person wrote it in capitals.",
        instead(groups, "_by_title", lambda described: {each.title: each.id for each in described.groups}),
        wherever(CAPITALS),
        ("I1",),
    ),
)
