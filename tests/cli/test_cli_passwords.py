"""No command tells the password of the database's login, wherever it came from and whatever goes wrong."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest
from tests.cli_calls import called, real_house
from tests.harness import House

from order_sync.settings import PASSWORD_VARIABLE

CANARY = "canary"
GIVEN = [
    {"ORDER_SYNC_DATABASE__URL": f"mssql://worker:{CANARY}@server/orders"},
    {"ORDER_SYNC_DATABASE__URL": "mssql://worker@server/orders", PASSWORD_VARIABLE: CANARY},
    {"ORDER_SYNC_DATABASE__URL": f"mssql+pymssql://worker:{CANARY}@server/orders"},
    {"ORDER_SYNC_DATABASE__URL": f"mssql://worker@server/orders?PWD={CANARY}"},
    {"ORDER_SYNC_DATABASE__URL": f"mssql://worker:{CANARY}@server"},
    {"ORDER_SYNC_DATABASE__URL": f"mssql:worker:{CANARY}@server/orders"},
]


class DriverError(Exception):
    """As every driver has one."""

    driver_error = "Invalid authorization specification"


class Driver(ModuleType):
    """Stands in for mssql_python, and reaches no server."""

    paramstyle, __version__ = "qmark", "1.16.0"
    Error = DatabaseError = OperationalError = ProgrammingError = InterfaceError = DriverError

    def pooling(self, **_named: Any) -> None: ...

    def connect(self, text: str, **_named: Any) -> None:
        assert CANARY in text
        raise DriverError("Login failed for user 'worker'.")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return real_house(tmp_path_factory.mktemp("house"))


@pytest.mark.parametrize("environment", GIVEN)
@pytest.mark.parametrize(
    "words", [("check",), ("check", "--json"), ("run", "--all"), ("status",), ("schema", "deploy")]
)
def test_no_command_tells_the_password(
    house: House,
    words: tuple[str, ...],
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setitem(sys.modules, "mssql_python", Driver("mssql_python"))
    result = called(house, *words, **environment)
    assert result.exit_code == 2
    assert CANARY not in f"{result.output}{result.stderr}{caplog.text}{result.exception!r}"
    assert "Traceback" not in result.output
