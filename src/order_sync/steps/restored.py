"""The snapshot file beside the table: it tells when the database was restored from an older backup."""

from __future__ import annotations

from order_sync.model.errors import RestoredDatabase, SnapshotNotWritten
from order_sync.snapshot import Standing, read_snapshot_file, standing, write_snapshot_file
from order_sync.steps.durably import durably
from order_sync.steps.job import Job
from order_sync.store.ledger.snapshots import raise_generation, read_snapshot, read_state
from order_sync.store.transactions import Transaction

_ACCEPT = Transaction("restored.accept")


def check_snapshot_file(job: Job) -> None:
    """RestoredDatabase when the file is newer than the table; a missing, damaged or older one is rebuilt at the end."""
    path = job.settings.path(job.settings.snapshot)
    if standing(read_snapshot_file(path), _generation(job)) is Standing.NEWER:
        raise RestoredDatabase(
            "the snapshot file is newer than the database: the database was restored from an older backup",
            where=str(path),
            next_step="run `order-sync snapshot rebuild`: it reads the whole board before anything is written again",
        )


def export_snapshot_file(job: Job) -> None:
    """Bring the file up to the table's generation. SnapshotNotWritten where the system does not let us."""
    path = job.settings.path(job.settings.snapshot)
    generation = _generation(job)
    if standing(read_snapshot_file(path), generation) is Standing.REBUILD and generation:
        with job.store.reading() as conn:
            frame = read_snapshot(conn, job.store.tables)
        try:
            write_snapshot_file(path, frame, generation)
        except OSError as error:
            raise SnapshotNotWritten(
                f"the snapshot file cannot be written: {error.strerror or error}",
                where=str(path),
                next_step="nothing is lost, the database holds it all; make room there, then run again",
            ) from error
        job.events.emit("snapshot.exported", generation=generation, rows=frame.height)


def accept_restore(job: Job) -> int:
    """After a restore: read the whole board, so that every key on it will be adopted by look-up and none made again;
    then lift the table's generation above the file's. Returns how many keyed items the board holds."""
    path = job.settings.path(job.settings.snapshot)
    file = read_snapshot_file(path)
    keyed = sum(len(items) for items in job.view.scan().values())
    above = max(_generation(job), file.generation if file else 0) + 1
    durably(job, _ACCEPT, (), lambda conn: raise_generation(conn, job.store.tables, above, job.clock.now()))
    export_snapshot_file(job)
    return keyed


def _generation(job: Job) -> int:
    with job.store.reading() as conn:
        state = read_state(conn, job.store.tables)
    return 0 if state is None else state.generation
