"""Calls of a platform's API: bounded retries with growing, jittered pauses, and a rate for each shop."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

import httpx

from infra.errors import OperatorError

log = logging.getLogger(__name__)

_TOO_MANY = 429
_SERVER_ERROR = 500


class PlatformUnavailable(OperatorError):
    """The marketplace does not answer, or asks for patience: it is asked again, and nothing is lost meanwhile."""

    retriable: ClassVar[bool] = True


class PlatformRefused(OperatorError):
    """The marketplace refused the call: check key, secret and rights of the app, and the shop's authorisation."""


@dataclass(frozen=True)
class Patience:
    """How often and how long a call is tried again."""

    tries: int = 4
    first_pause_s: float = 0.5
    longest_pause_s: float = 20.0
    timeout_s: float = 10.0


DEFAULT_PATIENCE = Patience()


class Rate:
    """At most so many calls a second, evenly spread; shared by threads."""

    def __init__(self, per_second: float, sleep: Callable[[float], None] = time.sleep) -> None:
        self._gap = 1 / per_second
        self._sleep = sleep
        self._lock = threading.Lock()
        self._next = 0.0

    def wait(self) -> None:
        """Return when the next call may be made."""
        with self._lock:
            at = max(self._next, time.monotonic())
            self._next = at + self._gap
        if (pause := at - time.monotonic()) > 0:
            self._sleep(pause)


@dataclass(frozen=True)
class Caller:
    """Sends requests of one shop; `sleep` and `rng` are parameters for tests."""

    http: httpx.Client
    rate: Rate
    patience: Patience = DEFAULT_PATIENCE
    sleep: Callable[[float], None] = time.sleep
    rng: random.Random = field(default_factory=random.Random)

    def json(self, make: Callable[[], httpx.Request]) -> dict[str, Any]:
        """The JSON object answered to the request, which is made anew (signed, timed) for each try.

        Answers other than 429 and 5xx are returned whatever their status, since platforms put errors in the body.
        Raises PlatformUnavailable when no try succeeded, PlatformRefused for an answer that is no JSON object.
        """
        response = self._answer(make)
        try:
            document = response.json()
        except ValueError:
            document = None
        if not isinstance(document, dict):
            raise PlatformRefused(f"{response.request.url.path}: status {response.status_code}, no JSON object")
        return document

    def _answer(self, make: Callable[[], httpx.Request]) -> httpx.Response:
        pause, failed = self.patience.first_pause_s, ""
        for number in range(1, self.patience.tries + 1):
            self.rate.wait()
            request = make()
            asked = 0.0
            try:
                response = self.http.send(request)
                if response.status_code != _TOO_MANY and response.status_code < _SERVER_ERROR:
                    return response
                failed, asked = f"status {response.status_code}", _retry_after(response)
            except httpx.TransportError as error:
                failed = type(error).__name__
            # The path alone: the query holds tokens.
            found = {"action": "platform_retry", "path": request.url.path, "failed": failed, "try": number}
            log.warning("%s failed: %s", request.url.path, failed, extra=found)
            if number < self.patience.tries:
                self.sleep(min(self.patience.longest_pause_s, max(asked, pause * self.rng.uniform(0.5, 1.0))))
                pause = min(self.patience.longest_pause_s, 2 * pause)
        raise PlatformUnavailable(f"{request.url.host}{request.url.path}: {failed}, {self.patience.tries} times")


def _retry_after(response: httpx.Response) -> float:
    value = response.headers.get("Retry-After", "")
    return float(value) if value.isdigit() and len(value) < 5 else 0.0
