"""Whether a text is T-SQL, as far as a parser can tell."""

from __future__ import annotations

import re
from functools import cache

from sqlfluff.core import FluffConfig, Linter

# Texts, names in brackets and comments say nothing; of the rest the parser takes words that the server does not know.
_QUOTED = re.compile(r"'(?:[^']|'')*'|\[(?:[^\]]|\]\])*\]|--[^\n]*")
_FOREIGN = re.compile(r"\b(?:LIMIT|NULLS\s+(?:FIRST|LAST)|RETURNING|ILIKE|TRUE|FALSE)\b|\|\|", re.IGNORECASE)


@cache
def _linter() -> Linter:
    wanted = {"dialect": "tsql", "templater": "raw", "large_file_skip_byte_limit": 0}
    return Linter(config=FluffConfig(overrides=wanted))


def problems(sql: str) -> list[str]:
    """What is no T-SQL in it; empty: all of it is."""
    parsed = _linter().parse_string(sql)
    variant = parsed.root_variant()
    if variant is None or variant.tree is None:
        return ["nothing could be read"]
    unread = [part.raw for part in variant.tree.recursive_crawl("unparsable")]
    foreign = [f"{word} is not T-SQL" for word in _FOREIGN.findall(_QUOTED.sub("''", sql))]
    return [*(str(each) for each in parsed.violations), *unread, *foreign]


def batches(script: str) -> list[str]:
    """The parts that sqlcmd and SSMS send one by one."""
    return [part.strip() for part in re.split(r"^GO$", script, flags=re.MULTILINE) if part.strip()]
