"""Counts by partition and hour of Kafka's timestamps: lake, ledger, and the rows themselves."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from consumers.reconcile.compare import records_of
from consumers.reconcile.findings import Finding, Kind
from consumers.reconcile.partition import LakeBatch, PartitionState
from consumers.reconcile.spans import Span

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_COUNTS = ("consumed", "loaded", "duplicate", "quarantined", "rejected")


@dataclass(frozen=True)
class RowCount:
    """Rows of a partition whose Kafka timestamp lies in an hour; `replayed` are entries that went into core later."""

    core: int = 0
    quarantine: int = 0
    replayed: int = 0


@dataclass
class HourCount:
    """One hour of a partition, beginning at `hour`.

    `lake` counts the records of batches that lie wholly within the hour, the ledger's counts those of ranges that
    consist of such batches. With `exact` False a batch or range reaches over the hour's edge, or waits for its load:
    then only ranges of offsets prove the hour, and its counts are told but not compared.
    """

    topic: str
    partition: int
    hour: datetime
    exact: bool = True
    span: Span | None = None
    lake: int = 0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_COUNTS, 0))
    rows: RowCount = RowCount()

    def as_json(self) -> dict[str, Any]:
        """For the report."""
        return {**vars(self), "hour": self.hour.isoformat(), "rows": vars(self.rows)}


Rows = Mapping[tuple[int, datetime], RowCount]


def first_whole_hour(since: datetime) -> datetime:
    """The first hour that begins at `since` or later, in Vietnam."""
    hour = hour_of(since)
    return hour if hour == since else hour + timedelta(hours=1)


def hour_of(moment: datetime) -> datetime:
    """The hour in Vietnam in which a moment lies."""
    return moment.astimezone(VIETNAM).replace(minute=0, second=0, microsecond=0)


def hour_counts(state: PartitionState, rows: Rows, since: datetime) -> list[HourCount]:
    """The hours of a partition from the first whole one after `since` on, in order; `rows` by partition and hour."""
    hours: dict[datetime, HourCount] = {}

    def at(hour: datetime) -> HourCount:
        return hours.setdefault(hour, HourCount(state.topic, state.partition, hour))

    for batch in state.batches:
        touched = _hours(batch)
        for hour in touched:
            at(hour).exact &= len(touched) == 1 and batch.span.stop <= state.watermark
        if len(touched) == 1 and batch.manifest:
            at(touched[0]).lake += batch.manifest.records
    for taken in state.ledger:
        touched = sorted({hour for batch in _within(state.batches, taken.span) for hour in _hours(batch)})
        whole = len(touched) == 1 and records_of(state.batches, taken.span) is not None
        for hour in touched:
            at(hour).exact &= whole
        if whole:
            _add(at(touched[0]), taken.span, vars(taken))
    for (partition, hour), count in rows.items():
        if partition == state.partition:
            at(hour).rows = count
    return [hours[hour] for hour in sorted(hours) if hour >= first_whole_hour(since)]


def differing(hours: Sequence[HourCount]) -> Iterator[Finding]:
    """The exact hours whose sides do not agree."""
    for each in hours:
        counts, rows = each.counts, each.rows
        sides = (
            ("records in the lake and consumed", each.lake, counts["consumed"]),
            ("rows loaded and in core", counts["loaded"] + rows.replayed, rows.core),
            ("rows put aside and in the quarantine", counts["quarantined"] + counts["rejected"], rows.quarantine),
        )
        told = [f"{what}: {one} and {other}" for what, one, other in sides if one != other]
        if each.exact and told:
            start, stop = each.span or (None, None)
            detail = f"hour from {each.hour:%Y-%m-%d %H:%M} in Vietnam: {', '.join(told)}"
            yield Finding(Kind.COUNTS_DIFFER, each.topic, each.partition, start, stop, each.hour, detail)


def _add(hour: HourCount, span: Span, taken: Mapping[str, Any]) -> None:
    hour.span = Span(min(span.start, (hour.span or span).start), max(span.stop, (hour.span or span).stop))
    hour.counts = {name: hour.counts[name] + taken[name] for name in _COUNTS}


def _within(batches: Sequence[LakeBatch], span: Span) -> Iterator[LakeBatch]:
    """The batches that hold something of the span, of those that a load took."""
    for batch in islice(batches, bisect_right(batches, span.start, key=lambda each: each.span.stop), None):
        if batch.span.start < span.stop:
            yield batch
        if batch.span.stop >= span.stop:
            return


def _hours(batch: LakeBatch) -> list[datetime]:
    """The first and the last hour of the batch's records; empty without records, or when its manifest was not read."""
    if batch.manifest is None or batch.manifest.first_timestamp is None or batch.manifest.last_timestamp is None:
        return []
    ends = (batch.manifest.first_timestamp, batch.manifest.last_timestamp)
    return sorted({hour_of(datetime.fromtimestamp(end / 1000, UTC)) for end in ends})
