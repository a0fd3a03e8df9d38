"""`order-sync demo`: some hundred orders travel to a simulated board that misbehaves, and the result is proved."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select

from order_sync.cli.demo_ending import Figures, tell_ending, wait_for_interrupt
from order_sync.cli.demo_folder import (
    CUSTOMERS,
    ROWS,
    SEED,
    TOKEN,
    DemoFolder,
    clear,
    edited_rows,
    fill,
    find_folder,
    make_folder,
)
from order_sync.cli.demo_prove import prove
from order_sync.cli.demo_server import FAULTS, BoardServer, answers, serving, wire_records
from order_sync.cli.demo_story import BAD, GOOD, WAIT, Story
from order_sync.cli.exits import ExitCode, code_of
from order_sync.cli.session import Session, session_of
from order_sync.cli.terminal import duration, plural
from order_sync.demo_data import read_expected
from order_sync.events import Events
from order_sync.model.detection import Change
from order_sync.model.errors import UsageError
from order_sync.model.ids import BatchId
from order_sync.model.states import RowStatus
from order_sync.run import RunReport, run
from order_sync.settings import ENV_PREFIX
from order_sync.steps.detect import detect
from order_sync.steps.job import Job
from order_sync.steps.requeue import requeue
from order_sync.steps.select import Selection, prepare
from order_sync.store.deploy import deploy
from order_sync.wiring import Project, load_project, open_database, open_job, our_tables

EVERYTHING = Selection(everything=True)


def demo(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Option(help="Where everything is kept.")] = Path("demo"),
    fresh: Annotated[bool, typer.Option("--fresh", help="Delete what the folder holds and start anew.")] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the simulator running until Ctrl-C.")] = False,
    rows: Annotated[int | None, typer.Option(min=1, max=9_000, help=f"Source rows; {ROWS} in a new folder.")] = None,
    customers: Annotated[int | None, typer.Option(min=1, help=f"Customers; {CUSTOMERS} in a new folder.")] = None,
    seed: Annotated[int | None, typer.Option(help=f"Fixes what is generated; {SEED} in a new folder.")] = None,
    record: Annotated[Path | None, typer.Option(hidden=True, help="Draw the output into an SVG file.")] = None,
) -> None:
    """Send generated orders to a simulated board that misbehaves, and prove the result from outside.

    Everything is kept in one folder. Run it again: it goes on from there, and finds nothing to send.
    """
    session = session_of(ctx)
    story = Story(session.terminal.out, recording=record is not None)
    with _without_our_variables():
        story.title("Order Sync demo", str(folder))
        place = _folder(folder, fresh, rows, customers, seed)
        code = _play(story, session, place, keep)
    if record is not None:
        story.draw(record, "order-sync demo")
    raise typer.Exit(code)


@contextmanager
def _without_our_variables() -> Iterator[None]:
    """Somebody's ORDER_SYNC_DATABASE__URL must not send the demo to a real database, nor their token anywhere."""
    taken = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith(ENV_PREFIX)}
    try:
        yield
    finally:
        os.environ.update(taken)


def _folder(path: Path, fresh: bool, rows: int | None, customers: int | None, seed: int | None) -> DemoFolder:
    found = find_folder(path)
    if found is not None and (fresh or not found.ready):
        if answers(found.port):
            raise UsageError(
                "a simulator still serves this folder", where=found.address, next_step="end it, then run this again"
            )
        clear(found)
        found = None
    if found is None:
        return make_folder(path, rows or ROWS, customers or CUSTOMERS, SEED if seed is None else seed)
    asked = (rows or found.rows, customers or found.customers, found.seed if seed is None else seed)
    if asked != (found.rows, found.customers, found.seed):
        raise UsageError(
            f"the folder holds {found.rows} rows of {found.customers} customers, made from seed {found.seed}",
            where=str(path),
            next_step="leave --rows, --customers and --seed out, or start anew with --fresh",
        )
    return found


def _play(story: Story, session: Session, place: DemoFolder, keep: bool) -> ExitCode:
    first = not place.board.exists()
    place = _source(story, place)
    with serving(place, faults=first) as server:
        place = server.folder
        _board(story, server, first)
        project = load_project(place.settings)
        _check(story, session, project)
        before = len(wire_records(place.port))
        code = _run_all(story, session, project)
        if code is not ExitCode.DONE:
            return code
        calls = wire_records(place.port)[before:]
        edited = edited_rows(place, project)
        verdict = prove(story, place, project, edited)
        tell_ending(story, place, Figures(story.told, calls), verdict, keep=keep)
        if keep:
            wait_for_interrupt(story, place)
    return ExitCode.DONE if verdict.proved else ExitCode.ATTENTION


def _source(story: Story, place: DemoFolder) -> DemoFolder:
    project = load_project(place.settings)
    kept = place.ready
    if not kept:
        place = fill(place, project)
    dirty = sum(bool(each.dirt) for each in read_expected(place.expected))
    story.step(
        1,
        "Source",
        f"{plural(place.rows, 'row')} of {plural(place.customers, 'customer')} in ORDERS_UNIFIED, "
        f"{dirty} of them with something odd in them" + (", kept from last time" if kept else ""),
    )
    return place


def _board(story: Story, server: BoardServer, first: bool) -> None:
    where = f"a simulated monday.com at {server.folder.address}"
    if server.process is None:
        story.step(2, "Board", f"{where}, which was running already")
    elif first:
        story.step(2, "Board", f"{where}, empty; {len(FAULTS)} of its answers will go wrong")
    else:
        story.step(2, "Board", f"{where}, as it was left")


def _check(story: Story, session: Session, project: Project) -> None:
    engines = open_database(project.settings)
    try:
        made = deploy(engines, our_tables(project, engines))
    finally:
        engines.dispose()
    deployed = f"{plural(len(made), 'table and view', 'tables and views')} made" if made else "the tables are there"
    with _job(story, session, project) as job:
        described = job.view.describe()
    columns = len(project.mapping.sent_columns)
    story.step(3, "Check", f"{deployed}; {columns} columns of the mapping are on board {described.id}")


def _run_all(story: Story, session: Session, project: Project) -> ExitCode:
    with _job(story, session, project) as job:
        _plan(story, job)
        code = _run(story, job)
    if code is ExitCode.DONE and story.told["run.idle"] == 0:
        code = _retry(story, session, project)
    return code


def _plan(story: Story, job: Job) -> None:
    detection = detect(job)
    plan = prepare(job, detection, EVERYTHING)
    counted = f"{plural(plan.held, 'row')} held for a person, {detection.count(Change.CANCELLED)} cancelled ones counted"
    if plan.orders.is_empty():
        story.step(4, "Plan", f"nothing to send; {counted}")
        return
    story.step(
        4,
        "Plan",
        f"{plural(plan.orders.height, 'order')} and {plural(plan.sizes.height, 'size')} to send; {counted}",
    )


def _run(story: Story, job: Job) -> ExitCode:
    story.step(5, "Run", "intent first, then the call, then one outcome for each row")
    began = job.clock.monotonic()
    with story.bars(), ThreadPoolExecutor(max_workers=1) as executor:
        report = run(job, EVERYTHING, executor)
    code = _code(story, report)
    if code is ExitCode.DONE:
        took = duration(job.clock.monotonic() - began)
        promoted = story.told["batch.promoted"]
        story.line(GOOD, f"{plural(promoted, 'order')} promoted into the production tables" if promoted else "no change was sent", took)
    return code


def _code(story: Story, report: RunReport) -> ExitCode:
    if report.halted is not None:
        story.line(BAD, f"halted: {report.halted}")
        return code_of(report.halted)
    if report.stopped:
        story.line(WAIT, "stopped; what was done is recorded, and the same command goes on from here")
        return ExitCode.HALTED
    return ExitCode.DONE


def _retry(story: Story, session: Session, project: Project) -> ExitCode:
    """What a person does in the morning: `order-sync retry --all`, and a run."""
    with _job(story, session, project) as job:
        failed = _failed_batches(job)
        rows = requeue(job, failed, None) if failed else 0
        if not rows:
            return ExitCode.DONE
        story.say(f"A person has looked into it and says `order-sync retry --all`: {plural(rows, 'row')} due again.")
        return _run_again(story, job)


def _run_again(story: Story, job: Job) -> ExitCode:
    before = story.told["batch.promoted"]
    with ThreadPoolExecutor(max_workers=1) as executor:
        report = run(job, EVERYTHING, executor)
    story.line(GOOD, f"{plural(story.told['batch.promoted'] - before, 'order')} promoted")
    return _code(story, report)


def _failed_batches(job: Job) -> list[BatchId]:
    tables = job.store.tables
    with job.store.reading() as conn:
        found = {
            batch
            for table in (tables.staging, tables.staging_subitems)
            for batch in conn.scalars(
                select(table.c.stg_batch_id).where(table.c.stg_status == RowStatus.API_FAILED.value).distinct()
            )
        }
    return [BatchId(batch) for batch in sorted(found, key=str)]


@contextmanager
def _job(story: Story, session: Session, project: Project) -> Iterator[Job]:
    events: Events = session.events(story)
    with open_job(project, threading.Event(), events, token=TOKEN) as job:
        yield job
