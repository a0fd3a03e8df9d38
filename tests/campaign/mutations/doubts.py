"""Mutants of what is believed after a lost answer: the quarantine, its proofs, and the look-ups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any, Final
from unittest.mock import patch

from sqlalchemy import update

from monday_simulator.gateway.faults import Kind as ServiceFault
from monday_simulator.gateway.faults import Rule
from order_sync import batch
from order_sync.drill.scenarios import NEW
from order_sync.drill.strikes import Kind, Strike
from order_sync.drill.trial import Beginning
from order_sync.model.errors import BoardUnavailable
from order_sync.model.states import RowStatus
from order_sync.monday.board import Board
from order_sync.settings import Times
from order_sync.steps import groups, look_up, settle
from order_sync.steps.quiet import QuietBoard
from order_sync.store.base import one_of
from order_sync.store.ledger import claims, doubts
from tests.campaign.mutations.faults import blind, late, late_group, lost, unreadable, very_late
from tests.campaign.mutations.mutant import Case, Mutant, Search, both, instead, replaced, wherever
from tests.campaign.mutations.scenes import HALF_RESTORED, HANDOVER, LATER, RESTORED

_LATE: Final = wherever(NEW, faults=(late,))
_FOUND_ALREADY: Final = wherever(RESTORED)


def _waits(*parts: str) -> property:
    """A quarantine of these parts alone."""
    return property(lambda times: timedelta(seconds=sum(getattr(times, part) for part in parts) * times.scale))


def _one_tick_less(sound: Any) -> property:
    return property(lambda times: sound.fget(times) - timedelta(seconds=1))


def _at_the_bound(chance: Random, beginning: Beginning) -> Case:
    """The wall clock jumps, so that a lease that lives seems to be over; its holder sends at the last moment of its
    deadline, and the server applies it at the last moment that it may."""
    intents = [at for worker, at, place in beginning.passages if not worker and place == "db:send.intent:after"]
    at = intents[0]
    strikes = (
        Strike(0, at, Kind.JUMP, seconds=70.0),
        Strike(0, at + 1, Kind.PAUSE, seconds=chance.uniform(9.9, 9.99)),
    )
    rule = Rule(ServiceFault.LATE_APPLY, on="create_item", nth=1, after_seconds=round(chance.uniform(119.9, 119.99), 3))
    return Case(strikes, (rule,))


def _once_is_enough(_note: Any) -> Any:
    def noting(conn: Any, rows: Any, ids: Sequence[Any]) -> None:
        mine = (one_of(conn, rows.key, ids), rows.table.c.stg_status == RowStatus.IN_DOUBT)
        conn.execute(update(rows.table).where(*mine).values(stg_status=RowStatus.PENDING))

    return noting


def _nothing_where_unknown(sound: Any) -> Any:
    def finding(*args: Any, **options: Any) -> Any:
        try:
            return sound(*args, **options)
        except BoardUnavailable:
            return {}

    return finding


def _never_doubted(find: Any) -> Any:
    def finding(*args: Any, **options: Any) -> Any:
        looked = find(*args, **options)
        return type(looked)(looked.found, control_ok=True)

    return finding


def _by_the_wall(_age: Any) -> Any:
    def age(self: QuietBoard, request: Any) -> timedelta:
        with self._lock:
            now = self._clock.now().timestamp()
            since: dict[Any, float] = self.__dict__.setdefault("_since_wall", {})
            return timedelta(seconds=now - since.setdefault(request, now))

    return age


def _without_identities(settle_rows: Any) -> Any:
    def settling(*args: Any) -> None:
        with patch.object(claims, "_learn_items", lambda *_: None):
            settle_rows(*args)

    return settling


MUTANTS: Final = (
    Mutant(
        "quarantine one tick short",
        "An absence is believed one second before the last moment at which the item may appear.",
        replaced(Times, "quarantine", _one_tick_less),
        Search((HANDOVER,), _at_the_bound),
        ("I1", "twice"),
        {"visibility": 0.0, "quarantine_margin": 0.0, "second_proof": 0.0, "early_polls": ()},
    ),
    Mutant(
        "quarantine without the server's time",
        "The quarantine forgets how long the server may take to apply a request.",
        instead(Times, "quarantine", _waits("send_deadline", "visibility")),
        wherever(NEW, faults=(very_late,)),
        ("I1", "twice"),
    ),
    Mutant(
        "no quarantine",
        "The first look after a lost answer is believed, whatever it finds.",
        instead(Times, "quarantine", _waits()),
        _LATE,
        ("I1", "twice"),
    ),
    Mutant(
        "quarantine on the wall clock",
        "The quarantine is over when the wall clock says so, though somebody set it.",
        replaced(QuietBoard, "age", _by_the_wall),
        wherever(NEW, at=r"^api:read", kinds=(Kind.JUMP,), most=4, seconds=(300.0, 3600.0), faults=(late,)),
        ("I1", "twice"),
    ),
    Mutant(
        "one proof of absence",
        "A row that was not found once is sent again.",
        replaced(settle, "note_absent_once", _once_is_enough),
        wherever(LATER, faults=(lost,), lag=225.0),
        ("I1", "twice", "recovery"),
    ),
    Mutant(
        "failed look-up taken for absent",
        "A question about a key that cannot be answered counts as one that found nothing.",
        both(
            replaced(look_up, "find_keys", _nothing_where_unknown),
            replaced(settle, "find_keys", _nothing_where_unknown),
            replaced(settle, "scan_for", _nothing_where_unknown),
        ),
        wherever(RESTORED, NEW, faults=(lost, unreadable)),
        ("I1", "twice"),
    ),
    Mutant(
        "no positive control",
        "A look-up is believed although it does not find the item that is certainly there.",
        replaced(Board, "find_by_key", _never_doubted),
        wherever(RESTORED, faults=(blind,)),
        ("I1", "twice"),
    ),
    Mutant(
        "no look before create",
        "An order is created without asking whether the board has it.",
        instead(look_up, "find_keys", lambda *_args, **_options: {}),
        _FOUND_ALREADY,
        ("I1", "twice"),
    ),
    Mutant(
        "sizes not looked for",
        "A batch that an earlier run began goes on without looking at the board for its sizes.",
        instead(batch, "look_again", lambda *_: None),
        wherever(HALF_RESTORED),
        ("I1", "twice"),
    ),
    Mutant(
        "adopted without its sizes",
        "An order that was found on the board is adopted, the sizes below it are not.",
        replaced(
            look_up,
            "sizes_on_board",
            lambda sound: lambda *args, **options: look_up.SizesOnBoard(sound(*args, **options).staged, {}),
        ),
        _FOUND_ALREADY,
        ("I1", "twice"),
    ),
    Mutant(
        "identity not written at adoption",
        "What was found on the board is not noted as the item of its key.",
        replaced(doubts, "settle_rows", _without_identities),
        wherever(NEW, RESTORED, faults=(lost,)),
        ("I2", "I6", "recovery"),
    ),
    Mutant(
        "group in doubt taken for absent",
        "A group whose answer was lost is made again as soon as it is not seen.",
        instead(groups, "_proofs", lambda *_: groups._ENOUGH),
        wherever(NEW, faults=(late_group,)),
        ("I1", "twice"),
    ),
)
