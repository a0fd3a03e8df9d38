"""Tables are read and written by the names of their columns: another column, or another order, changes nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "order_sync"
# The drill asks tables of facts in its own memory, which it has made itself a moment before.
FACTS = {SOURCE / "drill" / f"{name}.py" for name in ("comparisons", "evidence", "invariants")}
STAR = re.compile(r"(?<!COUNT)\bSELECT\s+(?:DISTINCT\s+|TOP\s*\(?\S+\)?\s+)?(?:\w+\.)?\*", re.IGNORECASE)
BY_PLACE = re.compile(r"\bINSERT\s+(?:OR\s+\w+\s+)?INTO\s+\S+\s+(?:SELECT\b|VALUES\b|DEFAULT\b)", re.IGNORECASE)
STARRED_OUTPUT = re.compile(r"\b(?:INSERTED|DELETED)\.\*", re.IGNORECASE)


def by_place(text: str) -> bool:
    """Whether a text is SQL that goes by the places of columns."""
    return any(form.search(text) for form in (STAR, BY_PLACE, STARRED_OUTPUT))


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Every text in a module, with its line; what is put into an f-string stands as a name."""
    if path.suffix == ".sql":
        yield 1, re.sub(r"--.*", "", path.read_text(encoding="utf-8"))
        return
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    docs = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    within = {id(part) for each in ast.walk(tree) if isinstance(each, ast.JoinedStr) for part in each.values}
    for node in ast.walk(tree):
        if id(node) in within:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.lineno, node.value
        if isinstance(node, ast.JoinedStr):
            yield (
                node.lineno,
                "".join(str(part.value) if isinstance(part, ast.Constant) else "name" for part in node.values),
            )


def test_nothing_is_read_or_written_by_place() -> None:
    files = [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.sql")]
    found = [
        f"{path.relative_to(SOURCE)}:{line}: {' '.join(text.split())[:80]}"
        for path in sorted(set(files) - FACTS)
        for line, text in texts(path)
        if by_place(text)
    ]
    assert len(files) > 150
    assert found == []


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM MON_Lease",
        "select\n  t.* from x t",
        "SELECT TOP (5) * FROM x",
        "SELECT DISTINCT * FROM x",
        "INSERT INTO x VALUES (1)",
        "INSERT OR REPLACE INTO x SELECT a FROM y",
        "DELETE x OUTPUT DELETED.* INTO y (a)",
    ],
)
def test_it_would_be_found(sql: str) -> None:
    assert by_place(sql)


@pytest.mark.parametrize("sql", ["SELECT COUNT(*) FROM x", "INSERT INTO x (a) SELECT a FROM y", "SELECT a * b FROM x"])
def test_what_goes_by_name_is_let_through(sql: str) -> None:
    assert not by_place(sql)


def test_sql_in_a_module_is_read(tmp_path: Path) -> None:
    module = tmp_path / "planted.py"
    module.write_text('"""SELECT * is said here."""\ndef f(t):\n    return f"SELECT * FROM {t}"\n', encoding="utf-8")
    assert [line for line, text in texts(module) if by_place(text)] == [3]
