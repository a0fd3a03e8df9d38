"""Draws that depend on nothing but seed, purpose and row: the same on every platform and in every version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import polars as pl

_T = TypeVar("_T")
_MASK = (1 << 64) - 1
_STEP, _FIRST, _SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


def mix(value: int) -> int:
    """64 bits to 64 well-mixed bits (SplitMix64)."""
    value = (value + _STEP) & _MASK
    value = ((value ^ (value >> 30)) * _FIRST) & _MASK
    value = ((value ^ (value >> 27)) * _SECOND) & _MASK
    return value ^ (value >> 31)


def _u64(value: int) -> pl.Expr:
    return pl.lit(value, dtype=pl.UInt64)


def mixed(column: pl.Expr) -> pl.Expr:
    """`mix` over a UInt64 column; its multiplications wrap, as those of polars do."""
    value = column + _u64(_STEP)
    value = (value ^ (value // _u64(1 << 30))) * _u64(_FIRST)
    value = (value ^ (value // _u64(1 << 27))) * _u64(_SECOND)
    return value ^ (value // _u64(1 << 31))


def salt(seed: int, purpose: str) -> int:
    """A start value for one purpose; 64 bits."""
    value = mix(seed & _MASK)
    for byte in purpose.encode("utf-8"):
        value = mix(value ^ byte)
    return value


@dataclass(frozen=True)
class Draws:
    """Numbers for one thing (a row, an order, a customer), named by what they decide."""

    seed: int

    def number(self, purpose: str, index: int, below: int) -> int:
        """0 .. below-1."""
        return mix(salt(self.seed, purpose) ^ index) % below

    def one_of(self, purpose: str, index: int, choices: Sequence[_T]) -> _T:
        return choices[self.number(purpose, index, len(choices))]

    def shuffled(self, purpose: str, items: Sequence[_T]) -> list[_T]:
        order = sorted(range(len(items)), key=lambda i: mix(salt(self.seed, purpose) ^ i))
        return [items[i] for i in order]

    def expression(self, purpose: str, index: pl.Expr, below: int) -> pl.Expr:
        """`number` over a UInt64 column."""
        return mixed(index ^ _u64(salt(self.seed, purpose))) % _u64(below)

    def column(self, purpose: str, index: pl.Series, below: int) -> pl.Series:
        """`number` for a whole UInt64 column."""
        frame = index.alias("index").to_frame()
        return frame.select(self.expression(purpose, pl.col("index"), below).alias(purpose)).to_series()
