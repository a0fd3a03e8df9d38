"""The words that stand beside a class's members in the source: our types say there what a value means."""

from __future__ import annotations

import ast
import inspect
import io
import re
import textwrap
import tokenize

_LINTER = re.compile(r"\s*noqa(:\s*[A-Z0-9, ]+)?(\s*-\s*)?")


def of_members(cls: type) -> dict[str, str]:
    """Member name -> the comment on its lines, where there is one."""
    source = textwrap.dedent(inspect.getsource(cls))
    by_line = {
        token.start[0]: _LINTER.sub("", token.string.lstrip("# ")).strip()
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    found = {}
    for node in next(each.body for each in ast.parse(source).body if isinstance(each, ast.ClassDef)):
        name = _assigned(node)
        lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
        comment = " ".join(by_line[line] for line in lines if line in by_line)
        if name and comment:
            found[name] = comment
    return found


def _assigned(node: ast.stmt) -> str | None:
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id
    return None


def summary(thing: object) -> str:
    """The thing's own docstring as one paragraph, or nothing: what a parent class says is not meant."""
    return " ".join((getattr(thing, "__doc__", None) or "").split())
