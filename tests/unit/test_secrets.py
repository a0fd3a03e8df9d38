"""A secret is seen only where it is asked for."""

from __future__ import annotations

import copy
import pickle
import traceback
from dataclasses import asdict, dataclass

import pytest

from order_sync.model.secrets import HIDDEN, Secret

CANARY = "canary-5b1f"


def test_no_text_of_it_shows_the_value() -> None:
    secret = Secret(CANARY)
    shown = [
        str(secret),
        repr(secret),
        f"{secret}",
        f"{secret!r:>20}",
        repr([secret]),
        repr({1: secret}),
    ]
    assert all(CANARY not in text and HIDDEN in text for text in shown)
    assert secret.reveal() == CANARY


def test_a_traceback_with_it_does_not_show_the_value() -> None:
    secret = Secret(CANARY)
    try:
        raise ValueError(secret)
    except ValueError as error:
        shown = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert CANARY not in shown


def test_it_is_not_pickled() -> None:
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(Secret(CANARY))


def test_a_copy_is_itself() -> None:
    @dataclass
    class Holder:
        token: Secret

    secret = Secret(CANARY)
    assert copy.copy(secret) is secret
    assert asdict(Holder(secret)) == {"token": secret}


def test_equality_and_truth() -> None:
    assert Secret(CANARY) == Secret(CANARY)
    assert Secret(CANARY) != Secret("other")
    assert Secret(CANARY) != CANARY
    assert hash(Secret(CANARY)) == hash(Secret(CANARY))
    assert Secret(CANARY)
    assert not Secret("")


def test_it_can_be_taken_out_of_the_texts_of_others() -> None:
    assert Secret(CANARY).redact(f"bad header {CANARY}!") == f"bad header {HIDDEN}!"
    assert Secret("").redact("text") == "text"
