"""The deployment script: readable before it is run, and the same for whoever runs it."""

from __future__ import annotations

import re
import sqlite3

import pytest

from order_sync.model.mapping import Mapping
from order_sync.model.states import BATCH_FINAL, OPEN
from order_sync.store.deploy import ddl
from order_sync.store.migrations import MIGRATIONS, NEWEST
from order_sync.store.modules import PROCEDURES, VIEWS
from order_sync.store.script import PURPOSES
from order_sync.store.tables import Tables, build_tables, table_names


@pytest.fixture
def server_script(mapping: Mapping) -> str:
    return ddl(build_tables(mapping, "dbo"), "mssql")


@pytest.fixture
def sqlite_tables(mapping: Mapping) -> Tables:
    return build_tables(mapping, None)


def test_sqlites_script_runs_twice_and_keeps_the_rows(sqlite_tables: Tables) -> None:
    script = ddl(sqlite_tables, "sqlite")
    with sqlite3.connect(":memory:") as conn:
        conn.executescript(script)
        conn.execute("INSERT INTO MON_Board (board) VALUES ('42')")
        conn.executescript(script)
        made = {name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
        assert conn.execute("SELECT board FROM MON_Board").fetchall() == [("42",)]
    conn.close()
    assert {*table_names(sqlite_tables).values(), *VIEWS} <= made


def test_every_table_is_explained(mapping: Mapping, sqlite_tables: Tables) -> None:
    assert set(PURPOSES) == set(table_names(sqlite_tables))
    for script in (ddl(sqlite_tables, "sqlite"), ddl(build_tables(mapping, "dbo"), "mssql")):
        for name in table_names(sqlite_tables).values():
            assert re.search(rf"^-- {name}: \w", script, re.MULTILINE)


def test_the_same_tables_give_the_same_script(mapping: Mapping) -> None:
    scripts = {ddl(build_tables(mapping, "dbo"), "mssql") for _ in range(3)}
    assert len(scripts) == 1


def test_each_batch_of_the_servers_script_is_one_guarded_thing(server_script: str, sqlite_tables: Tables) -> None:
    batches = [batch.strip() for batch in re.split(r"^GO$", server_script, flags=re.MULTILINE)]
    tables = [batch for batch in batches if "CREATE TABLE dbo" in batch]
    assert len(tables) == len(table_names(sqlite_tables))
    for batch in tables:
        assert len(re.findall(r"CREATE TABLE", batch)) == 1
        assert re.search(r"IF OBJECT_ID\(N'dbo\.\[[^]]+\]', N'U'\) IS NULL\nBEGIN\n", batch)
        assert batch.endswith("END;")
    modules = [batch for batch in batches if re.search(r"^CREATE OR ALTER (VIEW|PROCEDURE)", batch, re.MULTILINE)]
    assert len(modules) == len(VIEWS) + len(PROCEDURES)
    for name in (*VIEWS, *PROCEDURES):
        assert len([batch for batch in modules if f"[{name}]" in batch]) == 1
    assert not re.search(r"DROP (VIEW|PROCEDURE)|GRANT|REVOKE|DENY", server_script), "it would take rights away"


def test_after_an_error_nothing_runs_outside_the_transaction(server_script: str) -> None:
    """sqlcmd and SSMS go on with the next batch; after a rollback it would be on its own."""
    _, transaction, rest = re.split(r"^(?=BEGIN TRANSACTION;|COMMIT TRANSACTION;)", server_script, flags=re.MULTILINE)
    batches = [batch.strip() for batch in re.split(r"^GO$", transaction, flags=re.MULTILINE) if batch.strip()]
    begin, *pairs = batches
    assert begin == "BEGIN TRANSACTION;"
    assert len(pairs) > 100
    assert set(pairs[1::2]) == {"IF @@TRANCOUNT = 0\n    SET NOEXEC ON;"}
    assert pairs[0] not in pairs[1::2]
    assert rest.index("SET NOEXEC OFF;") > rest.index("PRINT ")


def test_it_refuses_what_it_cannot_work_with_before_it_begins(server_script: str) -> None:
    before = server_script[: server_script.index("BEGIN TRANSACTION;")]
    for right in ("CREATE TABLE", "CREATE VIEW", "CREATE PROCEDURE"):
        assert f"HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', '{right}') = 0" in before
    assert "OPENJSON" in before
    assert f"WHERE [version] > {NEWEST})" in before


def test_the_server_keeps_its_words(server_script: str) -> None:
    for words in (
        "SET QUOTED_IDENTIFIER ON;",
        "stg_id BIGINT NOT NULL IDENTITY,",
        "stg_batch_id UNIQUEIDENTIFIER NOT NULL,",
        "stg_status NVARCHAR(50) NOT NULL CONSTRAINT [DF_STG_MON_CustMasterSchedule_stg_status] DEFAULT 'PENDING',",
        "stg_created_date DATETIME2(6) NULL,",
        "stg_order_key CHAR(64) COLLATE Latin1_General_BIN2 NULL,",
        "_stg_max_retries_reached] DEFAULT 0,",
        "CONSTRAINT [PK_STG_MON_CustMasterSchedule] PRIMARY KEY (stg_id)",
        "CONSTRAINT [UQ_MON_SyncIdentity_sync_key] UNIQUE (sync_key)",
        "CONSTRAINT [FK_MON_ApiCallRow_request_id] FOREIGN KEY(request_id)",
        "[CUSTOMER''S CODE (50%/GLOBAL] NVARCHAR(max) NULL",
        "[EX-FTY [a]]b] DATE NULL",
        "[FINAL FOB (USD)] FLOAT NULL",
        "FOREIGN KEY(stg_parent_stg_id) REFERENCES dbo.[STG_MON_CustMasterSchedule] (stg_id)",
        "WHERE max_retries_reached = 0;",
    ):
        assert words in server_script


def test_no_index_stands_on_unbounded_text(server_script: str) -> None:
    assert "([AAG ORDER NUMBER]);" in server_script
    for batch in re.split(r"^-- (?=\w+: )", server_script, flags=re.MULTILINE):  # a table with its indexes
        unbounded = set(re.findall(r"^ +(\w+|\[.+\]) NVARCHAR\(max\)", batch, re.MULTILINE))
        indexed = re.findall(r"INDEX \S+ ON \S+ \(([^)]*)\)", batch)
        assert not unbounded & {name.strip() for names in indexed for name in names.split(",")}


def test_every_constraint_has_a_name_of_ours(server_script: str) -> None:
    words = r"PRIMARY KEY|UNIQUE|FOREIGN KEY|CHECK|DEFAULT"
    unnamed = re.findall(rf"^(?!.*CONSTRAINT ).*\b(?:{words})\b[ (].*$", _tables_only(server_script), re.MULTILINE)
    assert unnamed == []
    named = re.findall(r"CONSTRAINT (\[[^]]+\]) (?=PRIMARY|UNIQUE|FOREIGN|CHECK|DEFAULT)", server_script)
    assert len(named) > 50
    assert all(len(name) <= 130 for name in named)


def _tables_only(script: str) -> str:
    """Of CREATE TABLE and ALTER TABLE: what stands in modules and indexes is something else."""
    return "\n".join(re.findall(r"CREATE TABLE .*?^    \);$|ALTER TABLE [^;]*;$", script, re.MULTILINE | re.DOTALL))


def test_each_column_is_added_by_a_statement_of_its_own_and_only_where_it_lacks(server_script: str) -> None:
    added = re.findall(r"^(IF .*\n)?    ALTER TABLE (\S+) ADD (?!CONSTRAINT)(.*);$", server_script, re.MULTILINE)
    assert len(added) > 100
    for guard, table, _ in added:
        assert guard.startswith(f"IF COL_LENGTH(N'{table}', N'")
    odd = "IF COL_LENGTH(N'dbo.[STG_MON_CustMasterSchedule]', N'CUSTOMER''''S CODE (50%/GLOBAL') IS NULL"
    assert odd in server_script


def test_go_stands_alone_on_its_line(server_script: str) -> None:
    assert not re.search(r"^(?=.*\bGO\b)(?!GO$)(?!\s*--).*$", server_script, re.MULTILINE)


def test_what_is_made_of_each_version_is_written_down_once_it_is_done(server_script: str) -> None:
    for migration in MIGRATIONS:
        assert f"-- {migration.number}: {migration.why}" in server_script
        assert f"[version] = {migration.number})" in server_script
    assert "ALTER TABLE dbo.[MON_ApiCallRow] DROP CONSTRAINT [CK_MON_ApiCallRow_kind];" in server_script
    assert "DROP TABLE" not in server_script
    assert "DROP COLUMN" not in server_script


def test_statuses_come_from_the_one_table(server_script: str, sqlite_tables: Tables) -> None:
    final = ", ".join(f"'{status.value}'" for status, ends in BATCH_FINAL.items() if ends)
    assert server_script.count(f"NOT IN ({final})") == 2
    assert f"NOT IN ({final})" in ddl(sqlite_tables, "sqlite")
    unfinished = ", ".join(f"N'{status.value}'" for status in OPEN)
    assert server_script.count(f"WHERE stg_status IN ({unfinished}) AND stg_sync_key IS NOT NULL;") == 4


def test_a_schema_of_our_own_is_made_first_where_it_is_not_there(mapping: Mapping, server_script: str) -> None:
    script = ddl(build_tables(mapping, "order's sync"), "mssql")
    made = "IF SCHEMA_ID(N'order''s sync') IS NULL\n    EXEC(N'CREATE SCHEMA [order''s sync]');\nGO\n"
    assert script.count(made) == 1
    assert script.index("BEGIN TRANSACTION") < script.index(made) < script.index("CREATE TABLE [")
    assert "CREATE SCHEMA" not in server_script


def test_nothing_is_left_to_fill_in(server_script: str, sqlite_tables: Tables) -> None:
    assert "${" not in server_script
    assert "${" not in ddl(sqlite_tables, "sqlite")
