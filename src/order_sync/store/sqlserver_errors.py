"""SQL Server's error numbers, the drivers' SQLSTATEs and classes, and what they mean to us.

pyodbc tells SQLSTATE and number. mssql-python tells neither, only a class in words that stands for the SQLSTATE, and
the server's text: so each number has the beginning of its English text beside it, and sessions ask for English.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from order_sync.store.meanings import (
    BAD_URL,
    BROKEN_RULE,
    CANNOT_OPEN,
    DAMAGED,
    DOES_NOT_FIT,
    EXPIRED,
    FIREWALL,
    LOCKED,
    LOST,
    NO_DRIVER,
    NO_RIGHT,
    NO_ROOM,
    NO_TICKET,
    NO_TOKEN,
    OVERLOADED,
    READ_ONLY,
    REFUSED,
    REJECTED,
    SHAPE,
    UNREACHABLE,
    UNTRUSTED,
    Entry,
)
from order_sync.store.sqlserver_rights import named_right


@dataclass(frozen=True, slots=True)
class Known:
    """`says`: how the server's English text begins, * for what differs; empty for what only the network says."""

    means: Entry
    says: str = ""


SQL_SERVER: Final = MappingProxyType(
    {
        # somebody else is at work
        1205: Known(LOCKED, "Transaction (Process ID *) was deadlocked on "),
        1222: Known(LOCKED, "Lock request time out period exceeded."),
        3960: Known(LOCKED, "Snapshot isolation transaction aborted due to update conflict."),
        3961: Known(LOCKED, "Snapshot isolation transaction failed in database * because the object accessed"),
        # the server is too busy, restarts, or is being moved
        701: Known(OVERLOADED, "There is insufficient system memory"),
        1204: Known(OVERLOADED, "The instance of the SQL Server Database Engine cannot obtain a LOCK resource"),
        4221: Known(OVERLOADED, "Login to read-secondary failed due to long wait"),
        6005: Known(OVERLOADED, "SHUTDOWN is in progress."),
        8645: Known(OVERLOADED, "A timeout occurred while waiting for memory resources"),
        10928: Known(OVERLOADED, "Resource ID : *. The * limit for the database is * and has been reached."),
        10929: Known(OVERLOADED, "Resource ID: *. The * minimum guarantee is *, maximum limit is *"),
        17809: Known(OVERLOADED, "Could not connect because the maximum number of "),
        18401: Known(OVERLOADED, "Login failed for user *. Reason: Server is in script upgrade mode."),
        40197: Known(OVERLOADED, "The service has encountered an error processing your request."),
        40501: Known(OVERLOADED, "The service is currently busy."),
        40613: Known(OVERLOADED, "Database * on server * is not currently available."),
        49918: Known(OVERLOADED, "Cannot process request. Not enough resources to process request."),
        49919: Known(OVERLOADED, "Cannot process create or update request. Too many create or update operations"),
        49920: Known(OVERLOADED, "Cannot process request. Too many operations in progress"),
        # the connection
        20: Known(LOST, "The instance of SQL Server you attempted to connect to does not support encryption"),
        64: Known(LOST, "A connection was successfully established with the server, but then an error occurred"),
        233: Known(LOST, "The client was unable to establish a connection because of an error during connection"),
        596: Known(LOST, "Cannot continue the execution because the session is in the kill state."),
        10053: Known(LOST),
        10054: Known(LOST),
        10060: Known(UNREACHABLE),
        10061: Known(UNREACHABLE),
        11001: Known(UNREACHABLE),
        # no room, no writing
        1101: Known(NO_ROOM, "Could not allocate a new page for database "),
        1105: Known(NO_ROOM, "Could not allocate space for object "),
        9002: Known(NO_ROOM, "The transaction log for database * is full"),
        40544: Known(NO_ROOM, "The database * has reached its size quota."),
        3906: Known(READ_ONLY, "Failed to update database * because the database is read-only."),
        823: Known(DAMAGED, "The operating system returned error * to SQL Server during a "),
        824: Known(DAMAGED, "SQL Server detected a logical consistency-based I/O error"),
        # a rule of a table
        515: Known(BROKEN_RULE, "Cannot insert the value NULL into column "),
        547: Known(BROKEN_RULE, "The * statement conflicted with the * constraint "),
        2601: Known(BROKEN_RULE, "Cannot insert duplicate key row in object "),
        2627: Known(BROKEN_RULE, "Violation of * constraint "),
        # tables that are not as we think
        207: Known(SHAPE, "Invalid column name "),
        208: Known(SHAPE, "Invalid object name "),
        213: Known(SHAPE, "Column name or number of supplied values does not match table definition."),
        1088: Known(SHAPE, "Cannot find the object * because it does not exist or you do not have permissions."),
        2812: Known(SHAPE, "Could not find stored procedure "),
        220: Known(DOES_NOT_FIT, "Arithmetic overflow error for data type "),
        241: Known(DOES_NOT_FIT, "Conversion failed when converting date and/or time from character string."),
        245: Known(DOES_NOT_FIT, "Conversion failed when converting the "),
        2628: Known(DOES_NOT_FIT, "String or binary data would be truncated in table "),
        8114: Known(DOES_NOT_FIT, "Error converting data type "),
        8115: Known(DOES_NOT_FIT, "Arithmetic overflow error converting "),
        8152: Known(DOES_NOT_FIT, "String or binary data would be truncated."),
        # rights
        229: Known(NO_RIGHT, "The * permission was denied on the object "),
        230: Known(NO_RIGHT, "The * permission was denied on the column "),
        262: Known(NO_RIGHT, "* permission denied in database "),
        297: Known(NO_RIGHT, "The user does not have permission to perform this action."),
        300: Known(NO_RIGHT, "* permission was denied on object *, database "),
        2760: Known(
            NO_RIGHT, "The specified schema name * either does not exist or you do not have permission to use it."
        ),
        15247: Known(NO_RIGHT, "User does not have permission to perform this action."),
        # the login, and the database it asks for
        916: Known(CANNOT_OPEN, "The server principal * is not able to access the database "),
        911: Known(CANNOT_OPEN, "Database * does not exist."),
        4060: Known(CANNOT_OPEN, "Cannot open database "),
        4064: Known(CANNOT_OPEN, "Cannot open user default database."),
        18452: Known(REFUSED, "Login failed. The login is from an untrusted domain"),
        18456: Known(REFUSED, "Login failed for user *."),
        18470: Known(EXPIRED, "Login failed for user *. Reason: The account is disabled."),
        18486: Known(EXPIRED, "Login failed for user * because the account is currently locked out."),
        18487: Known(EXPIRED, "Login failed for user *. Reason: The password of the account has expired."),
        18488: Known(EXPIRED, "Login failed for user *. Reason: The password of the account must be changed."),
        40532: Known(REFUSED, "Cannot open server * requested by the login. The login failed."),
        40615: Known(FIREWALL, "Cannot open server * requested by the login. Client with IP address "),
        40914: Known(
            FIREWALL, "Cannot open server * requested by the login. Client is not allowed to access the server."
        ),
    }
)

# What a driver says of itself, before a server had its say.
OF_THE_DRIVER: Final = MappingProxyType(
    {
        "certificate verify failed": UNTRUSTED,
        "certificate chain was issued by an authority that is not trusted": UNTRUSTED,
        "The target principal name is incorrect": UNTRUSTED,
        "Invalid value specified for connection string attribute": BAD_URL,
        "Failed to acquire an Entra ID access token": NO_TOKEN,
        "SSPI Provider": NO_TICKET,
        "Can't open lib": NO_DRIVER,
        "Data source name not found": NO_DRIVER,
        "Protocol error in TDS stream": LOST,  # the server died in the middle of an answer
        "Login timeout expired": UNREACHABLE,
        "Name or service not known": UNREACHABLE,
    }
)

# The SQLSTATE that pyodbc tells, and the words for it that mssql-python tells.
SQLSTATES: Final = MappingProxyType(
    {
        "01002": ("Disconnect error", LOST),
        "08001": ("Client unable to establish connection", UNREACHABLE),
        "08003": ("Connection not open", LOST),
        "08004": ("Server rejected the connection", REJECTED),
        "08007": ("Connection failure during transaction", LOST),
        "08S01": ("Communication link failure", LOST),
        "08S02": ("An error occurred with SQLSTATE code: 08S02", LOST),
        "HYT00": ("Timeout expired", LOCKED),
        "HYT01": ("Connection timeout expired", LOST),
        "40001": ("Serialization failure", LOCKED),
        "40003": ("Statement completion unknown", LOST),
        "23000": ("Integrity constraint violation", BROKEN_RULE),
        "42S02": ("Base table or view not found", SHAPE),
        "42S22": ("Column not found", SHAPE),
        "21S01": ("Insert value list does not match column list", SHAPE),
        "22001": ("String data, right-truncated", DOES_NOT_FIT),
        "22003": ("Numeric value out of range", DOES_NOT_FIT),
        "22007": ("Invalid datetime format", DOES_NOT_FIT),
        "22008": ("Datetime field overflow", DOES_NOT_FIT),
        "22018": ("Invalid character value for cast specification", DOES_NOT_FIT),
        "28000": ("Invalid authorization specification", REFUSED),
        "3D000": ("Invalid catalog name", CANNOT_OPEN),
    }
)
_IN_WORDS: Final = MappingProxyType(dict(SQLSTATES.values()))

# ODBC writes the number behind the text and in front of its own function. Any other number in brackets may be data:
# the duplicate key value is (1205).
_NUMBER: Final = re.compile(r"\((\d+)\) \(SQL[A-Za-z]+\)")
_FROM_WHOM: Final = re.compile(r"(?:\[[^\[\]]*\]\s*)+")


def server_entry(cause: BaseException) -> Entry | None:
    """By number, where the driver tells it; by the text; by SQLSTATE or its words. None: the fault is our own."""
    state, text = _state(cause), _text(cause)
    known = SQL_SERVER.get(_number(cause) or 0) or _by_text(text)
    if known is not None:
        return (named_right(text) or known.means) if known.means is NO_RIGHT else known.means
    whole = str(cause)
    for words, entry in OF_THE_DRIVER.items():
        if words in whole:
            return entry
    if state in SQLSTATES:
        return SQLSTATES[state][1]
    return _IN_WORDS.get(str(getattr(cause, "driver_error", "")))


def _state(cause: BaseException) -> str:
    return str(cause.args[0]) if len(cause.args) > 1 else ""


def _text(cause: BaseException) -> str:
    """What the server said, without the names of those who handed it on."""
    said = str(getattr(cause, "ddbc_error", "") or (cause.args[-1] if cause.args else ""))
    start = _FROM_WHOM.match(said)
    return said[start.end() :] if start else said


def _number(cause: BaseException) -> int | None:
    found = _NUMBER.search(str(cause))
    return int(found[1]) if found else None


def _by_text(text: str) -> Known | None:
    """The longest beginning decides: several texts begin alike."""
    return next((known for pattern, known in _beginnings() if pattern.match(text)), None)


@cache
def _beginnings() -> tuple[tuple[re.Pattern[str], Known], ...]:
    spoken = sorted((each for each in SQL_SERVER.values() if each.says), key=lambda each: -len(each.says))
    return tuple((re.compile(_pattern(each.says), re.DOTALL), each) for each in spoken)


def _pattern(says: str) -> str:
    return re.escape(says).replace(r"\*", ".*?").replace(r"\ ", r"\s+")
