"""All of this folder works on the server that ORDER_SYNC_TEST_MSSQL_URL names, and is skipped without one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from installation import Installation, installed, with_roles


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Tables deployed, nothing in them. Shared by a module's tests: they are slow to make."""
    with installed(tmp_path_factory.mktemp("site")) as made:
        deployed = made.call(None, "schema", "deploy")
        assert deployed.exit_code == 0, deployed.stderr
        yield made


@pytest.fixture(scope="module")
def logins(site: Installation) -> Iterator[Installation]:
    """The installation with the documented roles, and a login in each."""
    with with_roles(site) as made:
        yield made
