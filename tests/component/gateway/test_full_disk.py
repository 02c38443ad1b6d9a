"""The disk of the spool is full: what is not durable is not taken, and what is taken drains without more room."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.component.gateway.running import TOPIC, Gateway, ends_of, numbered, wait_until
from tests.component.gateway.test_outages import NOWHERE, assert_in_topic_in_order
from tests.small_disk import SmallDisk, small_disk


@pytest.fixture
def disk() -> Iterator[SmallDisk]:
    with small_disk("1m") as disk:
        yield disk


def test_a_full_disk_is_a_full_spool_and_drains_without_help(own_gateway: Gateway, disk: SmallDisk) -> None:
    start = ends_of(own_gateway.settings, TOPIC)
    own_gateway.stop()
    spool = str(disk.folder / "spool")
    own_gateway.start(GATEWAY_SPOOL=spool)
    own_gateway.stop()
    own_gateway.start(GATEWAY_SPOOL=spool, **NOWHERE)
    events = list(numbered(30))
    answers = [own_gateway.post(event).status_code for event in events[:10]]
    disk.fill()
    answers += [own_gateway.post(event).status_code for event in events[10:]]
    taken = [event for event, status in zip(events, answers, strict=True) if status == 202]
    assert set(answers) == {202, 507}
    assert own_gateway.checks()["G003_spool"] == "full"
    assert httpx.get(f"{own_gateway.url}/health/ready").status_code == 503
    own_gateway.stop()
    own_gateway.start(GATEWAY_SPOOL=spool)
    wait_until(own_gateway.reaches_kafka)
    assert_in_topic_in_order(own_gateway, start, taken)
    assert '"action": "spool_position_not_kept"' in own_gateway.log.read_text()
    assert own_gateway.post(events[-1]).status_code == 202
    own_gateway.stop()


def test_a_gateway_that_cannot_write_down_schema_ids_knows_them_all_the_same(
    own_gateway: Gateway, disk: SmallDisk
) -> None:
    own_gateway.stop()
    disk.fill()
    own_gateway.start(GATEWAY_SPOOL=str(disk.folder / "spool"))
    wait_until(own_gateway.reaches_kafka)
    (event,) = numbered(1)
    wait_until(lambda: own_gateway.post(event).status_code == 202)
    assert '"action": "schema_ids_not_kept"' in own_gateway.log.read_text()
