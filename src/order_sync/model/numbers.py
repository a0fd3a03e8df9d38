"""Numbers out of text, exactly: a published table of accepted forms, one canonical form, no floats."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, NamedTuple

import polars as pl

from order_sync.model.mapping import NumberRule, Percent
from order_sync.model.texts import NULL_WORDS

MAX_DIGITS: Final = 38  # written out without exponent; what DECIMAL of SQL Server holds at most
_LONGEST: Final = 100  # characters; a longer text is not looked at


class Form(NamedTuple):
    """One line of the published table. `canonical` None: not accepted. `rule`: what the column must allow."""

    text: str
    canonical: str | None
    rule: NumberRule = NumberRule()
    remark: str = ""


_COMMA: Final = NumberRule(decimal_comma=True)
_CURRENCY: Final = NumberRule(currency=True)

FORMS: Final = (
    Form("28.86", "28.86", remark="plain"),
    Form("28.80", "28.8", remark="trailing zeros go"),
    Form("007", "7", remark="leading zeros go"),
    Form("-3.50", "-3.5", remark="signs"),
    Form("+3", "3", remark="signs"),
    Form("-0", "0", remark="no negative zero"),
    Form(".5", "0.5", remark="digits on one side of the point"),
    Form("5.", "5", remark="digits on one side of the point"),
    Form(" 12.5 ", "12.5", remark="white space around"),
    Form("1,234.50", "1234.5", remark="commas that group thousands"),
    Form("1,234,567", "1234567", remark="commas that group thousands"),
    Form("1e3", "1000", remark="exponents"),
    Form("2.5E-3", "0.0025", remark="exponents"),
    Form("10%", None, remark="unless the column says how"),
    Form("10%", "10", NumberRule(percent=Percent.NUMBER), "percent: number"),
    Form("10%", "0.1", NumberRule(percent=Percent.FRACTION), "percent: fraction"),
    Form("28,86", None, remark="a comma that groups nothing, unless decimal_comma"),
    Form("0,125", None, remark="no group of thousands begins with 0"),
    Form("28,86", "28.86", _COMMA, "decimal_comma"),
    Form("1.234,50", "1234.5", _COMMA, "decimal_comma: points group thousands"),
    Form("1,234.50", "1234.5", _COMMA, "decimal_comma: the point settles it"),
    Form("1,234", None, _COMMA, "decimal_comma: 1234 or 1.234, never guessed"),
    Form("$28.86", None, remark="unless currency"),
    Form("$28.86", "28.86", _CURRENCY, "currency: $, £ or € before or after"),
    Form("-€5", "-5", _CURRENCY, "currency: after the sign"),
    Form("12 £", "12", _CURRENCY, "currency: $, £ or € before or after"),
    Form("TRUE", None, remark="no word is a number"),
    Form("Infinity", None, remark="nothing can be reckoned with it"),
    Form("(5.00)", None, remark="accountants' brackets"),
    Form("1 234", None, remark="space inside"),
    Form("1_000", None, remark="underscores"),
    Form("0x1F", None, remark="hexadecimal"),
    Form("9" * 39, None, remark=f"more than {MAX_DIGITS} digits when written out"),
)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a text is no number here; completes a sentence that begins with the text."""

    problem: str


class ParsedNumbers(NamedTuple):
    """`values`: canonical text, NULL where blank or unreadable. `unreadable`: mask of what is no number."""

    values: pl.Series
    unreadable: pl.Series


# At most 37 digits, which MAX_DIGITS allows.
_CANONICAL: Final = r"^(?:0|-?[1-9][0-9]{0,24}|-?(?:0|[1-9][0-9]{0,24})\.[0-9]{0,11}[1-9])$"
_SPLIT = re.compile(r"(?P<sign>[+-]?)(?P<body>[0-9.,]*)(?:[eE](?P<exponent>[+-]?[0-9]+))?")
_POINTED = re.compile(r"[0-9]+\.?[0-9]*|\.[0-9]+")
_COMMA_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]*)?")
_POINT_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]*)?")
_DECIMAL_COMMA = re.compile(r"[0-9]+,[0-9]*|,[0-9]+")
_CURRENCY_SIGN = re.compile(r"([+-]?)[$£€]\s*(.*)|(.*?)\s*[$£€]", re.DOTALL)


def parse_numbers(column: pl.Series, rule: NumberRule = NumberRule()) -> ParsedNumbers:
    """`parse_number` over a String column; Python sees the distinct values that are not canonical yet."""
    distinct = column.unique()
    distinct = distinct.filter(~distinct.str.contains(_CANONICAL))
    parsed = [parse_number(text, rule) for text in distinct]
    readable = [None if isinstance(value, Unreadable) else value for value in parsed]
    bad = [text for text, value in zip(distinct, parsed, strict=True) if isinstance(value, Unreadable)]
    values = column.replace(distinct, pl.Series(readable, dtype=pl.String)) if readable else column
    return ParsedNumbers(values, column.is_in(bad).fill_null(False))


def parse_number(text: str, rule: NumberRule = NumberRule()) -> str | Unreadable | None:
    """Canonical decimal text (no exponent, no spare zeros), None where blank, else why it is no number."""
    text = text.strip()
    if text.lower() in NULL_WORDS:
        return None
    if len(text) > _LONGEST:
        return Unreadable("is too long for a number")
    percent = text.endswith("%")
    if percent:
        if rule.percent is Percent.ISSUE:
            return Unreadable("is a percentage, and the mapping does not say how this column takes one")
        text = text[:-1].rstrip()
    signed = _without_currency(text, rule)
    if isinstance(signed, Unreadable):
        return signed
    return _canonical(signed, rule, shift=-2 if percent and rule.percent is Percent.FRACTION else 0)


def _without_currency(text: str, rule: NumberRule) -> str | Unreadable:
    found = _CURRENCY_SIGN.fullmatch(text)
    if found is None:
        return text
    if not rule.currency:
        return Unreadable("carries a currency sign, which this column does not take")
    sign, after, before = found.groups()
    return f"{sign}{after}" if after is not None else str(before)


def _canonical(text: str, rule: NumberRule, shift: int) -> str | Unreadable:
    parts = _SPLIT.fullmatch(text)
    if parts is None:
        return Unreadable("is not a number")
    pointed = _pointed(parts["body"], rule)
    if isinstance(pointed, Unreadable):
        return pointed
    whole, _, fraction = pointed.partition(".")
    digits = (whole + fraction).lstrip("0")
    exponent = int(parts["exponent"] or 0) + shift - len(fraction)
    return _written_out("-" if parts["sign"] == "-" else "", digits, exponent)


def _pointed(body: str, rule: NumberRule) -> str | Unreadable:
    """Digits with at most one decimal point, thousands ungrouped."""
    if _POINTED.fullmatch(body):
        return body
    if _COMMA_GROUPS.fullmatch(body):
        if rule.decimal_comma and body.count(",") == 1 and "." not in body:
            return Unreadable(f"is {body.replace(',', '')} or {body.replace(',', '.')}: write one of them")
        return body.replace(",", "")
    if rule.decimal_comma and (_POINT_GROUPS.fullmatch(body) or _DECIMAL_COMMA.fullmatch(body)):
        return body.replace(".", "").replace(",", ".")
    if "," in body:
        return Unreadable("has a comma that does not group thousands")
    return Unreadable("is not a number")


def _written_out(sign: str, digits: str, exponent: int) -> str | Unreadable:
    """`digits` times ten to the `exponent`, without an exponent."""
    kept = digits.rstrip("0")
    if not kept:
        return "0"
    exponent += len(digits) - len(kept)
    if max(len(kept) + max(exponent, 0), -exponent) > MAX_DIGITS:
        return Unreadable(f"has more than {MAX_DIGITS} digits")
    if exponent >= 0:
        return f"{sign}{kept}{'0' * exponent}"
    padded = kept.rjust(1 - exponent, "0")
    return f"{sign}{padded[:exponent]}.{padded[exponent:]}"
