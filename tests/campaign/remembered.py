"""What is worked out of the same rows is the same: remembered from trial to trial, it is half the time of each.

Only what reads and writes nothing is remembered, and now and then it is worked out again and compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any, Final, Generic, TypeVar
from unittest.mock import patch

import polars as pl

from order_sync.model.fingerprint import check_golden
from order_sync.steps import detect, targets
from order_sync.steps.detect import identify
from order_sync.steps.job import Job
from order_sync.steps.targets import Targets, batch_targets

AGAIN_EVERY: Final = 200  # how often what is remembered is worked out again
_Of = tuple[Any, ...]
T = TypeVar("T")


class Remembered(Generic[T]):
    """`worked_out(job, source)` by the source's rows, the mapping, the customers and the size columns."""

    def __init__(self, worked_out: Callable[[Job, pl.DataFrame], T], alike: Callable[[T, T], bool]) -> None:
        self._worked_out, self._alike = worked_out, alike
        self._known: dict[_Of, tuple[T, _Of]] = {}
        self._asked = 0

    def __call__(self, job: Job, source: pl.DataFrame) -> T:
        """AssertionError where the same rows came to something else this time."""
        sizes = tuple(job.source.size_columns())
        parts = (id(job.mapping), id(job.customers), sizes, tuple(source.schema.items()), tuple(source.rows()))
        self._asked += 1
        if parts not in self._known:
            # With what is asked about: an id is taken again when its owner is gone.
            self._known[parts] = self._worked_out(job, source), (job.mapping, job.customers)
        elif self._asked % AGAIN_EVERY == 0:
            again = self._worked_out(job, source)
            assert self._alike(again, self._known[parts][0]), f"{self._worked_out.__name__} is not of its rows alone"
        return self._known[parts][0]


def _alike(one: Targets, other: Targets) -> bool:
    return all(getattr(one, name).equals(getattr(other, name)) for name in ("orders", "sizes", "issues"))


TARGETS: Final = Remembered(batch_targets, _alike)
IDENTIFIED: Final = Remembered(identify, pl.DataFrame.equals)


@cache
def _golden_once() -> None:
    check_golden()


@contextmanager
def remembering() -> Iterator[None]:
    """While it lasts, detection and selection work out the same rows once only; golden rows are checked once."""
    _golden_once()
    with ExitStack() as held:
        held.enter_context(patch.object(targets, "batch_targets", TARGETS))
        held.enter_context(patch.object(detect, "identify", IDENTIFIED))
        held.enter_context(patch.object(detect, "check_golden", lambda: None))
        yield
