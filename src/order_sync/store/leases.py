"""Who may work on a customer or a board: rows with a fence that rises at every acquisition."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, Select, Table, Update, bindparam, insert, select, update

from order_sync.clock import Clock
from order_sync.model.errors import LostLease, OrderSyncError, StoreBusy
from order_sync.model.ids import Fence
from order_sync.store.errors import StoreConflict, guarded
from order_sync.store.process import died, host_of, pid_of
from order_sync.store.transactions import Transaction

_ACQUIRE: Final = Transaction("lease.acquire")
_BEAT: Final = Transaction("lease.beat")
_RELEASE: Final = Transaction("lease.release")
_ATTEMPTS: Final = 5


@dataclass(frozen=True, slots=True)
class Lease:
    """What was acquired: every later write proves with `fence` that nobody has taken it over since."""

    resource: str
    fence: Fence
    owner: str


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody else's lease, as it stood when we asked. Times are aware UTC."""

    resource: str
    owner: str
    since: datetime | None
    heartbeat_at: datetime | None
    expires_at: datetime | None

    @property
    def host(self) -> str:
        """The machine that the holder runs on."""
        return host_of(self.owner)

    @property
    def pid(self) -> int | None:
        """The holder's process id on its host, where the owner tells one."""
        return pid_of(self.owner)

    def __str__(self) -> str:
        since = f" since {self.since:%Y-%m-%d %H:%M:%S} UTC" if self.since else ""
        beat = f", last heartbeat {self.heartbeat_at:%H:%M:%S} UTC" if self.heartbeat_at else ""
        holder = f"process {self.pid} on {self.host}" if self.pid is not None else self.owner
        return f"{self.resource} is held by {holder}{since}{beat}"


class Leases:
    """The leases of one process. `ttl`: how long one lives without a heartbeat; `beat`: time between two.

    A lease of our own counts as held too: two threads of one process exclude each other as two processes do.
    """

    def __init__(
        self, engine: Engine, table: Table, clock: Clock, *, ttl: timedelta, beat: timedelta, owner: str
    ) -> None:
        self._engine = engine
        self._table = table
        self._clock = clock
        self._ttl = ttl
        self._beat = beat
        self._owner = owner
        self._held: dict[str, Lease] = {}
        self._guard = threading.Lock()
        self._taking = threading.Lock()  # from the row to our own note of it no other thread may look
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def acquire(self, resource: str, *, patient: bool = False) -> Lease | Held:
        """Take what is free, expired, or held by a process of this host that is gone; else say who holds it.

        `patient`: wait up to one ttl for a holder that was silent for two beats, never for a beating one.
        """
        waited = timedelta(0)
        while True:
            found = self._acquire_once(resource)
            if isinstance(found, Lease):
                return found
            wait = min(self._worth_waiting(found), self._ttl - waited)
            if not patient or wait <= timedelta(0):
                return found
            self._clock.sleep(wait)
            waited += wait

    def acquire_all(self, resources: Iterable[str]) -> tuple[list[Lease], list[Held]]:
        """All that can be had, customers before boards, each by name: so no two runs wait in a circle."""
        leases: list[Lease] = []
        held: list[Held] = []
        for resource in sorted(set(resources), key=_order):
            found = self.acquire(resource)
            if isinstance(found, Lease):
                leases.append(found)
            else:
                held.append(found)
        return leases, held

    def check(self, conn: Connection, lease: Lease) -> None:
        """First thing in the caller's write transaction: LostLease where the fence has moved on."""
        with self._guard:
            known = self._held.get(lease.resource) == lease
        if not known or conn.execute(self._still_ours, _whose(lease)).first() is None:
            raise self._lost(conn, lease)

    def release(self, lease: Lease) -> None:
        """Give it back; the fence stays. A lease that is lost already is only forgotten."""
        self._forget(lease)
        free = self._mine(lease).values(owner=None, expires_at=self._clock.now())
        for attempt in range(_ATTEMPTS):
            try:
                with guarded(lease.resource), _RELEASE.on(self._engine) as conn:
                    conn.execute(free)
                return
            except StoreBusy:
                if attempt == _ATTEMPTS - 1:
                    raise

    def release_all(self) -> None:
        """Give back whatever is still held, as far as the database lets us; the rest expires by itself."""
        for lease in self.held():
            with suppress(OrderSyncError):
                self.release(lease)

    def held(self) -> Sequence[Lease]:
        """What this process holds as far as it knows."""
        with self._guard:
            return tuple(self._held.values())

    def beat_once(self) -> Sequence[Lease]:
        """Renew everything held; what has expired or was taken over is lost, and returned."""
        held = self.held()
        if not held:
            return ()
        with guarded(), _BEAT.on(self._engine) as conn:
            lost = [lease for lease in held if not self._renew(conn, lease)]
        for lease in lost:
            self._forget(lease)
        return lost

    def start(self) -> None:
        """Beat in a thread of its own, on a connection of its own, until `stop`."""
        if self._thread is None:
            self._stop.clear()
            self._thread = threading.Thread(target=self._beat_until_stopped, name="lease-heartbeat", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the thread and give everything back."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self.release_all()

    def __enter__(self) -> Leases:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _beat_until_stopped(self) -> None:
        while not self._stop.wait(self._beat.total_seconds()):
            try:
                self.beat_once()
            except OrderSyncError:
                # A busy database: the next beat comes well before the lease ends, and expiry is safe anyway.
                continue

    def _acquire_once(self, resource: str) -> Lease | Held:
        for attempt in range(_ATTEMPTS):
            try:
                with self._taking:
                    with guarded(resource), _ACQUIRE.on(self._engine) as conn:
                        found = self._take(conn, resource)
                    if isinstance(found, Lease):
                        with self._guard:
                            self._held[resource] = found
                return found
            except (StoreConflict, StoreBusy):
                # Where the server ignores the range lock two processes make the row at once: one was first. Of what
                # was busy or unanswered the row itself tells. No wait: a lane may hold a lock over this.
                if attempt == _ATTEMPTS - 1:
                    raise
        raise AssertionError("the loop returns or raises")

    def _take(self, conn: Connection, resource: str) -> Lease | Held:
        columns = self._table.c
        now = self._clock.now()
        query = select(self._table).where(columns.resource == resource)
        row = conn.execute(query.with_hint(self._table, "WITH (UPDLOCK, HOLDLOCK)", "mssql")).first()
        if row is not None and not self._free(row, now) and not self._unknown_to_us(row):
            return Held(resource, row.owner, row.acquired_at, row.heartbeat_at, row.expires_at)
        fence = Fence(1 if row is None else row.fence + 1)
        taken = {
            "owner": self._owner,
            "fence": fence,
            "acquired_at": now,
            "heartbeat_at": now,
            "expires_at": now + self._ttl,
        }
        if row is None:
            conn.execute(insert(self._table).values(resource=resource, **taken))
        else:
            same = (columns.resource == resource, columns.fence == row.fence)
            if conn.execute(update(self._table).where(*same).values(**taken)).rowcount != 1:
                raise StoreConflict("the lease was taken meanwhile", where=resource)
        return Lease(resource, fence, self._owner)

    def _free(self, row: Row[Any], now: datetime) -> bool:
        if row.owner is None or row.expires_at is None or row.expires_at <= now:
            return True
        return died(row.owner)

    def _unknown_to_us(self, row: Row[Any]) -> bool:
        """In our name, and we know nothing of it: taken, or given back, by a commit that was never acknowledged."""
        with self._guard:
            return row.owner == self._owner and row.resource not in self._held

    def _renew(self, conn: Connection, lease: Lease) -> bool:
        now = self._clock.now()
        alive = self._mine(lease).where(self._table.c.expires_at > now)
        renewed = conn.execute(alive.values(heartbeat_at=now, expires_at=now + self._ttl))
        return renewed.rowcount == 1

    def _forget(self, lease: Lease) -> None:
        with self._guard:
            if self._held.get(lease.resource) == lease:
                del self._held[lease.resource]

    def _mine(self, lease: Lease) -> Update:
        columns = self._table.c
        return update(self._table).where(
            columns.resource == lease.resource, columns.fence == lease.fence, columns.owner == lease.owner
        )

    @cached_property
    def _still_ours(self) -> Select[Any]:
        """Made once: every write transaction begins with it. Parameters: `_whose`."""
        columns = self._table.c
        query = select(columns.fence).where(
            columns.resource == bindparam("held"),
            columns.fence == bindparam("fence"),
            columns.owner == bindparam("owner"),
        )
        return query.with_hint(self._table, "WITH (UPDLOCK, HOLDLOCK)", "mssql")

    def _worth_waiting(self, held: Held) -> timedelta:
        now = self._clock.now()
        if held.heartbeat_at is None or held.expires_at is None or now - held.heartbeat_at < 2 * self._beat:
            return timedelta(0)
        return held.expires_at - now

    def _lost(self, conn: Connection, lease: Lease) -> LostLease:
        columns = self._table.c
        fence = conn.execute(select(columns.fence).where(columns.resource == lease.resource)).scalar()
        taken = fence is not None and fence > lease.fence
        return LostLease(
            "another process took over" if taken else "the lease ran out before it was renewed",
            where=f"{lease.resource}, fence {lease.fence}",
            next_step="nothing of this step was written; the next run goes on from what is recorded",
        )


def _whose(lease: Lease) -> dict[str, Any]:
    return {"held": lease.resource, "fence": lease.fence, "owner": lease.owner}


def _order(resource: str) -> tuple[bool, str]:
    return resource.startswith("board:"), resource
