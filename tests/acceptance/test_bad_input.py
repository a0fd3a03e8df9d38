"""Bad input of every kind: a message that says what, where and what next, and nothing half done."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.harness import EXAMPLE, House, build_house
from tests.proof import differences, items_on_board

from order_sync import wiring
from order_sync.demo_data import Fate
from order_sync.model.detection import Change
from order_sync.model.errors import (
    AuthenticationHalted,
    BoardMismatch,
    MappingError,
    OrderSyncError,
    SchemaError,
    SettingsError,
    SourceError,
    StoreBusy,
    StoreFull,
    UsageError,
)
from order_sync.run import exit_code
from order_sync.settings import TOKEN_VARIABLE
from order_sync.steps.forecast import forecast
from order_sync.steps.select import Selection
from order_sync.store.engine import open_engines

EVERYTHING = Selection(everything=True)
STYLE, COLOUR, NUMBER = "CUSTOMER STYLE", "CUSTOMER COLOUR DESCRIPTION", "AAG ORDER NUMBER"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return build_house(tmp_path, rows=12, customers=1)


def edited(house: House, cells: Mapping[int, Mapping[str, Any]]) -> pl.DataFrame:
    """The house's source with other values in some cells; a column that gets text becomes one."""
    frame = house.frame
    for name in {name for row in cells.values() for name in row}:
        values = frame[name].to_list()
        for at, row in cells.items():
            if name in row:
                values[at] = row[name]
        if any(isinstance(value, str) for value in values):
            values = [None if value is None else str(value) for value in values]
        frame = frame.with_columns(pl.Series(name, values, strict=True))
    return frame


def ordinary(house: House) -> list[int]:
    """The rows that go to the board as they stand."""
    return [each.row for each in house.expected if each.fate is Fate.CREATED]


@contextmanager
def refused(
    house: House, kind: type[OrderSyncError], *said: str, placed: bool = True
) -> Iterator[pytest.ExceptionInfo[Any]]:
    """The block raises `kind` with all of `said` in its message, a place and a next step; nothing was written or
    sent."""
    before = house.contents()
    with pytest.raises(kind) as caught:
        yield caught
    assert house.contents() == before
    assert house.mutations == []
    text = str(caught.value)
    assert [each for each in said if each not in text] == [], text
    assert caught.value.next_step, text
    assert not placed or caught.value.where, text


# --- mapping and source ---


TEN_FAULTS = (
    ("unknown_customer: hold", "unknown_customer: guess", 'unknown_customer: expected hold or pass, found "guess"'),
    ("customer: CUSTOMER NAME", "customer: CUSTOMER NAM", '"CUSTOMER NAM" (did you mean "CUSTOMER NAME"?)'),
    ('id: "9200000001"', "id: the big board", "board.id: expected the number of a board"),
    ("{STYLE} {COLOR} {AAG", "{STYL} {COLOR} {AAG", "board.item_name"),
    ("name_too_long: hold", "name_too_long: shorten", '"shorten"'),
    ("id: text_mkr5wya6, type: text", "id: text_mkr5wya6, type: mirror", "columns[AAG ORDER NUMBER].board.type"),
    ("target: PATTERN ID, sql: NVARCHAR(MAX)", "target: PATTERN ID, sql: VARCHAR2", '"VARCHAR2"'),
    ("id: text_mkhscode1", "id: text_mkr5cz8m", '"text_mkr5cz8m" again'),
    ("required: true,\n     canonical", "requird: true,\n     canonical", '(did you mean "required"?)'),
    ("  - Title\n", "  - Titel\n", '"Titel" (did you mean "Title"?)'),
)


def test_a_mapping_with_ten_faults_is_refused_with_all_of_them(tmp_path: Path) -> None:
    text = (EXAMPLE / "mapping.yaml").read_text(encoding="utf-8")
    for right, wrong, _ in TEN_FAULTS:
        assert right in text, right
        text = text.replace(right, wrong, 1)
    (tmp_path / "mapping.yaml").write_text(text, encoding="utf-8")
    shutil.copy(EXAMPLE / "customers.yaml", tmp_path / "customers.yaml")
    (tmp_path / "order-sync.toml").write_text('mapping = "mapping.yaml"\n', encoding="utf-8")
    with pytest.raises(MappingError) as caught:
        wiring.load_project(tmp_path / "order-sync.toml")
    problems = caught.value.problems
    assert [said for _, _, said in TEN_FAULTS if not any(said in problem for problem in problems)] == [], problems
    assert all(re.match(r"mapping\.yaml:\d+: ", problem) for problem in problems)
    assert all(problem in str(caught.value) for problem in problems)
    assert caught.value.next_step


def test_a_source_table_that_is_not_there(house: House) -> None:
    path = house.folder / "orders.db"
    with sqlite3.connect(path) as conn:
        conn.execute("ALTER TABLE ORDERS_UNIFIED RENAME TO ORDERS_UNIFID")
    conn.close()
    with refused(house, SourceError, "ORDERS_UNIFIED", "ORDERS_UNIFID", "orders.db", "mapping.yaml"):
        house.run()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param({STYLE: "CUSTOMER STYLES"}, ("columns[STYLE].source", "CUSTOMER STYLES"), id="missing"),
        pytest.param({STYLE: "Customer Style"}, ("columns[STYLE].source", "the case differs"), id="wrong case"),
        pytest.param({"UNIT OF MEASURE": "UOM", "TOTAL QTY": "QTY"}, ("sizes.after", "sizes.total"), id="markers"),
    ],
)
def test_source_columns_that_are_not_there(house: House, change: dict[str, str], said: tuple[str, ...]) -> None:
    house.fill(house.frame.rename(change))
    with refused(house, MappingError, "mapping.yaml:", "ORDERS_UNIFIED", *said) as caught:
        house.run()
    assert len(caught.value.problems) >= len(change)


def test_a_source_without_rows_is_nothing_to_do(house: House) -> None:
    house.run()
    before, calls = house.contents(), len(house.simulator.wire_log)
    house.fill(house.frame.clear())
    report = house.run()
    assert exit_code(report) == 0
    assert report.detection.count(Change.VANISHED) == len(ordinary(house))
    assert len(house.simulator.wire_log) == calls
    house.fill(house.frame)
    assert house.contents() == before


def test_a_customer_that_nobody_knows_cannot_be_selected(house: House) -> None:
    name = house.expected[0].customer
    with refused(house, UsageError, f"{name}S", f"did you mean {name}"):
        house.run(Selection(customers=frozenset({f"{name}S"})))


# --- database ---


def test_our_tables_are_not_there(tmp_path: Path) -> None:
    house = build_house(tmp_path, rows=12, customers=1, deployed=False)
    with refused(house, SchemaError, "of our tables are missing", "order-sync schema deploy", "orders.db"):
        house.run()


def test_a_column_of_ours_is_not_there(house: House) -> None:
    with sqlite3.connect(house.folder / "orders.db") as conn:
        conn.execute('ALTER TABLE STG_MON_CustMasterSchedule DROP COLUMN "NOTES"')
    conn.close()
    before = house.contents()
    report = house.run()
    assert isinstance(report.halted, SchemaError)
    assert "NOTES" in str(report.halted)
    assert "order-sync schema deploy" in str(report.halted)
    after = house.contents()
    for asked in ("MON_Board", "MON_DailyCalls"):
        assert after.pop(asked) != before.pop(asked)
    assert after == before
    assert house.mutations == []


@contextmanager
def locked(house: House) -> Iterator[None]:
    """Another process writes and does not come to an end."""
    conn = sqlite3.connect(house.folder / "orders.db", isolation_level=None, check_same_thread=False)
    conn.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        conn.rollback()
        conn.close()


@pytest.fixture
def impatient(tmp_path: Path) -> House:
    settings = tmp_path / "order-sync.toml"
    house = build_house(tmp_path, rows=12, customers=1)
    text = settings.read_text(encoding="utf-8").replace("[database]\n", "[database]\nbusy_timeout = 0.05\n")
    settings.write_text(text, encoding="utf-8")
    house.project = wiring.load_project(settings)
    return house


def test_the_database_is_locked_by_another_process(impatient: House) -> None:
    with refused(impatient, StoreBusy, "locked by another process", "order-sync status"), locked(impatient):
        impatient.run()
    assert impatient.run().halted is None
    assert differences(impatient) == []


@pytest.mark.parametrize("call", [1, 2, 3])
def test_the_database_is_locked_when_an_answer_is_to_be_recorded(impatient: House, call: int) -> None:
    calls, lock = 0, locked(impatient)

    def take_the_lock(name: str, _fields: object) -> None:
        nonlocal calls
        calls += name == "call.done"
        if calls == call and name == "call.done":
            lock.__enter__()

    try:
        report = impatient.run(listener=take_the_lock)
    finally:
        lock.__exit__(None, None, None)
    assert isinstance(report.halted, StoreBusy)
    assert "locked by another process" in str(report.halted)
    # The locked database did not let the run give its leases back, and this process lives on.
    assert impatient.clock is not None
    impatient.clock.sleep(timedelta(days=30))
    assert impatient.run().halted is None
    assert differences(impatient) == []


def _pages(house: House) -> int:
    with sqlite3.connect(house.folder / "orders.db") as conn:
        pages = int(conn.execute("PRAGMA page_count").fetchone()[0])
    conn.close()
    return pages


def test_the_disk_is_full_while_orders_are_staged(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as full:
        full.setattr(wiring, "open_engines", partial(open_engines, max_pages=_pages(house) + 4))
        report = house.run()
    assert isinstance(report.halted, StoreFull)
    assert "no room is left" in str(report.halted)
    assert report.halted.next_step
    for table in ("STG_MON_CustMasterSchedule", "STG_MON_CustMasterSchedule_Subitems", "MON_SyncIdentity",
                  "MON_BatchProcessing"):  # fmt: skip
        assert house.rows(f"SELECT * FROM {table}") == []
    assert house.mutations == []
    assert house.run().halted is None
    assert differences(house) == []


@pytest.mark.parametrize("more", [28, 34, 40, 52])
def test_the_disk_is_full_at_any_moment(house: House, monkeypatch: pytest.MonkeyPatch, more: int) -> None:
    with monkeypatch.context() as full:
        full.setattr(wiring, "open_engines", partial(open_engines, max_pages=_pages(house) + more))
        try:
            report = house.run()
        except StoreFull:
            report = None
    assert report is None or isinstance(report.halted, StoreFull | None)
    for _ in range(3):
        if house.run().halted is None:
            break
    assert differences(house) == []


# --- token and board ---


def test_no_token(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(TOKEN_VARIABLE, raising=False)
    with (
        refused(house, SettingsError, "no monday.com API token", TOKEN_VARIABLE, "monday.token_file"),
        wiring.open_job(house.project, threading.Event(), wiring.Events()),
    ):
        pass


def test_a_token_that_the_server_refuses(tmp_path: Path) -> None:
    house = build_house(tmp_path, rows=12, customers=1, token="another")
    with refused(house, AuthenticationHalted, "refuses the token", "check that the token is valid", "board 92"):
        house.run()
    assert "token-of-the-house" not in str(house.seen)


def test_a_board_that_is_not_there(tmp_path: Path) -> None:
    house = build_house(tmp_path, rows=12, customers=1, board=lambda board: board.update(id="9300000000"))
    with refused(house, BoardMismatch, "there is no active board 9200000001", "board.id in mapping.yaml"):
        house.run()


def _column(board: dict[str, Any], key: str) -> dict[str, Any]:
    columns = [*board["columns"], *board["subitem_board"]["columns"]]
    return next(column for column in columns if column["id"] == key)


def _misfit(board: dict[str, Any]) -> None:
    """One column gone, one renamed, one made a formula, one of another type; of the sizes' board the key is gone."""
    board["columns"].remove(_column(board, "text_mkhscode1"))
    _column(board, "text_mkstyle1")["id"] = "text_mkstyle2"
    _column(board, "numeric_mkr5cact")["type"] = "formula"
    _column(board, "date_mkr5zp5")["type"] = "text"
    sizes = board["subitem_board"]["columns"]
    sizes.remove(next(column for column in sizes if column["title"] == "Sync key"))


MISFITS = (
    "mapping.yaml:",
    "the board has no column text_mkhscode1 for 'HS CODE'",
    "did you mean text_mkstyle2?",
    "numeric_mkr5cact for 'CUSTOMER PRICE' is of type formula, which nobody can write",
    "date_mkr5zp5 for 'ORDER DATE PO RECEIVED' is of type text, not date",
    "the subitem board's column for our key",
    "board 9200000001",
)


def test_a_board_that_is_not_as_the_mapping_says(tmp_path: Path) -> None:
    house = build_house(tmp_path, rows=12, customers=1, board=_misfit)
    with refused(house, BoardMismatch, *MISFITS):
        house.run()
    with house.job() as job:
        notes = forecast(job, EVERYTHING).notes
    assert all(said in notes[0] for said in MISFITS[:-1])


def test_a_guarded_column_that_is_not_there_holds_no_order_for_its_label(tmp_path: Path) -> None:
    def without_customer(board: dict[str, Any]) -> None:
        board["columns"].remove(_column(board, "dropdown_mkr542p2"))

    house = build_house(tmp_path, rows=12, customers=1, board=without_customer)
    with refused(house, BoardMismatch, "no column dropdown_mkr542p2 for 'CUSTOMER'"):
        house.run()


def test_a_board_that_was_changed_between_two_runs_stops_what_was_begun(house: House) -> None:
    stop = threading.Event()
    house.run(stop=stop, listener=lambda name, _fields: stop.set() if name == "order.staged" else None)
    begun = house.rows("SELECT stg_id, stg_status FROM STG_MON_CustMasterSchedule")
    board = house.simulator.store.boards[house.project.mapping.board.id]
    board.columns.remove(kept := board.column("text_mkhscode1"))
    report = house.run()
    assert isinstance(report.halted, BoardMismatch)
    assert "text_mkhscode1" in str(report.halted)
    assert house.mutations == []
    assert house.rows("SELECT stg_id, stg_status FROM STG_MON_CustMasterSchedule") == begun
    assert begun != []
    board.columns.append(kept)
    assert house.run().halted is None
    assert differences(house) == []


# --- values ---


def held_with(house: House, frame: pl.DataFrame) -> dict[int, set[str]]:
    """row of the source -> causes of its open entries."""
    keys = frame.select(NUMBER, STYLE, COLOUR).rows()
    found: dict[int, set[str]] = {}
    for cause, original in house.rows(
        "SELECT error_type, original_data FROM ERR_MON_CustMasterSchedule WHERE resolved_date IS NULL"
    ):
        row = json.loads(original)
        found.setdefault(keys.index((row[NUMBER], row.get(STYLE), row[COLOUR])), set()).add(cause)
    return found


def test_every_cause_holds_its_row_and_nothing_else(house: House) -> None:
    rows = ordinary(house)
    total = house.frame["TOTAL QTY"].to_list()
    filled = house.expected[rows[7]].sizes[0][0]
    twin = {name: house.frame[name][rows[2]] for name in (NUMBER, STYLE, COLOUR)}
    frame = edited(
        house,
        {
            rows[0]: {"CUSTOMER NAME": "NOBODY IN PARTICULAR"},
            rows[1]: {STYLE: None},
            rows[3]: {**twin, STYLE: f"{twin[STYLE].lower()} "},  # the same but for case and a space
            rows[4]: {"TOTAL QTY": total[rows[4]] + 1},
            rows[5]: {"ORDER TYPE": "MAYBE"},
            rows[6]: {STYLE: "x" * 201},
            rows[7]: {filled: "some"},
        },
    )
    house.fill(frame)
    report = house.run()
    assert held_with(house, frame) == {
        rows[0]: {"UNKNOWN_CUSTOMER"},
        rows[1]: {"NULL_KEY"},
        rows[2]: {"DUPLICATE_KEY"},
        rows[4]: {"SIZES_SUM"},
        rows[5]: {"GUARDED_LABEL"},
        rows[6]: {"TOO_LONG"},
        rows[7]: {"SIZE_INVALID"},
    }
    messages = house.rows("SELECT error_type, error_message, original_data FROM ERR_MON_CustMasterSchedule")
    wanted = {
        "UNKNOWN_CUSTOMER": '"NOBODY IN PARTICULAR"; add it there',
        "NULL_KEY": STYLE,
        "DUPLICATE_KEY": "(2 rows)",
        "SIZES_SUM": str(total[rows[4]] + 1),
        "GUARDED_LABEL": "MAYBE",
        "TOO_LONG": STYLE,
        "SIZE_INVALID": "some",
    }
    for cause, said in wanted.items():
        assert any(kind == cause and said in message for kind, message, _ in messages), (cause, messages)
    assert all(NUMBER in original for _, _, original in messages)
    assert exit_code(report) == 1
    held = {*rows[:8]}
    house.expected = [each for each in house.expected if each.row not in held]
    assert differences(house) == []


def board_values(house: House) -> list[dict[str, str]]:
    return [
        {"name": full.item.name, "group": full.group_title, **dict(full.item.values)} for full in items_on_board(house)
    ]


def test_odd_values_of_columns_that_are_not_required_go_without_them(house: House) -> None:
    first, second, third, fourth = ordinary(house)[:4]
    note = "A remark. " * 1_000
    house.fill(
        edited(
            house,
            {
                first: {NUMBER: "N-1", "CUSTOMER PRICE": "ask sales"},
                second: {NUMBER: "N-2", "CUSTOMER PRICE": "NaN", "DESIGN FEE": "nan"},
                third: {NUMBER: "N-3", "NOTES": note},
                fourth: {NUMBER: "N-4", "CUSTOMER PRICE": "inf", "US TARIFF RATE": "TRUE"},
            },
        )
    )
    assert exit_code(house.run()) == 0
    issues = house.rows("SELECT order_number, source_column, cause, severity FROM MON_Issue")
    assert sorted(issues) == sorted(
        [
            ("N-1", "CUSTOMER PRICE", "NOT_A_NUMBER", "warning"),
            ("N-3", "NOTES", "TOO_LONG", "warning"),
            ("N-4", "CUSTOMER PRICE", "NOT_A_NUMBER", "warning"),
        ]
    )
    shown = {values["text_mkr5wya6"]: values for values in board_values(house)}
    assert "numeric_mkr5cact" not in shown["N-1"]
    assert "numeric_mkr5cact" not in shown["N-2"]
    assert shown["N-3"]["long_text_mkr5hass"] == note[:2000].strip()
    assert shown["N-4"]["numeric_mkr55zg1"] == "0"
    prices = dict(house.rows('SELECT "AAG ORDER NUMBER", "CUSTOMER PRICE" FROM MON_CustMasterSchedule'))
    assert [prices[number] for number in ("N-1", "N-2", "N-4")] == [None] * 3


NASTY = (
    'it\'s "quoted" and `ticked`',
    "[bracketed]] and {braced} and (left open",
    "100% %s %(name)s %d",
    "'; DROP TABLE STG_MON_CustMasterSchedule; --",
    '"}}) { id } create_item(board_id: 1) { id } #',
    "\\u0022}){ \\n \\",
    "{{STYLE}} ${HOME} #{x} <b>&amp;</b>",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1) +1 -1",
    "emoji 🧵👩🏽‍🎨 and ﷽",
    "\u202eright to left\u202c שלום",
    "a:b,c;d|e\\f/g",
)
TWO_LINES = "first line\r\nsecond\tline\x00\x07"


def test_nasty_texts_arrive_as_they_are(tmp_path: Path) -> None:
    house = build_house(tmp_path, rows=20, customers=1)
    rows = ordinary(house)[: len(NASTY)]
    assert len(rows) == len(NASTY)
    house.fill(
        edited(
            house,
            {
                row: dict.fromkeys((NUMBER, STYLE, COLOUR, "CUSTOMER SEASON", "PO NUMBER"), text)
                | {"NOTES": f"{text} {TWO_LINES}"}
                for row, text in zip(rows, NASTY, strict=True)
            },
        )
    )
    assert exit_code(house.run()) == 0
    board = {values["text_mkr5wya6"]: values for values in board_values(house)}
    stored = {row[0]: row[1:] for row in house.rows(
        'SELECT "AAG ORDER NUMBER", "Title", "Group", STYLE, COLOR, NOTES, "CUSTOMER SEASON", "PO NUMBER" '
        "FROM MON_CustMasterSchedule"
    )}  # fmt: skip
    for text in NASTY:
        values = board[text]
        name, group, note = (
            f"{text} {text} {text}",
            f"{house.expected[0].customer} {text}",
            f"{text} first line\nsecond line",
        )
        shown = [values[key] for key in ("name", "group", "text_mkstyle1", "long_text_mkcolor1", "long_text_mkr5hass",
                                         "dropdown_mkr5rgs6", "text_mkr5ej2x")]  # fmt: skip
        assert shown == [name, group, text, text, note, text, text]
        assert stored[text] == tuple(shown)
    again = len(house.simulator.wire_log)
    house.run()
    assert len(house.simulator.wire_log) == again


def test_text_in_a_size_column_of_integers_is_read_where_it_is_a_number(house: House) -> None:
    row = ordinary(house)[0]
    sizes = dict(house.expected[row].sizes)
    label, quantity = next(iter(sizes.items()))
    house.fill(edited(house, {row: {label: f" {quantity}.0 "}}))
    assert exit_code(house.run()) == 0
    assert differences(house) == []
