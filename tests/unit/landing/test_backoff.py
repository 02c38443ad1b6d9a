from __future__ import annotations

import itertools
import random
import threading
from collections.abc import Callable

import pytest

from consumers.landing.backoff import Interrupted, until_it_works
from infra.backoff import pauses
from infra.errors import OperatorError
from infra.object_store import StoreRefused, StoreUnavailable


def failing(*errors: OperatorError) -> Callable[[], str]:
    left = list(errors)

    def call() -> str:
        if left:
            raise left.pop(0)
        return "worked"

    return call


def test_pauses_grow_to_a_bound_and_differ() -> None:
    first = list(itertools.islice(pauses(1.0, 10.0, random.Random(1)), 8))
    assert all(half <= pause <= 2 * half for pause, half in zip(first, [0.5, 1, 2, 4, 5, 5, 5, 5], strict=True))
    assert first != list(itertools.islice(pauses(1.0, 10.0, random.Random(2)), 8))


def test_what_is_away_is_asked_until_it_answers() -> None:
    assert until_it_works(failing(StoreUnavailable(), StoreUnavailable()), "asking", threading.Event()) == "worked"


def test_what_no_waiting_mends_is_raised_at_once() -> None:
    with pytest.raises(StoreRefused):
        until_it_works(failing(StoreRefused()), "asking", threading.Event())


def test_waiting_ends_when_told_to_stop() -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Interrupted):
        until_it_works(failing(StoreUnavailable()), "asking", stop)
