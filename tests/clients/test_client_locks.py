"""What the clients are installed from: every file by its hash, from whichever index there is."""

from __future__ import annotations

import json
from pathlib import Path

from client_installation import ROOT

NPM = ROOT / "tests" / "clients" / "npm"


def test_npm_lock_holds_hashes_and_no_index() -> None:
    packages = json.loads((NPM / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    packages.pop("")
    assert packages
    assert [name for name, package in packages.items() if not package["integrity"].startswith("sha512-")] == []
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert "omit-lockfile-registry-resolved=true" in (NPM / ".npmrc").read_text(encoding="utf-8")


def test_clients_are_not_among_our_own_packages() -> None:
    ours = [(ROOT / "requirements" / name).read_text(encoding="utf-8") for name in ("dev.txt", "runtime.txt")]
    assert [text for text in ours if "\nmonday" in text or text.startswith("monday")] == []


def test_nothing_is_installed_in_the_repository() -> None:
    assert [path for path in Path(NPM).iterdir() if path.name == "node_modules"] == []
