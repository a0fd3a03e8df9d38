"""A damaged mapping is refused in its own words."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st
from tests.mapping_texts import SMALL

from order_sync.model.errors import MappingError
from order_sync.model.mapping import Mapping
from order_sync.model.mapping_file import load_mapping


@given(st.data())
def test_a_mapping_with_lines_missing_is_loaded_or_refused_never_worse(data: st.DataObject) -> None:
    lines = SMALL.splitlines()
    kept = data.draw(st.lists(st.sampled_from(range(len(lines))), unique=True).map(sorted))
    text = "\n".join(lines[at] for at in kept)
    if len(kept) == len(lines):
        assert isinstance(load_mapping(text, "m.yaml"), Mapping)
    else:
        with suppress(MappingError):
            assert isinstance(load_mapping(text, "m.yaml"), Mapping)
