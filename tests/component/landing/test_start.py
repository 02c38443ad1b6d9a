from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from kafka import TopicPartition

from consumers.landing.run import run_landing
from consumers.landing.start import OffsetsLost, TopicShrunk
from tests.component.landing.place import PARTITIONS, Place, make_topic, wait_until
from tests.component.landing.running import LIMITS, land_until


def test_records_deleted_before_they_landed_are_reported_and_not_skipped(place: Place) -> None:
    place.send_good(10)
    land_until(place, 10)
    place.send_good(10, start=10)
    place.admin.delete_records({TopicPartition(place.topic, 0): 15})
    with pytest.raises(OffsetsLost, match=r"/0: \[10, 15\)"):
        land_until(place, 5)
    assert place.landed() == list(range(10))


def test_lost_records_can_be_given_up(place: Place) -> None:
    place.send_good(10)
    place.admin.delete_records({TopicPartition(place.topic, 0): 4})
    run_landing(
        place.settings,
        place.catalog,
        threading.Event(),
        limits=replace(LIMITS, group_id=place.group),
        until=lambda progress: progress.records >= 6,
        accept_lost=True,
    )
    lost, landed = place.batches()
    assert (lost.from_offset, lost.next_offset, lost.records, lost.lost) == (0, 4, 0, True)
    assert not landed.lost
    assert place.landed() == list(range(4, 10))


def test_a_lake_that_lost_its_batches_is_filled_from_kafka_again(place: Place) -> None:
    place.send_good(10)
    land_until(place, 10)
    for key in list(place.lake.list_after("landing/")):
        place.lake.delete(key)
    place.commit(0, 10)
    land_until(place, 10)
    assert place.landed() == list(range(10))


def test_a_topic_made_anew_is_not_taken_for_the_old_one(place: Place) -> None:
    place.send_good(10)
    land_until(place, 10)
    place.admin.delete_topics([place.topic])
    wait_until(lambda: place.topic not in place.admin.list_topics())
    make_topic(place.admin, place.settings, place.contract)
    with pytest.raises(TopicShrunk, match="landed up to 10, Kafka ends at 0"):
        land_until(place, 1)


def test_an_offset_that_is_committed_but_not_landed_is_read_again(place: Place) -> None:
    """Nothing in the lake reaches up to the committed offset: the lake is believed, and not Kafka."""
    place.send_good(10)
    place.commit(0, 7)
    land_until(place, 10)
    assert place.landed() == list(range(10))


def test_partitions_without_records_do_not_hinder(place: Place) -> None:
    place.send_good(1, partition=PARTITIONS - 1)
    land_until(place, 1)
    assert place.batches(0) == []
