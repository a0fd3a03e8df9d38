"""The url of a SQL Server database: which driver, which login, and TLS that nobody has to remember."""

from __future__ import annotations

import pytest
from sqlalchemy import make_url

from order_sync.model.errors import SettingsError
from order_sync.store.sqlserver_url import PASSWORD_VARIABLE, completed

CANARY = "canary"


def query(url: str) -> dict[str, object]:
    return dict(completed(make_url(url), "given").query)


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("mssql://server/db", "mssql+mssqlpython"),
        ("mssql+mssqlpython://server/db", "mssql+mssqlpython"),
        ("mssql+pyodbc://server/db", "mssql+pyodbc"),
    ],
)
def test_the_driver(url: str, driver: str) -> None:
    assert completed(make_url(url), None).drivername == driver


@pytest.mark.parametrize(
    ("driver", "why"), [("pymssql", "LGPL"), ("aioodbc", "asynchronous"), ("pytds", "does not fit"), ("x", "nothing")]
)
def test_another_driver_is_refused_and_says_why(driver: str, why: str) -> None:
    with pytest.raises(SettingsError, match=f"{driver!r} is not used: .*{why}") as told:
        completed(make_url(f"mssql+{driver}://server/db"), None)
    assert "mssql+mssqlpython" in str(told.value.next_step)


def test_tls_is_on_and_verified() -> None:
    assert query("mssql://server/db") == {
        "Encrypt": "yes",
        "TrustServerCertificate": "no",
        "Trusted_Connection": "yes",
    }


@pytest.mark.parametrize(
    "said", ["encrypt=no&trustservercertificate=yes", "Encrypt=strict&Trust_Server_Certificate=yes"]
)
def test_what_the_url_says_of_tls_stands(said: str) -> None:
    assert query(f"mssql://u@server/db?{said}") == dict(part.split("=") for part in said.split("&"))


def test_pyodbc_gets_a_driver_and_says_who_we_are() -> None:
    found = query("mssql+pyodbc://u@server/db")
    assert (found["driver"], found["APP"]) == ("ODBC Driver 18 for SQL Server", "Order Sync")
    assert query("mssql+pyodbc://u@server/db?driver=Other")["driver"] == "Other"


def test_a_data_source_of_pyodbc_brings_its_own_driver() -> None:
    found = completed(make_url("mssql+pyodbc://u@source"), "given")
    assert found.host == "source"
    assert "driver" not in found.query


def test_no_user_is_a_windows_login_and_has_no_password() -> None:
    found = completed(make_url("mssql://server/db"), "given")
    assert found.query["Trusted_Connection"] == "yes"
    assert found.password is None


def test_windows_login_may_be_said() -> None:
    assert query("mssql://server/db?trusted_connection=yes")["trusted_connection"] == "yes"


@pytest.mark.parametrize(
    "way", ["ActiveDirectoryIntegrated", "ActiveDirectoryMsi", "ActiveDirectoryDefault", "ActiveDirectoryInteractive"]
)
def test_entra_id_without_a_password(way: str) -> None:
    found = completed(make_url(f"mssql://server/db?Authentication={way}"), None)
    assert found.query["authentication"] == way  # the only spelling that the library looks for
    assert "Trusted_Connection" not in found.query
    identity = completed(make_url(f"mssql://client-id:old@server/db?authentication={way}"), "given")
    assert (identity.username, identity.password) == ("client-id", None)


@pytest.mark.parametrize("way", ["ActiveDirectoryServicePrincipal", "ActiveDirectoryPassword"])
def test_entra_id_with_a_password(way: str) -> None:
    assert completed(make_url(f"mssql://id@server/db?authentication={way}"), "given").password == "given"
    with pytest.raises(SettingsError, match="no password"):
        completed(make_url(f"mssql://id@server/db?authentication={way}"), None)


def test_a_given_password_wins_over_that_of_the_url() -> None:
    assert completed(make_url("mssql://u:old@server/db"), "new").password == "new"
    assert completed(make_url("mssql://u:old@server/db"), None).password == "old"


def test_a_login_without_a_password_says_where_to_give_it() -> None:
    with pytest.raises(SettingsError, match="login 'u'") as told:
        completed(make_url("mssql://u@server/db"), None)
    assert PASSWORD_VARIABLE in str(told.value)
    assert "database.password_file" in str(told.value)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mssql://", "no server"),
        ("mssql://server", "no database"),
        ("mssql://server/", "no database"),
        ("mssql://u@server/db?encrypt=no&Encrypt=yes", "says Encrypt twice"),
        ("mssql://u@server/db?encrypt=no&encrypt=yes", "says encrypt twice"),
        (f"mssql://u@server/db?PWD={CANARY}", "has PWD="),
        (f"mssql://u@server/db?password={CANARY}", "has password="),
        ("mssql://server/db?uid=u", "has uid="),
        (f"mssql+pyodbc://?odbc_connect=PWD%3D{CANARY}", "has odbc_connect="),
    ],
)
def test_a_url_that_cannot_be_used_says_why(url: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says) as told:
        completed(make_url(url), "given")
    assert told.value.next_step
    assert "canary" not in str(told.value)


def test_a_named_instance_and_a_port() -> None:
    assert completed(make_url("mssql://server\\SQLEXPRESS/db"), None).host == "server\\SQLEXPRESS"
    assert completed(make_url("mssql://server:1444/db"), None).port == 1444


@pytest.mark.parametrize("url", ["mssql://u:p@ss/w@127.0.0.1:9/orders", "mssql://u:p@w@h/d"])
def test_a_password_that_reaches_into_the_servers_name_is_not_repeated(url: str) -> None:
    with pytest.raises(SettingsError, match="has an @ behind its server's name") as told:
        completed(make_url(url), None)
    assert "%40" in str(told.value.next_step)
    assert not any(part in str(told.value) for part in ("ss/w", "w@"))


def test_an_application_of_entra_id_has_to_be_named() -> None:
    with pytest.raises(SettingsError, match="names no application") as told:
        completed(make_url("mssql://server/db?authentication=ActiveDirectoryServicePrincipal"), "secret")
    assert "CLIENT-ID@server" in str(told.value.next_step)
