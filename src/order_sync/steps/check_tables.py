"""The mapping against our tables as the database has them."""

from __future__ import annotations

from collections.abc import Iterator

from order_sync.reports.differences import DEPLOY, Difference, schema_differences
from order_sync.reports.findings import Area, Finding, error, fine, warning
from order_sync.steps.check_source import counted, listed
from order_sync.store.engine import Engines
from order_sync.store.tables import Tables

_QUIET = ("extra", "null")  # nothing is to be done about these: `schema diff` tells them


def check_tables(engines: Engines, tables: Tables) -> Iterator[Finding]:
    """What `schema diff` finds, shorter: which tables are missing is one line."""
    found = [each for each in schema_differences(engines, tables).differences if each.kind not in _QUIET]
    absent = [each.where for each in found if each.kind == "missing" and "." not in each.where]
    if absent:
        what = f"{counted(len(absent), 'table or view', 'tables and views')} missing: {listed(absent)}"
        yield error(Area.TABLES, what, engines.name, DEPLOY)
    for each in found:
        if each.where not in absent:
            yield _finding(each)
    if not found:
        yield fine(Area.TABLES, f"all {len(tables.all())} tables are as the mapping wants them", engines.name)


def _finding(difference: Difference) -> Finding:
    level = error if difference.needed else warning
    return level(Area.TABLES, _sentence(difference), difference.where, difference.todo)


def _sentence(difference: Difference) -> str:
    """In `schema diff` the place comes first; here it stands below."""
    name = difference.where.partition(".")[2] or difference.where
    return f"{name} {difference.what}" if difference.what[:1].islower() else difference.what
