"""The demo's sixth step: the evidence is gathered and judged, and the checks are told as a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text

from order_sync.cli.demo_evidence import (
    board_orders,
    constants,
    held_rows,
    key_targets,
    leftovers,
    production_orders,
    reading,
)
from order_sync.cli.demo_folder import DemoFolder
from order_sync.cli.demo_invariants import invariants_hold
from order_sync.cli.demo_proof import (
    Check,
    Difference,
    HeldRows,
    Key,
    ShownOrder,
    cancelled_nowhere,
    compare,
    held_as_expected,
    no_copies,
    nothing_left,
    same_ids,
    wanted_orders,
)
from order_sync.cli.demo_story import BAD, GOOD, WAIT, Story
from order_sync.cli.terminal import plural, table
from order_sync.demo_data import Fate, read_expected
from order_sync.wiring import Project

SHOWN = 10  # differences in the table; all of them go into a file


@dataclass(frozen=True)
class Verdict:
    """What the proof found. `held`: (key, cause) -> source rows. `with_list`: the list was compared too."""

    checks: Sequence[Check]
    orders: int
    sizes: int
    held: HeldRows
    cancelled: int
    with_list: bool

    @property
    def differences(self) -> list[tuple[Check, Difference]]:
        return [(check, each) for check in self.checks for each in check.differences]

    @property
    def proved(self) -> bool:
        return not self.differences

    @property
    def held_rows(self) -> int:
        """Source rows; one with two causes counts once."""
        rows: dict[Key, int] = {}
        for (key, _), count in self.held.items():
            rows[key] = max(count, rows.get(key, 0))
        return sum(rows.values())

    @property
    def lost(self) -> int:
        return sum(check.lost for check in self.checks)

    @property
    def doubled(self) -> int:
        return sum(check.doubled for check in self.checks)


def prove(story: Story, place: DemoFolder, project: Project, edited: int) -> Verdict:
    """`edited`: source rows that are no longer as generated. If there are any, the list is left out."""
    board = board_orders(project)
    verdict = _verdict(place, project, board, edited)
    story.step(6, "Proof", "the board read through the API, the tables by SQL, and the list written beforehand")
    if edited:
        story.line(WAIT, f"{plural(edited, 'source row')} changed since they were generated: the list is left out")
    for check in verdict.checks:
        story.line(BAD if check.differences else GOOD, f"{check.compared:>6,}  {check.title}")
    _tell_differences(story, place, verdict)
    return verdict


def _verdict(place: DemoFolder, project: Project, board: Sequence[ShownOrder], edited: int) -> Verdict:
    mapping = project.mapping
    expected = list(read_expected(place.expected))
    with reading(project) as reader:
        production = production_orders(reader, mapping)
        held = held_rows(reader, mapping)
        left = leftovers(reader, mapping)
    if edited:
        checks = compare(production, board, "on the board", "production")
    else:
        wanted = wanted_orders(expected, key_targets(mapping), constants(mapping))
        checks = [
            *compare(wanted, board, "on the board", "the list"),
            *compare(wanted, production, "in production", "the list"),
        ]
    checks += [same_ids(board, production), no_copies(board)]
    if not edited:
        checks += [held_as_expected(expected, held), cancelled_nowhere(expected, board, production)]
    checks += [nothing_left(left), invariants_hold(place, project)]
    return Verdict(
        checks,
        len(board),
        sum(len(order.sizes) for order in board),
        held,
        sum(each.fate is Fate.CANCELLED for each in expected),
        with_list=not edited,
    )


def _tell_differences(story: Story, place: DemoFolder, verdict: Verdict) -> None:
    place.differences.unlink(missing_ok=True)
    found = verdict.differences
    if not found:
        return
    shown = table("order", "what", "expected", "found", title=plural(len(found), "difference"))
    for _, each in found[:SHOWN]:
        shown.add_row(*(Text(text) for text in (each.order, each.what, each.expected, each.found)))
    story.console.print(shown)
    lines = [f"{check.title}\t{each.order}\t{each.what}\t{each.expected!r}\t{each.found!r}" for check, each in found]
    place.differences.write_text("\n".join([*lines, ""]), encoding="utf-8")
    story.say(f"All of them: {place.differences}")
