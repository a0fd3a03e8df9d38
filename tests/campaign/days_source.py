"""What goes on around a long life: orders come in office hours, some are corrected, cancelled, or wrong until somebody
mends them; and people copy an item now and then, or put one away."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from sqlalchemy import select

from order_sync.drill.orders import cancelled, changed, order
from order_sync.drill.world import World
from order_sync.model.mapping import Customers
from order_sync.model.mapping import Mapping as OrderMapping

OFFICE: Final = range(8, 18)  # hours of the day in which people work
_NEW, _WRONG, _CORRECTED, _CANCELLED = 0.2, 0.1, 0.04, 0.015  # chances: an office hour; a new order; two of an hour
_RECENT: Final = 12  # of so many newest orders some are still changed
_COPIED, _PUT_AWAY = 0.004, 0.004  # chances of an office hour

Row = dict[str, Any]


@dataclass
class Orders:
    """The source's rows by number, each with all versions that it had, the present one last."""

    mapping: OrderMapping
    customers: Customers
    versions: dict[int, list[Row]] = field(default_factory=dict)
    _mended: dict[int, tuple[int, Row]] = field(default_factory=dict)  # in which hour, and how

    @property
    def rows(self) -> list[Row]:
        return [each[-1] for each in self.versions.values()]

    def generations(self) -> Iterator[list[Row]]:
        """All first versions, all second ones, and so on; a row that had no more stays as it is."""
        for at in range(max(map(len, self.versions.values()), default=0)):
            yield [each[min(at, len(each) - 1)] for each in self.versions.values()]

    def live_through(self, chance: Random, hour: int, of_day: int) -> bool:
        """Whether anything changed."""
        before = sum(map(len, self.versions.values()))
        for number in [number for number, (due, _) in self._mended.items() if due <= hour]:
            self.versions[number].append(self._mended.pop(number)[1])
        if of_day in OFFICE:
            if chance.random() < _NEW:
                self._come(chance, hour)
            self._change(chance, _CORRECTED, lambda row: changed(self.mapping, row))
            self._change(chance, _CANCELLED, lambda row: cancelled(self.mapping, row))
        return sum(map(len, self.versions.values())) != before

    def _come(self, chance: Random, hour: int) -> None:
        number = len(self.versions)
        sizes = tuple(chance.randint(1, 9) for _ in range(chance.randint(1, 3)))
        row = order(self.mapping, self.customers, number, chance.randrange(len(self.customers.customers)), sizes)
        if chance.random() < _WRONG:
            self._mended[number] = hour + chance.randint(1, 40), row
            row = chance.choice((_wrong_total, _unknown_customer, _no_key, self._typed_twice))(self.mapping, row)
        self.versions[number] = [row]

    def _change(self, chance: Random, share: float, how: Callable[[Row], Row | None]) -> None:
        if chance.random() >= share:
            return
        recent = [number for number in list(self.versions)[-_RECENT:] if number not in self._mended]
        if recent:
            versions = self.versions[chance.choice(recent)]
            versions.append(how(versions[-1]) or versions[-1])

    def _typed_twice(self, mapping: OrderMapping, row: Row) -> Row:
        """With the key of the order before."""
        before = self.versions[len(self.versions) - 1][-1] if self.versions else row
        return {**row, **{name: before[name] for name in mapping.source.key}}


def _wrong_total(mapping: OrderMapping, row: Row) -> Row:
    return {**row, mapping.sizes.total: row[mapping.sizes.total] + 1}


def _unknown_customer(mapping: OrderMapping, row: Row) -> Row:
    return {**row, mapping.source.customer: "NOBODY WE KNOW"}


def _no_key(mapping: OrderMapping, row: Row) -> Row:
    return {**row, mapping.source.key[-1]: None}


@dataclass
class People:
    """`items`: those that they copied into being or put away; `orders`: the keys of the orders whose items they put
    away."""

    items: set[int] = field(default_factory=set)
    orders: set[str] = field(default_factory=set)

    def live_through(self, world: World, chance: Random, of_day: int) -> Mapping[str, int]:
        """How often they did what."""
        copied, put_away = (chance.random() < share and of_day in OFFICE for share in (_COPIED, _PUT_AWAY))
        found = self._promoted(world) if copied or put_away else []
        if not found:
            return {}
        key, item = chance.choice(found)
        if copied:
            self._copy(world, item)
        if put_away:
            self._put_away(world, key, item)
        return {"a person copies an item": copied, "a person archives an item": put_away}

    def _copy(self, world: World, item: int) -> None:
        made = world.person(
            "mutation($b: ID!, $i: ID!) { duplicate_item(board_id: $b, item_id: $i) { id } }",
            b=world.project.mapping.board.id,
            i=str(item),
        )
        self.items.add(int(made["duplicate_item"]["id"]))

    def _put_away(self, world: World, key: str, item: int) -> None:
        world.person("mutation($i: ID!) { archive_item(item_id: $i) { id } }", i=str(item))
        self.items.add(item)
        self.orders.add(key)

    def _promoted(self, world: World) -> list[tuple[str, int]]:
        """Order key and item of what is in production and untouched."""
        c = world.tables.identity.c
        query = select(c.order_key, c.live_item_id).where(c.state == "PROMOTED", c.size_label.is_(None))
        with world.engines.read.connect() as conn:
            found = [(str(key), int(item)) for key, item in conn.execute(query.order_by(c.sync_id))]
        return [each for each in found if each[1] not in self.items]
