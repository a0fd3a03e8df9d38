"""One survey, top to bottom: look at the board, measure, clear up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from order_sync.canary.bench import Bench
from order_sync.canary.facts import Facts, Measured, Visibility
from order_sync.canary.probes.aliases import aliases
from order_sync.canary.probes.costs import costs
from order_sync.canary.probes.late import late
from order_sync.canary.probes.look_up import look_up
from order_sync.canary.probes.removal import removal
from order_sync.canary.probes.replay import replay
from order_sync.canary.probes.subitems import subitems
from order_sync.canary.probes.values import bad_value
from order_sync.canary.probes.visible import visible
from order_sync.canary.verdicts import TITLES, Assumed
from order_sync.canary.wire import Interrupted
from order_sync.model.errors import Halted, OrderSyncError

ROUNDS = 5
_SETTLED = 2.0  # times the longest lag that was seen
_AT_LEAST = 2.0  # seconds


@dataclass
class Outcome:
    """What a survey leaves: its figures, what stopped it, what could not be cleared away."""

    measured: Measured = field(default_factory=Measured)
    stopped: OrderSyncError | None = None
    left: tuple[str, ...] = ()
    archived: int = 0


def survey(
    bench: Bench,
    assumed: Assumed,
    *,
    rounds: int = ROUNDS,
    long: bool = False,
    begins: Callable[[str], None] = lambda _name: None,
) -> Outcome:
    """Every probe, then the clearing up, whatever happens. `begins` is told each probe as it starts."""
    done = Outcome()
    with _cleared(bench, done):
        try:
            bench.open()
            for name, probe in _probes(bench, done.measured, assumed, rounds, long).items():
                begins(name)
                _measure(done.measured, name, probe)
        except (Interrupted, Halted) as stopped:
            done.stopped = stopped
        except OrderSyncError as problem:  # the group could not be made
            done.stopped = problem
    for name in TITLES:
        if name not in done.measured.facts and done.stopped is not None:
            done.measured.missing.setdefault(name, f"not measured: {done.stopped.what}")
    return done


def _measure(measured: Measured, name: str, probe: Callable[[], Facts]) -> None:
    """What goes wrong in one probe leaves the others alone, unless it stops everything."""
    try:
        measured.facts[name] = probe()
    except (Interrupted, Halted):
        raise
    except OrderSyncError as problem:
        measured.missing[name] = problem.what


@contextmanager
def _cleared(bench: Bench, done: Outcome) -> Iterator[None]:
    try:
        yield
    finally:
        done.archived = len(bench.archived)
        try:
            done.left = bench.clear()
        except OrderSyncError as problem:
            done.left = (f"group {bench.title!r}: {problem.what}",)


def _probes(
    bench: Bench, measured: Measured, assumed: Assumed, rounds: int, long: bool
) -> dict[str, Callable[[], Facts]]:
    """In the order in which one needs another: A2 makes what the next ones look at, A8 counts them all."""

    def settle() -> float:
        seen = measured.facts.get("A2")
        longest = max(seen.all, default=0.0) if isinstance(seen, Visibility) else 0.0
        return max(_SETTLED * longest, _AT_LEAST * assumed.scale)

    return {
        "A2": lambda: visible(bench, rounds),
        "A3": lambda: look_up(bench),
        "A4": lambda: replay(bench, settle(), long=long),
        "A5": lambda: aliases(bench, settle()),
        "A6": lambda: subitems(bench),
        "A7": lambda: removal(bench),
        "A9": lambda: bad_value(bench, settle()),
        "A1": lambda: late(bench, assumed.server_apply + assumed.visibility),
        "A8": lambda: costs(bench.wire),
    }
