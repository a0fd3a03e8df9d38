"""What holds for every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests import databases

# A deadline is a timed assertion: on a busy machine it fails for nothing that the code does.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(params=databases.kinds())
def each_database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The test runs once on each database that there is; what it builds has its tables there."""
    with databases.working_on(request.param):
        _refuse_what_cannot_be_shown(request)
        yield str(request.param)


def _refuse_what_cannot_be_shown(request: pytest.FixtureRequest) -> None:
    mark = request.node.get_closest_marker("not_on_babelfish")
    if mark is not None and databases.on_server() and databases.is_babelfish():
        pytest.skip(f"not provable on Babelfish: {mark.args[0]}")
