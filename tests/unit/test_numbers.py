from __future__ import annotations

import polars as pl
import pytest

from order_sync.model.mapping import NumberRule, Percent
from order_sync.model.numbers import FORMS, Form, Unreadable, parse_number, parse_numbers


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.text[:12]}|{form.remark}")
def test_every_published_form_reads_as_published(form: Form) -> None:
    parsed = parse_number(form.text, form.rule)

    assert (None if isinstance(parsed, Unreadable) else parsed) == form.canonical
    assert isinstance(parsed, Unreadable) == (form.canonical is None)


@pytest.mark.parametrize("text", ["", "  ", "nan", "NaN", " None ", "NULL"])
def test_blank_words_are_no_number_and_no_fault(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("0.10", "0.1"),
        ("-0.000", "0"),
        ("00", "0"),
        ("0e999999", "0"),
        ("1E+2", "100"),
        ("120e-1", "12"),
        ("1,234e1", "12340"),
        ("0.5e-3", "0.0005"),
        ("1e37", "1" + "0" * 37),
        ("1e-38", "0." + "0" * 37 + "1"),
        ("9" * 38, "9" * 38),
        ("12345678901234567890.123456789012345678", "12345678901234567890.123456789012345678"),
    ],
)
def test_numbers_stay_exact(text: str, canonical: str) -> None:
    assert parse_number(text) == canonical


@pytest.mark.parametrize("text", ["1e38", "1e-39", "1e999999999", "0." + "1" * 39])
def test_more_digits_than_a_decimal_holds_are_refused(text: str) -> None:
    assert parse_number(text) == Unreadable("has more than 38 digits")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("28,86", "has a comma that does not group thousands"),
        ("12,34,567", "has a comma that does not group thousands"),
        ("10%", "is a percentage, and the mapping does not say how this column takes one"),
        ("$5", "carries a currency sign, which this column does not take"),
        ("5 €", "carries a currency sign, which this column does not take"),
        ("12.3.4", "is not a number"),
        ("-", "is not a number"),
        ("--5", "is not a number"),
        ("1e", "is not a number"),
        (".", "is not a number"),
        ("%", "is a percentage, and the mapping does not say how this column takes one"),
        ("٣", "is not a number"),
        ("7" * 101, "is too long for a number"),
    ],
)
def test_the_problem_is_named(text: str, problem: str) -> None:
    assert parse_number(text) == Unreadable(problem)


@pytest.mark.parametrize(
    ("text", "rule", "canonical"),
    [
        ("12.5 %", NumberRule(percent=Percent.FRACTION), "0.125"),
        ("1e2%", NumberRule(percent=Percent.NUMBER), "100"),
        ("5", NumberRule(percent=Percent.FRACTION), "5"),
        ("1.234.567", NumberRule(decimal_comma=True), "1234567"),
        ("1.234", NumberRule(decimal_comma=True), "1.234"),
        ("0,125", NumberRule(decimal_comma=True), "0.125"),
        (",5", NumberRule(decimal_comma=True), "0.5"),
        ("1,234,567", NumberRule(decimal_comma=True), "1234567"),
        ("€ 1.234,50", NumberRule(decimal_comma=True, currency=True), "1234.5"),
        ("€-5", NumberRule(currency=True), "-5"),
    ],
)
def test_rules_widen_what_a_column_takes(text: str, rule: NumberRule, canonical: str) -> None:
    assert parse_number(text, rule) == canonical


def test_an_ambiguous_comma_names_both_readings() -> None:
    parsed = parse_number("1,234", NumberRule(decimal_comma=True))

    assert parsed == Unreadable("is 1234 or 1.234: write one of them")


@pytest.mark.parametrize("text", ["28,86,1", "12.34,5", "x"])
def test_a_decimal_comma_does_not_excuse_everything(text: str) -> None:
    assert isinstance(parse_number(text, NumberRule(decimal_comma=True)), Unreadable)


def test_a_column_is_read_as_its_values_are() -> None:
    column = pl.Series("price", ["28.86", "28.860", None, "abc", "nan", "1,234.50", "0", "-0"])

    parsed = parse_numbers(column)

    assert parsed.values.to_list() == ["28.86", "28.86", None, None, None, "1234.5", "0", "0"]
    assert parsed.values.name == "price"
    assert parsed.unreadable.to_list() == [False, False, False, True, False, False, False, False]


@pytest.mark.parametrize("values", [[], [None, None], ["1", "2.5"]])
def test_a_column_without_odd_values_comes_back_as_it_is(values: list[str | None]) -> None:
    parsed = parse_numbers(pl.Series("a", values, dtype=pl.String))

    assert parsed.values.to_list() == values
    assert not parsed.unreadable.any()
