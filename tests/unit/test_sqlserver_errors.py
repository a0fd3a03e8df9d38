"""SQL Server's errors: each entry of the tables, in the form of each driver, becomes what a caller can act on."""

from __future__ import annotations

from types import MappingProxyType

import pytest
from sqlalchemy.exc import DBAPIError, OperationalError

from order_sync.model.errors import (
    Halted,
    OrderSyncError,
    RightMissing,
    SchemaError,
    SchemaMismatch,
    SettingsError,
    StoreBusy,
    StoreFull,
)
from order_sync.store.errors import StoreConflict, translate
from order_sync.store.sqlserver_errors import OF_THE_DRIVER, SQL_SERVER, SQLSTATES

# What the server says, with our class; None where only the network speaks.
SAMPLES: MappingProxyType[int, tuple[type[OrderSyncError], str | None]] = MappingProxyType(
    {
        1205: (
            StoreBusy,
            "Transaction (Process ID 52) was deadlocked on lock resources with another process and has been chosen as the deadlock victim. Rerun the transaction.",
        ),
        1222: (StoreBusy, "Lock request time out period exceeded."),
        3960: (
            StoreBusy,
            "Snapshot isolation transaction aborted due to update conflict. You cannot use snapshot isolation to access table 'dbo.STG' directly or indirectly in database 'orders'.",
        ),
        3961: (
            StoreBusy,
            "Snapshot isolation transaction failed in database 'orders' because the object accessed by the statement has been modified by a DDL statement in another concurrent transaction.",
        ),
        701: (StoreBusy, "There is insufficient system memory in resource pool 'default' to run this query."),
        1204: (
            StoreBusy,
            "The instance of the SQL Server Database Engine cannot obtain a LOCK resource at this time.",
        ),
        4221: (
            StoreBusy,
            "Login to read-secondary failed due to long wait on 'HADR_DATABASE_WAIT_FOR_TRANSITION_TO_VERSIONING'.",
        ),
        6005: (StoreBusy, "SHUTDOWN is in progress."),
        8645: (
            StoreBusy,
            "A timeout occurred while waiting for memory resources to execute the query in resource pool 'default' (2). Rerun the query.",
        ),
        10928: (StoreBusy, "Resource ID : 1. The request limit for the database is 60 and has been reached."),
        10929: (
            StoreBusy,
            "Resource ID: 1. The request minimum guarantee is 0, maximum limit is 60 and the current usage for the database is 60.",
        ),
        17809: (
            StoreBusy,
            "Could not connect because the maximum number of '32767' user connections has already been reached.",
        ),
        18401: (
            StoreBusy,
            "Login failed for user 'worker'. Reason: Server is in script upgrade mode. Only administrator can connect at this time.",
        ),
        40197: (
            StoreBusy,
            "The service has encountered an error processing your request. Please try again. Error code 4815.",
        ),
        40501: (
            StoreBusy,
            "The service is currently busy. Retry the request after 10 seconds. Incident ID: 1. Code: 2.",
        ),
        40613: (
            StoreBusy,
            "Database 'orders' on server 's1' is not currently available. Please retry the connection later.",
        ),
        49918: (
            StoreBusy,
            "Cannot process request. Not enough resources to process request. Please retry your request later.",
        ),
        49919: (
            StoreBusy,
            'Cannot process create or update request. Too many create or update operations in progress for subscription "1".',
        ),
        49920: (StoreBusy, 'Cannot process request. Too many operations in progress for subscription "1".'),
        20: (StoreBusy, "The instance of SQL Server you attempted to connect to does not support encryption."),
        64: (
            StoreBusy,
            "A connection was successfully established with the server, but then an error occurred during the login process.",
        ),
        233: (
            StoreBusy,
            "The client was unable to establish a connection because of an error during connection initialization process before login.",
        ),
        596: (StoreBusy, "Cannot continue the execution because the session is in the kill state."),
        10053: (StoreBusy, None),
        10054: (StoreBusy, None),
        10060: (StoreBusy, None),
        10061: (StoreBusy, None),
        11001: (StoreBusy, None),
        1101: (
            StoreFull,
            "Could not allocate a new page for database 'orders' because of insufficient disk space in filegroup 'PRIMARY'.",
        ),
        1105: (
            StoreFull,
            "Could not allocate space for object 'dbo.STG' in database 'orders' because the 'PRIMARY' filegroup is full.",
        ),
        9002: (StoreFull, "The transaction log for database 'orders' is full due to 'LOG_BACKUP'."),
        40544: (StoreFull, "The database 'orders' has reached its size quota. Partition or delete data."),
        3906: (StoreFull, 'Failed to update database "orders" because the database is read-only.'),
        823: (
            Halted,
            "The operating system returned error 1117 to SQL Server during a read at offset 0x00000000002000 in file 'x.mdf'.",
        ),
        824: (Halted, "SQL Server detected a logical consistency-based I/O error: incorrect checksum."),
        515: (
            StoreConflict,
            "Cannot insert the value NULL into column 'stg_status', table 'orders.dbo.STG'; column does not allow nulls. INSERT fails.",
        ),
        547: (
            StoreConflict,
            'The INSERT statement conflicted with the FOREIGN KEY constraint "FK_parent". The conflict occurred in database "orders".',
        ),
        2601: (
            StoreConflict,
            "Cannot insert duplicate key row in object 'dbo.STG' with unique index 'UX_key'. The duplicate key value is (1205).",
        ),
        2627: (
            StoreConflict,
            "Violation of PRIMARY KEY constraint 'PK_STG'. Cannot insert duplicate key in object 'dbo.STG'. The duplicate key value is (1205).",
        ),
        207: (SchemaError, "Invalid column name 'COLOUR'."),
        208: (SchemaError, "Invalid object name 'dbo.STG'."),
        213: (SchemaError, "Column name or number of supplied values does not match table definition."),
        1088: (
            SchemaError,
            'Cannot find the object "dbo.STG" because it does not exist or you do not have permissions.',
        ),
        2812: (SchemaError, "Could not find stored procedure 'sp_MON_GetBatchSummary'."),
        220: (SchemaMismatch, "Arithmetic overflow error for data type smallint, value = 99999."),
        241: (SchemaMismatch, "Conversion failed when converting date and/or time from character string."),
        245: (SchemaMismatch, "Conversion failed when converting the nvarchar value 'XL' to data type int."),
        2628: (
            SchemaMismatch,
            "String or binary data would be truncated in table 'orders.dbo.STG', column 'DROP'. Truncated value: 'was deadlocked on'.",
        ),
        8114: (SchemaMismatch, "Error converting data type nvarchar to float."),
        8115: (SchemaMismatch, "Arithmetic overflow error converting numeric to data type numeric."),
        8152: (SchemaMismatch, "String or binary data would be truncated."),
        229: (
            RightMissing,
            "The SELECT permission was denied on the object 'ORDERS_UNIFIED', database 'erp', schema 'dbo'.",
        ),
        230: (
            RightMissing,
            "The UPDATE permission was denied on the column 'DROP' of the object 'STG]x', database 'orders', schema 'dbo'.",
        ),
        262: (RightMissing, "CREATE TABLE permission denied in database 'orders'."),
        297: (RightMissing, "The user does not have permission to perform this action."),
        300: (RightMissing, "VIEW SERVER STATE permission was denied on object 'server', database 'master'."),
        2760: (
            RightMissing,
            'The specified schema name "sync" either does not exist or you do not have permission to use it.',
        ),
        15247: (RightMissing, "User does not have permission to perform this action."),
        916: (
            SettingsError,
            'The server principal "worker" is not able to access the database "orders" under the current security context.',
        ),
        911: (SettingsError, "Database 'ordres' does not exist. Make sure that the name is entered correctly."),
        4060: (SettingsError, 'Cannot open database "ordres" requested by the login. The login failed.'),
        4064: (SettingsError, "Cannot open user default database. Login failed."),
        18452: (
            SettingsError,
            "Login failed. The login is from an untrusted domain and cannot be used with Integrated authentication.",
        ),
        18456: (SettingsError, "Login failed for user 'worker'."),
        18470: (SettingsError, "Login failed for user 'worker'. Reason: The account is disabled."),
        18486: (
            SettingsError,
            "Login failed for user 'worker' because the account is currently locked out. The system administrator can unlock it.",
        ),
        18487: (SettingsError, "Login failed for user 'worker'.  Reason: The password of the account has expired."),
        18488: (SettingsError, "Login failed for user 'worker'.  Reason: The password of the account must be changed."),
        40532: (SettingsError, 'Cannot open server "s1" requested by the login. The login failed.'),
        40615: (
            SettingsError,
            "Cannot open server 's1' requested by the login. Client with IP address '192.0.2.7' is not allowed to access the server.",
        ),
        40914: (
            SettingsError,
            "Cannot open server 's1' requested by the login. Client is not allowed to access the server.",
        ),
    }
)


class PyodbcError(Exception):
    """SQLSTATE and text, the number behind it, then what else the server had to say."""

    def __init__(self, state: str, text: str, number: int) -> None:
        by = "[Microsoft][ODBC Driver 18 for SQL Server][SQL Server]"
        rest = f"; [{state}] {by}The statement has been terminated. (3621)"
        super().__init__(state, f"[{state}] {by}{text} ({number}) (SQLExecDirectW){rest}")


class MssqlPythonError(Exception):
    """A class in words and the text, no number."""

    def __init__(self, words: str, text: str) -> None:
        self.driver_error = words
        self.ddbc_error = f"[Microsoft][SQL Server]{text}"
        super().__init__(f"Driver Error: {words}; DDBC Error: {self.ddbc_error}")


def told(cause: Exception) -> OrderSyncError | None:
    return translate(OperationalError("SELECT 1", None, cause), "there")


@pytest.mark.parametrize("number", sorted(SQL_SERVER))
def test_every_number_as_pyodbc_tells_it(number: int) -> None:
    error, text = SAMPLES[number]
    assert type(told(PyodbcError("42000", text or "TCP Provider: Error code", number))) is error


@pytest.mark.parametrize("number", sorted(SQL_SERVER))
def test_every_text_as_mssql_python_tells_it(number: int) -> None:
    error, text = SAMPLES[number]
    if text is None:
        assert SQL_SERVER[number].says == ""
        return
    found = told(MssqlPythonError("Syntax error or access violation", text))
    assert type(found) is error
    assert found.what.startswith(SQL_SERVER[number].means.what) or error is RightMissing


def test_there_is_no_sample_of_a_number_that_is_unknown() -> None:
    assert set(SAMPLES) == set(SQL_SERVER)


@pytest.mark.parametrize("state", sorted(SQLSTATES))
def test_every_sqlstate_in_both_drivers_forms(state: str) -> None:
    words, entry = SQLSTATES[state]
    for cause in (PyodbcError(state, "Something happened.", 0), MssqlPythonError(words, "Something happened.")):
        found = told(cause)
        assert found is not None
        assert type(found) is entry.error
        assert found.what.startswith(entry.what)
        assert (found.where, found.next_step) == ("there", entry.next_step)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (
            "certificate verify failed",
            "SSL Provider: [error:0A000086:SSL routines::certificate verify failed:self-signed certificate]",
        ),
        (
            "certificate chain was issued by an authority that is not trusted",
            "SSL Provider: The certificate chain was issued by an authority that is not trusted.",
        ),
        ("The target principal name is incorrect", "SSL Provider: The target principal name is incorrect."),
        ("Login timeout expired", "Login timeout expired"),
        ("Protocol error in TDS stream", "Protocol error in TDS stream"),
        (
            "Invalid value specified for connection string attribute",
            "Invalid value specified for connection string attribute 'Encrypt'",
        ),
        (
            "Failed to acquire an Entra ID access token",
            "Failed to acquire an Entra ID access token for authentication type 'default': no account.",
        ),
        ("SSPI Provider", "SSPI Provider: No Kerberos credentials available (default cache: FILE:/tmp/krb5cc_0)"),
        ("Can't open lib", "Can't open lib 'ODBC Driver 18 for SQL Server' : file not found"),
        ("Data source name not found", "Data source name not found and no default driver specified"),
        ("Name or service not known", "TCP Provider: getaddrinfo: Name or service not known"),
    ],
)
def test_what_the_driver_says_of_itself_comes_before_its_class(words: str, text: str) -> None:
    for cause in (
        PyodbcError("HYT00" if "timeout" in text else "08001", text, 0),
        MssqlPythonError("Client unable to establish connection", text),
    ):
        found = told(cause)
        assert found is not None
        assert found.what.startswith(OF_THE_DRIVER[words].what)


def test_every_saying_of_the_driver_has_a_test() -> None:
    (mark,) = (
        each
        for each in test_what_the_driver_says_of_itself_comes_before_its_class.pytestmark  # type: ignore[attr-defined]
        if each.name == "parametrize"
    )
    assert {words for words, _ in mark.args[1]} == set(OF_THE_DRIVER)


@pytest.mark.parametrize(
    ("number", "what", "next_step"),
    [
        (
            229,
            "the login lacks SELECT on dbo.ORDERS_UNIFIED",
            "in the database erp: GRANT SELECT ON [dbo].[ORDERS_UNIFIED] TO",
        ),
        (
            230,
            "the login lacks UPDATE on dbo.STG]x, column DROP",
            "in the database orders: GRANT UPDATE ON [dbo].[STG]]x] ([DROP]) TO",
        ),
        (262, "the login lacks CREATE TABLE in the database orders", "GRANT CREATE TABLE TO"),
        (2760, "there is no schema sync, or the login may make nothing in it", "GRANT ALTER ON SCHEMA::[sync] TO"),
        (297, "the login lacks a right", "run this with the login"),
        (300, "the login lacks VIEW SERVER STATE", "GRANT VIEW SERVER STATE TO"),
    ],
)
def test_a_missing_right_is_named_with_its_grant(number: int, what: str, next_step: str) -> None:
    text = str(SAMPLES[number][1])
    for cause in (PyodbcError("42000", text, number), MssqlPythonError("Syntax error or access violation", text)):
        found = told(cause)
        assert isinstance(found, RightMissing)
        assert found.what.startswith(what)
        assert next_step in str(found.next_step)


def test_data_in_the_text_is_not_taken_for_a_number() -> None:
    text = "Violation of UNIQUE KEY constraint 'UX'. The duplicate key value is (1205)."
    assert isinstance(told(PyodbcError("23000", text, 2627)), StoreConflict)
    assert told(PyodbcError("42000", "Incorrect syntax near (1205).", 102)) is None


def test_bad_sql_of_ours_is_not_dressed_up() -> None:
    assert told(PyodbcError("42000", "Incorrect syntax near 'FRM'.", 102)) is None
    assert told(MssqlPythonError("Syntax error or access violation", "Incorrect syntax near 'FRM'.")) is None
    assert told(Exception()) is None


def test_the_reason_is_kept() -> None:
    found = told(PyodbcError("28000", "Login failed for user 'worker'.", 18456))
    assert "Login failed for user 'worker'. (18456)" in str(found)


def test_a_reason_that_goes_on_and_on_is_cut() -> None:
    found = told(PyodbcError("28000", "Login failed for user 'worker'. " + "x" * 5_000, 18456))
    assert found is not None
    assert 900 < len(found.what) < 1_200


def test_an_error_without_a_cause_is_left_alone() -> None:
    assert translate(DBAPIError("SELECT 1", None, None)) is None  # type: ignore[arg-type]
