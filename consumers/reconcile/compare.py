"""The sides of one partition compared, in memory."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from consumers.reconcile.findings import Finding, Kind
from consumers.reconcile.partition import LakeBatch, LogState, PartitionState
from consumers.reconcile.spans import Span, holes
from consumers.reconcile.thresholds import Thresholds


def compare(state: PartitionState, thresholds: Thresholds, now: datetime) -> list[Finding]:
    """What is missing or differs, topic first; what is younger than the thresholds is work in progress."""
    return [
        *_in_topic(state, thresholds, now),
        *_in_lake(state),
        *_not_loaded(state, thresholds, now),
        *_in_ledger(state),
    ]


def retention_left(log: LogState, now: datetime) -> timedelta | None:
    """How long Kafka keeps the oldest record that has not landed; None when none waits or all is kept."""
    if log.oldest_waiting is None or log.retention_ms is None:
        return None
    return log.oldest_waiting + timedelta(milliseconds=log.retention_ms) - now


def _in_topic(state: PartitionState, thresholds: Thresholds, now: datetime) -> Iterator[Finding]:
    log, landed = state.log, state.lake_end
    if log is None:
        return
    if log.end < landed:
        yield _finding(
            state, Kind.TOPIC_SHRUNK, Span(log.end, landed), f"the lake ends at {landed}, Kafka at {log.end}"
        )
        return
    if log.start > landed:
        yield _finding(state, Kind.LOST, Span(landed, log.start), "Kafka deleted these offsets before they landed")
    waiting = Span(max(landed, log.start), log.end)
    if log.oldest_waiting is None or waiting.start >= waiting.stop:
        return
    if now - log.oldest_waiting > thresholds.not_landed:
        detail = f"{waiting.stop - waiting.start} offsets are in Kafka and not in the lake"
        yield _finding(state, Kind.NOT_LANDED, waiting, detail, log.oldest_waiting)
    left = retention_left(log, now)
    if log.retention_ms and left is not None and left < thresholds.retention_share * _ms(log.retention_ms):
        detail = f"Kafka deletes the oldest of them in {max(left / timedelta(hours=1), 0):.1f} hours"
        yield _finding(state, Kind.RETENTION_NEAR, waiting, detail, log.oldest_waiting)


def _in_lake(state: PartitionState) -> Iterator[Finding]:
    end = max(state.lake_end, state.watermark)
    for hole in holes((batch.span for batch in state.batches), 0, end):
        in_kafka = state.log is not None and state.log.start <= hole.start
        where = "Kafka still has them" if in_kafka else "Kafka does not have all of them"
        yield _finding(state, Kind.MISSING_IN_LAKE, hole, f"no batch holds these offsets, and {where}")
    for batch in state.batches:
        if batch.manifest is not None and batch.manifest.lost:
            detail = "given up: Kafka had deleted these offsets before they landed"
            yield _finding(state, Kind.LOST, batch.span, detail, landed_at(batch))


def _not_loaded(state: PartitionState, thresholds: Thresholds, now: datetime) -> Iterator[Finding]:
    waiting = [batch for batch in state.batches if batch.span.stop > state.watermark]
    since = min((landed for batch in waiting if (landed := landed_at(batch)) is not None), default=None)
    if since is not None and now - since > thresholds.not_loaded:
        span = Span(state.watermark, state.lake_end)
        detail = f"{len(waiting)} batches in the lake are not in the warehouse"
        yield _finding(state, Kind.LANDED_NOT_LOADED, span, detail, since)


def _in_ledger(state: PartitionState) -> Iterator[Finding]:
    for hole in holes((each.span for each in state.ledger), 0, state.watermark):
        detail = f"published up to {state.watermark}, but no range of the ledger holds these offsets"
        yield _finding(state, Kind.MISSING_IN_LEDGER, hole, detail)
    for each in state.ledger:
        landed = records_of(state.batches, each.span)
        if landed is not None and landed != each.consumed:
            detail = f"the lake's batches hold {landed} records, the ledger took {each.consumed}"
            yield _finding(state, Kind.COUNTS_DIFFER, each.span, detail)


def records_of(batches: tuple[LakeBatch, ...], span: Span) -> int | None:
    """How many records the batches say they hold of a span; None unless some of them fill it exactly, end to end.

    A batch that reaches over the span's edge, or over another batch's, tells no number for the part, nor does the mark
    that stands for batches whose term has ended.
    """
    reached, records = span.start, 0
    for batch in islice(batches, bisect_right(batches, span.start, key=_stop), None):
        if batch.span.stop > span.stop:
            break
        if batch.span.start == reached:
            if batch.manifest is None or batch.manifest.expired:
                return None
            reached, records = batch.span.stop, records + batch.manifest.records
    return records if reached == span.stop else None


def landed_at(batch: LakeBatch) -> datetime | None:
    """When the batch was written, in UTC; None when its manifest was not read."""
    return datetime.fromisoformat(batch.manifest.created_at) if batch.manifest else None


def _finding(state: PartitionState, kind: Kind, span: Span, detail: str, since: datetime | None = None) -> Finding:
    return Finding(kind, state.topic, state.partition, span.start, span.stop, since, detail)


def _stop(batch: LakeBatch) -> int:
    return batch.span.stop


def _ms(milliseconds: int) -> timedelta:
    return timedelta(milliseconds=milliseconds)
