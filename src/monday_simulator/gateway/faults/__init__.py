"""Scripted misbehaviour: which request, at which boundary, how often. A script always does the same."""

from monday_simulator.gateway.faults.kinds import Kind
from monday_simulator.gateway.faults.reading import load_faults, script_of
from monday_simulator.gateway.faults.rules import FaultError, Rule
from monday_simulator.gateway.faults.script import FaultScript

__all__ = ["FaultError", "FaultScript", "Kind", "Rule", "load_faults", "script_of"]
