"""A trial as a person reads it: what was planned, then what each process did, second by second."""

from __future__ import annotations

from order_sync.drill.random_trial import Plan
from order_sync.drill.trial import Result

LONGEST = 200  # lines


def told_as_story(plan: Plan, result: Result) -> str:
    """The faults that are needed, what is broken, and the time line."""
    lines = [f"{plan.beginning.scenario.name}, {plan.workers} workers, look-ups {plan.lag} s late, seed {plan.seed}"]
    lines += [f"  fault: {strike}" for strike in plan.strikes]
    lines += [f"  fault of the service: {rule.kind} on {rule.on}, number {rule.nth}" for rule in plan.faults]
    lines += [f"  broken: {each}" for each in result.broken]
    lines += _time_line(result)
    return "\n".join(lines)


def _time_line(result: Result) -> list[str]:
    lines: list[str] = []
    for moment, worker, life, what in result.told:
        line = f"  {moment:>8.1f} s  worker {worker}, life {life + 1}: {what}"
        if not lines or lines[-1] != line:
            lines.append(line)
    if len(lines) <= LONGEST:
        return lines
    left_out = len(lines) - LONGEST
    return [*lines[: LONGEST // 2], f"  .. {left_out} lines ..", *lines[-LONGEST // 2 :]]
