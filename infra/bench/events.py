"""Good events in any number, for any contract of the catalogue."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain, count, islice
from pathlib import Path
from random import Random
from typing import Any

from infra.errors import OperatorError
from producers.simulator.identity import event_id
from producers.simulator.places import load_places
from producers.simulator.scenario import SOURCES
from schemas.contract import Contract

Event = dict[str, Any]


class NoExample(OperatorError):
    """The event can be measured only with an accepted example to make events from: add one to schemas/examples."""


def good_events(contract: Contract, examples: Path, number: int, seed: int) -> list[Event]:
    """That many events: of the simulated month where there is a simulator, else copies of an example with new ids."""
    rng = Random(seed)  # noqa: S311  a measurement must be repeatable
    if contract.event in SOURCES:
        _, source = SOURCES[contract.event]
        return list(islice(chain.from_iterable(source(rng, load_places())), number))
    return list(islice(_copies(rng, contract, examples), number))


def _copies(rng: Random, contract: Contract, examples: Path) -> Iterator[Event]:
    paths: list[Path] = sorted((examples / contract.event).glob("*.accepted.json"))
    if not paths:
        raise NoExample(contract.event)
    models = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    for number in count():
        yield {**models[number % len(models)], "event_id": event_id(rng, datetime.now(UTC))}
