"""A consumer that only remembers what it was told."""

from __future__ import annotations

from collections.abc import Collection
from types import SimpleNamespace
from typing import Any

from kafka import TopicPartition
from kafka.structs import MemberState


class StubConsumer:
    def __init__(self) -> None:
        self.positions: dict[TopicPartition, int] = {}
        self.paused: set[TopicPartition] = set()
        self.state = MemberState.STABLE
        self.subscriptions: list[Any] = []

    def seek(self, partition: TopicPartition, offset: int) -> None:
        self.positions[partition] = offset

    def position(self, partition: TopicPartition) -> int:
        return self.positions[partition]

    def pause(self, *partitions: TopicPartition) -> None:
        self.paused |= set(partitions)

    def resume(self, *partitions: TopicPartition) -> None:
        self.paused -= set(partitions)

    def group_metadata(self) -> Any:
        return SimpleNamespace(state=self.state)

    def unsubscribe(self) -> None:
        self.subscriptions.append(None)

    def subscribe(self, topics: Collection[str], listener: Any) -> None:
        self.subscriptions.append(list(topics))
