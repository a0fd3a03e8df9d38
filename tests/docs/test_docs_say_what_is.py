"""Hand-written pages name commands, options, statuses and files: all exist, and none is missing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from reference import MAKERS, commands, marks
from typer.core import TyperCommand

from order_sync.model.states import BatchStatus, RowStatus

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
SOURCES = sorted(path for path in (ROOT / "src").rglob("*.py") if "`order-sync " in path.read_text(encoding="utf-8"))
COMMANDS: dict[str, TyperCommand] = {" ".join(words[1:]): each for words, each in commands.walk_all()}
FENCE = re.compile(r"^\s*```[a-z]*\n(.*?)^\s*```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(order-sync [^`]+)`")
CALL = re.compile(r"(?:^|[\s\\/\"])order-sync(?:\.exe)?\s+([^`\n\"#>]+(?:\"[^\"\n]*\"[^`\n#>]*)*)")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def calls(page: Path) -> list[str]:
    """What follows `order-sync` wherever the page shows a call of it."""
    text = page.read_text(encoding="utf-8")
    lines = [line for block in FENCE.findall(text) for line in block.splitlines()]
    lines += [" ".join(code.split()) for code in INLINE.findall(text)]
    return [found.group(1).strip() for line in lines if (found := CALL.search(line))]


def command_of(call: str) -> str | None:
    """The longest command that the call begins with; options of the program itself may stand before it."""
    words = re.sub(r"^(--[a-z-]+ \S+ )+", "", call).split()
    return next((" ".join(words[:n]) for n in (2, 1) if " ".join(words[:n]) in COMMANDS), None)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_call_shown_is_a_command_with_these_options(page: Path) -> None:
    for call in calls(page):
        if call.startswith("--help"):
            continue
        command = command_of(call)
        assert command is not None, f"`order-sync {call}` is no command"
        known = {spelled for each in commands.options_of(command) for spelled in each}
        unknown = [word for word in re.findall(r"(?<=\s)--[a-z-]+", f" {call}") if word not in known]
        assert not unknown, f"`order-sync {call}` has no {unknown}"


@pytest.mark.parametrize("file", SOURCES, ids=name)
def test_commands_named_in_messages_exist(file: Path) -> None:
    for call in INLINE.findall(file.read_text(encoding="utf-8")):
        if "{" not in call.split()[1]:
            assert command_of(call.removeprefix("order-sync ")) is not None, f"`{call}` is no command"


def test_every_command_is_shown_in_a_hand_written_page() -> None:
    shown = {command_of(call) for page in PAGES for call in calls(page)}
    assert set(COMMANDS) - shown == set()


def test_every_command_says_what_it_is_for() -> None:
    assert [words for words, command in COMMANDS.items() if not command.help] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_to_files_resolve(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if not re.match(r"[a-z]+:|#", target):
            assert (page.parent / target.partition("#")[0]).exists(), f"{target} does not exist"


def test_every_generated_part_is_asked_for_once() -> None:
    asked = [mark for page in PAGES for mark in marks(page.read_text(encoding="utf-8"))]
    assert sorted(asked) == sorted(MAKERS)


@pytest.mark.parametrize("page", [page for page in PAGES if page.parent != ROOT], ids=name)
def test_every_page_is_in_the_navigation(page: Path) -> None:
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert page.relative_to(ROOT / "docs").as_posix() in navigation


def test_every_status_is_explained() -> None:
    text = (ROOT / "docs" / "reference" / "tables.md").read_text(encoding="utf-8")
    assert [each.value for each in (*RowStatus, *BatchStatus) if f"| `{each.value}` | " not in text] == []


def test_modules_named_in_the_plan_exist() -> None:
    text = (ROOT / "docs" / "reference" / "names.md").read_text(encoding="utf-8")
    named = re.findall(r"`(order_sync/[a-z_/.]+)`", text)
    assert named
    assert [each for each in named if not (ROOT / "src" / each).exists()] == []


def test_the_changelog_has_a_place_for_what_comes() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## \[Unreleased\]$", text, re.MULTILINE)


def test_no_page_names_a_path_of_one_machine() -> None:
    paths = re.compile(r"(?:^|[^\w.])/(?:home|root|tmp|work|Users)/")
    assert [name(page) for page in PAGES if paths.search(page.read_text(encoding="utf-8"))] == []
