"""What an order is called: item name, group name, customer."""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from typing import Final

import polars as pl

from order_sync.model.errors import MappingError
from order_sync.model.mapping import Customers, GroupRule
from order_sync.model.texts import casefold_one, change_distinct

NAME_LENGTH: Final = 255  # code points; items and groups

_FIELD = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """Fields with the literal text before each. A blank field goes together with the text before it."""

    fields: tuple[tuple[str, str], ...]  # (literal before, field name)
    ending: str

    def render(self, values: MappingOf[str, pl.Series]) -> pl.Series:
        """One name a row, white space collapsed; NULL where every field is blank."""
        frame = pl.DataFrame({str(at): values[name] for at, (_, name) in enumerate(self.fields)})
        columns = [_shown(pl.col(name), dtype) for name, dtype in frame.schema.items()]
        parts = [
            pl.when(column.is_null()).then(pl.lit("")).otherwise(pl.lit(before) + column)
            for (before, _), column in zip(self.fields, columns, strict=True)
        ]
        name = pl.concat_str([*parts, pl.lit(self.ending)]).str.replace_all(r"\s+", " ").str.strip_chars()
        blank = pl.all_horizontal(column.is_null() for column in columns)
        return frame.select(pl.when(blank).then(None).otherwise(name).alias("name")).to_series()


def parse_template(text: str) -> Template:
    """`{STYLE} {COLOR}` as fields. Raises MappingError where there is no field or a brace is left over."""
    fields, end = [], 0
    for field in _FIELD.finditer(text):
        fields.append((text[end : field.start()], field[1]))
        end = field.end()
    ending = text[end:]
    if not fields or any(brace in part for brace in "{}" for part in (ending, *(before for before, _ in fields))):
        raise MappingError(
            f'"{text}" is no name template', next_step="write target columns in braces, e.g. {STYLE} {COLOR}"
        )
    return Template(tuple(fields), ending)


def template_fields(text: str) -> list[str]:
    """The names in braces, in their order."""
    return [name for _, name in parse_template(text).fields]


def item_names(template: str, values: MappingOf[str, pl.Series]) -> pl.Series:
    """Item names from target columns; NULL where all parts are blank."""
    return parse_template(template).render(values).alias("Title")


def group_names(rule: GroupRule, customers: pl.Series, seasons: list[pl.Series]) -> pl.Series:
    """Group names; the season is the first not blank, else the fallback. NULL where the customer is."""
    frame = pl.DataFrame({"customer": customers, **{str(at): season for at, season in enumerate(seasons)}})
    known = [_shown(pl.col(name), dtype) for name, dtype in frame.schema.items() if name != "customer"]
    frame = frame.select(
        "customer", pl.coalesce(*known, pl.lit(rule.fallback or None, dtype=pl.String)).alias("season")
    )
    named = parse_template(rule.name).render({"CUSTOMER": frame["customer"], "SEASON": frame["season"]})
    return named.set(customers.is_null(), None).alias("Group")


def canonical_customers(column: pl.Series, customers: Customers) -> pl.Series:
    """The canonical name of each cleaned name or alias: exact but for case, never guessed, else NULL."""
    known = {casefold_one(name.strip()): canonical for name, canonical in customers.lookup().items()}
    return change_distinct(column, column.is_not_null(), lambda name: known.get(casefold_one(name))).alias("customer")


def _shown(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """As a person reads it; text of white space only is blank."""
    if dtype == pl.Date:
        return column.dt.to_string("%Y-%m-%d")
    text = column.cast(pl.String).str.strip_chars()
    return pl.when(text == "").then(None).otherwise(text)
