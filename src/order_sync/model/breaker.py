"""When to leave a board alone: after too many calls that failed whatever was in them. Arithmetic only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum


class State(StrEnum):
    """As of an electric circuit: closed is the normal one."""

    CLOSED = "closed"
    OPEN = "open"  # nothing is changed until the pause is over
    HALF_OPEN = "half-open"  # one question is on its way, and decides


@dataclass(frozen=True, slots=True)
class Rules:
    """What opens it: `in_a_row` failures, or the `share` of the last `of_last` calls once there are `at_least`."""

    pause: timedelta  # of the first opening; each further one without a success between takes twice as long
    longest: timedelta
    openings: int  # without a success between, after which there is no more waiting
    in_a_row: int = 5
    of_last: int = 20
    at_least: int = 10
    share: float = 0.5


@dataclass(frozen=True, slots=True)
class Breaker:
    """Of one board. Times are seconds on a monotonic clock."""

    rules: Rules
    state: State = State.CLOSED
    failures: tuple[bool, ...] = ()  # of the last calls, the newest last: whether it failed
    openings: int = 0  # since something was last made
    until: float = 0.0  # end of the pause

    def heard(self, failed: bool, now: float) -> Breaker:
        """A call has ended. What was on its way when the breaker opened changes nothing any more."""
        if self.state is not State.CLOSED:
            return self
        after = replace(self, failures=(*self.failures, failed)[-self.rules.of_last :])
        return after.opened(now) if after._too_many else after

    def progressed(self) -> Breaker:
        """Something was made: the openings so far count no more."""
        return replace(self, openings=0)

    def opened(self, now: float, at_least: timedelta = timedelta(0)) -> Breaker:
        """`at_least`: a pause that the server asked for."""
        openings = self.openings + 1
        pause = max(min(self.rules.pause * 2 ** (openings - 1), self.rules.longest), at_least)
        until = now + pause.total_seconds()
        return replace(self, state=State.OPEN, failures=(), openings=openings, until=until)

    def asking(self) -> Breaker:
        """The pause is over, and somebody asks the one question."""
        return replace(self, state=State.HALF_OPEN)

    def answered(self, well: bool, now: float) -> Breaker:
        """The question's answer closes it, or opens it for longer."""
        return replace(self, state=State.CLOSED) if well else self.opened(now)

    def pause_left(self, now: float) -> timedelta:
        return timedelta(seconds=max(0.0, self.until - now))

    @property
    def given_up(self) -> bool:
        return self.state is State.OPEN and self.openings >= self.rules.openings

    @property
    def _too_many(self) -> bool:
        failures, rules = self.failures, self.rules
        in_a_row = len(failures) >= rules.in_a_row and all(failures[-rules.in_a_row :])
        return in_a_row or (len(failures) >= rules.at_least and sum(failures) >= rules.share * len(failures))
