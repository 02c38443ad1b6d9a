"""Large batches of one client are worked on one after the other; small ones and other clients do not wait for them."""

from __future__ import annotations

import asyncio
import json
import uuid
from itertools import groupby
from typing import Any

from producers.gateway.events import TURN
from producers.gateway.fairness import Fairness
from producers.gateway.limits import USUAL_LIMITS
from schemas.example_files import load_examples
from tests.unit.gateway.in_memory import InMemory

PATH = "/events/government.dossier_status_changed"
GOOD = next(each.payload for each in load_examples()["dossier_status_changed"] if each.name == "submitted_online")
LARGE = 4 * TURN


def batch_of(events: int) -> tuple[str, bytes]:
    """A batch of so many events, and what their ids begin with."""
    name = uuid.uuid4().hex[:8]
    return name, json.dumps([{**GOOD, "event_id": name + str(uuid.uuid4())[8:]} for _ in range(events)]).encode()


def handed_over(gateway: InMemory) -> list[str]:
    """The beginnings of the records' ids in the order in which they came, each once for those in a row."""
    return [name for name, _ in groupby(record.event_id[:8] for record in gateway.records)]


def test_of_two_large_batches_one_is_done_before_the_other_is_begun() -> None:
    gateway = InMemory()
    (first, one), (second, other) = batch_of(LARGE), batch_of(LARGE)

    async def both() -> None:
        await asyncio.gather(gateway.post(PATH, one, {}), gateway.post(PATH, other, {}))

    asyncio.run(both())
    assert handed_over(gateway) == [first, second]
    assert len(gateway.records) == 2 * LARGE


def test_a_single_event_does_not_wait_for_the_batches_before_it() -> None:
    gateway = InMemory()
    batches = [batch_of(LARGE) for _ in range(3)]
    single, body = batch_of(1)

    async def all_of_them() -> None:
        await asyncio.gather(*(gateway.post(PATH, batch, {}) for _, batch in batches), gateway.post(PATH, body, {}))

    asyncio.run(all_of_them())
    assert handed_over(gateway).index(single) <= 1


def test_turns_are_those_of_a_client_and_of_large_bodies() -> None:
    fairness = Fairness(USUAL_LIMITS, lambda: 0.0)

    async def others_go_on() -> None:
        async with fairness.turn("a", 2**20):
            for client, size in (("b", 2**20), ("a", 1000)):
                async with asyncio.timeout(1), fairness.turn(client, size):
                    pass
            assert not await _comes_to_its_turn(fairness)
        assert await _comes_to_its_turn(fairness)

    asyncio.run(others_go_on())


async def _comes_to_its_turn(fairness: Fairness) -> Any:
    try:
        async with asyncio.timeout(0.05), fairness.turn("a", 2**20):
            return True
    except TimeoutError:
        return False
