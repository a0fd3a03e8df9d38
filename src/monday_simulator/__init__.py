"""A stand-in for monday.com's GraphQL API: in process for tests, or as a local server for real clients."""

from monday_simulator.clock import Clock, SystemClock, VirtualClock
from monday_simulator.gateway.answers import Answer, ConnectionDropped
from monday_simulator.gateway.eras import ErrorFormat
from monday_simulator.gateway.faults import Rule, load_faults
from monday_simulator.gateway.latency import Latency
from monday_simulator.lanes import LaneClock, LaneExecutor
from monday_simulator.limits import Limits
from monday_simulator.seed import Seed, load_seed
from monday_simulator.simulator import Simulator

__all__ = [
    "Answer",
    "Clock",
    "ConnectionDropped",
    "ErrorFormat",
    "LaneClock",
    "LaneExecutor",
    "Latency",
    "Limits",
    "Rule",
    "Seed",
    "Simulator",
    "SystemClock",
    "VirtualClock",
    "load_faults",
    "load_seed",
]
