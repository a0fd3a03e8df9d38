"""What every step works with: the opened house, handed along as one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from order_sync.clock import Clock
from order_sync.events import Events
from order_sync.model.backoff import backoff
from order_sync.model.errors import Halted
from order_sync.model.ids import BatchId, BoardId
from order_sync.model.mapping import Customers, Mapping
from order_sync.model.mapping_file import MappingFile
from order_sync.monday.board import Board
from order_sync.settings import Settings
from order_sync.source import Source
from order_sync.steps.board_breaker import BoardBreaker
from order_sync.steps.board_view import BoardView
from order_sync.steps.board_writers import BoardWriters
from order_sync.steps.daily_calls import DailyCalls
from order_sync.steps.quiet import QuietBoard
from order_sync.steps.server_time import ServerTime
from order_sync.store.base import Store
from order_sync.store.leases import Held, Lease


@dataclass(frozen=True)
class Job:
    """One run's tools. `stop` is set by the first Ctrl-C: the call in flight ends and is recorded, nothing follows."""

    mapping_file: MappingFile
    customers: Customers
    mapping_hash: str
    settings: Settings
    source: Source
    store: Store
    board: Board
    clock: Clock
    events: Events
    stop: threading.Event
    run_id: str
    view: BoardView
    quiet: QuietBoard
    writers: BoardWriters
    breaker: BoardBreaker
    server_time: ServerTime = field(default_factory=ServerTime)
    daily: DailyCalls = field(default_factory=DailyCalls)

    @property
    def mapping(self) -> Mapping:
        return self.mapping_file.mapping

    @property
    def board_id(self) -> BoardId:
        return BoardId(self.mapping.board.id)

    def backoff(self, tries: int) -> timedelta:
        """How long a row rests after this many failures, when the server named no time."""
        return backoff(tries, self.clock.random(), self.settings.times.scale)

    @contextmanager
    def board_lease(self) -> Iterator[Lease]:
        """The right to change the board, for one burst of requests; waits while another process has it."""

        def waiting(held: Held) -> None:
            self.events.emit("board.waited_for", holder=held.owner)

        with self.writers.lease(f"board:{self.board_id}", self._glance, waiting) as board:
            yield board

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Alone among our own lanes; to be taken after the board."""
        with self.writers.turn(f"board:{self.board_id}", self._glance):
            yield

    def wait_for_breaker(self) -> None:
        """While the board is left alone: wait, then put one question. Halted when that went on for too long."""
        while not (self.breaker.is_closed or self.stop.is_set()):
            if self.breaker.has_given_up:
                raise Halted(
                    f"monday.com failed again and again, {self.breaker.openings} times after a pause",
                    where=self.settings.monday.url,
                    next_step="check the network and monday.com's status page, then run again; nothing was lost",
                )
            wait = self.breaker.pause()
            if wait == timedelta(0):
                self.breaker.answered(self.board.reachable())
            elif wait is None:
                self.clock.sleep(self._glance)
            else:
                self.events.emit("breaker.waited_for", seconds=wait.total_seconds())
                self.clock.sleep(wait)

    @property
    def _glance(self) -> timedelta:
        return timedelta(seconds=0.2 * self.settings.times.scale)


@dataclass(frozen=True, slots=True)
class Work:
    """One customer's batch in hand: the lease that must still be ours in each of its transactions."""

    batch: BatchId
    customer: str
    lease: Lease
