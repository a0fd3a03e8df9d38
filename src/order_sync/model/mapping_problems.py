"""Problems of a configuration file: where, what was expected, what was found, what was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from order_sync.model.errors import MappingError

PLACEHOLDER = "FILL_IN"  # what a drafted mapping holds where only its owner knows the value

_SHOWN = 60  # characters of a found value that a message repeats


@dataclass(frozen=True)
class Problem:
    """One fault. `path` is written for people: columns[STYLE].board.id."""

    line: int
    path: str
    expected: str
    found: str
    nearest: str | None = None

    def text(self, file: str) -> str:
        where = f"{file}:{self.line}: {self.path}: " if self.path else f"{file}:{self.line}: "
        meant = f' (did you mean "{self.nearest}"?)' if self.nearest else ""
        return f"{where}expected {self.expected}, found {self.found}{meant}"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, case disregarded; None when none is close."""
    folded = {candidate.casefold(): candidate for candidate in known}
    close = difflib.get_close_matches(name.strip().casefold(), folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else None


def shown(value: object) -> str:
    """A found value as a message repeats it."""
    match value:
        case None:
            return "nothing"
        case list():
            return f"a list of {len(value)}"
        case dict():
            return "names and values"
        case _:
            text = str(value)
            return f'"{text}"' if len(text) <= _SHOWN else f'"{text[:_SHOWN]}…" ({len(text)} characters)'


def one_of(names: Iterable[str]) -> str:
    """`a, b or c`."""
    every = list(names)
    return every[0] if len(every) == 1 else f"{', '.join(every[:-1])} or {every[-1]}"


def refuse(file: str, problems: Sequence[Problem]) -> None:
    """Raise MappingError with all problems, first line first; nothing happens when there are none."""
    if not problems:
        return
    lines = tuple(dict.fromkeys(problem.text(file) for problem in sorted(problems, key=lambda p: p.line)))
    count = "1 problem" if len(lines) == 1 else f"{len(lines)} problems"
    raise MappingError(f"{file} has {count}", lines, next_step="correct these lines; nothing was read or sent")
