"""Generated scripts as they were last reviewed: what changes in them shows in a diff. Write them anew with
`python -m tests.golden` in the project's .venv."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from order_sync.model.mapping_file import load_mapping_file
from order_sync.store.deploy import ddl
from order_sync.store.grants import grants
from order_sync.store.tables import build_tables

FOLDER: Final = Path(__file__).parent
EXAMPLE: Final = FOLDER.parents[1] / "examples" / "customer_master_schedule" / "mapping.yaml"
AGAIN: Final = "read the difference; if it is meant, write the file anew: .venv/bin/python -m tests.golden"


@cache
def scripts() -> dict[str, str]:
    """name -> what is generated now, of the shipped example in the schema dbo."""
    mapping = load_mapping_file(EXAMPLE.read_text(encoding="utf-8"), EXAMPLE.name).mapping
    tables = build_tables(mapping, "dbo")
    return {
        "deploy_mssql.sql": ddl(tables, "mssql"),
        "grants_mssql.sql": grants(tables, mapping.source.table, mapping.source.db_schema),
    }
