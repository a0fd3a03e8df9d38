"""The clients where they can be had, and what each of them did with a simulator of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from client_installation import npm_clients, python_clients
from client_stage import Story, stage


@pytest.fixture(scope="session")
def npm() -> Path:
    return npm_clients()


@pytest.fixture(scope="session")
def python() -> Path:
    return python_clients()


@pytest.fixture(scope="module")
def official(npm: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with stage(tmp_path_factory.mktemp("official")) as waiting:
        yield waiting.javascript("api.mjs", npm)


@pytest.fixture(scope="module")
def deprecated(npm: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with stage(tmp_path_factory.mktemp("deprecated")) as waiting:
        known = {"NODE_ENV": "development", "MONDAY_COM_PROTOCOL": "http", "MONDAY_SUBDOMAIN_API": ""}
        yield waiting.javascript("sdk_js.mjs", npm, **known, MONDAY_COM_DOMAIN=waiting.host)


@pytest.fixture(scope="module")
def blocking(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with stage(tmp_path_factory.mktemp("blocking")) as waiting:
        yield waiting.python("monday_client.py", python)


@pytest.fixture(scope="module")
def asynchronous(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with stage(tmp_path_factory.mktemp("asynchronous")) as waiting:
        yield waiting.python("monday_async_client.py", python)
