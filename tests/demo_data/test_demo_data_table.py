"""The generated table is ORDERS_UNIFIED column for column; its board columns are those of the mapping."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from order_sync.demo_data import GUARDED_LABELS, board, source_columns, table

ROOT = Path(__file__).resolve().parents[2]
NOTES = ROOT.parent / "shared" / "domain.md"
EXAMPLE = ROOT / "examples" / "customer_master_schedule" / "mapping.yaml"


def test_there_are_268_columns_of_four_types() -> None:
    names = [name for name, _ in source_columns()]
    assert len(names) == len(set(names)) == 268
    assert Counter(kind for _, kind in source_columns()) == {
        "NVARCHAR(MAX)": 101,
        "INT": 163,
        "DATE": 3,
        "UNIQUEIDENTIFIER": 1,
    }


def test_odd_names_are_kept_letter_for_letter() -> None:
    names = [name for name, _ in source_columns()]
    assert names[18] == "CUSTOMER''S COLOUR CODE (CUSTOM FIELD) CUSTOMER PROVIDES THIS"
    assert names[9] == "PROMO GROUP / CAMPAIGN (HOT 30/GLOBAL EDIT"
    assert names[48:51] == ["UNIT OF MEASURE", "INFOR COLOUR CODE", "XXXS"]
    assert names[210:212] == ["S(6-8)", "TOTAL QTY"]
    assert names[-1] == "record_uuid"


def test_every_size_is_in_one_family() -> None:
    members = [size for family in table.FAMILIES.values() for size in family]
    assert sorted(members) == sorted(table.SIZES)
    assert [len(family) for family in table.FAMILIES.values()] == [20, 39, 27, 27, 16, 11, 7, 7, 5, 2]


@pytest.mark.shared
@pytest.mark.skipif(not NOTES.exists(), reason="the reference material is not beside the repository")
def test_columns_are_those_of_the_customers_notes() -> None:
    section = NOTES.read_text(encoding="utf-8").split("### 1.1")[1].split("### 1.2")[0]
    numbered = {int(number): name for number, name in re.findall(r"(\d+) `([^`]+)`", section)}
    sizes = re.findall(r"`([^`]+)`", next(line for line in section.splitlines() if line.startswith("`XXXS`")))
    told = [numbered[n] for n in range(1, 51)] + sizes + [numbered[n] for n in range(212, 269)]
    assert [name for name, _ in source_columns()] == told


def test_board_columns_are_those_of_the_shipped_mapping() -> None:
    mapping = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    written = {column["source"]: column["target"] for column in mapping["columns"] if "board" in column}
    assert written == board.TARGETS
    assert len(written) == 44
    assert tuple(mapping["source"]["key"]) == board.KEY
    assert mapping["board"]["group"]["fallback"] == board.FALLBACK_SEASON
    guarded = {c["target"] for c in mapping["columns"] if c.get("board", {}).get("labels") == "never"}
    assert guarded == {"CUSTOMER", *GUARDED_LABELS}


def test_numbers_and_cut_columns_are_those_of_the_shipped_mapping() -> None:
    mapping = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    numbers = {column["source"] for column in mapping["columns"] if column["sql"] == "FLOAT"}
    assert numbers == {*board.AMOUNTS, *board.RATES}
    cut = {column["source"] for column in mapping["columns"] if column.get("too_long") == "cut"}
    assert cut == {"NOTES", "NOTES FOR PRICE", "STYLE DESCRIPTION", "RANGE / COLLECTION"}
