"""The settings file that init writes says what settings.py reads, no more and no less."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from order_sync.cli.settings_text import MEANINGS, entries, settings_text
from order_sync.settings import Settings, load_settings

_ENTRY = re.compile(r"^# (?=[a-z_]+ = )", re.MULTILINE)


def uncommented(text: str) -> dict[str, Any]:
    return tomllib.loads(_ENTRY.sub("", text.partition("# A profile")[0]))


def test_the_file_as_written_gives_the_defaults(tmp_path: Path) -> None:
    file = tmp_path / "order-sync.toml"
    file.write_text(settings_text({}), encoding="utf-8")
    assert load_settings(file, environment={}) == Settings(folder=tmp_path.resolve())


def test_every_entry_uncommented_gives_the_defaults_too(tmp_path: Path) -> None:
    found = uncommented(settings_text({}))
    assert Settings(**found, folder=tmp_path) == Settings(folder=tmp_path)


def test_every_entry_stands_in_the_file_with_its_meaning() -> None:
    found = uncommented(settings_text({}))
    written = {
        name if not isinstance(value, dict) else f"{name}.{key}" for name, value in found.items() for key in value
    }
    assert written | set(found) >= {path for path in entries() if "." in path}
    assert set(entries()) == set(MEANINGS)


def test_a_given_entry_is_active_and_the_others_are_not() -> None:
    text = settings_text({"database.url": 'sqlite:///"odd".db'})
    assert tomllib.loads(text)["database"] == {"url": 'sqlite:///"odd".db'}


def test_the_token_is_not_an_entry() -> None:
    assert "ORDER_SYNC_TOKEN" in settings_text({})
    assert not any(path.endswith(".token") for path in entries())
