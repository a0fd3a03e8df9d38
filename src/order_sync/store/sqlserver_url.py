"""The url of a SQL Server database, completed: driver, login, TLS. SettingsError says what cannot be, and why."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from order_sync.model.errors import SettingsError

DEFAULT: Final = "mssqlpython"
DRIVERS: Final = (DEFAULT, "pyodbc")
ODBC_DRIVER: Final = "ODBC Driver 18 for SQL Server"  # pyodbc alone asks for one
PASSWORD_VARIABLE: Final = "ORDER_SYNC_DATABASE_PASSWORD"  # noqa: S105 - a variable's name

_REFUSED_DRIVERS: Final = MappingProxyType(
    {
        "pymssql": "its licence is the LGPL, and it cuts times to milliseconds",
        "aioodbc": "it is for asynchronous programs",
        "pytds": "it does not fit the library that we use",
    }
)
_NOT_IN_THE_QUERY: Final = MappingProxyType(
    {
        "odbc_connect": "write its parts into the url: mssql+pyodbc://user@server/database?driver=..",
        "pwd": f"give the password in {PASSWORD_VARIABLE} or database.password_file",
        "password": f"give the password in {PASSWORD_VARIABLE} or database.password_file",
        "uid": "write the user in front of the server: mssql://user@server/database",
        "user": "write the user in front of the server: mssql://user@server/database",
    }
)
_TLS: Final = (
    ("Encrypt", ("encrypt",), "yes"),
    ("TrustServerCertificate", ("trustservercertificate", "trust_server_certificate"), "no"),
)
# These ways of Entra ID send a password of their own; the others ask the machine, a browser or a device.
_APPLICATION: Final = "activedirectoryserviceprincipal"
_WITH_PASSWORD: Final = ("activedirectorypassword", _APPLICATION, "sqlpassword")


def completed(url: URL, password: str | None) -> URL:
    """`url` with its driver, the password of its login, and TLS on and verified where it says nothing of it."""
    driver = _driver(url)
    query = _query(url)
    _check_place(url, driver)
    known = {name.lower() for name in query}
    for name, spellings, safe in _TLS:
        if known.isdisjoint(spellings):
            query[name] = safe
    if driver == "pyodbc":
        if url.database and "driver" not in known:
            query["driver"] = ODBC_DRIVER
        if "app" not in known:
            query["APP"] = "Order Sync"
    if not url.username and known.isdisjoint(("authentication", "trusted_connection")):
        query["Trusted_Connection"] = "yes"
    return URL.create(
        f"mssql+{driver}",
        url.username,
        _password(url, query, password),
        url.host,
        url.port,
        url.database,
        query,
    )


def parted(text: str) -> tuple[str, str | None]:
    """The url without its password, and the password. SettingsError: it is no url of a SQL Server database."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.get_backend_name() != "mssql":
        # What cannot be read may hold a password: it is not repeated.
        raise SettingsError(
            "this is no url of a SQL Server database", next_step="write it as mssql+mssqlpython://user@server/database"
        )
    plain = URL.create(url.drivername, url.username, None, url.host, url.port, url.database, url.query)
    completed(url, url.password or "-")
    return plain.render_as_string(), None if url.password is None else str(url.password)


def _driver(url: URL) -> str:
    driver = url.drivername.partition("+")[2] or DEFAULT
    if driver in DRIVERS:
        return driver
    why = _REFUSED_DRIVERS.get(driver, "nothing here was tried with it")
    raise SettingsError(
        f"the SQL Server driver {driver!r} is not used: {why}",
        next_step="write mssql+mssqlpython://.., or mssql+pyodbc://.. where that driver is installed",
    )


def _query(url: URL) -> dict[str, str]:
    """Each entry once; SQLAlchemy looks for `authentication` in this spelling only."""
    found: dict[str, str] = {}
    for name, value in url.query.items():
        small = name.lower()
        if small in _NOT_IN_THE_QUERY:
            raise SettingsError(f"the database's url has {name}=..", next_step=_NOT_IN_THE_QUERY[small])
        if not isinstance(value, str) or small in (each.lower() for each in found):
            raise SettingsError(f"the database's url says {name} twice", next_step="leave one of them")
        found[small if small == "authentication" else name] = value
    return found


def _check_place(url: URL, driver: str) -> None:
    # A password with an @ of its own, or a / before it, reaches into what follows: none of that is repeated.
    if "@" in f"{url.host}{url.database}" or "%40" in f"{url.host}{url.database}":
        raise SettingsError(
            "the database's url has an @ behind its server's name",
            next_step="write @ / : % of a password as %40 %2F %3A %25, or give it in " + PASSWORD_VARIABLE,
        )
    # Without a database pyodbc takes the server's name for that of a data source.
    missing = "server" if not url.host else "database" if not url.database and driver != "pyodbc" else None
    if missing is not None:
        raise SettingsError(
            f"the database's url names no {missing}", next_step=f"write it as mssql+{driver}://server/database"
        )


def _password(url: URL, query: dict[str, str], given: str | None) -> str | None:
    """None for a login that has none: Windows, or most ways of Entra ID."""
    way = query.get("authentication", "").lower()
    if way == _APPLICATION and not url.username:
        raise SettingsError(
            "the database's url names no application",
            next_step="write its client id in front of the server: mssql://CLIENT-ID@server/database?..",
        )
    if not url.username or (way and way not in _WITH_PASSWORD):
        return None
    password = given or url.password
    if not password:
        raise SettingsError(
            f"there is no password for the database's login {url.username!r}",
            where=f"environment variable {PASSWORD_VARIABLE}, or database.password_file",
            next_step="give it there; for a Windows login leave the user out of the url",
        )
    return str(password)
