"""The shipped example: beside the package in a wheel, in the repository in a checkout."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from order_sync.model.errors import SettingsError

EXAMPLE = "customer_master_schedule"
MAPPING = "mapping.yaml"
CUSTOMERS = "customers.yaml"


def example_text(name: str) -> str:
    """The text of mapping.yaml or customers.yaml of the example."""
    packaged = files("order_sync") / "examples" / EXAMPLE / name
    checkout = Path(__file__).resolve().parents[3] / "examples" / EXAMPLE / name
    for place in (packaged, checkout):
        if place.is_file():
            return place.read_text(encoding="utf-8")
    raise SettingsError(f"the shipped example has no {name}", where=str(checkout), next_step="install order-sync again")
