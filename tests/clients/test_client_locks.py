"""What the clients are installed from: every file by its hash, from whichever index there is."""

from __future__ import annotations

import json
import re
from pathlib import Path

from client_installation import ROOT, npm_clients

NPM = ROOT / "tests" / "clients" / "npm"


def test_npm_clients_and_all_that_they_need_are_pinned() -> None:
    text = (NPM / "package.json").read_text(encoding="utf-8")
    pins = json.loads(text)
    versions = {**pins["dependencies"], **pins["overrides"]}
    assert {"@mondaydotcomorg/api", "monday-sdk-js", "graphql", "zod"} <= versions.keys()
    assert [name for name, version in versions.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []
    assert "://" not in text


def test_npm_installs_nothing_that_is_not_pinned() -> None:
    pins = json.loads((NPM / "package.json").read_text(encoding="utf-8"))
    pinned = {**pins["dependencies"], **pins["overrides"]}
    installed = json.loads((npm_clients() / "node_modules" / ".package-lock.json").read_text(encoding="utf-8"))
    found = {name.removeprefix("node_modules/"): each["version"] for name, each in installed["packages"].items()}
    assert found == pinned


def test_clients_are_not_among_our_own_packages() -> None:
    ours = [(ROOT / "requirements" / name).read_text(encoding="utf-8") for name in ("dev.txt", "runtime.txt")]
    assert [text for text in ours if "\nmonday" in text or text.startswith("monday")] == []


def test_nothing_is_installed_in_the_repository() -> None:
    assert [path for path in Path(NPM).iterdir() if path.name == "node_modules"] == []
