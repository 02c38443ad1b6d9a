"""Publishes the run's history through the spooled producer: `python -m tests.chaos.publishing`.

What was acknowledged is noted; a new start goes on with what was not.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Sequence

from producers.acknowledged import Outcome, Spooled
from producers.client import Sent
from producers.records import Record
from producers.spooled import SpooledProducer, open_spooled_producer
from schemas.catalog import load_catalog
from schemas.signature import signed_headers
from tests.chaos.history import Planned
from tests.chaos.mutants import break_build
from tests.chaos.surroundings import Surroundings, from_environment

_BUNCHES_PER_SECOND = 60
_RETRY_SECONDS = 0.5


def main() -> None:
    break_build()
    at = from_environment()
    with open_spooled_producer(at.settings, load_catalog(at.contracts), spool=at.folder / "spool") as producer:
        while left := _left(at):
            publish(at, producer, left, float(os.environ["CHAOS_RATE"]))
            time.sleep(_RETRY_SECONDS)
        # What its predecessor left there.
        _await_drained(producer)


def _left(at: Surroundings) -> list[Planned]:
    """What is not acknowledged yet."""
    noted = at.folder / "acknowledged"
    done = {int(line) for line in noted.read_text().split()} if noted.exists() else set()
    return [each for each in at.planned() if each.number not in done]


def publish(at: Surroundings, producer: SpooledProducer, left: list[Planned], per_second: float = 60) -> None:
    """Sends each once, at an even pace, and waits until the producer has said of each what became of it and its spool
    is empty.
    """
    size = max(1, round(per_second / _BUNCHES_PER_SECOND))
    bunches = [left[start : start + size] for start in range(0, len(left), size)]
    told = threading.Semaphore(0)
    with (at.folder / "acknowledged").open("a", buffering=1) as noted:
        for bunch in bunches:

            def note(outcomes: list[Outcome], bunch: Sequence[Planned] = bunch) -> None:
                done = zip(outcomes, bunch, strict=True)
                noted.writelines(f"{each.number}\n" for outcome, each in done if isinstance(outcome, Sent | Spooled))
                told.release()

            producer.submit([_record(at, each) for each in bunch], note)
            time.sleep(1 / _BUNCHES_PER_SECOND)
        for _ in bunches:
            if not told.acquire(timeout=60):
                sys.exit("the producer does not say what became of a record")
    _await_drained(producer)


def _await_drained(producer: SpooledProducer) -> None:
    """Nobody drains the spool of a publisher that has ended."""
    while producer.spool.records:
        time.sleep(_RETRY_SECONDS)


def _record(at: Surroundings, each: Planned) -> Record:
    signer, topic = at.settings.signer, at.contract.topic
    headers = signed_headers(signer.client, signer.signing_key, topic, each.key, each.value)
    return Record(topic, each.key, each.value, tuple(headers), each.event_id)


if __name__ == "__main__":
    main()
