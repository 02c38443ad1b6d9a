"""Which part of the lake a load takes, and when it refuses to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from consumers.lake.batches import FileDamaged, LakeHole
from consumers.lake.manifest import Manifest
from consumers.warehouse.connect import StagingLost
from consumers.warehouse.landed import LakeCorrupt
from consumers.warehouse.ledger import state_of
from consumers.warehouse.leftovers import drop_leftovers
from consumers.warehouse.plan import StageLimits
from consumers.warehouse.publish import LoadNotChecked, publish
from consumers.warehouse.stage import stage
from consumers.warehouse.tables.staging import staging_tables
from infra.object_store import LakeStore
from tests.component.warehouse.loads import (
    DOSSIER,
    ORDER,
    batches,
    child_rows,
    contents,
    core_rows,
    load,
    pass_checks,
    quarantined,
    rows_of,
    stage_checked,
    staging_names,
    watermarks,
)
from tests.landed_batches import Reject, land
from tests.samples import dossier, order


def test_offsets_of_a_batch_that_were_published_before_are_left_out(engine: Engine, lake: LakeStore) -> None:
    """A landing that crashed before its commit lands the same offsets again, in another batch."""
    land(lake, ORDER, [order(0), Reject("null_value"), order(2)])
    load(engine, lake, ORDER)
    land(lake, ORDER, [Reject("null_value"), order(2), order(3, lines=3), Reject("null_value")], from_offset=1)
    result = load(engine, lake, ORDER)
    assert result.counts() == {"consumed": 2, "loaded": 1, "duplicate": 0, "quarantined": 0, "rejected": 1, "erased": 0}
    assert [row["kafka_offset"] for row in core_rows(engine, ORDER)] == [0, 2, 3]
    assert [row["kafka_offset"] for row in quarantined(engine)] == [1, 4]
    assert len(child_rows(engine, ORDER)) == 2 + 2 + 3
    assert (watermarks(engine), [entry["from_offset"] for entry in batches(engine)]) == ({0: 5}, [0, 3])


def test_overlapping_batches_of_one_load_count_once(engine: Engine, lake: LakeStore) -> None:
    land(lake, DOSSIER, [dossier(n) for n in range(4)], from_offset=0)
    land(lake, DOSSIER, [dossier(n) for n in range(2, 7)], from_offset=2)
    land(lake, DOSSIER, [dossier(n) for n in range(3, 6)], from_offset=3)
    result = load(engine, lake, DOSSIER)
    assert (result.consumed, result.loaded, result.duplicate) == (7, 7, 0)


def test_a_batch_without_records_moves_the_watermark(engine: Engine, lake: LakeStore) -> None:
    """Kafka's transaction markers take offsets too."""
    land(lake, DOSSIER, [], next_offset=2)
    land(lake, DOSSIER, [dossier(1)], from_offset=2, next_offset=4)
    assert load(engine, lake, DOSSIER).consumed == 1
    assert watermarks(engine) == {0: 4}


def test_a_hole_in_the_lake_stops_the_load_and_is_named(engine: Engine, lake: LakeStore) -> None:
    land(lake, DOSSIER, [dossier(0)], from_offset=0)
    land(lake, DOSSIER, [dossier(5)], from_offset=5)
    assert load(engine, lake, DOSSIER).loaded == 1
    before = contents(engine)
    with pytest.raises(LakeHole, match=r"from offset 1 on.*\[5, 6\)"):
        stage(engine, lake, DOSSIER, run_id="test")
    assert contents(engine) == before


def test_a_load_takes_no_more_than_its_limits_and_from_every_partition(engine: Engine, lake: LakeStore) -> None:
    for partition in (0, 1):
        for start in (0, 2, 4):
            events = [dossier(partition * 10 + start), dossier(partition * 10 + start + 1)]
            land(lake, DOSSIER, events, partition=partition, from_offset=start)
    taken = []
    while (load_id := stage(engine, lake, DOSSIER, "test", StageLimits(max_rows=4))) is not None:
        pass_checks(engine, load_id)
        taken.append((publish(engine, lake, DOSSIER, load_id).loaded, watermarks(engine)))
    assert taken == [(4, {0: 2, 1: 2}), (4, {0: 4, 1: 4}), (4, {0: 6, 1: 6})]


def test_many_batches_are_copied_by_several_threads(engine: Engine, lake: LakeStore) -> None:
    for start in range(0, 24_000, 6_000):
        events = [order(start + n, lines=1) for n in range(6_000)]
        land(lake, ORDER, events, from_offset=start)
    assert load(engine, lake, ORDER).loaded == 24_000
    assert len(child_rows(engine, ORDER)) == 24_000
    assert [row["kafka_offset"] for row in core_rows(engine, ORDER)] == list(range(24_000))


def rewritten(lake: LakeStore, manifest: Manifest, **changes: object) -> None:
    """The batch's manifest with another description of its first file."""
    file = replace(manifest.files[0], **changes)
    lake.put(manifest.key, replace(manifest, files=(file, *manifest.files[1:])).to_json())


@pytest.mark.parametrize("change", [{"records": 3}, {"seal_base": 1}])
def test_a_file_that_is_not_as_its_manifest_says_stops_the_load(
    engine: Engine, lake: LakeStore, change: dict[str, int]
) -> None:
    rewritten(lake, land(lake, DOSSIER, [dossier(0), dossier(1)]), **change)
    with pytest.raises(LakeCorrupt):
        stage(engine, lake, DOSSIER, run_id="test")
    assert (core_rows(engine, DOSSIER), watermarks(engine)) == ([], {0: 0})


def test_a_manifest_that_counts_more_than_its_files_stops_the_load(engine: Engine, lake: LakeStore) -> None:
    manifest = land(lake, DOSSIER, [dossier(0), dossier(1)], next_offset=9)
    lake.put(manifest.key, replace(manifest, records=3).to_json())
    with pytest.raises(LakeCorrupt, match=r"batch.json"):
        stage(engine, lake, DOSSIER, run_id="test")


def test_changed_bytes_stop_the_load(engine: Engine, lake: LakeStore) -> None:
    manifest = land(lake, DOSSIER, [dossier(0)])
    key = manifest.key_of(manifest.files[0].name)
    lake.put(key, lake.get(key)[:-1])
    with pytest.raises(FileDamaged):
        stage(engine, lake, DOSSIER, run_id="test")


def test_staging_tables_are_unlogged_and_hold_nothing_of_other_loads(engine: Engine, lake: LakeStore) -> None:
    land(lake, ORDER, [order(1)])
    first, second = (stage(engine, lake, ORDER, run_id="test") for _ in range(2))
    assert (first, second) == (1, 2)
    suffixes = ("", "_erased", "_lines", "_rejects", "_verdict")
    assert staging_names(engine) == [f"order_status_changed__{n}{suffix}" for n in (1, 2) for suffix in suffixes]
    with engine.connect() as connection:
        query = "select distinct relpersistence::text from pg_class where relnamespace = 'staging'::regnamespace"
        assert connection.execute(text(query)).scalars().all() == ["u"]
    assert [len(rows_of(engine, staging_tables(ORDER, n).rows)) for n in (1, 2)] == [1, 1]


def test_dead_loads_are_given_up_and_their_tables_dropped(engine: Engine, lake: LakeStore) -> None:
    land(lake, DOSSIER, [dossier(1)])
    land(lake, ORDER, [order(1)])
    dead, other = stage_checked(engine, lake, DOSSIER), stage_checked(engine, lake, ORDER)
    with engine.begin() as connection:
        connection.execute(text("update ledger.load set started_at = now() - interval '1 hour'"))
    alive = stage_checked(engine, lake, DOSSIER)
    assert {name.split("_")[-1] for name in staging_names(engine) if name.startswith("dossier")} == {
        str(alive),
        "erased",
        "rejects",
        "verdict",
    }
    assert len([name for name in staging_names(engine) if name.startswith(f"order_status_changed__{other}")]) == 5
    with pytest.raises(LoadNotChecked, match="abandoned"):
        publish(engine, lake, DOSSIER, dead)
    assert publish(engine, lake, DOSSIER, alive).loaded == 1


@pytest.mark.parametrize("step", ["stage.begun", "stage.copied"])
def test_a_zombie_whose_load_was_given_up_meanwhile_is_told_so(engine: Engine, lake: LakeStore, step: str) -> None:
    land(lake, DOSSIER, [dossier(1)])

    def give_up(at: str) -> None:
        if at == step:
            drop_leftovers(engine, DOSSIER.event, timedelta(0))

    with pytest.raises(StagingLost, match="start a new run"):
        stage(engine, lake, DOSSIER, "test", on_step=give_up)
    assert load(engine, lake, DOSSIER).loaded == 1


def test_a_leftover_that_is_being_read_is_left_for_the_next_time(engine: Engine, lake: LakeStore) -> None:
    land(lake, DOSSIER, [dossier(1)])
    load_id = stage_checked(engine, lake, DOSSIER)
    rows = staging_tables(DOSSIER, load_id).rows
    with engine.connect() as reader:
        reader.execute(text(f"select * from staging.{rows.name}"))
        drop_leftovers(engine, DOSSIER.event, timedelta(0))
        assert staging_names(engine) == [rows.name]
    drop_leftovers(engine, DOSSIER.event, timedelta(0))
    assert staging_names(engine) == []
    with engine.connect() as connection:
        assert state_of(connection, load_id) == "abandoned"


def test_runs_that_fail_one_after_the_other_do_not_fill_the_disk(engine: Engine, lake: LakeStore) -> None:
    land(lake, DOSSIER, [dossier(1)])
    loads = [stage_checked(engine, lake, DOSSIER) for _ in range(6)]
    kept = {int(name.split("__")[1].split("_")[0]) for name in staging_names(engine)}
    assert kept == set(loads[-4:])
