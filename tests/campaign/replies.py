"""Broken replies: each becomes an outcome, none a crash, none a false success; and no question believes in absence."""

from __future__ import annotations

import random
import traceback
from collections.abc import Callable, Iterator
from typing import Any, Final

import httpx2

from order_sync.model.ids import GroupId, ItemId, RequestId
from order_sync.monday.board import Board, ReadRetries
from order_sync.monday.budget import Budget
from order_sync.monday.documents import (
    Call,
    GroupToCreate,
    ItemToCreate,
    SubitemToCreate,
    create_groups,
    create_items,
    create_subitems,
)
from tests.campaign import replies_runs
from tests.campaign.broken_replies import BrokenReply, Honest, draw
from tests.campaign.figures import Figures, Part, Violation
from tests.campaign.replies_judge import LONGEST_WAIT, verdict
from tests.campaign.replies_questions import ask_one
from tests.monday_fakes import BOARD, HandClock, transport

REPLIES: Final = 250  # of one unit
QUESTIONS: Final = 5  # one reply in so many is the answer to a question
_ONE_BUDGET: Final = 20  # replies after which the account starts afresh


class OneReply(httpx2.BaseTransport):
    """Gives each request the next of some replies; the last one again and again."""

    def __init__(self, *replies: BrokenReply) -> None:
        self.replies = list(replies)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        trace = request.extensions["trace"]
        trace("http11.send_request_headers.started", {})
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        return reply.response()


def replies(first: int) -> Iterator[Figures]:
    """For each seed from `first` on: `REPLIES` broken replies to single requests, then some in whole runs."""
    seed = first
    while True:
        figures = one_unit(seed)
        figures.add(replies_runs.one_unit(seed))
        yield figures
        seed += 1


def one_unit(seed: int, count: int = REPLIES) -> Figures:
    """Replies in the order of the seed. Some in a row meet one budget, so that what one leaves behind meets the next."""
    figures, chance = Figures(), random.Random(seed)
    clock = HandClock(0.5)
    budget = Budget(clock)
    for number in range(count):
        if number % _ONE_BUDGET == 0:
            budget = Budget(clock)
        judged = ask_one if number % QUESTIONS == 0 else _send_one
        again = (
            f"python -c 'from tests.campaign.replies import one_unit; print(one_unit({seed}, {number + 1}).violations)'"
        )
        _count(figures, chance, clock, budget, judged, again)
    return figures


Judged = Callable[[random.Random, HandClock, Budget, Figures], list[str]]


def _count(
    figures: Figures, chance: random.Random, clock: HandClock, budget: Budget, judged: Judged, again: str
) -> None:
    figures.runs += 1
    try:
        wrong = judged(chance, clock, budget, figures)
    except Exception as crash:  # noqa: BLE001 - any exception is what is looked for
        wrong = [f"{type(crash).__name__}: {str(crash)[:200]} at {_where(crash)}"]
    wrong += _waits(budget, clock)
    figures.violations += [Violation("each reply is an outcome", each, again) for each in wrong]


def _where(crash: BaseException) -> str:
    frame = traceback.extract_tb(crash.__traceback__)[-1]
    return f"{frame.filename.rpartition('/')[2]}:{frame.lineno}"


def _waits(budget: Budget, clock: HandClock) -> list[str]:
    """Whatever was said, the next call is made within a quarter of an hour, and time passes as it does in a run."""
    try:
        wait = budget.wait_for(750_025, "create_items")
    except Exception as crash:  # noqa: BLE001 - any exception is what is looked for
        return [f"the budget breaks: {type(crash).__name__} {str(crash)[:100]} at {_where(crash)}"]
    budget.unanswered(operation="create_items", cost=750_025, sent=False)
    clock.pass_(min(wait, LONGEST_WAIT).total_seconds())
    return [f"the next call waits {wait}"] if wait > LONGEST_WAIT else []


def _send_one(chance: random.Random, clock: HandClock, budget: Budget, figures: Figures) -> list[str]:
    call = _call(chance)
    return send(call, draw(chance, honest_answer(chance, call)), clock, budget, figures)


def send(call: Call, reply: BrokenReply, clock: HandClock, budget: Budget, figures: Figures) -> list[str]:
    """One attempt that gets this reply. Returns what was made of it wrongly."""
    board = Board(transport(OneReply(reply), clock), budget, clock, BOARD, ReadRetries(attempts=3))
    budget.wait_for(call.cost, call.operation)
    began = clock.seconds
    delivery = board.deliver(call, RequestId("request"), clock.seconds + 10)
    figures.faults[reply.kind] += 1
    figures.outcomes.update(type(outcome).__name__ for outcome in delivery.outcomes.values())
    wrong = verdict(call, reply, delivery)
    if clock.seconds != began:
        wrong.append("the one attempt waited")
    return [f"{reply.kind}, HTTP {reply.status}: {each}" for each in wrong]


def _call(chance: random.Random) -> Call:
    count = chance.choice((1, 1, 2, 3, 5, 12, 25))
    match chance.choice(("items", "items", "sizes", "groups")):
        case "items":
            return create_items(
                [ItemToCreate(at + 7, BOARD, GroupId("g"), f"item {at}", "{}", False) for at in range(count)]
            )
        case "sizes":
            return create_subitems(
                BOARD, [SubitemToCreate(at + 7, ItemId(5 + at), f"size {at}", "{}", True) for at in range(count)]
            )
        case _:
            return create_groups([GroupToCreate(at, BOARD, f"group {at}") for at in range(count)])


def honest_answer(chance: random.Random, call: Call) -> Honest:
    """What the server would have said to this call, and to the one before."""
    first = chance.choice((1, 1_001, 10**9, 2**63 - 100))
    aliases = tuple(str(alias) for alias, _ in call.refs)
    others = tuple(f"r{at}" for at in range(chance.choice((len(aliases) + 1, 26))))
    answer = _made(aliases, first, groups=call.operation == "create_groups")
    return Honest(answer, _made(others, first + 50, groups=False), aliases)


def _made(aliases: tuple[str, ...], first: int, *, groups: bool) -> dict[str, Any]:
    data: dict[str, Any] = {
        alias: {"id": f"group_{first + at}" if groups else str(first + at)} for at, alias in enumerate(aliases)
    }
    data["complexity"] = {"query": 30_001, "before": 5_000_000, "after": 4_969_999, "reset_in_x_seconds": 30}
    return {"data": data, "extensions": {"request_id": "b6f4-11"}}


PART: Final = Part(
    "replies",
    "each broken reply is an outcome: no crash, no false success, no absence that was not proven, no endless wait",
    72,
    replies,
)
