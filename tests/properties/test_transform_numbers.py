from __future__ import annotations

from decimal import Decimal

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from order_sync.model.mapping import NumberRule, Percent
from order_sync.model.numbers import Unreadable, parse_number, parse_numbers

RULES = st.builds(NumberRule, percent=st.sampled_from(Percent), decimal_comma=st.booleans(), currency=st.booleans())
# Mostly what numbers are made of, so that near misses are common.
TEXTS = st.one_of(
    st.text(alphabet="0123456789.,+-eE% $€٣a", max_size=12),
    st.text(max_size=6),
    st.decimals(allow_nan=True, allow_infinity=True, places=4).map(str),
    st.floats().map(repr),
    st.integers().map("{:,}".format),
)
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=6)


@settings(max_examples=60)
@given(DECIMALS, st.sampled_from(["{}", "{:+}", "{:,}", "{:e}", " {} ", "{}0", "00{}"]))
def test_any_accepted_spelling_keeps_the_exact_value(number: Decimal, form: str) -> None:
    spelled = form.format(abs(number) if form == "00{}" else number)

    parsed = parse_number(spelled)

    assert isinstance(parsed, str)
    assert Decimal(parsed) == (abs(number) if form == "00{}" else number)


@settings(max_examples=60)
@given(TEXTS, RULES)
def test_a_canonical_number_is_plain_and_stays_as_it_is(text: str, rule: NumberRule) -> None:
    parsed = parse_number(text, rule)

    if isinstance(parsed, str):
        value = Decimal(parsed)
        assert parsed == (format(value.normalize(), "f") if value and len(parsed) < 28 else parsed)
        assert parsed != "-0"
        assert set(parsed) <= set("-.0123456789")
        assert parse_number(parsed, NumberRule()) == parsed


@settings(max_examples=60)
@given(st.lists(st.none() | TEXTS, max_size=8), RULES)
def test_a_column_is_read_as_its_values_are(texts: list[str | None], rule: NumberRule) -> None:
    parsed = parse_numbers(pl.Series("a", texts, dtype=pl.String), rule)

    singly = [None if text is None else parse_number(text, rule) for text in texts]
    assert parsed.values.to_list() == [None if isinstance(value, Unreadable) else value for value in singly]
    assert parsed.unreadable.to_list() == [isinstance(value, Unreadable) for value in singly]
