"""The rows of a wide source: Arrow batches, kept compressed, of which one at a time is unpacked.

Of 161 size columns most cells are blank: packed, a table takes a tenth of the memory or less. The table itself cannot
be asked a second time for the rows that turn out to matter: it has no key, and may be another by then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Final

import polars as pl

BATCH_ROWS: Final = 20_000


@dataclass(frozen=True, slots=True)
class _Batch:
    first: int  # its first row's __row
    height: int
    arrow: bytes


@dataclass(frozen=True, slots=True)
class SourceRows:
    """`schema`: the source's columns and what each is over all rows: Int64 where all its values are whole numbers, else
    String. Every frame that is given out has them, after "__row" (UInt32: the place in the source, from 0)."""

    schema: dict[str, pl.DataType]
    _batches: tuple[_Batch, ...] = ()

    @classmethod
    def pack(cls, names: Sequence[str], chunks: Iterable[pl.DataFrame]) -> SourceRows:
        """Of chunks with these columns, each Int64, String or (without any value) Null. They are drawn as they are
        needed, so that no more than BATCH_ROWS of them are in memory at once."""
        batches: list[_Batch] = []
        types: dict[str, set[pl.DataType]] = {name: set() for name in names}
        first = 0
        for frame in _batched(chunks):
            batches.append(_Batch(first, frame.height, _packed(frame)))
            first += frame.height
            for name, dtype in frame.schema.items():
                types[name].add(dtype)
        return cls({name: _common(found) for name, found in types.items()}, tuple(batches))

    @property
    def height(self) -> int:
        """How many rows there are."""
        return sum(batch.height for batch in self._batches)

    def batches(self, names: Iterable[str] | None = None) -> Iterator[pl.DataFrame]:
        """All rows in table order, one frame of at most BATCH_ROWS a time; one without rows when there are none.
        `names`: only these columns are unpacked."""
        return (unpack() for unpack in self.packed(names))

    def packed(self, names: Iterable[str] | None = None) -> list[Callable[[], pl.DataFrame]]:
        """The same, each to be unpacked by a call: for whoever looks at several at once."""
        wanted = list(self.schema if names is None else dict.fromkeys(names))
        if not self._batches:
            return [partial(self._nothing, wanted)]
        return [partial(self._unpacked, batch, wanted) for batch in self._batches]

    def parts(self, rows: pl.Series) -> Iterator[pl.DataFrame]:
        """As `batches`, of the rows whose __row is named: few of them, wherever they stand, are one frame. A batch
        without any of them is not unpacked."""
        named = rows.cast(pl.UInt32).unique().sort()
        yield from _batched(self._picked(named))
        if named.is_empty():
            yield self._nothing(list(self.schema))

    def _picked(self, named: pl.Series) -> Iterator[pl.DataFrame]:
        for batch in self._batches:
            here = named.filter(named.is_between(batch.first, batch.first + batch.height, closed="left"))
            if not here.is_empty():
                frame = self._unpacked(batch, list(self.schema))
                yield frame if len(here) == frame.height else frame.select(pl.all().gather(here - batch.first))

    def select(self, *names: str) -> pl.DataFrame:
        """These columns of all rows."""
        return pl.concat(self.batches(names), rechunk=True)

    def take(self, rows: pl.Series) -> pl.DataFrame:
        """All columns of the rows whose __row is named, in table order, each once."""
        return pl.concat(self.parts(rows), rechunk=True)

    def _unpacked(self, batch: _Batch, names: list[str]) -> pl.DataFrame:
        # Without a column, Arrow would not remember how many rows there are.
        if not names:
            return pl.select(pl.int_range(batch.first, batch.first + batch.height, dtype=pl.UInt32).alias("__row"))
        frame = pl.read_ipc(BytesIO(batch.arrow), columns=names).select(names)
        frame = frame.cast({name: self.schema[name] for name in names}).rechunk()
        return frame.with_row_index("__row", offset=batch.first)

    def _nothing(self, names: list[str]) -> pl.DataFrame:
        return pl.DataFrame(schema={"__row": pl.UInt32(), **{name: self.schema[name] for name in names}})


def _batched(chunks: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """The chunks joined to frames of BATCH_ROWS."""
    waiting: list[pl.DataFrame] = []
    for chunk in chunks:
        waiting.append(chunk)
        if sum(each.height for each in waiting) >= BATCH_ROWS:
            joined = _joined(waiting)
            whole = joined.height - joined.height % BATCH_ROWS
            yield from joined.head(whole).iter_slices(BATCH_ROWS)
            waiting = [joined.tail(joined.height - whole)]
    if any(each.height for each in waiting):
        yield _joined(waiting)


def _joined(chunks: Sequence[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(chunks, how="vertical_relaxed", rechunk=True)


def _packed(frame: pl.DataFrame) -> bytes:
    into = BytesIO()
    frame.write_ipc(into, compression="zstd")
    return into.getvalue()


def _common(types: set[pl.DataType]) -> pl.DataType:
    """Blank cells decide nothing."""
    decided = types - {pl.Null()}
    return decided.pop() if len(decided) == 1 else pl.String()
