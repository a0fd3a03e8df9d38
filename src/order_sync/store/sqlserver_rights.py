"""Which right is missing on what, read from the server's text, and the GRANT that gives it."""

from __future__ import annotations

import re
from typing import Final

from sqlalchemy.dialects import mssql

from order_sync.store.meanings import NO_RIGHT, Entry

_ON_OBJECT: Final = re.compile(
    r"The (?P<right>[A-Z ]+) permission was denied on the "
    r"(?:column '(?P<column>.+?)' of the )?object '(?P<object>.+?)', database '(?P<database>.+?)', "
    r"schema '(?P<schema>.+?)'\."
)
_IN_DATABASE: Final = re.compile(r"(?P<right>[A-Z ]+) permission denied in database '(?P<database>.+?)'\.")
_ON_SERVER: Final = re.compile(r"(?P<right>[A-Z ]+) permission was denied on object 'server', database 'master'\.")
_IN_SCHEMA: Final = re.compile(
    r"The specified schema name \"(?P<schema>.+?)\" either does not exist or you do not have"
)
_USER: Final = "[the login's user]"
_quoted: Final = mssql.dialect().identifier_preparer.quote_identifier  # type: ignore[no-untyped-call]


def named_right(text: str) -> Entry | None:
    """None where the text does not say what is missing."""
    if found := _ON_OBJECT.match(text):
        return _on_object(**found.groupdict())
    if found := _IN_DATABASE.match(text):
        right, database = found["right"], found["database"]
        return NO_RIGHT.saying(
            f"the login lacks {right} in the database {database}",
            f"{_let(database)} GRANT {right} TO {_USER}; or use the login that may deploy",
        )
    if found := _ON_SERVER.match(text):
        right = found["right"]
        return NO_RIGHT.saying(
            f"the login lacks {right} on the server", f"let an administrator run GRANT {right} TO [the login]"
        )
    if found := _IN_SCHEMA.match(text):
        schema = found["schema"]
        return NO_RIGHT.saying(
            f"there is no schema {schema}, or the login may make nothing in it",
            f"let an administrator run CREATE SCHEMA {_quoted(schema)} or GRANT ALTER ON SCHEMA::{_quoted(schema)} "
            f"TO {_USER}; or correct database.schema",
        )
    return None


def _on_object(right: str, column: str | None, object: str, database: str, schema: str) -> Entry:
    place = f"{schema}.{object}" + (f", column {column}" if column else "")
    target = f"{_quoted(schema)}.{_quoted(object)}" + (f" ({_quoted(column)})" if column else "")
    return NO_RIGHT.saying(
        f"the login lacks {right} on {place}", f"{_let(database)} GRANT {right} ON {target} TO {_USER}"
    )


def _let(database: str) -> str:
    return f"let an administrator run in the database {database}:"
