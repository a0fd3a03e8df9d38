"""A name with a closing bracket, in every script and statement: not provable on Babelfish, whose grammar has no way to
write it, so the statements themselves are looked at."""

from __future__ import annotations

import re

import pytest
from tests.small_world import MAPPING

from order_sync.model.mapping_file import load_mapping_file
from order_sync.store.deploy import ddl
from order_sync.store.grants import grants
from order_sync.store.tables import build_tables

CHANGES = (
    ("table: ORDERS\n", "table: 'ORD]ERS'\n"),
    ("po: [PO]", "po: ['P]O']"),
    ("{source: PO, target: PO,", "{source: 'P]O', target: 'P]O',"),
    ("PRICE, PO, Item ID", "PRICE, 'P]O', Item ID"),
)


@pytest.fixture(scope="module")
def scripts() -> list[str]:
    text = MAPPING
    for plain, odd in CHANGES:
        assert plain in text
        text = text.replace(plain, odd)
    mapping = load_mapping_file(text, "mapping.yaml").mapping
    tables = build_tables(mapping, "dbo")
    return [ddl(tables, "mssql"), grants(tables, mapping.source.table, "dbo")]


def test_it_is_doubled_wherever_it_stands_in_brackets(scripts: list[str]) -> None:
    for script in scripts:
        for name in ("ORD]ERS", "P]O"):
            for found in re.findall(rf"\[{re.escape(name[: name.index(']')])}\]+[^\]]*\]", script):
                assert found == f"[{name.replace(']', ']]')}]"
    assert "dbo.[ORD]]ERS]" in scripts[1]
    assert "[P]]O] NVARCHAR(100) NULL" in scripts[0]
    assert "N'P]O'" in scripts[0], "as a text it is as it is"
