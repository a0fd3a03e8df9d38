"""What the simulator knows, from its own schema."""

from __future__ import annotations

from collections.abc import Iterable

from monday_simulator.api.schema import executable_schema
from reference.markdown import code


def operations() -> str:
    schema = executable_schema()
    queries = schema.query_type.fields if schema.query_type else {}
    mutations = schema.mutation_type.fields if schema.mutation_type else {}
    return f"Queries: {_listed(queries)}.\n\nMutations: {_listed(mutations)}."


def _listed(names: Iterable[str]) -> str:
    return ", ".join(code(name) for name in sorted(names))
