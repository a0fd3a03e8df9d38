"""The work is played once for all that is asked of it."""

from __future__ import annotations

import pytest
from whole_work import Work, play


@pytest.fixture(scope="session")
def work(tmp_path_factory: pytest.TempPathFactory) -> Work:
    with pytest.MonkeyPatch.context() as patched:
        return play(tmp_path_factory.mktemp("work"), patched)
