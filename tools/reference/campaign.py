"""What the passes of the campaign have shown, from the ledger that they keep."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from reference.markdown import code, table

LEDGER: Final = Path(__file__).resolve().parents[2] / "tests" / "campaign" / "ledger.jsonl"
_COMMAND: Final = "make campaign HOURS=1"
_NONE: Final = f"No pass is written down here yet. This one takes an hour and writes itself down:\n\n    {_COMMAND}\n"

Pass = Mapping[str, Any]


def campaign(ledger: Path = LEDGER) -> str:
    """The newest commit by part, then everything so far by part."""
    passes = list(_read(ledger))
    if not passes:
        return _NONE
    newest = passes[-1].get("commit", "")
    last = [each for each in passes if each.get("commit", "") == newest]
    machines = "; ".join(dict.fromkeys(str(each.get("machine", "")) for each in last))
    return (
        f"### The last passes\n\nOf commit {code(newest)}, until {passes[-1].get('at', '')}, made with "
        f"{code(_COMMAND)} ({machines}).\n\n{_by_part(last)}\n{_faults(last)}\n"
        f"### All passes so far\n\n{_by_part(passes)}\n{_by_commit(passes)}"
    )


def _read(ledger: Path) -> Iterator[Pass]:
    """From the oldest on."""
    if ledger.exists():
        yield from (json.loads(line) for line in ledger.read_text(encoding="utf-8").splitlines() if line.strip())


def _by_part(passes: Sequence[Pass]) -> str:
    parts = dict.fromkeys(str(each.get("part", "")) for each in passes)
    heads = ["part", "runs", "faults injected", "boundaries struck", "hours", "violations"]
    return table(heads, [[code(part), *_sums(_of(passes, "part", part))] for part in parts])


def _by_commit(passes: Sequence[Pass]) -> str:
    """The newest first."""
    commits = list(dict.fromkeys(str(each.get("commit", "")) for each in reversed(passes)))
    heads = ["commit", "runs", "faults injected", "boundaries struck", "hours", "violations"]
    return table(heads, [[code(commit), *_sums(_of(passes, "commit", commit))] for commit in commits])


def _of(passes: Iterable[Pass], key: str, value: str) -> list[Pass]:
    return [each for each in passes if str(each.get(key, "")) == value]


def _sums(passes: Sequence[Pass]) -> list[str]:
    runs, violations = (sum(int(each.get(name, 0)) for each in passes) for name in ("runs", "violations"))
    faults = sum(sum(each.get("faults", {}).values()) for each in passes)
    hours = sum(float(each.get("seconds", 0)) for each in passes) / 3600
    return [f"{runs:,}", f"{faults:,}", f"{_boundaries(passes):,}", f"{hours:.1f}", str(violations)]


def _boundaries(passes: Sequence[Pass]) -> int:
    """Each counts once, where the passes name them; else those of the pass that struck most."""
    named = {place for each in passes for place in each.get("places", ())}
    return max([len(named), *(int(each.get("boundaries", 0)) for each in passes)])


def _faults(passes: Sequence[Pass]) -> str:
    kinds: Counter[str] = Counter()
    for each in passes:
        kinds.update(each.get("faults", {}))
    told = ", ".join(f"{kind} {count:,}" for kind, count in sorted(kinds.items()))
    return f"Faults by kind: {told}.\n" if told else ""
