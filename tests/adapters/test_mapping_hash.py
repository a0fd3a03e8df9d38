"""The hash of mapping and customers: equal meaning, equal hash."""

from __future__ import annotations

import re

import pytest
from tests.mapping_texts import SMALL, edited

from order_sync.model.mapping_file import load_customers, load_mapping, mapping_hash

CUSTOMERS = "customers:\n  - {name: TARVEN, aliases: [TARVEN (US)]}\n"


def hash_of(mapping: str = SMALL, customers: str = CUSTOMERS) -> str:
    return mapping_hash(load_mapping(mapping, "m.yaml"), load_customers(customers, "c.yaml"))


def test_it_is_sha_256_in_hex() -> None:
    assert re.fullmatch("[0-9a-f]{64}", hash_of())


def test_comments_layout_and_spelled_out_defaults_do_not_change_it() -> None:
    rewritten = edited(
        ("pipeline: small", "pipeline:   'small'  # a remark"),
        ("table: ORDERS", "schema: dbo\n  table: ORDERS"),
        ("version: 1\n", ""),
    )
    assert hash_of(rewritten) == hash_of()
    assert hash_of(customers="version: 1\n" + CUSTOMERS.replace("(US)]", "(US)]  ")) == hash_of()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("schema: dbo", "schema: sales"),
        ("ACTIVE: RECEIVED", "ACTIVE: OPEN"),
        ("percent: number", "percent: fraction"),
        ("id: text_po", "id: text_po2"),
        ("values: [CANCELLED]", "values: [CANCELLED, VOID]"),
    ],
)
def test_any_change_of_meaning_changes_it(old: str, new: str) -> None:
    text = edited(("table: ORDERS", "table: ORDERS\n  schema: dbo"))
    assert hash_of(edited((old, new), text=text)) != hash_of(text)


def test_another_alias_changes_it() -> None:
    assert hash_of(customers=CUSTOMERS.replace("(US)]", "(US), TAR VEN]")) != hash_of()
