"""What is remembered over a restart beside the account: answers by key, what of the limits is used, and cursors."""

from __future__ import annotations

import msgspec

from monday_simulator.account.store import Store
from monday_simulator.api.cursors import ChainRecord, Cursors
from monday_simulator.gateway.idempotency import IdempotencyWindow, KeptAnswer
from monday_simulator.gateway.meter import Meter, Usage

ANSWER, USAGE, CHAIN = "answer", "usage", "chain"


class Memory:
    """Writes through the store, so that an answer and the change it tells of are in the file together or not at all.

    Not thread-safe: the simulator holds a lock.
    """

    def __init__(self, store: Store, meter: Meter, answers: IdempotencyWindow, cursors: Cursors) -> None:
        self._store = store
        self._meter = meter
        self._answers = answers
        self._cursors = cursors
        self._written = b""
        self._restore()

    def _restore(self) -> None:
        for body in self._store.notes(USAGE):
            self._meter.restore(msgspec.msgpack.decode(body, type=Usage))
        self._answers.restore(msgspec.msgpack.decode(body, type=KeptAnswer) for body in self._store.notes(ANSWER))
        self._cursors.restore(msgspec.msgpack.decode(body, type=ChainRecord) for body in self._store.notes(CHAIN))

    def commit(self) -> None:
        """Write down what changed since the last commit, of the account and of this."""
        if self._store.has_file:
            self._note()
        else:
            self._answers.changes()
            self._cursors.changes()
        self._store.commit()

    def _note(self) -> None:
        for kind, changes in ((ANSWER, self._answers.changes()), (CHAIN, self._cursors.changes())):
            for name, kept in changes.items():
                self._store.note(kind, name, None if kept is None else msgspec.msgpack.encode(kept))
        usage = msgspec.msgpack.encode(self._meter.usage())
        if usage != self._written:
            self._store.note(USAGE, USAGE, usage)
            self._written = usage
