"""order-sync.toml as `init` writes it: every entry with default and meaning, made from the types that read it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from textwrap import wrap
from types import MappingProxyType
from typing import Any, Final

from pydantic import BaseModel

from order_sync.settings import TOKEN_VARIABLE, Settings

MEANINGS: Final = MappingProxyType(
    {
        "mapping": "the mapping file: columns, board, sizes",
        "snapshot": "copy of the snapshot table, for people and tools",
        "database": "Where Order Sync keeps its tables, and where the orders come from.",
        "database.url": "sqlite:///file.db, or mssql+mssqlpython://user@server/database",
        "database.source_url": "database of the orders; empty: the same",
        "database.password_file": "file with nothing but the login's password; ORDER_SYNC_DATABASE_PASSWORD wins",
        "database.source_password_file": "that of source_url's login; empty: the same",
        "database.schema": "SQL Server only: schema of our tables",
        "database.busy_timeout": "seconds to wait for a locked database",
        "monday": "The API. The token never stands here: it comes from {token} or token_file.",
        "monday.url": "address of the API, or of the simulator",
        "monday.api_version": "the API version that every request names",
        "monday.token_file": "a file that holds nothing but the token; the environment variable wins",
        "monday.known_creators": "user ids whose items with our keys are ours too",
        "times": "The send protocol's times in seconds. What they mean together: docs, Sending.",
        "times.scale": "one factor on all of them; below 1 only against the simulator",
        "times.send_deadline": "from before the intent is stored to the first byte sent",
        "times.server_apply": "how late after sending the server may still apply a request",
        "times.visibility": "how late after that a look-up may still miss it",
        "times.quarantine_margin": "added to these three: the quarantine of a row in doubt",
        "times.server_timeout": "after which the server itself gives a request up",
        "times.read_timeout": "how long an answer is waited for; longer than server_timeout",
        "times.connect_timeout": "how long a connection may take to open",
        "times.second_proof": "between the two proofs that an item is not on the board",
        "times.lease_ttl": "how long a dead process keeps others from its customer",
        "times.lease_beat": "how often a living one says so; well below lease_ttl",
        "times.settle_wait": "how much longer than the quarantine a run waits for rows in doubt",
        "times.early_polls": "when a row in doubt is looked up before its quarantine is over",
        "times.breaker_pause": "how long a board that fails whatever is sent is left alone; then twice as long",
        "times.breaker_longest": "the longest of these pauses",
        "sending": "How orders are sent.",
        "sending.batch_size": "items or sizes in one request, 1 to 25",
        "sending.wave": "orders whose items and then sizes are sent together, 1 to 100",
        "sending.max_retries": "tries of a refused row before a person is asked",
        "sending.lanes": "customers at once, 1 to 8, and so requests at once that change the board",
        "sending.server_time_limit": "seconds of predicted server time that a request may take",
        "sending.wait_for_lease": "wait for a customer that another run holds, instead of skipping it",
        "sending.daily_reserve": "share of the account's calls of a day that is kept for looking up rows in doubt",
        "sending.breaker_openings": "so many pauses for a failing board, nothing made between, halt the run",
        "sweeping": "What becomes of staged rows when they are promoted.",
        "sweeping.keep_days": "days they stay in staging; 0: archived at the end of their batch",
        "canary": "What was measured of the live service by order-sync canary.",
        "canary.folder": "where the results are kept, seen from this file",
        "canary.max_age_days": "after which check asks for new ones",
    }
)

_NOT_ENTRIES: Final = ("folder", "profile")
_HEAD: Final = """\
# Order Sync: settings. Every entry with its default; take the "# " away to change one.
# Each can also come from the environment: ORDER_SYNC_DATABASE__URL is url in [database].
# The API token comes from {token} and never stands in this file.
"""
_TAIL: Final = """
# A profile names only what differs: order-sync --profile production run --all
# [profiles.production.database]
# url = "mssql+mssqlpython://server/database"
"""


def settings_text(given: Mapping[str, str]) -> str:
    """The whole file. `given`: entries that are written as their own values, such as "database.url"."""
    lines = [_HEAD.format(token=TOKEN_VARIABLE)]
    plain = [name for name in Settings.model_fields if _section(name) is None and name not in _NOT_ENTRIES]
    lines += [_entry("", Settings, name, given) for name in plain]
    for name in Settings.model_fields:
        section = _section(name)
        if section is not None:
            lines += ["", *_comment(MEANINGS[name].format(token=TOKEN_VARIABLE)), f"[{name}]"]
            lines += [_entry(f"{name}.", section, each, given) for each in section.model_fields]
    return "\n".join([*lines, _TAIL])


def entries() -> Iterator[str]:
    """The path of everything that has a meaning: sections and their entries."""
    for name in Settings.model_fields:
        section = _section(name)
        if name not in _NOT_ENTRIES:
            yield name
        for each in section.model_fields if section is not None else ():
            yield f"{name}.{_spelled(section, each)}"


def _section(name: str) -> type[BaseModel] | None:
    annotation = Settings.model_fields[name].annotation
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None


def _spelled(model: type[BaseModel] | None, name: str) -> str:
    field = None if model is None else model.model_fields[name]
    return name if field is None or field.alias is None else field.alias


def _entry(prefix: str, model: type[BaseModel], name: str, given: Mapping[str, str]) -> str:
    spelled = _spelled(model, name)
    path = prefix + spelled
    written = path in given
    value = given[path] if written else model.model_fields[name].get_default(call_default_factory=True)
    line = f"{spelled} = {_toml(value)}"
    return f"{'' if written else '# '}{line:<34}  # {MEANINGS[path]}"


def _toml(value: Any) -> str:
    """Text, numbers, flags and lists of them are written alike in TOML and JSON."""
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in wrap(text, 100)]
