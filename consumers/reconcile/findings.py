"""A finding: what is missing or differs, where, since when, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any


class Kind(Enum):
    """What a finding says; the values stand in reports and metrics."""

    NOT_LANDED = "not_landed"
    RETENTION_NEAR = "retention_near"
    LOST = "lost"
    TOPIC_SHRUNK = "topic_shrunk"
    MISSING_IN_LAKE = "missing_in_lake"
    LANDED_NOT_LOADED = "landed_not_loaded"
    MISSING_IN_LEDGER = "missing_in_ledger"
    COUNTS_DIFFER = "counts_differ"
    SOURCE_DIFFERS = "source_differs"


WHAT_TO_DO = {
    Kind.NOT_LANDED: "see `hagiang status` and `hagiang logs landing`; landing goes on by itself once it runs",
    Kind.RETENTION_NEAR: "get landing going now, or raise the topic's retention.ms until it has caught up",
    Kind.LOST: "restore the topic or the lake from a backup, or accept it: `hagiang land --accept-lost`",
    Kind.TOPIC_SHRUNK: "the topic was made anew or is another cluster's: give the event a new topic name",
    Kind.MISSING_IN_LAKE: "restore the batches from a backup; while Kafka still has them, restart landing",
    Kind.LANDED_NOT_LOADED: "see the runs of the event's DAG `load_<event>` and `hagiang breaker list`",
    Kind.MISSING_IN_LEDGER: "the ledger was changed by hand: restore it, then `hagiang rebuild <event>`",
    Kind.COUNTS_DIFFER: "`hagiang rebuild <event>` names the records, `--swap` mends them; a lake at fault: restore it",
    Kind.SOURCE_DIFFERS: "see the report, `hagiang quarantine causes` and `hagiang marketplaces refused`",
}


@dataclass(frozen=True)
class Finding:
    """`since` is when the oldest record concerned got where it still is, None when nobody knows.

    `partition` and the offsets are None where a finding is not about any.
    """

    kind: Kind
    topic: str
    partition: int | None
    from_offset: int | None
    next_offset: int | None
    since: datetime | None
    detail: str

    @property
    def line(self) -> str:
        """One line for people: what, where, which offsets, since when, what to do."""
        where = self.topic if self.partition is None else f"{self.topic}/{self.partition}"
        offsets = "" if self.from_offset is None else f" [{self.from_offset}, {self.next_offset})"
        since = "" if self.since is None else f", since {self.since.isoformat(timespec='seconds')}"
        return f"{self.kind.value} {where}{offsets}{since}: {self.detail}; {WHAT_TO_DO[self.kind]}"

    def as_json(self) -> dict[str, Any]:
        """For the report."""
        since = self.since.isoformat() if self.since else None
        return {**vars(self), "kind": self.kind.value, "since": since, "what_to_do": WHAT_TO_DO[self.kind]}
