"""From an answer to one outcome per row, decided once, here."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, assert_never

from order_sync.model.ids import ItemId
from order_sync.model.outcomes import (
    Archived,
    Created,
    ErrorClass,
    GroupCreated,
    Halt,
    Halted,
    InDoubt,
    Outcome,
    Problem,
    Rejected,
    Retryable,
)
from order_sync.monday.codes import GRAVEST_FIRST, STATUSES, classify, spelled
from order_sync.monday.documents import ARCHIVE, ROW_VARIABLE, Call
from order_sync.monday.replies import LONGEST_NAME, Answer, Complaint, Reply, read_answer

LARGEST_ID: Final = 2**63 - 1  # BIGINT
LONGEST_GROUP_ID: Final = 64

# One row's trouble: without the row's name it cannot be held against the others of the request.
_OF_ONE_ROW: Final = frozenset({ErrorClass.REJECTED_VALUE, ErrorClass.REJECTED_ROW, ErrorClass.GROUP_GONE})
# Throttled inside a running document: without a path nobody says which fields had run before.
_WITHIN_A_DOCUMENT: Final = frozenset({spelled("tooManyRequests"), spelled("FIELD_LIMIT_EXCEEDED")})


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one attempt to send a Call: exactly one outcome for every ref."""

    outcomes: dict[int, Outcome]
    http_status: int | None
    code: str | None
    monday_request_id: str | None
    replayed: bool
    complexity: int | None  # points charged
    elapsed: timedelta
    wait: timedelta | None  # the server's hint, or what the budget made of it
    lost: bool  # something was sent and no HTTP status came back


def outcomes_of(reply: Reply, call: Call, answer: Answer | None = None) -> Delivery:
    """Read the answer to `call`: one outcome for every ref, whatever the server sent."""
    answer = answer or read_answer(reply)
    return Delivery(
        outcomes=_outcomes(answer, call),
        http_status=reply.status,
        code=next((found.code for found in answer.complaints if found.code), None),
        monday_request_id=answer.request_id,
        replayed=reply.headers.get("idempotency-replayed", "").casefold() == "true",
        complexity=answer.complexity.query if answer.complexity else None,
        elapsed=reply.elapsed,
        wait=answer.wait,
        lost=False,
    )


def _outcomes(answer: Answer, call: Call) -> dict[int, Outcome]:
    fields = answer.fields()
    if set(fields) - {alias for alias, _ in call.refs} - {"complexity"}:
        said = "the answer names fields that were not asked for"
        doubt = InDoubt(_problem(ErrorClass.AMBIGUOUS, said, answer))
        return {ref: doubt for _, ref in call.refs}
    return _each_own_id({ref: _outcome(alias, fields, answer, call) for alias, ref in call.refs}, answer)


def not_delivered(problem: Problem, call: Call, elapsed: timedelta) -> Delivery:
    """The same where no answer came: `problem` says whether anything had left."""
    sent = problem.error_class is not ErrorClass.NOT_SENT
    outcome = as_outcome(problem, wait=None)
    outcomes = {ref: outcome for _, ref in call.refs}
    return Delivery(outcomes, None, problem.code, None, False, None, elapsed, None, lost=sent)


def as_outcome(problem: Problem, wait: timedelta | None) -> Outcome:
    """What a problem does to a row that got no id."""
    match problem.error_class:
        case ErrorClass.NOT_SENT | ErrorClass.THROTTLED | ErrorClass.LOCKED:
            return Retryable(problem, wait, consumes_attempt=False)
        case ErrorClass.GROUP_GONE:
            return Retryable(problem)
        case ErrorClass.AMBIGUOUS | ErrorClass.SERVER_ERROR:
            return InDoubt(problem)
        case ErrorClass.REJECTED_VALUE | ErrorClass.REJECTED_ROW:
            return Rejected(problem)
        case ErrorClass.CONFIGURATION:
            return Halted(problem, Halt.CONFIG)
        case ErrorClass.AUTHENTICATION:
            return Halted(problem, Halt.AUTH)
        case ErrorClass.BOARD_FULL:
            return Halted(problem, Halt.BOARD_FULL)
        case ErrorClass.DAILY_LIMIT:
            return Halted(problem, Halt.DAILY_LIMIT, wait)
        case ErrorClass.BLOCKED_BY_API:
            return Halted(problem, Halt.API_BLOCKED, wait)
        case never:
            assert_never(never)


def _outcome(alias: str, fields: dict[str, Any], answer: Answer, call: Call) -> Outcome:
    own = [complaint for complaint in answer.complaints if complaint.alias == alias]
    made = _made(fields.get(alias), call)
    if isinstance(made, int) and call.operation == ARCHIVE:
        return Archived(made)
    if made is not None:
        beside = [(classify(found, answer.status), found) for found in own]
        warning = _gravest_problem(beside, answer) if beside else None
        return Created(made, warning=warning) if isinstance(made, int) else GroupCreated(made)
    if own:
        problem = _gravest_problem([(_own_class(found, answer), found) for found in own], answer)
        return as_outcome(problem, answer.wait)
    if fields.get(alias) is not None:
        return InDoubt(_problem(ErrorClass.AMBIGUOUS, "the answer holds no usable id for this row", answer))
    return _outcome_of_whole(alias, fields, answer, call)


def _own_class(complaint: Complaint, answer: Answer) -> ErrorClass:
    """A complaint about something selected below a mutation comes after the write."""
    return ErrorClass.AMBIGUOUS if len(complaint.path) > 1 else classify(complaint, answer.status)


def _outcome_of_whole(alias: str, fields: dict[str, Any], answer: Answer, call: Call) -> Outcome:
    """The outcome of a row about which the answer says nothing by itself."""
    whole = [(_whole_class(found, answer), found) for found in answer.complaints if not found.alias]
    if _began(fields, answer, call):
        said = whole[0][1].message if whole else "the answer leaves this row out"
        return InDoubt(_problem(ErrorClass.AMBIGUOUS, said, answer, whole[0][1] if whole else None))
    if not whole:
        return as_outcome(_problem_of_status(answer), answer.wait)
    problem = _gravest_problem(whole, answer)
    if problem.error_class in _OF_ONE_ROW and len(call.refs) > 1:
        return _named_by_variable(alias, problem, answer)
    return as_outcome(problem, answer.wait)


def _whole_class(complaint: Complaint, answer: Answer) -> ErrorClass:
    inside = answer.status != 429 and spelled(complaint.code or "") in _WITHIN_A_DOCUMENT
    return ErrorClass.AMBIGUOUS if inside else classify(complaint, answer.status)


def _began(fields: dict[str, Any], answer: Answer, call: Call) -> bool:
    """Whether any row of the request shows that the document was being executed."""
    aliases = {alias for alias, _ in call.refs}
    return any(fields.get(alias) is not None for alias in aliases) or any(
        complaint.alias in aliases for complaint in answer.complaints
    )


def _named_by_variable(alias: str, problem: Problem, answer: Answer) -> Outcome:
    """Bad variables are refused before anything runs: the rows they name are rejected, the others go again.

    Where no variable is named, which row is meant stays open, and smaller requests will tell.
    """
    named = {f"r{number}" for found in answer.complaints for number in ROW_VARIABLE.findall(found.message)}
    if not named or answer.data not in (b"", b"null"):
        return InDoubt(problem)
    return Rejected(problem) if alias in named else Retryable(problem, consumes_attempt=False)


def _problem_of_status(answer: Answer) -> Problem:
    error_class = STATUSES.get(answer.status, ErrorClass.AMBIGUOUS)
    if not answer.readable:
        return _problem(error_class, f"HTTP {answer.status} with a body that is no JSON object", answer)
    return _problem(error_class, f"HTTP {answer.status} without data or errors", answer)


def _gravest_problem(found: list[tuple[ErrorClass, Complaint]], answer: Answer) -> Problem:
    error_class, complaint = min(found, key=lambda pair: GRAVEST_FIRST.index(pair[0]))
    return _problem(error_class, complaint.message, answer, complaint)


def _problem(error_class: ErrorClass, message: str, answer: Answer, complaint: Complaint | None = None) -> Problem:
    data = (complaint.data if complaint else None) or {}
    column = data.get("column_id")
    return Problem(
        error_class=error_class,
        message=message,
        code=complaint.code if complaint else None,
        http_status=answer.status,
        column_id=column[:LONGEST_NAME] if isinstance(column, str) else None,
    )


def _made(entry: object, call: Call) -> ItemId | str | None:
    """The id in the answer to one mutation: an item's number, or a group's text."""
    given = entry.get("id") if isinstance(entry, dict) else None
    if call.operation == "create_groups":
        return _group_id(given)
    return item_id(given)


def _group_id(given: object) -> str | None:
    """A group's id is a word, as wide as the column that keeps it."""
    plain = isinstance(given, str) and given.isprintable() and not re.search(r"\s", given)
    return str(given) if plain and 1 <= len(str(given)) <= LONGEST_GROUP_ID else None


def item_id(given: object) -> ItemId | None:
    """An item id that fits BIGINT, or None: a float, a sign, other digits or a word is no id."""
    if isinstance(given, str) and re.fullmatch(r"[0-9]{1,19}", given):
        given = int(given)
    if isinstance(given, bool) or not isinstance(given, int):
        return None
    return ItemId(given) if 0 < given <= LARGEST_ID else None


def _each_own_id(outcomes: dict[int, Outcome], answer: Answer) -> dict[int, Outcome]:
    """Two rows cannot be one item: where an id stands twice, neither row is believed."""
    made = {ref: _id_of(outcome) for ref, outcome in outcomes.items()}
    times = Counter(made.values())
    doubt = InDoubt(_problem(ErrorClass.AMBIGUOUS, "the answer gives one id to several rows", answer))
    shared = {ref for ref, found in made.items() if found is not None and times[found] > 1}
    return {ref: doubt if ref in shared else outcome for ref, outcome in outcomes.items()}


def _id_of(outcome: Outcome) -> int | str | None:
    match outcome:
        case Created():
            return outcome.item_id
        case Archived():
            return outcome.item_id
        case GroupCreated():
            return outcome.group_id
        case _:
            return None
