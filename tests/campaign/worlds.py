"""Small installations for the parts that run in virtual time."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

from monday_simulator.seed import load_seed
from order_sync.cli.board_seed import board_seed
from order_sync.drill.orders import source_columns
from order_sync.drill.scenarios import Scenario
from order_sync.drill.trial import Beginning, ready
from order_sync.drill.world import World
from order_sync.model.mapping_file import load_customers, load_mapping_file
from order_sync.settings import Sending, Settings
from order_sync.wiring import Project
from tests import databases
from tests.campaign.server_database import OnServer
from tests.small_world import CUSTOMERS, MAPPING

MEMORY = Path("/dev/shm")  # noqa: S108 - Linux only, and only where it is


def project() -> Project:
    """The small mapping; one retry, so that what fails again and again comes to its end soon."""
    mapping = load_mapping_file(MAPPING, "mapping.yaml")
    customers = load_customers(CUSTOMERS, "customers.yaml")
    return Project(Settings(sending=Sending(max_retries=1)), mapping, customers)


def small_world() -> World:
    """One for this process and the database that it works on now."""
    return _small_world(databases.on_server())


@cache
def _small_world(on_server: bool) -> World:
    """In a folder of its own, in memory where the system has such a place."""
    place = MEMORY if os.access(MEMORY, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="campaign-", dir=place))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = project()
    seed = load_seed(board_seed(made.mapping, made.customers))
    return World(folder, made, seed, source_columns(made.mapping), OnServer() if on_server else None)


def beginning(scenario: Scenario) -> Beginning:
    """The scenario made ready in that world."""
    return _beginning(scenario, databases.on_server())


@cache
def _beginning(scenario: Scenario, _on_server: bool) -> Beginning:
    made = ready(small_world(), scenario)
    # What is there by now stays: collecting garbage after a death need not look at it again.
    gc.freeze()
    return made


def shown_again(part: str, number: int) -> str:
    """The command that shows a unit again."""
    return f"python dev.py campaign {part} {'--server ' if databases.on_server() else ''}--first {number}"
