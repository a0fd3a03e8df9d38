"""What the passes of the campaign have shown, from the ledger that they keep."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from order_sync import failpoints
from order_sync.drill import trial  # noqa: F401 - with it every place of the product registers itself
from order_sync.drill.words import SERVICE, STRIKES
from reference.markdown import code, table

LEDGER: Final = Path(__file__).resolve().parents[2] / "tests" / "campaign" / "ledger.jsonl"
_COMMAND: Final = "make campaign HOURS=1"
_NONE: Final = f"No pass is written down here yet. This one takes an hour and writes itself down:\n\n    {_COMMAND}\n"

PARTS: Final = (
    "places", "boundaries", "pairs", "seeds", "days", "mutants", "replies", "files", "database", "proxy",
    "kills", "pauses", "crowd",
)  # fmt: skip
_RANDOM: Final = "seeds"
_SQLITE: Final = "SQLite"  # what a line means that names no database

Pass = Mapping[str, Any]


def campaign(ledger: Path = LEDGER) -> str:
    """Everything so far by part, by kind of fault, and by commit."""
    written = list(_read(ledger))
    passes = [each for each in written if str(each.get("database", _SQLITE)) == _SQLITE]
    if not passes:
        return _NONE
    machines = "; ".join(dict.fromkeys(str(each.get("machine", "")) for each in passes))
    return (
        f"All passes until {passes[-1].get('at', '')}, made with {code(_COMMAND)} or one part at a time ({machines}), "
        f"by part. The product registers {len(failpoints.registered())} places; processes have boundaries of their own."
        f"\n\n{_by_part(passes)}\n{_not_run(passes)}{_bound(passes)}{_faults(passes)}\n"
        f"By the commit that ran, the newest first:\n\n{_by_commit(passes)}{_elsewhere(written)}"
    )


def _elsewhere(written: Sequence[Pass]) -> str:
    """The same parts with their tables on a server, by what that server calls itself."""
    servers = dict.fromkeys(str(each["database"]) for each in written if each.get("database", _SQLITE) != _SQLITE)
    told = [
        f"\nWith the tables on {server}, by part:\n\n{_by_part(_of(written, 'database', server))}" for server in servers
    ]
    return "".join(told)


def _not_run(passes: Sequence[Pass]) -> str:
    known = {str(each.get("part", "")) for each in passes}
    absent = [code(part) for part in PARTS if part not in known]
    return f"No pass of these parts is written down yet: {', '.join(absent)}.\n\n" if absent else ""


def _bound(passes: Sequence[Pass]) -> str:
    """What the random trials without a violation say of the chance of one."""
    drawn = list(_of(passes, "part", _RANDOM))
    runs, violations = (sum(int(each.get(name, 0)) for each in drawn) for name in ("runs", "violations"))
    if not runs or violations:
        return ""
    return (
        f"{runs:,} random trials without a violation: its chance in one such trial is below {3 / runs:.2%} (95 %).\n\n"
    )


def _read(ledger: Path) -> Iterator[Pass]:
    """From the oldest on."""
    if ledger.exists():
        yield from (json.loads(line) for line in ledger.read_text(encoding="utf-8").splitlines() if line.strip())


def _by_part(passes: Sequence[Pass]) -> str:
    parts = dict.fromkeys(str(each.get("part", "")) for each in passes)
    heads = [
        "part",
        "runs",
        "faults injected",
        f"of {len(failpoints.registered())} places struck",
        "minutes",
        "violations",
    ]
    return table(heads, [[code(part), *_sums(_of(passes, "part", part))] for part in parts])


def _by_commit(passes: Sequence[Pass]) -> str:
    """The newest first."""
    commits = list(dict.fromkeys(str(each.get("commit", "")) for each in reversed(passes)))
    heads = [
        "commit",
        "runs",
        "faults injected",
        f"of {len(failpoints.registered())} places struck",
        "minutes",
        "violations",
    ]
    return table(heads, [[code(commit), *_sums(_of(passes, "commit", commit))] for commit in commits])


def _of(passes: Iterable[Pass], key: str, value: str) -> list[Pass]:
    return [each for each in passes if str(each.get(key, "")) == value]


def _sums(passes: Sequence[Pass]) -> list[str]:
    runs, violations = (sum(int(each.get(name, 0)) for each in passes) for name in ("runs", "violations"))
    faults = sum(sum(each.get("faults", {}).values()) for each in passes)
    minutes = sum(float(each.get("seconds", 0)) for each in passes) / 60
    return [f"{runs:,}", f"{faults:,}", f"{_boundaries(passes):,}", f"{minutes:,.0f}", str(violations)]


def _boundaries(passes: Sequence[Pass]) -> int:
    """Each counts once, where the passes name them; else those of the pass that struck most."""
    named = {place for each in passes for place in each.get("places", ())}
    return max([len(named), *(int(each.get("boundaries", 0)) for each in passes)])


def _faults(passes: Sequence[Pass]) -> str:
    kinds: Counter[str] = Counter()
    for each in passes:
        kinds.update(each.get("faults", {}))
    told = "; ".join(f"{_in_words(kind)} {count:,}" for kind, count in kinds.most_common())
    return f"Faults by kind: {told}.\n" if told else ""


def _in_words(kind: str) -> str:
    words = {str(each): text for each, text in STRIKES.items()} | dict(SERVICE)
    return words.get(kind, kind)
