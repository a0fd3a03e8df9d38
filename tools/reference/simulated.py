"""What the simulator knows, from its own schema."""

from __future__ import annotations

from collections.abc import Iterable

from monday_simulator.account.values.kinds import KINDS, UNSUPPORTED
from monday_simulator.api.schema import executable_schema
from reference.markdown import code


def operations() -> str:
    schema = executable_schema()
    queries = schema.query_type.fields if schema.query_type else {}
    mutations = schema.mutation_type.fields if schema.mutation_type else {}
    return f"Queries: {_listed(queries)}.\n\nMutations: {_listed(mutations)}."


def column_types() -> str:
    written = [name for name, kind in KINDS.items() if kind.parse is not None]
    simple = [name for name in written if KINDS[name].simple]
    read_only = [name for name in KINDS if name not in written]
    return (
        f"Written and read back: {_listed(written)}. Of these, {_listed(simple)} also take one plain text.\n\n"
        f"Read only: {_listed(read_only)}. Known, without a value: {_listed(UNSUPPORTED)}."
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(code(name) for name in sorted(names))
