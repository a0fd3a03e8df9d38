"""What a bulk load says to SQL Server is T-SQL, whatever characters and however many columns it has."""

from __future__ import annotations

import polars as pl
import pytest
from sqlalchemy import NVARCHAR, BigInteger, Column, MetaData, Table
from sqlalchemy.dialects import mssql
from sqlalchemy.schema import CreateTable, DropTable
from tsql import problems

from order_sync.store.sqlserver_bulk import COLUMNS, _onwards, _passage

ODD = ["A ''c'' 50%", "QTY?", "(open", ":colon"]
TEXTS = ["~", 'a "quote"', "back\\slash", "tab\t\x01\x1f", "日本", "x" * 5_000]


def said(columns: int) -> list[str]:
    """Every statement of a load of so many columns."""
    names = [*ODD, *(f"c{at}" for at in range(columns - len(ODD)))]
    kinds = [NVARCHAR(None), BigInteger(), *[NVARCHAR(200)] * (columns - 2)]
    target = Table("STG", MetaData(), *map(Column, names, kinds), schema="dbo")
    texts = pl.DataFrame({name: ["7"] * len(TEXTS) if name == "QTY?" else TEXTS for name in names})
    parts = [names[start : start + COLUMNS] for start in range(0, columns, COLUMNS)]
    passages = [_passage(at, target, texts.select(part)) for at, part in enumerate(parts)]
    found = [
        each
        for passage in passages
        for each in (
            CreateTable(passage.table),
            passage.inwards,
            passage._longer("c0"),
            passage._sums(passage.names),
            DropTable(passage.table),
        )
    ]
    dialect = mssql.dialect(paramstyle="qmark")  # type: ignore[no-untyped-call]
    return [
        str(each.compile(dialect=dialect)).replace("(?)", "(@document)")
        for each in [*found, _onwards(target, passages)]
    ]


@pytest.mark.parametrize(("columns", "statements"), [(5, 6), (COLUMNS + 1, 11)])
def test_each_statement_of_a_load_is_tsql(columns: int, statements: int) -> None:
    found = said(columns)
    assert len(found) == statements
    assert {each[:80]: wrong for each in found if (wrong := problems(each))} == {}


def test_a_broken_one_is_noticed() -> None:
    (filling,) = (each for each in said(5) if "OPENJSON" in each and each.startswith("INSERT"))
    assert problems(filling.replace("WITH (", "WITH WITH ("))
