"""Recorded traffic of the real service, replayed: python -m tests.conformance.recordings [file] [--verbose]."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from graphql import GraphQLError, GraphQLSchema, build_schema, parse, validate
from tests.conformance.presuppose import absent, asked, presuppose_change, presuppose_question, read_token
from tests.conformance.shapes import codes_of, shape_differences
from tests.conformance.stage import Stage

from monday_simulator import ErrorFormat, Simulator, VirtualClock
from monday_simulator.api.schema import executable_schema

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "monday"
RECORDED = SHARED / "recorded.jsonl"
OFFICIAL = SHARED / "schema" / "schema.2026-10.graphql"

_FILE = re.compile(r"\$(\w+)\s*:\s*File\b")
AGREED, EXPLAINED, NOT_SIMULATED, DIFFERENT = "agreed", "explained", "not simulated", "different"
VERDICTS = (AGREED, EXPLAINED, NOT_SIMULATED, DIFFERENT)


@dataclass(frozen=True)
class Verdict:
    """One recording, replayed. why: every difference, or the explanation."""

    operation: str
    case: str
    kind: str
    why: tuple[str, ...] = ()


def load(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def official_schema(path: Path = OFFICIAL) -> GraphQLSchema:
    return build_schema(path.read_text(encoding="utf-8"), assume_valid=True, assume_valid_sdl=True)


class Replay:
    """Sends each recording to a new simulator in which everything is there that it presupposes."""

    def __init__(self, official: GraphQLSchema) -> None:
        self._official = official

    def judge(self, recorded: dict[str, Any]) -> Verdict:
        try:
            status, body = self.answer(recorded)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            return Verdict(recorded["operation"], recorded["case"], DIFFERENT, (f"no set-up for it: {error!r}",))
        known = _decoded(recorded["body"])
        found = [] if status == recorded["status"] else [f"HTTP {recorded['status']} in life, {status} here"]
        found += shape_differences(known, body)
        if codes_of(known) != codes_of(body):
            found.append(f"codes {codes_of(known)} in life, {codes_of(body)} here")
        kind = AGREED
        if found:
            kind, reason = self._explanation(recorded)
            found = [reason, *found] if reason else found
        return Verdict(recorded["operation"], recorded["case"], kind, tuple(found))

    def answer(self, recorded: dict[str, Any]) -> tuple[int, Any]:
        """Status and body that the simulator has for a recorded request."""
        stage = Stage(Simulator(clock=VirtualClock(), error_format=format_of(recorded)))
        if recorded["authorized"]:
            _furnish(stage, recorded)
        headers = {"Authorization": "a-token"} if recorded["authorized"] else {}
        request = _with_living_cursor(stage, recorded)
        if _sends_file(request):
            headers["Content-Type"] = "multipart/form-data; boundary=part"
            answer = stage.simulator.handle("POST", "/v2/file", headers, _multipart(request))
        else:
            answer = stage.simulator.handle("POST", "/v2", headers, json.dumps(request).encode())
        return answer.status, _decoded(answer.body)

    def _explanation(self, recorded: dict[str, Any]) -> tuple[str, str]:
        """What is not simulated, and what the API itself answers otherwise by now."""
        query = recorded["request"].get("query") if isinstance(recorded["request"], dict) else None
        if not isinstance(query, str):
            return NOT_SIMULATED, "no GraphQL document in the body"
        try:
            document = parse(query)
        except GraphQLError:
            return DIFFERENT, ""
        now, here = validate(self._official, document), validate(executable_schema(), document)
        refused = '"data"' not in recorded["body"] and '"errors"' in recorded["body"]
        if here and not now:
            return NOT_SIMULATED, here[0].message
        if now and not refused:
            return EXPLAINED, f"the API has changed since: {now[0].message}"
        if refused and not now and recorded["authorized"] and not codes_of(_decoded(recorded["body"])):
            return EXPLAINED, "the API has changed since: the document is valid by now"
        return DIFFERENT, ""


def _furnish(stage: Stage, recorded: dict[str, Any]) -> None:
    kind, fields = asked(recorded)
    missing = absent(recorded, fields)
    for field in fields:
        (presuppose_change if kind == "mutation" else presuppose_question)(stage, field, missing)


def _sends_file(request: Any) -> bool:
    """A recording has no bytes of a file, only the variable that stood for it."""
    return isinstance(request, dict) and bool(_FILE.search(str(request.get("query"))))


def _multipart(request: dict[str, Any]) -> bytes:
    found = _FILE.search(request["query"])
    name = found[1] if found else "file"
    query = f'Content-Disposition: form-data; name="query"\r\n\r\n{request["query"]}'
    file = f'Content-Disposition: form-data; name="variables[{name}]"; filename="a.txt"\r\n'
    parts = [query, file + "Content-Type: text/plain\r\n\r\nbytes"]
    return ("".join(f"--part\r\n{part}\r\n" for part in parts) + "--part--\r\n").encode()


def _decoded(body: str | bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return "no JSON"


def format_of(recorded: dict[str, Any]) -> ErrorFormat:
    """By the version that answered, else by the day."""
    when: datetime = parsedate_to_datetime(recorded["recorded_at"])
    version = (recorded.get("headers") or {}).get("api-version") or f"{when:%Y}-{when.month:02}"
    if version >= "2025-07":
        return ErrorFormat.CURRENT
    if version >= "2025-01":
        return ErrorFormat.V2025_01
    return ErrorFormat.V2024_10 if version >= "2024-10" else ErrorFormat.UNTIL_2024_07


def _with_living_cursor(stage: Stage, recorded: dict[str, Any]) -> dict[str, Any]:
    """The request with cursors of the simulator's own in place of the recorded ones."""
    request = recorded["request"]
    for given in _cursors(asked(recorded)[1]):
        token = read_token(given)
        if token is not None and token.board_id in stage.store.boards:
            living = _cursor(stage, token.board_id, token.group_id, token.offset)
            request = json.loads(json.dumps(request).replace(given, living)) if living else request
    return request


def _cursors(fields: Iterable[Any]) -> Iterable[str]:
    for field in fields:
        if isinstance(field.arguments.get("cursor"), str):
            yield field.arguments["cursor"]
        yield from _cursors(field.below)


def _cursor(stage: Stage, board_id: str, group_id: str, offset: int) -> str | None:
    page = f"items_page(limit: {offset}) {{ cursor }}"
    below = f'groups(ids: ["{group_id}"]) {{ {page} }}' if group_id else page
    body = json.dumps({"query": f"{{ boards(ids: {board_id}) {{ {below} }} }}"}).encode()
    answer = stage.simulator.handle("POST", "/v2", {"Authorization": "a-token"}, body).json()
    try:
        board = answer["data"]["boards"][0]
        return (board["groups"][0] if group_id else board)["items_page"]["cursor"]
    except (KeyError, IndexError, TypeError):
        return None


def replay(recordings: Iterable[dict[str, Any]]) -> list[Verdict]:
    judge = Replay(official_schema()).judge
    return [judge(each) for each in recordings]


def share(verdicts: list[Verdict]) -> float:
    return sum(each.kind == AGREED for each in verdicts) / max(1, len(verdicts))


def table(verdicts: list[Verdict]) -> str:
    """By operation, with the reasons of everything that does not agree."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for each in verdicts:
        counts[each.operation][each.kind] += 1
    lines = [f"{'operation':<34}" + "".join(f"{kind:>15}" for kind in VERDICTS)]
    for operation, found in [*sorted(counts.items()), ("all", sum(counts.values(), Counter()))]:
        lines.append(f"{operation:<34}" + "".join(f"{found[kind]:>15}" for kind in VERDICTS))
    lines.append(f"{share(verdicts):.1%} of {len(verdicts)} agreed")
    for reason, count in Counter(
        (each.operation, each.kind, each.why[0]) for each in verdicts if each.kind != AGREED
    ).most_common():
        lines.append(f"{count:>4} x {reason[0]} ({reason[1]}): {reason[2]}")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """0 where at least 95 % agree."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance.recordings", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=RECORDED, help="recordings as JSON lines")
    parser.add_argument("--verbose", action="store_true", help="every difference of every recording")
    options = parser.parse_args(arguments)
    verdicts = replay(load(options.file))
    sys.stdout.write(table(verdicts) + "\n")
    for each in verdicts if options.verbose else ():
        if each.kind != AGREED:
            sys.stdout.write("\n".join((f"\n{each.kind}: {each.operation}, {each.case}", *each.why)) + "\n")
    return 0 if share(verdicts) >= 0.95 else 1


if __name__ == "__main__":
    sys.exit(main())
