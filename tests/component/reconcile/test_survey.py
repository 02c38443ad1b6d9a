"""Gaps planted between real servers are found and named; a path in order has none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from kafka import TopicPartition

from tests.component.reconcile.ground import AT_ONCE, Ground, place_of


def test_a_path_in_order_has_no_finding_and_its_hours_are_counted(ground: Ground) -> None:
    found = ground.survey(AT_ONCE)
    assert found.findings == ()
    assert [(state.log and state.log.end, state.lake_end, state.watermark) for state in found.partitions] == [
        (3, 3, 3)
    ] * 2
    assert [state.log and state.log.oldest_waiting for state in found.partitions] == [None, None]
    exact = [hour for hour in found.hours if hour.exact]
    assert sum(hour.rows.core for hour in found.hours) == 6
    assert all(hour.lake == hour.counts["loaded"] == hour.rows.core for hour in exact)


def test_records_that_have_not_landed_are_found_once_they_are_old(ground: Ground) -> None:
    sent = datetime.now(UTC) - timedelta(milliseconds=1)
    ground.place.send_good(2, partition=1, start=3)
    (finding,) = ground.survey(AT_ONCE).findings
    assert place_of(finding) == "not_landed 1 [3, 5)"
    assert finding.since is not None
    assert finding.since >= sent, "the age is that of the first record that has not landed"
    assert ground.found() == []
    assert ground.found(later=timedelta(minutes=6)) == ["not_landed 1 [3, 5)"]


def test_the_alarm_comes_before_kafka_deletes_what_has_not_landed(ground: Ground) -> None:
    """The topic keeps records for a day: a quarter of that is six hours."""
    ground.place.send_good(2, partition=1, start=3)
    assert ground.found(later=timedelta(hours=17)) == ["not_landed 1 [3, 5)"]
    near = ground.survey(later=timedelta(hours=19)).findings
    assert [finding.kind.value for finding in near] == ["not_landed", "retention_near"]
    assert "in 5.0 hours" in near[1].line


def test_what_kafka_deleted_before_it_landed_is_lost(ground: Ground) -> None:
    ground.place.send_good(4, start=3)
    ground.place.admin.delete_records({TopicPartition(ground.place.topic, 0): 5})
    assert ground.found() == ["lost 0 [3, 5)"]
    assert ground.found(AT_ONCE) == ["lost 0 [3, 5)", "not_landed 0 [5, 7)"]


def test_what_landed_and_is_not_loaded_is_found_once_it_is_old(ground: Ground) -> None:
    ground.place.send_good(2, start=3)
    ground.land(2)
    assert ground.found(AT_ONCE) == ["landed_not_loaded 0 [3, 5)"]
    assert ground.found() == []
    assert ground.found(later=timedelta(minutes=31)) == ["landed_not_loaded 0 [3, 5)"]


def test_a_manifest_that_is_gone_is_a_hole_in_the_lake(ground: Ground) -> None:
    ground.place.send_good(2, start=3)
    ground.land(2)
    ground.load()
    assert ground.found(AT_ONCE) == []
    ground.place.lake.delete(ground.place.batches()[0].key)
    assert "missing_in_lake 0 [0, 3)" in ground.found()


@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        ("delete from core.{event} where kafka_partition = 1 and kafka_offset = 1", "counts_differ 1 [0, 3)"),
        (
            "alter table ledger.watermark drop constraint watermark_topic_partition_next_offset_fkey;"
            " update ledger.watermark set next_offset = 4 where partition = 0",
            "missing_in_ledger 0 [3, 4)",
        ),
        (
            "alter table ledger.batch drop constraint batch_conservation_check;"
            " update ledger.batch set consumed = 2 where partition = 1 and from_offset is not null",
            "counts_differ 1 [0, 3)",
        ),
    ],
)
def test_damage_in_the_warehouse_is_found(ground: Ground, damage: str, finding: str) -> None:
    ground.damage(damage)
    assert finding in ground.found()
