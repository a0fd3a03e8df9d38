"""The house's own rules, read off the source by its syntax."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src"
FILES = sorted(SOURCE.rglob("*.py"))
CLOCKS = {SOURCE / "order_sync" / "clock.py", SOURCE / "monday_simulator" / "clock.py"}
LONGEST_FUNCTION, LONGEST_FILE, LONG_FILE = 60, 500, 350
NO_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "core2", "managers", "manager"}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [each for each in ast.walk(tree(path)) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """From `def` to the end; decorators, which on a command are its options' neighbours, do not count."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def named(path: Path, line: int) -> str:
    return f"{path.relative_to(SOURCE)}:{line}"


def test_there_is_something_to_read() -> None:
    assert len(FILES) > 100


def test_no_global_names_are_rebound() -> None:
    found = [
        named(path, each.lineno) for path in FILES for each in ast.walk(tree(path)) if isinstance(each, ast.Global)
    ]
    assert found == []


def test_no_except_without_saying_what() -> None:
    found = [
        named(path, each.lineno)
        for path in FILES
        for each in ast.walk(tree(path))
        if isinstance(each, ast.ExceptHandler) and each.type is None
    ]
    assert found == []


def _sleeps(node: ast.AST) -> bool:
    match node:
        case ast.Attribute(value=ast.Name(id="time" | "asyncio"), attr="sleep"):
            return True
        case ast.ImportFrom(module="time" | "asyncio", names=names):
            return any(each.name == "sleep" for each in names)
        case _:
            return False


def test_only_clocks_sleep() -> None:
    found = [named(path, each.lineno) for path in FILES if path not in CLOCKS
             for each in ast.walk(tree(path)) if _sleeps(each)]  # fmt: skip
    assert found == []


def test_no_function_is_too_long() -> None:
    found = [f"{named(path, each.lineno)} {each.name}: {lines_of(each)} lines" for path in FILES
             for each in functions(path) if lines_of(each) > LONGEST_FUNCTION]  # fmt: skip
    assert found == []


def test_functions_are_short() -> None:
    lengths = sorted(lines_of(each) for path in FILES for each in functions(path))
    assert lengths[len(lengths) // 2] <= 9
    assert lengths[len(lengths) * 9 // 10] <= 30


def test_no_file_is_too_long() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
    assert [f"{named(path, 1)}: {length} lines" for path, length in lengths.items() if length > LONGEST_FILE] == []
    assert sorted(lengths.values())[len(lengths) * 9 // 10] <= LONG_FILE


@pytest.mark.parametrize("path", [SOURCE / "order_sync", SOURCE / "monday_simulator"])
def test_every_module_has_a_name_and_a_sentence(path: Path) -> None:
    mine = [each for each in FILES if each.is_relative_to(path)]
    assert [named(each, 1) for each in mine if each.stem in NO_NAMES] == []
    assert [named(each, 1) for each in mine if not ast.get_docstring(tree(each))] == []
