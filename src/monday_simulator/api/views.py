"""Groups in the shape of the schema's type."""

from __future__ import annotations

from monday_simulator.account.state import Board, Group


class GroupView:
    """A group with the board it stands on."""

    def __init__(self, board: Board, group: Group) -> None:
        self.board = board
        self.id = group.id
        self.title = group.title
        self.color = group.color
        self.position = str(group.place)
        self.archived = group.archived
        self.deleted = group.deleted
