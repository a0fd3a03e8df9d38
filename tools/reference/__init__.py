"""Reference pages from the code: a maker returns the Markdown that stands for `<!-- generated: name -->`."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import MappingProxyType
from typing import Final

from reference import (
    api,
    campaign,
    commands,
    example,
    figures,
    invariants,
    outcomes,
    rights,
    settings,
    simulated,
    states,
    tables,
)
from reference import mapping_file as mapping

MAKERS: Final = MappingProxyType(
    {
        "commands": commands.all_commands,
        "mapping": mapping.mapping_file,
        "customers": mapping.customers_file,
        "settings": settings.settings_file,
        "row-transitions": states.row_transitions,
        "batch-transitions": states.batch_transitions,
        "tables": tables.all_tables,
        "roles": rights.roles,
        "rights": rights.rights,
        "example-sent": example.sent,
        "example-not-sent": example.not_sent,
        "example-sizes": example.sizes,
        "error-classes": outcomes.error_classes,
        "halts": outcomes.halts,
        "causes": outcomes.causes,
        "exceptions": outcomes.exceptions,
        "figures": figures.figures,
        "campaign": campaign.campaign,
        "invariants": invariants.invariants,
        "api": api.model_and_public_parts,
        "simulated-operations": simulated.operations,
        "simulated-column-types": simulated.column_types,
    }
)

_MARK: Final = re.compile(r"^<!-- generated: ([a-z-]+) -->$", re.MULTILINE)


def marks(markdown: str) -> list[str]:
    """The names a page asks for."""
    return _MARK.findall(markdown)


def filled(markdown: str, makers: MappingProxyType[str, Callable[[], str]] = MAKERS) -> str:
    """The page with every mark replaced. Raises KeyError on a name nobody makes."""
    return _MARK.sub(lambda match: makers[match.group(1)]().rstrip() + "\n", markdown)
