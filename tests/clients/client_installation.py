"""Real clients, installed at pinned versions into a cache outside the repository; once for a set of pins."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

ROOT = Path(__file__).resolve().parents[2]
NPM_PINS = ROOT / "tests" / "clients" / "npm" / "package.json"
PYTHON_LOCK = ROOT / "requirements" / "clients-python.txt"
INSTALL_SECONDS = 120
NOT_TO_BE_HAD = re.compile(
    r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|ENOTCACHED|\bE[45]\d\d\b"
    r"|NewConnectionError|ConnectTimeoutError|ReadTimeoutError|NameResolutionError|ProxyError|SSLError"
    r"|[45]\d\d (?:Client|Server) Error|No matching distribution found"
)
MISFIT = re.compile(r"EINTEGRITY|EUSAGE|DO NOT MATCH THE HASHES|require-hashes", re.IGNORECASE)


def npm_clients() -> Path:
    """The folder that holds `node_modules`; skips where node, npm or the package index cannot be had."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("npm and node are not on the PATH")
    if _major(node) < 20:
        pytest.skip("node is older than 20")

    def install(folder: Path) -> None:
        shutil.copy(NPM_PINS, folder)
        quietly = ["--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"]
        _run([npm, "install", *quietly], folder)

    return _installed("npm", [NPM_PINS], install)


def python_clients() -> Path:
    """The interpreter of an environment with the clients, and with nothing else."""

    def install(folder: Path) -> None:
        venv.EnvBuilder(with_pip=True, symlinks=os.name != "nt").create(folder)
        command = [
            str(_python(folder)),
            "-m",
            "pip",
            "--disable-pip-version-check",
            "install",
            "--quiet",
            "--no-compile",
        ]
        command += ["--retries", "1", "--only-binary", ":all:", "--require-hashes", "-r", str(PYTHON_LOCK)]
        _run(command, folder)

    return _python(_installed("python", [PYTHON_LOCK], install))


def _python(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _major(node: str) -> int:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20, check=True).stdout
    return int(said.strip().lstrip("v").partition(".")[0])


def _installed(kind: str, locks: Sequence[Path], install: Callable[[Path], None]) -> Path:
    """Complete or not there at all: made under another name, so that two at once do not meet."""
    key = hashlib.sha256(b"\0".join(each.read_bytes() for each in locks))
    key.update(f"{platform.platform()} {sys.version} {sys.base_prefix}".encode())
    wanted = _cache() / f"{kind}-{key.hexdigest()[:16]}"
    with _alone(_cache() / f"{kind}.lock"):
        if not wanted.is_dir():
            _make(wanted, kind, install)
    return wanted


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One process at a time, where the system can wait for it; elsewhere two may do the same work."""
    with path.open("w") as lock:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(wanted: Path, kind: str, install: Callable[[Path], None]) -> None:
    folder = Path(tempfile.mkdtemp(dir=_cache(), prefix=f"{kind}-making-"))
    try:
        install(folder)
        folder.rename(wanted)
    except OSError:
        if not wanted.is_dir():
            raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _cache() -> Path:
    base = os.environ.get("LOCALAPPDATA") if os.name == "nt" else os.environ.get("XDG_CACHE_HOME")
    folder = Path(base) if base else Path.home() / ".cache"
    cache = folder / "monday-simulator-clients"
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        pytest.skip(f"no folder to install clients into: {error}")
    return cache


def _run(command: list[str], folder: Path) -> None:
    """No index, or one without these clients, is a reason to skip; a hash or a lock that does not fit is a failure."""
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_SECONDS)
    except subprocess.TimeoutExpired:
        pytest.skip(f"the package index did not answer within {INSTALL_SECONDS} s")
    said = done.stdout + done.stderr
    found = NOT_TO_BE_HAD.search(said)
    if done.returncode != 0 and found and not MISFIT.search(said):
        pytest.skip(f"the clients cannot be had from a package index: {found[0]}")
    assert done.returncode == 0, said
