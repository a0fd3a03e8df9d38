"""The demo's proof, from outside the pipeline: board and production against the list that the generator wrote
before anything was sent. Nothing here asks the ledger, the snapshot or the transform."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from order_sync.demo_data import Expectation, Fate

Key = tuple[str | None, ...]
HeldRows = Mapping[tuple[Key, str], int]
_BLANK = frozenset({"", "nan", "none", "null"})


@dataclass(frozen=True, slots=True)
class ShownSize:
    """A size as a subitem or a row shows it. `others`: further written columns, by name."""

    label: str
    quantity: str
    others: tuple[tuple[str, str], ...] = ()
    id: str = ""
    sync_key: str | None = None

    @property
    def text(self) -> str:
        return " ".join([f"{self.label}: {self.quantity}", *(f"{name} {text}" for name, text in self.others)])


@dataclass(frozen=True, slots=True)
class ShownOrder:
    """An order as board, production or list show it. `columns`: only those with a value."""

    key: Key
    name: str
    group: str
    columns: Mapping[str, str]
    sizes: tuple[ShownSize, ...]
    id: str = ""
    sync_key: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """`order` and `what` say where; the other two what stands there."""

    order: str
    what: str
    expected: str
    found: str


PairCompare = Callable[[ShownOrder, ShownOrder], Iterator[Difference]]


@dataclass
class Check:
    """One line of the check list: `compared` things, named by `title`."""

    title: str
    compared: int
    differences: list[Difference] = field(default_factory=list)
    lost: int = 0
    doubled: int = 0


def canonical(parts: Iterable[str | None]) -> Key:
    """A key as people compare it: no outer blanks, no case, one way to write an accent; "none" is NULL."""
    return tuple(_canonical(part) for part in parts)


def _canonical(part: str | None) -> str | None:
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFC", part or "").strip().casefold())
    return None if text in _BLANK else text


def wanted_orders(
    expected: Iterable[Expectation], key: Sequence[str], constants: Sequence[tuple[str, str]]
) -> list[ShownOrder]:
    """What the list says must be there. `key`: columns that tell orders apart; `constants`: columns that every
    size has with the same value."""
    others = tuple(constants)
    return [
        ShownOrder(
            canonical(each.columns.get(part) for part in key),
            each.name or "",
            each.group or "",
            each.columns,
            tuple(ShownSize(str(label), str(quantity), others) for label, quantity in each.sizes),
        )
        for each in expected
        if each.fate is Fate.CREATED
    ]


def compare(wanted: Sequence[ShownOrder], found: Sequence[ShownOrder], place: str, source: str) -> list[Check]:
    """Order by order, value by value. `place` and `source` are how sentences call the two."""
    by_key = _by_key(found)
    pairs = [(order, by_key[order.key][0]) for order in wanted if by_key.get(order.key)]
    return [
        _presence(wanted, by_key, place, source),
        _check(f"names and groups {place}", 2 * len(pairs), pairs, _titles),
        _check(f"values {place}", sum(len(order.columns) for order, _ in pairs), pairs, _values),
        _check(f"sizes {place}", sum(len(order.sizes) for order, _ in pairs), pairs, _sizes),
    ]


def _by_key(orders: Iterable[ShownOrder]) -> dict[Key, list[ShownOrder]]:
    found: dict[Key, list[ShownOrder]] = defaultdict(list)
    for order in orders:
        found[order.key].append(order)
    return dict(found)


def _presence(
    wanted: Sequence[ShownOrder], found: Mapping[Key, Sequence[ShownOrder]], place: str, source: str
) -> Check:
    check = Check(f"orders of {source} are {place}, each once, and no other", len(wanted))
    keys = {order.key for order in wanted}
    for order in wanted:
        there = len(found.get(order.key, ()))
        check.lost += there == 0
        check.doubled += max(0, there - 1)
        if there != 1:
            check.differences.append(Difference(_called(order), place, "once", f"{there} times"))
    for key, others in found.items():
        if key not in keys:
            check.differences += [Difference(_called(other), place, "not there", f"id {other.id}") for other in others]
    return check


def _check(
    title: str, compared: int, pairs: Sequence[tuple[ShownOrder, ShownOrder]], compare_pair: PairCompare
) -> Check:
    return Check(title, compared, [each for wanted, found in pairs for each in compare_pair(wanted, found)])


def _titles(wanted: ShownOrder, found: ShownOrder) -> Iterator[Difference]:
    if wanted.name != found.name:
        yield Difference(_called(wanted), "item name", wanted.name, found.name)
    # A board has one group for titles that differ in case alone.
    if wanted.group.casefold() != found.group.casefold():
        yield Difference(_called(wanted), "group", wanted.group, found.group)


def _values(wanted: ShownOrder, found: ShownOrder) -> Iterator[Difference]:
    for column in {**wanted.columns, **found.columns}:
        expected, there = wanted.columns.get(column, ""), found.columns.get(column, "")
        if expected != there:
            yield Difference(_called(wanted), column, expected, there)


def _sizes(wanted: ShownOrder, found: ShownOrder) -> Iterator[Difference]:
    expected, there = Counter(size.text for size in wanted.sizes), Counter(size.text for size in found.sizes)
    for text in (expected - there).elements():
        yield Difference(_called(wanted), "size", text, "not there")
    for text in (there - expected).elements():
        yield Difference(_called(wanted), "size", "not there", text)


def same_ids(board: Sequence[ShownOrder], production: Sequence[ShownOrder]) -> Check:
    """Each production row names the item it stands for."""
    on_board = {order.key: order for order in board}
    check = Check("ids in production are those of the items and subitems on the board", 0)
    for row in production:
        item = on_board.get(row.key)
        if item is None:
            continue
        check.compared += 1 + len(row.sizes)
        if item.id != row.id:
            check.differences.append(Difference(_called(row), "Item ID", item.id, row.id))
        ids, known = {size.id for size in item.sizes}, {size.id for size in row.sizes}
        if ids != known:
            odd = ", ".join(sorted(ids ^ known))
            check.differences.append(Difference(_called(row), "subitem ids", f"{len(ids)} on the board", odd))
    return check


def no_copies(board: Sequence[ShownOrder]) -> Check:
    """No sync key twice, among items as among sizes; none without."""
    keys = [(order.sync_key, _called(order)) for order in board]
    keys += [(size.sync_key, f"{_called(order)}, {size.label}") for order in board for size in order.sizes]
    counts = Counter(key for key, _ in keys)
    check = Check("sync keys on the board: none twice, none missing", len(keys))
    for key, called in keys:
        if key is None or counts[key] > 1:
            found = "none" if key is None else f"{key}, {counts[key]} times"
            check.differences.append(Difference(called, "sync key", "one of its own", found))
    check.doubled = sum(count - 1 for key, count in counts.items() if key is not None)
    return check


def held_as_expected(expected: Iterable[Expectation], held: HeldRows) -> Check:
    """Every row that must be held stands in the error table with exactly its causes."""
    wanted: Counter[tuple[Key, str]] = Counter()
    rows = 0
    for each in expected:
        if each.fate is Fate.HELD:
            rows += 1
            wanted.update({(canonical(each.key), cause): 1 for cause in set(each.causes)})
    check = Check("held rows are in the error table, each with its causes", rows)
    for entry in sorted({*wanted, *held}, key=str):
        if wanted[entry] != held.get(entry, 0):
            key, cause = entry
            check.differences.append(
                Difference(_joined(key), cause, f"{wanted[entry]} rows", f"{held.get(entry, 0)} rows")
            )
    return check


def cancelled_nowhere(expected: Iterable[Expectation], *places: Sequence[ShownOrder]) -> Check:
    """Cancelled before they were ever sent: counted, not created."""
    cancelled = [each for each in expected if each.fate is Fate.CANCELLED]
    there = {order.key: order for orders in places for order in orders}
    check = Check("cancelled orders are neither on the board nor in production", len(cancelled))
    for each in cancelled:
        order = there.get(canonical(each.key))
        if order is not None:
            check.differences.append(Difference(_called(order), "cancelled", "nowhere", f"id {order.id}"))
    return check


def nothing_left(counts: Mapping[str, int]) -> Check:
    """`counts`: rows by the name of what they should not be in any more."""
    check = Check("tables hold nothing half done: staging is empty, no failure is open", len(counts))
    check.differences = [Difference(name, "rows", "0", str(rows)) for name, rows in counts.items() if rows]
    return check


def _called(order: ShownOrder) -> str:
    return order.name or _joined(order.key)


def _joined(key: Key) -> str:
    return " / ".join(part if part is not None else "NULL" for part in key)
