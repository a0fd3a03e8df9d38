"""Small installations, closed at the end of their test."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.small_world import MAPPING, World, order, small_world


@pytest.fixture
def make_world(each_database: str, tmp_path: Path) -> Iterator[Callable[..., World]]:
    """A world with these orders in its source; on the server there is room for one."""
    made: list[World] = []

    def make(*rows: Mapping[str, Any], mapping: str = MAPPING) -> World:
        folder = tmp_path / str(len(made))
        folder.mkdir()
        made.append(small_world(folder, *rows, mapping=mapping))
        return made[-1]

    yield make
    for world in made:
        world.close()


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    """Two orders of one customer, two sizes each."""
    return make_world(order("A-1"), order("A-2"))
