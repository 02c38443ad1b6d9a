from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from consumers.landing.topics import Topics
from schemas.contract import ContractInvalid


class Kafka:
    """What a consumer says of the topics that it may read."""

    def __init__(self, *topics: str) -> None:
        self.existing = set(topics)

    def topics(self) -> set[str]:
        return set(self.existing)


def catalogue(*events: str) -> Mapping[str, Any]:
    return {event: SimpleNamespace(topic=f"society.{event}", event=event) for event in events}


def test_the_catalogues_topics_that_exist_are_landed() -> None:
    topics = Topics(lambda: catalogue("visit", "birth"), rescan_s=10)
    assert topics.rescan(Kafka("society.visit", "fpt.other"), 0.0)
    assert topics.event_of == {"society.visit": "visit"}


def test_a_topic_made_later_is_found_when_a_rescan_is_due() -> None:
    kafka = Kafka("society.visit")
    topics = Topics(lambda: catalogue("visit", "birth"), rescan_s=10)
    topics.rescan(kafka, 100.0)
    kafka.existing.add("society.birth")
    assert not topics.rescan(kafka, 109.9)
    assert topics.rescan(kafka, 110.0)
    assert set(topics.event_of.values()) == {"visit", "birth"}


def test_a_broker_that_names_no_topic_for_a_moment_changes_nothing() -> None:
    kafka = Kafka("society.visit")
    topics = Topics(lambda: catalogue("visit"), rescan_s=0)
    topics.rescan(kafka, 0.0)
    kafka.existing.clear()
    assert not topics.rescan(kafka, 1.0)
    assert topics.event_of == {"society.visit": "visit"}


def test_a_catalogue_that_cannot_be_read_changes_nothing() -> None:
    broken = False

    def load() -> Mapping[str, Any]:
        if broken:
            raise ContractInvalid("half written")
        return catalogue("visit")

    topics = Topics(load, rescan_s=0)
    topics.rescan(Kafka("society.visit"), 0.0)
    broken = True
    assert not topics.rescan(Kafka("society.visit"), 1.0)
    assert topics.event_of == {"society.visit": "visit"}


def test_the_topic_of_a_contract_that_was_removed_is_given_up() -> None:
    events = ["visit", "birth"]
    topics = Topics(lambda: catalogue(*events), rescan_s=0)
    topics.rescan(Kafka("society.visit", "society.birth"), 0.0)
    events.remove("birth")
    assert topics.rescan(Kafka("society.visit", "society.birth"), 1.0)
    assert topics.event_of == {"society.visit": "visit"}
