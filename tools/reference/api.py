"""The Python API: one mkdocstrings block a module."""

from __future__ import annotations

import pkgutil

import order_sync.model

_PUBLIC = ("order_sync.clock", "order_sync.events", "order_sync.settings")


def model_and_public_parts() -> str:
    model = sorted(f"order_sync.model.{each.name}" for each in pkgutil.iter_modules(order_sync.model.__path__))
    return "\n".join(f"::: {name}\n" for name in (*model, *_PUBLIC))


def _inside_of_mapping_file(name: str) -> bool:
    """The parts that reading mapping.yaml is made of; only the way in is public."""
    return name.startswith("mapping_") and name != "mapping_file"
