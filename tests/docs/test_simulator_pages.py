"""What the simulator's pages show is done here: the code runs, the scripts are followed, the requests are answered."""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import shlex
from pathlib import Path

import httpx2
import pytest

from monday_simulator import Simulator, VirtualClock, load_faults, load_seed
from monday_simulator.__main__ import parser
from monday_simulator.gateway.faults import Kind, Rule
from monday_simulator.gateway.faults.kinds import Boundary
from monday_simulator.gateway.wire import Outcome, Wanted, WireRecord
from monday_simulator.web.application import application
from monday_simulator.web.control import Control

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "simulator"
PAGES = {page.stem: page.read_text(encoding="utf-8") for page in sorted(FOLDER.glob("*.md"))}
FENCE = re.compile(r"^```([a-z]+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def fences(page: str, language: str) -> list[str]:
    return [body for name, body in FENCE.findall(PAGES[page]) if name == language]


@pytest.mark.parametrize("code", fences("in-process", "python"))
def test_code_on_the_page_runs(code: str) -> None:
    exec(compile(code, "in-process.md", "exec"), {"__name__": "page"})  # noqa: S102 - our own page


@pytest.mark.parametrize("script", [*fences("faults", "text"), *fences("faults", "json")])
def test_script_on_the_page_can_be_followed(script: str) -> None:
    assert load_faults(script)


def test_lines_and_json_on_the_page_say_the_same() -> None:
    assert load_faults(fences("faults", "text")[0]) == load_faults(fences("faults", "json")[0])


def rows(page: str) -> list[list[str]]:
    lines = [line for line in PAGES[page].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_kind_is_told_with_its_fields_and_its_effect() -> None:
    told = {row[0].strip("`"): row for row in rows("faults") if row[0].strip("`") in set(Kind)}
    assert set(told) == set(Kind)
    for kind in Kind:
        assert re.findall(r"`(\w+)`", told[kind][3]) == list(kind.own_fields), kind
        before = kind.boundary in (Boundary.BEFORE_READING, Boundary.BEFORE_APPLYING)
        assert (told[kind][1] == "no") is before, kind


def test_every_field_of_a_rule_is_told() -> None:
    assert [name for name in Rule.__struct_fields__ if name != "kind" and f"`{name}`" not in PAGES["faults"]] == []


def test_every_condition_outcome_and_field_of_the_wire_log_is_told() -> None:
    told = {name for row in rows("control") for name in re.findall(r"`(\w+)`", row[0])}
    assert [*Wanted.__struct_fields__, *Outcome, *WireRecord.__struct_fields__] == [
        name for name in (*Wanted.__struct_fields__, *Outcome, *WireRecord.__struct_fields__) if name in told
    ]


def test_every_address_of_control_is_told() -> None:
    for route in Control(Simulator()).routes():
        for method in (route.methods or set()) - {"HEAD"}:
            assert f"| `{method} {route.path}` |" in PAGES["control"]


@pytest.mark.parametrize("page", PAGES)
def test_options_on_the_page_exist(page: str) -> None:
    text = re.sub(r"^order-sync .*$|`order-sync [^`]*`", "", PAGES[page], flags=re.MULTILINE)
    options: list[argparse.Action] = parser()._actions
    known = {spelled for option in options for spelled in option.option_strings}
    assert [word for word in re.findall(r"(?<![\w-])--[a-z][a-z-]+", text) if word not in known] == []


def test_calls_on_the_page_are_understood() -> None:
    calls = [line for page in PAGES for each in fences(page, "sh") for line in each.splitlines()]
    starts = [shlex.split(line)[3:] for line in calls if line.startswith("python -m monday_simulator")]
    assert len(starts) == 4
    assert {parser().parse_args(words).port for words in starts} == {8765}


def test_requests_on_the_page_are_answered() -> None:
    calls = [shlex.split(line) for each in fences("control", "sh") for line in each.splitlines() if "curl" in line]
    asked = argparse.ArgumentParser()
    asked.add_argument("url")
    asked.add_argument("-X", dest="method", default="GET")
    asked.add_argument("-d", dest="body", default="")
    app = application(Simulator(clock=VirtualClock()), control=True)

    async def statuses() -> list[int]:
        transport = httpx2.ASGITransport(app=app, client=("127.0.0.1", 5000))
        async with httpx2.AsyncClient(transport=transport) as client:
            words = [asked.parse_args(call[1:]) for call in calls]
            return [(await client.request(each.method, each.url, content=each.body)).status_code for each in words]

    assert asyncio.run(statuses()) == [200] * len(calls)
    assert len(calls) == 6


def test_seed_on_the_page_can_be_planted() -> None:
    (seed,) = fences("index", "json")
    assert Simulator(load_seed(seed)).store.items
    assert json.loads(seed)
