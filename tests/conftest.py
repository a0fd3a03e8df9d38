"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

# A deadline is a timed assertion: on a busy machine it fails for nothing that the code does.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
