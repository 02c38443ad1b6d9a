"""Every kind of gap is named with its offsets, and work in progress is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from consumers.lake.manifest import Manifest
from consumers.reconcile.compare import compare, retention_left
from consumers.reconcile.findings import Finding, Kind
from consumers.reconcile.partition import LakeBatch, LedgerRange, LogState, PartitionState
from consumers.reconcile.spans import Span, holes
from consumers.reconcile.thresholds import Thresholds

NOW = datetime(2021, 6, 21, 12, tzinfo=UTC)
OLD, YOUNG = NOW - timedelta(hours=1), NOW - timedelta(minutes=1)
DAY_MS = 86_400_000
LIMITS = Thresholds()


def batch(
    start: int, stop: int, landed: datetime = OLD, *, records: int | None = None, lost: bool = False
) -> LakeBatch:
    made = Manifest(
        topic="society.visit",
        partition=0,
        from_offset=start,
        next_offset=stop,
        records=stop - start if records is None else records,
        rejected=0,
        files=(),
        first_timestamp=None,
        last_timestamp=None,
        created_at=landed.isoformat(),
        writer="test",
        lost=lost,
    )
    return LakeBatch(Span(start, stop), made)


def taken(start: int, stop: int) -> LedgerRange:
    return LedgerRange(Span(start, stop), stop - start, stop - start, 0, 0, 0)


IN_ORDER = PartitionState(
    topic="society.visit",
    partition=0,
    log=LogState(0, 20, None, DAY_MS),
    batches=(batch(0, 10), batch(10, 20)),
    ledger=(taken(0, 20),),
    watermark=20,
)


def found(state: PartitionState) -> list[tuple[Kind, int | None, int | None, datetime | None]]:
    return [(each.kind, each.from_offset, each.next_offset, each.since) for each in compare(state, LIMITS, NOW)]


def test_a_partition_in_order_has_none() -> None:
    assert found(IN_ORDER) == []
    assert found(replace(IN_ORDER, log=None)) == []


def test_records_that_wait_for_landing_are_one_when_they_are_old() -> None:
    log = LogState(0, 25, OLD, DAY_MS)
    assert found(replace(IN_ORDER, log=log)) == [(Kind.NOT_LANDED, 20, 25, OLD)]
    assert found(replace(IN_ORDER, log=replace(log, oldest_waiting=YOUNG))) == []


def test_retention_is_near_when_a_quarter_of_it_is_left() -> None:
    near, far = NOW - timedelta(hours=18, minutes=1), NOW - timedelta(hours=17, minutes=59)
    for oldest, kinds in ((near, [Kind.NOT_LANDED, Kind.RETENTION_NEAR]), (far, [Kind.NOT_LANDED])):
        state = replace(IN_ORDER, log=LogState(0, 25, oldest, DAY_MS))
        assert [kind for kind, *_ in found(state)] == kinds
    told = compare(replace(IN_ORDER, log=LogState(0, 25, near, DAY_MS)), LIMITS, NOW)
    assert "deletes the oldest of them in 6.0 hours" in told[1].line
    assert retention_left(LogState(0, 25, near, DAY_MS), NOW) == timedelta(hours=5, minutes=59)
    assert retention_left(LogState(0, 25, near, None), NOW) is None


def test_what_kafka_deleted_before_it_landed_is_lost() -> None:
    state = replace(IN_ORDER, log=LogState(23, 25, YOUNG, DAY_MS))
    assert found(state) == [(Kind.LOST, 20, 23, None)]


def test_what_was_given_up_is_told_while_it_is_young() -> None:
    given_up = replace(IN_ORDER, batches=(batch(0, 10, lost=True, records=10), batch(10, 20)))
    assert found(given_up) == [(Kind.LOST, 0, 10, OLD)]


def test_a_topic_that_ends_before_the_lake_was_made_anew() -> None:
    assert found(replace(IN_ORDER, log=LogState(0, 4, None, DAY_MS))) == [(Kind.TOPIC_SHRUNK, 4, 20, None)]


def test_holes_between_batches_and_before_the_watermark_are_missing_in_the_lake() -> None:
    kind = Kind.MISSING_IN_LAKE
    assert found(replace(IN_ORDER, batches=(batch(0, 5), batch(10, 20)))) == [(kind, 5, 10, None)]
    assert found(replace(IN_ORDER, batches=(batch(10, 20),))) == [(kind, 0, 10, None)]
    without_log = replace(IN_ORDER, log=None)
    assert found(replace(without_log, batches=(batch(0, 10),))) == [(kind, 10, 20, None)]
    assert found(replace(without_log, batches=())) == [(kind, 0, 20, None)]


def test_batches_may_overlap() -> None:
    assert found(replace(IN_ORDER, batches=(batch(0, 10), batch(0, 15), batch(5, 20)))) == []


def test_what_landed_and_waits_for_its_load_is_one_when_it_is_old() -> None:
    state = replace(IN_ORDER, ledger=(taken(0, 10),), watermark=10)
    assert found(state) == [(Kind.LANDED_NOT_LOADED, 10, 20, OLD)]
    for minutes, findings in ((29, 0), (31, 1)):
        landed = NOW - timedelta(minutes=minutes)
        assert len(found(replace(state, batches=(batch(0, 10), batch(10, 20, landed))))) == findings


def test_what_the_ledger_left_out_is_missing_in_it() -> None:
    assert found(replace(IN_ORDER, ledger=(taken(0, 5), taken(8, 20)))) == [(Kind.MISSING_IN_LEDGER, 5, 8, None)]


def test_a_batch_with_another_number_of_records_than_were_taken_is_found_where_batches_fill_the_range() -> None:
    short = (batch(0, 10), batch(10, 20, records=9))
    assert found(replace(IN_ORDER, batches=short)) == [(Kind.COUNTS_DIFFER, 0, 20, None)]
    assert found(replace(IN_ORDER, batches=short, ledger=(taken(0, 15), taken(15, 20)))) == []
    unread = (replace(short[0], manifest=None), short[1])
    assert found(replace(IN_ORDER, batches=unread)) == []


def test_a_finding_is_one_line_with_place_offsets_age_and_what_to_do() -> None:
    finding = Finding(Kind.LANDED_NOT_LOADED, "society.visit", 3, 10, 20, OLD, "2 batches wait")
    assert finding.line == (
        "landed_not_loaded society.visit/3 [10, 20), since 2021-06-21T11:00:00+00:00: 2 batches wait; "
        "see the runs of the event's DAG `load_<event>` and `hagiang breaker list`"
    )
    assert finding.as_json()["kind"] == "landed_not_loaded"


def test_holes_are_what_no_span_covers() -> None:
    assert holes([Span(4, 6), Span(0, 2), Span(5, 5), Span(8, 30)], 1, 10) == [Span(2, 4), Span(6, 8)]
    assert holes([], 0, 3) == [Span(0, 3)]
    assert holes([], 3, 3) == []
