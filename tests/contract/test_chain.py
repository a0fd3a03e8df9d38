"""The record of calls and answers: whatever is altered in it is noticed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import Connection, Table, func, insert, select
from tests.contract.ledger_rows import NOW, Ledger

from order_sync.model.errors import StoreBusy
from order_sync.model.ids import ItemId, RequestId
from order_sync.model.outcomes import Created, ErrorClass, InDoubt, Problem
from order_sync.reports.chain import ChainReport, check_chain
from order_sync.store.engine import Engines, open_engines
from order_sync.store.errors import guarded
from order_sync.store.ledger.calls import Answer, record_answer
from order_sync.store.ledger.claims import intend
from order_sync.store.ledger.rows import item_rows
from order_sync.store.tables import Tables

ANSWER = Answer(200, "SomeCode", "their-id", False, 30, 41)
LOST = Answer(None, None, None, False, None, 75_000)
DOUBT = InDoubt(Problem(ErrorClass.AMBIGUOUS, "no answer came"))
REQUESTS = [RequestId(f"00000000-0000-4000-8000-{at:012}") for at in range(1, 4)]

RECORD = ("calls", "call_rows", "call_results", "call_bodies", "chain")
COLUMNS = {
    "calls": (
        "request_id", "batch_id", "board", "op", "body_sha256", "idem_key", "fence", "api_user_id", "created_at",
    ),
    "call_rows": ("request_id", "alias", "kind", "row_id", "sync_key"),
    "call_results": (
        "request_id", "seq", "http_status", "code", "monday_request_id", "replayed", "complexity", "ms", "ids", "class",
        "created_at",
    ),
    "call_bodies": ("sha256", "body"),
    "chain": ("board", "seq", "request_id", "answer", "content_sha256", "chain_sha256"),
}  # fmt: skip


@pytest.fixture
def recorded(engines: Engines, deployed: Tables) -> Tables:
    """Three calls with two rows each; one was answered twice, one not at all."""
    with guarded(), engines.write.begin() as conn:
        ledger = Ledger(conn, deployed)
        for at, request in enumerate(REQUESTS):
            rows = [ledger.order(f"{at}A"), ledger.order(f"{at}B")]
            intent = ledger.intent(*rows, request=request, body=f'{{"call": {at}}}'.encode())
            intend(conn, deployed, item_rows(deployed), ledger.staged(*rows), intent, NOW)
            if at == 0:
                record_answer(conn, deployed, request, LOST, dict.fromkeys(rows, DOUBT), NOW)
            if at < 2:
                made = {row: Created(ItemId(100 + row)) for row in rows}
                record_answer(conn, deployed, request, ANSWER, made, NOW)
    return deployed


def checked(engines: Engines, tables: Tables) -> ChainReport:
    with engines.read.begin() as conn:
        return check_chain(conn, tables)


@contextmanager
def tampering(engines: Engines) -> Iterator[Connection]:
    """As somebody who may write anything. Their tools for SQLite need not keep foreign keys or checks."""
    with engines.write.connect() as conn:
        if engines.dialect == "sqlite":
            driver: Any = conn.connection.driver_connection
            driver.execute("PRAGMA foreign_keys=OFF")
            driver.execute("PRAGMA ignore_check_constraints=ON")
        with conn.begin():
            yield conn


@pytest.fixture
def careless(engines: Engines) -> None:
    """Only for a database that lets itself be talked out of its constraints."""
    if engines.dialect != "sqlite":
        pytest.skip("SQL Server's own constraints refuse most of this")


def rows_of(engines: Engines, table: Table) -> list[int]:
    with engines.read.begin() as conn:
        return list(conn.exec_driver_sql(f'SELECT rowid FROM "{table.name}"').scalars())


def test_the_record_of_undisturbed_work_is_whole(engines: Engines, recorded: Tables) -> None:
    report = checked(engines, recorded)
    assert report.breaks == ()
    (head,) = report.heads
    with engines.read.begin() as conn:
        calls = conn.execute(select(func.count()).select_from(recorded.calls)).scalar_one()
        answers = conn.execute(select(func.count()).select_from(recorded.call_results)).scalar_one()
        last = select(recorded.chain.c.chain_sha256).order_by(recorded.chain.c.seq.desc()).limit(1)
        assert (head.entries, head.sha256) == (calls + answers, conn.execute(last).scalar_one())
    assert (calls, answers) == (3, 3)


def test_an_empty_record_is_whole(engines: Engines, deployed: Tables) -> None:
    assert checked(engines, deployed) == ChainReport((), ())


def test_the_columns_that_are_altered_below_are_all_there_are(deployed: Tables) -> None:
    for attribute in RECORD:
        assert tuple(getattr(deployed, attribute).c.keys()) == COLUMNS[attribute]


@pytest.mark.usefixtures("careless")
@pytest.mark.parametrize(("attribute", "column"), [(each, column) for each in RECORD for column in COLUMNS[each]])
def test_any_single_altered_cell_is_noticed(engines: Engines, recorded: Tables, attribute: str, column: str) -> None:
    table = getattr(recorded, attribute)
    rows = rows_of(engines, table)
    assert rows
    for row in rows:
        with tampering(engines) as conn:
            was = conn.exec_driver_sql(f'SELECT "{column}" FROM "{table.name}" WHERE rowid = ?', (row,)).scalar_one()
            for becomes in _other_values(was):
                conn.exec_driver_sql(f'UPDATE "{table.name}" SET "{column}" = ? WHERE rowid = ?', (becomes, row))
                assert check_chain(conn, recorded).breaks, (row, was, becomes)
            conn.exec_driver_sql(f'UPDATE "{table.name}" SET "{column}" = ? WHERE rowid = ?', (was, row))
    assert checked(engines, recorded).breaks == ()


def _other_values(was: Any) -> list[Any]:
    if isinstance(was, int):
        return [was + 1000, -1, "word"]
    other: list[Any] = ["nonsense", "7"] if was is None else [f"{was}0"]
    if isinstance(was, str):
        other += ["", was.swapcase() if was.swapcase() != was else was[:-1]]
    return other


@pytest.mark.usefixtures("careless")
@pytest.mark.parametrize("attribute", [each for each in RECORD if each != "call_bodies"])
def test_any_row_that_is_missing_is_noticed(engines: Engines, recorded: Tables, attribute: str) -> None:
    table = getattr(recorded, attribute)
    for row in rows_of(engines, table):
        with tampering(engines) as conn:
            whole = conn.exec_driver_sql(f'SELECT * FROM "{table.name}" WHERE rowid = ?', (row,)).one()
            conn.exec_driver_sql(f'DELETE FROM "{table.name}" WHERE rowid = ?', (row,))
            assert check_chain(conn, recorded).breaks, whole
            marks = ",".join("?" * len(whole))
            conn.exec_driver_sql(f'INSERT INTO "{table.name}" VALUES ({marks})', tuple(whole))
    assert checked(engines, recorded).breaks == ()


@pytest.mark.usefixtures("careless")
@pytest.mark.parametrize(
    ("attribute", "key"),
    [("calls", "request_id"), ("call_rows", "sync_key"), ("call_results", "ms"), ("call_bodies", "sha256"),
     ("chain", "seq"), ("chain", "content_sha256"), ("chain", "chain_sha256")],
)  # fmt: skip
def test_two_rows_that_were_swapped_are_noticed(engines: Engines, recorded: Tables, attribute: str, key: str) -> None:
    name = getattr(recorded, attribute).name
    with tampering(engines) as conn:
        if key == "created_at":
            conn.exec_driver_sql(f"UPDATE \"{name}\" SET created_at = '2020' WHERE rowid = 1")
        cells = conn.exec_driver_sql(f'SELECT rowid, "{key}" FROM "{name}" ORDER BY rowid').all()
        (one, its), (other, others) = next(
            (a, b) for a in cells for b in cells if a[1] != b[1] and None not in (a[1], b[1])
        )
        for row, becomes in ((one, _aside(its)), (other, its), (one, others)):
            conn.exec_driver_sql(f'UPDATE "{name}" SET "{key}" = ? WHERE rowid = ?', (becomes, row))
    assert checked(engines, recorded).breaks


def _aside(value: Any) -> Any:
    return -value - 1 if isinstance(value, int) else f"{value}-"


def test_the_first_broken_link_is_named(engines: Engines, recorded: Tables) -> None:
    with tampering(engines) as conn:
        conn.exec_driver_sql("DELETE FROM MON_ApiChain WHERE seq = 3")
    report = checked(engines, recorded)
    first = report.breaks[0]
    assert (first.seq, first.what) == (3, "entry 3 of the chain is missing; the next is 4")
    assert len([each for each in report.breaks if "missing" in each.what]) == 1


def test_an_altered_answer_is_named(engines: Engines, recorded: Tables) -> None:
    with tampering(engines) as conn:
        conn.exec_driver_sql(f"UPDATE MON_ApiCallResult SET ids = '{{}}' WHERE request_id = '{REQUESTS[1]}'")
    (found,) = checked(engines, recorded).breaks
    assert (found.request_id, found.what) == (REQUESTS[1], "the answer 1 was altered")


def test_a_row_that_was_put_in_is_noticed(engines: Engines, recorded: Tables) -> None:
    with tampering(engines) as conn:
        row = {"request_id": REQUESTS[2], "alias": "r7", "kind": "item", "row_id": 9, "sync_key": None}
        conn.execute(insert(recorded.call_rows), row)
    assert [each.what for each in checked(engines, recorded).breaks] == ["the call was altered"]


def test_a_record_whose_end_was_cut_off_is_noticed_while_rows_know_of_it(engines: Engines, recorded: Tables) -> None:
    last = REQUESTS[2]
    with tampering(engines) as conn:
        for name in ("MON_ApiChain", "MON_ApiCallRow", "MON_ApiCallResult", "MON_ApiCall"):
            conn.exec_driver_sql(f"DELETE FROM {name} WHERE request_id = '{last}'")
        conn.exec_driver_sql("DELETE FROM MON_ApiBody WHERE body LIKE '%2%'")
    (found,) = checked(engines, recorded).breaks
    assert found.request_id == last
    assert "not recorded" in found.what


def test_a_purged_body_breaks_nothing(engines: Engines, recorded: Tables) -> None:
    before = checked(engines, recorded)
    with guarded(), engines.write.begin() as conn:
        conn.execute(recorded.call_bodies.delete())
    assert checked(engines, recorded) == before
    assert before.breaks == ()


def test_answers_recorded_at_once_by_two_connections_make_one_chain(
    engines: Engines, recorded: Tables, store_url: str
) -> None:
    """An answer may be recorded after its board was lost to another process."""
    start, patient = Barrier(4), open_engines(store_url, busy_timeout=timedelta(seconds=60))

    def answer(at: int) -> None:
        start.wait()
        for _ in range(10):
            through(lambda conn: record_answer(conn, recorded, REQUESTS[at % 3], ANSWER, {}, NOW))

    def through(write: Callable[[Connection], None]) -> None:
        """Busy is told where the server lets both try; whoever was second does it again, as every step does."""
        for _ in range(100):
            with suppress(StoreBusy), guarded(), patient.write.begin() as conn:
                write(conn)
                return
        raise AssertionError("never got through")

    threads = [Thread(target=answer, args=(at,)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    patient.dispose()
    report = checked(engines, recorded)
    assert report.breaks == ()
    assert report.heads[0].entries == 6 + 40
