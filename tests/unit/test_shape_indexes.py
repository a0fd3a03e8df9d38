"""An index that does what ours would do is ours, whatever it is called."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, Index, Integer, MetaData, Table

from order_sync.store.changes import AddIndex, lacking
from order_sync.store.shape import FoundColumn, FoundIndex, FoundTable, Shape

TABLE = Table("T", MetaData(), Column("a", Integer), Column("b", Integer), Index("IX_T_ab", "a", "b"))
UNIQUE = Table("T", MetaData(), Column("a", Integer), Column("b", Integer), Index("UX_T_ab", "a", "b", unique=True))


def there(*indexes: FoundIndex) -> FoundTable:
    columns = (FoundColumn("a", "INT", True), FoundColumn("b", "INT", True))
    return FoundTable("T", False, columns, {each.name.casefold(): each for each in indexes})


@pytest.mark.parametrize(
    ("wanted", "found", "serves"),
    [
        (TABLE, FoundIndex("ix_t_AB", False, ("other",)), True),  # its name: `schema diff` tells of its columns
        (TABLE, FoundIndex("theirs", False, ("A", "b")), True),
        (TABLE, FoundIndex("theirs", True, ("a", "b")), True),
        (TABLE, FoundIndex("theirs", False, ("b", "a")), False),
        (TABLE, FoundIndex("theirs", False, ("a",)), False),
        (TABLE, FoundIndex("theirs", False, ("a", "b"), "a IS NOT NULL"), False),
        (UNIQUE, FoundIndex("theirs", True, ("a", "b")), True),
        (UNIQUE, FoundIndex("theirs", False, ("a", "b")), False),
        (UNIQUE, FoundIndex("theirs", True, ("a", "b"), "a IS NOT NULL"), False),
    ],
)
def test_an_index_over_all_rows_serves_as_ours(wanted: Table, found: FoundIndex, serves: bool) -> None:
    change = AddIndex(wanted, next(iter(wanted.indexes)))
    assert there(found).serves_as(change.index) is serves
    assert change.done(Shape({"t": there(found)})) is serves
    assert list(lacking(wanted, there(found))) == ([] if serves else [change])
