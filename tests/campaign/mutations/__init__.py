"""The protocol with one rule taken away, again and again: each mutant has to be caught, or the drill sees too little."""

from __future__ import annotations

from typing import Final

from tests.campaign.mutations import doubts, leases, promoting, sending
from tests.campaign.mutations.mutant import Mutant

MUTANTS: Final[tuple[Mutant, ...]] = (*leases.MUTANTS, *doubts.MUTANTS, *sending.MUTANTS, *promoting.MUTANTS)
