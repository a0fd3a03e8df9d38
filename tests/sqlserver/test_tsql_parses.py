"""All that goes to SQL Server is T-SQL: the deployment script, the rights, and what the program says at run time."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, exists, select
from statements import Statements, selects_a_condition
from tests.golden import scripts
from tsql import batches, problems
from whole_work import Work

from order_sync.store import shape

BROKEN = {
    "table": ("deploy_mssql.sql", "CREATE TABLE dbo.[MON_Board]", "(", "(("),
    "view": ("deploy_mssql.sql", "CREATE OR ALTER VIEW dbo.[VW_MON_OpenErrors]", "FROM (", "FROM FROM ("),
    "procedure": (
        "deploy_mssql.sql",
        "CREATE OR ALTER PROCEDURE dbo.[sp_MON_GetBatchSummary]",
        "GROUP BY",
        "GROUP GROUP BY",
    ),
    "refusal": ("deploy_mssql.sql", "BEGIN CATCH", "END CATCH", "END END CATCH"),
    "right": ("grants_mssql.sql", "GRANT SELECT ON dbo.[ORDERS_UNIFIED]", " ON ", " ON ON "),
    "role": ("grants_mssql.sql", "CREATE ROLE", "CREATE ROLE", "CREATE ROLL"),
}


@pytest.mark.parametrize("name", ["deploy_mssql.sql", "grants_mssql.sql"])
def test_each_batch_of_a_script_is_tsql(name: str) -> None:
    parts = batches(scripts()[name])
    assert len(parts) > 4
    assert {part[:80]: found for part in parts if (found := problems(part))} == {}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_statement_in_a_script_is_noticed(what: str) -> None:
    name, beginning, right, wrong = BROKEN[what]
    part = next(part for part in batches(scripts()[name]) if beginning in part)
    head, found, rest = part.partition(beginning)
    assert problems(head + found.replace(right, wrong) + rest if right in found else part.replace(right, wrong, 1))


def test_each_statement_of_the_program_is_tsql(work: Work, record_property: pytest.FixtureRequest) -> None:
    statements = work.statements.found
    record_property("distinct statements", len(statements))  # type: ignore[operator]
    assert len(statements) > 150, "the work no longer does what it did"
    assert {sql: found for sql in statements if (found := problems(sql))} == {}


@pytest.mark.parametrize("part", ["TABLES", "COLUMNS", "KEYS", "DEFAULTS", "INDEXES", "CHECKS"])
def test_each_question_to_the_servers_catalogue_is_tsql(part: str) -> None:
    question = getattr(shape, f"_SERVER_{part}")
    assert problems(Statements().add(question, "here")) == []


def test_no_statement_selects_what_is_true_or_false(work: Work) -> None:
    assert work.statements.conditions == []


TABLE = Table("t", MetaData(), Column("a", Integer), Column("b", Integer))


def test_a_condition_as_a_value_is_noticed() -> None:
    c = TABLE.c
    for value in (c.a.is_(None), c.a == 1, exists().where(c.a == 1), ((c.a == 1) | (c.b == 1)).label("x")):
        assert selects_a_condition(select(c.b, value))
    assert not selects_a_condition(select(c.a, (c.a + c.b).label("sum")).where(c.a == 1))


def test_a_statement_of_sqlite_alone_is_noticed() -> None:
    kept = Statements()
    assert problems(kept.add(select(TABLE.c.a).where(TABLE.c.a.is_(True)), "here"))
    assert problems("SELECT a FROM t ORDER BY a NULLS LAST")
    assert problems("SELECT a FROM t LIMIT 5")
    assert problems("UPDATE t SET a = 1 RETURNING a")
    assert problems("SELECT a || 'x' FROM t")
    assert not problems("SELECT [limit], 'true' AS x FROM t -- returning")
    assert not problems(kept.add(select(TABLE.c.a).where(TABLE.c.a == 1).limit(3), "here"))
