"""A source without the size columns that none of its orders fills: these tests read it some hundred times."""

from __future__ import annotations

import polars as pl
from tests.harness import House

from order_sync.model.sizes import size_columns


def narrow(house: House) -> None:
    """Fill the house's source again, without them."""
    sizes = size_columns([(name, None) for name in house.frame.columns], house.project.mapping.sizes)
    empty = [name for name in sizes if not (house.frame[name].cast(pl.Int64, strict=False) > 0).any()]
    house.frame = house.frame.drop(empty)
    house.fill(house.frame)
