"""Tables that break no word: where the terminal is too narrow they lose columns, or stack one entry below the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

_GAP: Final = 2  # between two columns
_EDGES: Final = 2
_WORD: Final = 40  # what is longer than this is no word that people read, and may be broken

Cell = str | Text


class Listing:
    """`right`: columns of numbers. `whole`: those whose cells stay on one line, as all numbers do. `room`: columns of
    sentences, and the width that they get at least. `spare`: what is left out first where there is no room."""

    def __init__(
        self,
        headings: Sequence[str],
        *,
        title: str = "",
        right: Sequence[str] = (),
        whole: Sequence[str] = (),
        room: Mapping[str, int] | None = None,
        spare: Sequence[str] = (),
    ) -> None:
        self._headings = tuple(headings)
        self._title = title
        self._right = frozenset(right)
        self._whole = frozenset(right) | frozenset(whole)
        self._room = dict(room or {})
        self._spare = tuple(spare)
        self._rows: list[tuple[tuple[Text, ...], str]] = []
        self._sections: set[int] = set()

    def add_row(self, *cells: Cell, style: str = "") -> None:
        """Text is never read as markup."""
        self._rows.append((tuple(cell if isinstance(cell, Text) else Text(cell) for cell in cells), style))

    def add_section(self) -> None:
        """A line below the last row."""
        self._sections.add(len(self._rows) - 1)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for shown in self._ever_fewer():
            widths = self._widths(shown, options.max_width)
            if widths is not None:
                yield self._table(shown, widths)
                return
        yield from self._stacked(options.max_width)

    def _ever_fewer(self) -> Iterator[list[int]]:
        """All columns, then without the spare ones, those first that say nothing."""
        shown = list(range(len(self._headings)))
        yield shown
        for name in sorted(self._spare, key=lambda each: any(map(_says, self._cells(self._headings.index(each))))):
            shown = [at for at in shown if self._headings[at] != name]
            yield shown

    def _cells(self, at: int) -> list[Text]:
        return [cells[at] for cells, _ in self._rows]

    def _widths(self, shown: list[int], available: int) -> list[int] | None:
        """None where even the least is too much. What is left over goes to those that lack little, and last, in equal
        parts, to sentences."""
        least, most = zip(*(self._needs(at) for at in shown), strict=True)
        left = available - _EDGES - _GAP * (len(shown) - 1) - sum(least)
        if left < 0:
            return None
        widths = list(least)
        long = [self._headings[at] in self._room for at in shown]
        by_lack = sorted(range(len(shown)), key=lambda at: (long[at], most[at] - least[at]))
        for done, at in enumerate(by_lack):
            more = min(most[at] - least[at], left // (len(shown) - done) if long[at] else left)
            widths[at] += more
            left -= more
        return widths

    def _needs(self, at: int) -> tuple[int, int]:
        """The least width that breaks no word, and the width at which nothing is wrapped."""
        heading, cells = self._headings[at], self._cells(at)
        full = max((_line(cell.plain) for cell in cells), default=0)
        least = full if heading in self._whole else max((_word(cell.plain) for cell in cells), default=0)
        least = max(min(least, _WORD), min(full, self._room.get(heading, 0)))
        return max(least, _word(heading)), max(full, least, cell_len(heading))

    def _table(self, shown: list[int], widths: list[int]) -> Table:
        made = Table(
            title=self._title or None,
            title_justify="left",
            title_style="bold",
            box=box.SIMPLE_HEAD,
            pad_edge=False,
            padding=(0, 0, 0, _GAP - 1),
        )
        for at, width in zip(shown, widths, strict=True):
            heading = self._headings[at]
            right = heading in self._right
            made.add_column(Text(heading), justify="right" if right else "left", overflow="fold", width=width)
        for number, (cells, style) in enumerate(self._rows):
            made.add_row(*(cells[at] for at in shown), style=style, end_section=number in self._sections)
        return made

    def _stacked(self, width: int) -> RenderResult:
        """Each entry as a few lines: its facts side by side, and below them its sentences."""
        if self._title:
            yield Text(self._title, style="bold")
        yield Text()
        for cells, _ in self._rows:
            facts = [
                _named(heading if number else "", cell)
                for number, (heading, cell) in enumerate(zip(self._headings, cells, strict=True))
                if _says(cell) and heading not in self._room
            ]
            yield from _filled(facts, width - 2)
            yield self._sentences(cells)
            yield Text()

    def _sentences(self, cells: tuple[Text, ...]) -> Padding:
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(style="dim")
        grid.add_column(overflow="fold")
        for heading, cell in zip(self._headings, cells, strict=True):
            if heading in self._room and _says(cell):
                grid.add_row(Text(heading), cell)
        return Padding(grid, (0, 0, 0, 3), expand=False)


def _says(cell: Text) -> bool:
    return cell.plain.strip() not in ("", "-")


def _line(text: str) -> int:
    return max(map(cell_len, text.splitlines()), default=0)


def _word(text: str) -> int:
    return max(map(cell_len, text.split()), default=0)


def _named(heading: str, cell: Text) -> Text:
    return Text.assemble((f"{heading} " if heading else "", "dim"), cell)


def _filled(facts: Sequence[Text], width: int) -> Iterator[Padding]:
    """As many facts on a line as fit; a fact is not torn apart."""
    line = Text()
    for fact in facts:
        if line and line.cell_len + 3 + fact.cell_len > width:
            yield Padding(line, (0, 0, 0, 1), expand=False)
            line = Text()
        line = Text("   ").join([line, fact]) if line else fact
    yield Padding(line, (0, 0, 0, 1), expand=False)
