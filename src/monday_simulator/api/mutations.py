"""Everything that changes something: one alias, one change, done whole or refused whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from monday_simulator.api.assets import ASSET_MUTATIONS
from monday_simulator.api.board_mutations import BOARD_MUTATIONS
from monday_simulator.api.changes import change
from monday_simulator.api.docs import DOC_MUTATIONS
from monday_simulator.api.group_mutations import GROUP_MUTATIONS
from monday_simulator.api.item_mutations import ITEM_MUTATIONS
from monday_simulator.api.label_mutations import LABEL_MUTATIONS
from monday_simulator.api.memberships import MEMBERSHIP_MUTATIONS
from monday_simulator.api.queries import complexity
from monday_simulator.api.updates import UPDATE_MUTATIONS
from monday_simulator.api.workspaces import WORKSPACE_MUTATIONS

_ALL: tuple[Callable[..., Any], ...] = (
    *ASSET_MUTATIONS,
    *BOARD_MUTATIONS,
    *DOC_MUTATIONS,
    *GROUP_MUTATIONS,
    *ITEM_MUTATIONS,
    *LABEL_MUTATIONS,
    *MEMBERSHIP_MUTATIONS,
    *UPDATE_MUTATIONS,
    *WORKSPACE_MUTATIONS,
)

MUTATIONS: dict[str, Any] = {"complexity": complexity, **{each.__name__: change(each) for each in _ALL}}
