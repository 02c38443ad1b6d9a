"""Counts by hour: exact where batches and loads lie within an hour, told and not compared where they do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from consumers.reconcile.findings import Kind
from consumers.reconcile.hours import HourCount, RowCount, Rows, differing, hour_counts, hour_of
from consumers.reconcile.partition import LakeBatch, LedgerRange, PartitionState
from consumers.reconcile.spans import Span
from tests.unit.reconcile.test_compare import IN_ORDER, batch

TEN = datetime(2021, 6, 21, 10, tzinfo=UTC)
SINCE = TEN - timedelta(minutes=30)


def held(start: int, stop: int, first: datetime, last: datetime) -> LakeBatch:
    made = batch(start, stop)
    assert made.manifest is not None
    ends = {"first_timestamp": ms(first), "last_timestamp": ms(last)}
    return replace(made, manifest=replace(made.manifest, **ends))


def ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def at(minutes: int) -> datetime:
    return TEN + timedelta(minutes=minutes)


def state(batches: tuple[LakeBatch, ...], ledger: tuple[LedgerRange, ...]) -> PartitionState:
    return replace(IN_ORDER, batches=batches, ledger=ledger)


WITHIN = (held(0, 10, at(1), at(20)), held(10, 20, at(20), at(59)))
LOADED = (LedgerRange(Span(0, 20), 20, 15, 2, 2, 1),)


def counted(batches: tuple[LakeBatch, ...], ledger: tuple[LedgerRange, ...], rows: Rows) -> list[HourCount]:
    return hour_counts(state(batches, ledger), rows, SINCE)


def test_an_hour_whose_sides_agree_is_exact_and_no_finding() -> None:
    (hour,) = counted(WITHIN, LOADED, {(0, hour_of(TEN)): RowCount(core=16, quarantine=3, replayed=1)})
    assert (hour.hour.hour, hour.exact, hour.lake, hour.span) == (17, True, 20, Span(0, 20))
    assert hour.counts == {"consumed": 20, "loaded": 15, "duplicate": 2, "quarantined": 2, "rejected": 1}
    assert list(differing([hour])) == []


def test_an_hour_that_lacks_a_row_is_named_with_its_offsets() -> None:
    (finding,) = differing(counted(WITHIN, LOADED, {(0, hour_of(TEN)): RowCount(core=14, quarantine=3)}))
    assert (finding.kind, finding.from_offset, finding.next_offset) == (Kind.COUNTS_DIFFER, 0, 20)
    assert finding.detail == "hour from 2021-06-21 17:00 in Vietnam: rows loaded and in core: 15 and 14"


def test_rows_of_another_partition_do_not_count() -> None:
    (hour,) = counted(WITHIN, LOADED, {(1, hour_of(TEN)): RowCount(core=15)})
    assert hour.rows == RowCount()


def test_hours_that_a_batch_or_a_load_reaches_over_are_compared_by_their_ranges_alone() -> None:
    over = (held(0, 10, at(1), at(20)), held(10, 20, at(20), at(61)))
    for batches in (over, (WITHIN[0], held(10, 20, at(60), at(61)))):
        hours = counted(batches, LOADED, {})
        assert [(hour.hour.hour, hour.exact) for hour in hours] == [(17, False), (18, False)]
        assert list(differing(hours)) == []


def test_an_hour_with_a_batch_that_waits_for_its_load_is_not_compared() -> None:
    (hour,) = hour_counts(replace(IN_ORDER, batches=WITHIN, ledger=(), watermark=0), {}, SINCE)
    assert (hour.exact, hour.lake) == (False, 20)


def test_an_hour_that_began_before_the_window_is_left_out() -> None:
    assert hour_counts(state(WITHIN, LOADED), {}, TEN + timedelta(seconds=1)) == []
    assert len(hour_counts(state(WITHIN, LOADED), {}, TEN)) == 1
