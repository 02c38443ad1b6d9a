"""Waiting for a server that is away: for ever, with growing pauses, until told to stop."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from typing import TypeVar

from infra.backoff import pauses
from infra.errors import OperatorError

log = logging.getLogger(__name__)

T = TypeVar("T")

FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 15.0


class Interrupted(OperatorError):
    """Landing was told to stop while a server was away: what was not committed is read again at the next start."""


class Backoff:
    """The pauses between failures in a row."""

    def __init__(self, rng: random.Random | None = None) -> None:
        self._rng = rng
        self.reset()

    def reset(self) -> None:
        """It worked: the next failure is a first one."""
        self._pauses = pauses(FIRST_PAUSE_S, LONGEST_PAUSE_S, self._rng)
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
