"""A view or procedure is known by its text, as servers and scripts write it."""

from __future__ import annotations

import pytest

from order_sync.store.modules import Module

MODULE = Module(
    "dbo.[V]", "V", "VIEW", "-- What it shows,\n-- and to whom.\n", "CREATE VIEW dbo.[V] AS\nSELECT 1 AS a;"
)


@pytest.mark.parametrize(
    "definition",
    [
        MODULE.sql,
        MODULE.comment + MODULE.sql,
        (MODULE.comment + MODULE.sql).replace("\n", "\r\n"),
        MODULE.comment + MODULE.renewal,
        MODULE.renewal.replace("CREATE OR ALTER", "CREATE  "),
        "\r\n" + MODULE.renewal.replace("CREATE OR ALTER", "create   ") + "\r\n",
    ],
)
def test_its_text_however_it_was_written(definition: str) -> None:
    assert MODULE.is_as(definition)


@pytest.mark.parametrize(
    "definition", ["", "CREATE VIEW dbo.[V] AS\nSELECT 2 AS a;", MODULE.sql.replace("[V]", "[W]"), MODULE.sql[:-8]]
)
def test_another_text(definition: str) -> None:
    assert not MODULE.is_as(definition)


def test_it_is_altered_where_it_is_there() -> None:
    assert MODULE.renewal == "CREATE OR ALTER VIEW dbo.[V] AS\nSELECT 1 AS a;"
