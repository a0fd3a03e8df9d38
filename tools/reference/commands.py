"""The command line, from the application itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import Any

from typer.main import get_command

from order_sync.cli import app
from reference.markdown import code, table

_MARKUP = re.compile(r"\[/?(?:bold|dim|italic|cyan|green|red|yellow|magenta|blue)[^\]]*\]")


def all_commands() -> str:
    """A section per command, in the order of the help."""
    return "\n".join(
        _section(words, command) for words, command in walk(_root(), ("order-sync",)) if not command.hidden
    )


def walk(command: Any, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command that does something, with the words that call it; groups are only walked through."""
    inner = getattr(command, "commands", None)
    if inner is None:
        yield words, command
        return
    if command.params:
        yield words, command
    for name, each in inner.items():
        yield from walk(each, (*words, name))


def walk_all() -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command that people are meant to know, with the words that call it."""
    yield from ((words, each) for words, each in walk(_root(), ("order-sync",)) if words[1:] and not each.hidden)


def options_of(command: str) -> list[tuple[str, ...]]:
    """Every spelling of the command's options, those of the program itself included."""
    found = [each.params for words, each in walk_all() if " ".join(words[1:]) == command]
    parameters = [*_root().params, *(parameter for params in found for parameter in params)]
    return [(*each.opts, *each.secondary_opts) for each in parameters if _is_option(each)]


def _root() -> Any:
    return get_command(app)


def _section(words: tuple[str, ...], command: Any) -> str:
    shown = [each for each in command.params if not getattr(each, "hidden", False) and each.name != "help"]
    arguments = [each for each in shown if not _is_option(each)]
    options = [each for each in shown if _is_option(each)]
    usage = " ".join([*words, *(_argument(each) for each in arguments), *(["[OPTIONS]"] if options else [])])
    parts = [f"## {' '.join(words)}\n", _plain(command.help or "") + "\n", f"```text\n{usage}\n```\n"]
    if arguments:
        parts.append(table(["argument", "meaning"], [[code(_argument(each)), _meaning(each)] for each in arguments]))
    if options:
        heads = ["option", "meaning", "default"]
        parts.append(table(heads, [[_spelled(each), _meaning(each), _default(each)] for each in options]))
    return "\n".join(parts)


def _is_option(parameter: Any) -> bool:
    return str(parameter.opts[0]).startswith("-")


def _argument(parameter: Any) -> str:
    name = (parameter.metavar or parameter.name).upper().strip("[]")
    return name if parameter.required else f"[{name}]"


def _spelled(option: Any) -> str:
    word = "" if option.is_flag else f" {(option.metavar or option.name).upper().strip('_')}"
    return " ".join(code(each + word) for each in (*option.opts, *option.secondary_opts))


def _meaning(parameter: Any) -> str:
    variable = f" Variable: {code(parameter.envvar)}." if parameter.envvar else ""
    often = " May be given several times." if getattr(parameter, "multiple", False) else ""
    return _plain(parameter.help or "") + often + variable


def _default(option: Any) -> str:
    value = option.default
    if option.required:
        return "**required**"
    if callable(value) or value is None or value is False or value in ("", [], ()):
        return ""
    return code(value.value if isinstance(value, Enum) else str(value).lower() if isinstance(value, bool) else value)


def _plain(text: str) -> str:
    """Help text without the terminal's markup; paragraphs stay."""
    return _MARKUP.sub("", text.replace("\b", "").replace("\f", "")).strip()
