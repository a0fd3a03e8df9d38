"""Limits and times as options of the command line."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import timedelta

from monday_simulator.gateway.latency import Latency
from monday_simulator.limits import KEPT, PLANS, TIMEOUT_FORMS, TOKEN_KINDS, Limits

LAST_PORT = 65_535


def count(text: str) -> int:
    """A number from 1."""
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a number from 1 is wanted, not {text!r}")
    return int(text)


def port(text: str) -> int:
    """0 to 65535."""
    if not text.isascii() or not text.isdigit() or int(text) > LAST_PORT:
        raise argparse.ArgumentTypeError(f"a number from 0 to {LAST_PORT} is wanted, not {text!r}")
    return int(text)


def add_limits(parser: argparse.ArgumentParser) -> None:
    """Names of options that set a limit are those of its field in `Limits`."""
    group = parser.add_argument_group("limits", "Each goes before what the plan says.")
    group.add_argument("--plan", choices=PLANS, help="all documented limits of a plan")
    group.add_argument("--token-kind", choices=TOKEN_KINDS, help="whose points a minute; personal without")
    group.add_argument("--complexity", type=count, dest="complexity_per_minute", help="points a minute")
    group.add_argument("--complexity-per-query", type=count, help="points of one document")
    group.add_argument("--requests-per-minute", type=count)
    group.add_argument("--calls-per-day", type=count)
    group.add_argument("--concurrency", type=count, help="requests at once")
    group.add_argument("--requests-per-address", type=count, help="of one client address in 10 seconds")
    group.add_argument("--fields-per-minute", type=_field, action="append", metavar="NAME=N")
    group.add_argument(
        "--board-locks", action="store_true", default=None, help="423 while a write to the board is under way"
    )
    _add_times(parser.add_argument_group("times"))


def _add_times(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--latency", choices=["recorded"], help="draw the server time of each field as it was recorded")
    group.add_argument("--latency-ms", type=float, default=0.0, help="server time of each mutation")
    group.add_argument("--request-ms", type=float, default=0.0, help="server time of each request")
    group.add_argument("--server-timeout-seconds", type=_seconds, dest="server_timeout", help="60 without")
    group.add_argument("--timeout-form", choices=TIMEOUT_FORMS, help="503 with JSON, or the 504 of a gateway")
    group.add_argument(
        "--idempotency-seconds", type=_seconds, dest="idempotency_window", help="how long an answer is kept for its key"
    )
    group.add_argument("--idempotency-memory", type=count, help="bytes of answers kept for a token")
    group.add_argument("--idempotency-answer", type=count, help="bytes of the longest answer kept")
    group.add_argument("--idempotency-keeps", choices=KEPT, help="which answers are kept: successes, answers, all")
    group.add_argument("--cursor-seconds", type=_seconds, dest="cursor_life", help="how long a cursor lives")
    group.add_argument(
        "--read-lag-seconds",
        type=_seconds,
        dest="read_lag",
        help="how long a new item or value stays hidden from look-ups",
    )


def _seconds(text: str) -> timedelta:
    return timedelta(seconds=float(text))


def _field(text: str) -> tuple[str, int]:
    name, _, most = text.partition("=")
    return name, int(most)


_SET = (
    *("complexity_per_minute", "complexity_per_query", "requests_per_minute", "calls_per_day", "concurrency"),
    *("requests_per_address", "board_locks", "server_timeout", "timeout_form", "idempotency_window"),
    *("idempotency_memory", "idempotency_answer", "idempotency_keeps", "cursor_life", "read_lag"),
)


def limits_of(options: argparse.Namespace) -> Limits:
    """Without a plan and a kind of token those of `Limits()`."""
    named = options.plan or options.token_kind
    limits = Limits.of(options.plan or "enterprise", options.token_kind or "personal") if named else Limits()
    given = {name: getattr(options, name) for name in _SET if getattr(options, name) is not None}
    fields = {**limits.fields_per_minute, **dict(options.fields_per_minute or ())}
    return replace(limits, fields_per_minute=fields, **given)


def latency_of(options: argparse.Namespace) -> Latency:
    """The fixed times come on top of none, or are replaced by the recorded ones."""
    return Latency.recorded() if options.latency else Latency(options.request_ms, options.latency_ms)
