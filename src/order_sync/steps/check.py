"""Mapping, database and live board compared: every difference at once, as far as each can be reached."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from order_sync.model.errors import OrderSyncError, TokenMissing
from order_sync.model.ids import BoardId
from order_sync.model.mapping import Customers
from order_sync.model.mapping_file import MappingFile, source_problems
from order_sync.model.rows import SourceRows
from order_sync.monday.board import Board
from order_sync.reports.findings import Area, CheckReport, Finding, Level, error, fine, warning
from order_sync.source import Source
from order_sync.steps.check_board import Needed, check_account, check_board
from order_sync.steps.check_source import check_columns, check_rows, counted, needed_labels
from order_sync.steps.check_tables import check_tables
from order_sync.steps.durably import durably
from order_sync.steps.job import Job
from order_sync.store import deploy
from order_sync.store.engine import Engines
from order_sync.store.errors import guarded
from order_sync.store.ledger.boards import ACCEPTED, board_decision, decide
from order_sync.store.tables import Tables
from order_sync.store.transactions import Transaction

_ACCEPT_FOREIGN = Transaction("check.accept_foreign")


@dataclass(frozen=True)
class Ground:
    """What could be opened to be compared; an error stands for what could not."""

    file: MappingFile
    customers: Customers
    source: Source | OrderSyncError
    database: tuple[Engines, Tables] | OrderSyncError
    board: Board | OrderSyncError


@dataclass
class _Check:
    findings: list[Finding] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)

    def add(self, area: Area, look: Callable[[], Iterator[Finding] | Sequence[Finding]]) -> None:
        """Whatever stops one part is a finding itself; the other parts go on."""
        try:
            self.findings += look()
        except OrderSyncError as problem:
            self.findings.append(finding_of(area, problem))


def check(ground: Ground) -> CheckReport:
    """Writes nothing. Questions to the board: the user, the board, its subitem board."""
    file = ground.file
    done = _Check()
    columns = counted(len(file.mapping.columns), "column")
    customers = counted(len(ground.customers.customers), "customer")
    done.findings.append(fine(Area.MAPPING, f"the files are in order: {columns}, {customers}", file.file))
    needed = _source(done, ground)
    _tables(done, ground)
    _board(done, ground, needed)
    return CheckReport(tuple(done.findings), tuple(done.unchecked))


def finding_of(area: Area, problem: OrderSyncError) -> Finding:
    """An error as a finding."""
    return error(area, problem.what, problem.where or "", problem.next_step or "")


def _source(done: _Check, ground: Ground) -> Needed:
    source = ground.source
    if isinstance(source, OrderSyncError):
        done.findings.append(finding_of(Area.SOURCE, source))
        done.unchecked.append("the source's columns, keys and customers: the table could not be opened")
        return {}
    done.add(Area.SOURCE, lambda: list(check_columns(ground.file, source)))
    if source_problems(ground.file, [column.name for column in source.columns]):
        done.unchecked.append("keys, customers and labels: the source's columns are not as the mapping says")
        return {}
    read: list[SourceRows] = []

    def rows() -> Iterator[Finding]:
        read.append(source.read())
        return check_rows(ground.file, ground.customers, read[0])

    done.add(Area.SOURCE, rows)
    if not read:
        done.unchecked.append("keys, customers and labels: the source could not be read")
        return {}
    return needed_labels(ground.file.mapping, ground.customers, read[0], source.size_columns())


def _tables(done: _Check, ground: Ground) -> None:
    if isinstance(ground.database, OrderSyncError):
        done.findings.append(finding_of(Area.TABLES, ground.database))
        done.unchecked.append("our tables: the database could not be opened")
        return
    engines, tables = ground.database
    done.add(Area.TABLES, lambda: list(check_tables(engines, tables)))


def _board(done: _Check, ground: Ground, needed: Needed) -> None:
    board = ground.board
    if isinstance(board, OrderSyncError):
        _unopened_board(done, board)
        return
    before = len(done.findings)
    done.add(Area.BOARD, lambda: [check_account(board.me())])
    if done.findings[before].level is not Level.OK:
        done.unchecked.append("the live board: it could not be asked")
        return
    done.add(Area.BOARD, lambda: _live_board(ground, board, needed))


def _unopened_board(done: _Check, problem: OrderSyncError) -> None:
    """No token yet is how a project begins; a token or an address that cannot be used is a mistake."""
    if isinstance(problem, TokenMissing):
        done.findings.append(warning(Area.BOARD, problem.what, problem.where or "", problem.next_step or ""))
        done.unchecked.append("the live board: there is no way to ask it without a token")
    else:
        done.findings.append(finding_of(Area.BOARD, problem))
        done.unchecked.append("the live board: it could not be asked")


def _live_board(ground: Ground, board: Board, needed: Needed) -> list[Finding]:
    live = board.describe()
    found = list(check_board(ground.file, live, needed))
    if isinstance(ground.database, OrderSyncError) or not live.items_count:
        return found
    engines, tables = ground.database
    if deploy.missing(engines, tables):
        return found
    with guarded(engines.name), engines.read.begin() as conn:
        decided = board_decision(conn, tables, BoardId(ground.file.mapping.board.id))
    if decided is None:
        what = (
            f"the board holds {counted(live.items_count, 'item')}, and nobody has said yet whether they are our orders"
        )
        fix = "the first run refuses if they lack our key; are they none of ours: check --accept-foreign-items"
        found.append(warning(Area.BOARD, what, f"board {live.id}", fix))
    return found


def accept_foreign(job: Job, by: str) -> int:
    """Remember that the items without our key are none of these orders. Returns how many there are."""
    job.view.scan()
    foreign = len(job.view.foreign)
    durably(
        job,
        _ACCEPT_FOREIGN,
        (),
        lambda conn: decide(conn, job.store.tables, job.board_id, ACCEPTED, foreign, by, job.clock.now()),
    )
    return foreign
