"""customers.yaml: read as a whole, every fault told."""

from __future__ import annotations

import pytest

from order_sync.model.errors import MappingError
from order_sync.model.mapping_file import load_customers

GOOD = """\
version: 1
customers:
  - {name: TARVEN, aliases: [TARVEN (US), tarven, Tar Ven]}
  - name: TARVEN MILL
    aliases:
      - NO
      - 1928
  - {name: O'BRASK}
"""


def test_names_and_aliases_lead_to_the_canonical_name() -> None:
    lookup = load_customers("\ufeff" + GOOD, "c.yaml").lookup()
    assert lookup["tarven (us)"] == lookup["tar ven"] == "TARVEN"
    assert lookup["no"] == lookup["1928"] == lookup["tarven mill"] == "TARVEN MILL"
    assert lookup["o'brask"] == "O'BRASK"


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("name: O'BRASK", "name: Tar VEN", 'c.yaml:8: customers[Tar VEN].name: expected a name or alias of one customer only, found "Tar VEN", which leads to "TARVEN" already (line 3)'),
        ("- 1928", "- ' TARVEN '", 'c.yaml:7: customers[TARVEN MILL].aliases[#2]: expected a name or alias of one customer only, found " TARVEN ", which leads to "TARVEN" already (line 3)'),
        ("- 1928", "- NaN", 'c.yaml:7: customers[TARVEN MILL].aliases[#2]: expected a name, found "NaN", which counts as no value'),
        ("- 1928", "-", "c.yaml:7: customers[TARVEN MILL].aliases[#2]: expected text, found nothing"),
        ("name: O'BRASK", "name: ''", 'c.yaml:8: customers[#3].name: expected a name, found "", which counts as no value'),
        ("name: O'BRASK", f"name: {'X' * 101}", "expected at most 100 characters, found 101"),
        ("name: O'BRASK", f"name: {'🧵' * 51}", "expected at most 100 characters, found 102"),
        ("name: O'BRASK", "nam: O'BRASK", 'c.yaml:8: customers[#3].nam: expected a known name, found "nam" (did you mean "name"?)'),
        ("name: O'BRASK", "nam: O'BRASK", "c.yaml:8: customers[#3].name: expected a value here, found nothing"),
        ("name: O'BRASK", "name: O'BRASK, name: X", "c.yaml:8: customers[O'BRASK].name: expected each name once"),
        ("version: 1", "version: 3", 'c.yaml:1: version: expected 1, found "3"'),
    ],
)  # fmt: skip
def test_a_fault_is_named(old: str, new: str, wanted: str) -> None:
    assert old in GOOD
    with pytest.raises(MappingError) as caught:
        load_customers(GOOD.replace(old, new), "c.yaml")
    assert any(wanted in problem for problem in caught.value.problems), caught.value.problems


def test_names_that_differ_by_unicode_form_are_one() -> None:
    text = "customers:\n  - {name: FJ\u00c5RVAL}\n  - {name: FJA\u030aRVAL}\n"
    with pytest.raises(MappingError, match="of one customer only"):
        load_customers(text, "c.yaml")


@pytest.mark.parametrize(
    ("text", "wanted"), [("", "0 bytes"), ("- A", "a list of 1"), ("customers: {A: B}", "expected a list")]
)
def test_a_file_without_customers_is_refused(text: str, wanted: str) -> None:
    with pytest.raises(MappingError, match=wanted):
        load_customers(text, "c.yaml")


def test_a_brand_named_twice_by_one_customer_is_no_fault() -> None:
    assert len(load_customers("customers:\n  - {name: A, aliases: [a, A]}\n", "c.yaml").customers) == 1
