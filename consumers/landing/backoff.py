"""Waiting for a server that is away: for ever, with growing pauses, until told to stop."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Iterator
from typing import TypeVar

from infra.errors import OperatorError

log = logging.getLogger(__name__)

T = TypeVar("T")

FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 15.0


class Interrupted(OperatorError):
    """Landing was told to stop while a server was away: what was not committed is read again at the next start."""


def pauses(rng: random.Random, first_s: float = FIRST_PAUSE_S, longest_s: float = LONGEST_PAUSE_S) -> Iterator[float]:
    """Seconds to wait before each further try: doubling up to `longest_s`, each cut by a random part of up to half."""
    pause = first_s
    while True:
        yield pause * rng.uniform(0.5, 1.0)
        pause = min(longest_s, 2 * pause)


class Backoff:
    """The pauses between failures in a row."""

    def __init__(self, rng: random.Random | None = None) -> None:
        self._rng = rng or random.Random()  # noqa: S311 - jitter, no secret
        self.reset()

    def reset(self) -> None:
        """It worked: the next failure is a first one."""
        self._pauses = pauses(self._rng)
        self.failures = 0

    def wait(self, what: str, error: OperatorError, stop: threading.Event) -> bool:
        """Log the failure and pause; True when `stop` was set."""
        self.failures += 1
        pause = next(self._pauses)
        found = {"action": "retry", "what": what, "failures": self.failures}
        log.warning("%s failed, trying again in %.1f s: %s", what, pause, error, extra=found)
        return stop.wait(pause)


def until_it_works(call: Callable[[], T], what: str, stop: threading.Event) -> T:
    """The result of `call`, made again and again while it raises retriable errors.

    Raises Interrupted when `stop` is set meanwhile, and at once any error that is not retriable.
    """
    backoff = Backoff()
    while True:
        try:
            return call()
        except OperatorError as error:
            if not error.retriable:
                raise
            failed = error
        if backoff.wait(what, failed, stop):
            raise Interrupted(f"{what} had failed {backoff.failures} times")
