"""The last line of the demo's proof: the invariants that the drill and the tests check, on the demo's own run."""

from __future__ import annotations

import msgspec

from order_sync.cli.demo_folder import TOKEN, TOKEN_FILE, DemoFolder
from order_sync.cli.demo_proof import Check, Difference
from order_sync.clock import SystemClock
from order_sync.wiring import Project, open_board


def invariants_hold(place: DemoFolder, project: Project) -> Check:
    """The database, the board through the API, the simulator's wire log, and the folder's files."""
    # The simulator's code is not needed to run any other command, and takes long to load.
    from monday_simulator.gateway.wire import WireRecord
    from order_sync.drill.board_contents import ThroughApi
    from order_sync.drill.comparisons import files_below
    from order_sync.drill.evidence import look, opened
    from order_sync.drill.invariants import check, checked

    wire = [msgspec.json.decode(line, type=WireRecord) for line in place.wire.read_bytes().splitlines()]
    outputs = {name: content for name, content in files_below(place.path).items() if name != TOKEN_FILE}
    with opened(project) as scene, open_board(project, SystemClock()) as board:
        seen = look(scene, ThroughApi(board, project.mapping), wire=wire, outputs=outputs, token=TOKEN)
    looked_at = checked(seen, quiescent=True)
    found = Check("invariants hold, of I1-I24 all that one look can show", len(looked_at))
    for breach in check(seen, quiescent=True):
        promise = breach.invariant
        found.differences += [Difference(str(promise), "invariant", promise.promise, each) for each in breach.examples]
    return found
