"""One transaction, once: what a publish may never do, whenever it dies and whoever else publishes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, OperationalError

from consumers.warehouse import publish as publishing
from consumers.warehouse import raw_datums
from consumers.warehouse.connect import StagingLost
from consumers.warehouse.ledger import LoadUnknown, state_of
from consumers.warehouse.leftovers import drop_leftovers
from consumers.warehouse.publish import LoadNotChecked, PublishResult, publish
from consumers.warehouse.raw_datums import Datums
from consumers.warehouse.stage import stage
from consumers.warehouse.tables.staging import staging_tables
from infra.object_store import LakeStore, StoreUnavailable
from tests.component.warehouse.loads import (
    DOSSIER,
    ORDER,
    batches,
    child_rows,
    condemn,
    contents,
    core_rows,
    load,
    quarantined,
    stage_checked,
    staging_names,
    watermarks,
)
from tests.landed_batches import Reject, land
from tests.samples import dossier, order
from tests.waiting import wait_until


class Killed(BaseException):
    """Stands for a process that ends here."""


def die_at(step: str):  # type: ignore[no-untyped-def]
    def on_step(name: str) -> None:
        if name == step:
            raise Killed(name)

    return on_step


def state(engine: Engine, load_id: int) -> str:
    with engine.connect() as connection:
        return state_of(connection, load_id)


BEFORE_COMMIT = ("looked", "locked", "loaded", "quarantined", "balanced")


@pytest.mark.parametrize("step", BEFORE_COMMIT)
def test_a_publish_that_dies_leaves_nothing_and_can_be_repeated(engine: Engine, lake: LakeStore, step: str) -> None:
    land(lake, DOSSIER, [dossier(0), dossier(1), Reject("null_value")])
    load(engine, lake, DOSSIER)
    before = contents(engine)
    land(lake, DOSSIER, [dossier(2), dossier(3), dossier(1), Reject("null_value")], from_offset=3)
    load_id = stage_checked(engine, lake, DOSSIER)
    condemn(engine, DOSSIER, load_id, 4)
    with pytest.raises(Killed):
        publish(engine, lake, DOSSIER, load_id, on_step=die_at(f"publish.{step}"))
    assert contents(engine) == before
    counts = publish(engine, lake, DOSSIER, load_id).counts()
    assert counts == {"consumed": 4, "loaded": 1, "duplicate": 1, "quarantined": 1, "rejected": 1, "erased": 0}


def test_a_publish_that_dies_after_its_commit_is_not_done_twice(engine: Engine, lake: LakeStore) -> None:
    land(lake, DOSSIER, [dossier(1), dossier(2), dossier(2)])
    load_id = stage_checked(engine, lake, DOSSIER)
    with pytest.raises(Killed):
        publish(engine, lake, DOSSIER, load_id, on_step=die_at("publish.committed"))
    after = contents(engine)
    again = publish(engine, lake, DOSSIER, load_id)
    assert again == PublishResult(load_id, stale=False, consumed=3, loaded=2, duplicate=1)
    assert contents(engine) == after
    assert staging_names(engine) == []


def test_a_second_loader_of_the_same_range_changes_nothing(engine: Engine, lake: LakeStore) -> None:
    land(lake, DOSSIER, [dossier(1), dossier(2), Reject("null_value")])
    slow, quick = (stage_checked(engine, lake, DOSSIER) for _ in range(2))
    condemn(engine, DOSSIER, slow, 0)
    publish(engine, lake, DOSSIER, quick)
    before = contents(engine)
    assert publish(engine, lake, DOSSIER, slow) == PublishResult(slow, stale=True)
    assert contents(engine) == before
    assert (state(engine, slow), state(engine, quick)) == ("stale", "published")
    assert publish(engine, lake, DOSSIER, slow).stale
    assert staging_names(engine) == []


def test_a_loader_that_staged_more_than_was_published_meanwhile_is_stale_too(engine: Engine, lake: LakeStore) -> None:
    land(lake, DOSSIER, [dossier(1)], partition=0)
    quick = stage_checked(engine, lake, DOSSIER)
    land(lake, DOSSIER, [dossier(2)], partition=1)
    slow = stage_checked(engine, lake, DOSSIER)
    publish(engine, lake, DOSSIER, quick)
    assert publish(engine, lake, DOSSIER, slow).stale
    assert [row["kafka_partition"] for row in core_rows(engine, DOSSIER)] == [0]
    assert load(engine, lake, DOSSIER).loaded == 1


def test_of_publishers_at_once_one_wins(engine: Engine, lake: LakeStore) -> None:
    land(lake, DOSSIER, [dossier(number) for number in range(500)])
    loads = [stage_checked(engine, lake, DOSSIER) for _ in range(3)]
    together = Barrier(len(loads))

    def race(load_id: int) -> PublishResult:
        def wait(name: str) -> None:
            if name == "publish.looked":
                together.wait(timeout=20)

        return publish(engine, lake, DOSSIER, load_id, on_step=wait)

    with ThreadPoolExecutor(len(loads)) as pool:
        results = list(pool.map(race, loads))
    assert sorted(result.stale for result in results) == [False, True, True]
    assert len(core_rows(engine, DOSSIER)) == 500
    assert [entry["loaded"] for entry in batches(engine)] == [500]


def test_the_same_load_published_by_two_processes_counts_once(engine: Engine, lake: LakeStore) -> None:
    land(lake, DOSSIER, [dossier(number) for number in range(100)])
    load_id = stage_checked(engine, lake, DOSSIER)
    together = Barrier(2)

    def wait(name: str) -> None:
        if name == "publish.looked":
            together.wait(timeout=20)

    with ThreadPoolExecutor(2) as pool:
        tries = [pool.submit(publish, engine, lake, DOSSIER, load_id, wait) for _ in range(2)]
        results = [one.result() for one in tries]
    assert [result.loaded for result in results] == [100, 100]
    assert state(engine, load_id) == "published"
    assert [entry["loaded"] for entry in batches(engine)] == [100]


def test_repeats_within_a_load_and_of_earlier_loads_count_as_duplicates(engine: Engine, lake: LakeStore) -> None:
    first, repeat = order(1, lines=2, shop_id="first"), order(1, lines=3, shop_id="repeat")
    land(lake, ORDER, [first, repeat])
    assert load(engine, lake, ORDER).counts()["duplicate"] == 1
    land(lake, ORDER, [repeat, order(2, lines=1)], partition=1)
    result = load(engine, lake, ORDER)
    assert (result.loaded, result.duplicate) == (1, 1)
    assert [row["shop_id"] for row in core_rows(engine, ORDER)] == ["first", "thom"]
    assert len(child_rows(engine, ORDER)) == 3


def test_a_repeat_is_loaded_when_the_first_one_was_bad(engine: Engine, lake: LakeStore) -> None:
    land(lake, DOSSIER, [dossier(1, status=99), dossier(1, status=2)])
    load_id = stage_checked(engine, lake, DOSSIER)
    condemn(engine, DOSSIER, load_id, 0)
    result = publish(engine, lake, DOSSIER, load_id)
    assert (result.loaded, result.duplicate, result.quarantined) == (1, 0, 1)
    assert [row["status"] for row in core_rows(engine, DOSSIER)] == [2]


def test_a_warning_does_not_keep_a_row_out(engine: Engine, lake: LakeStore) -> None:
    land(lake, DOSSIER, [dossier(1)])
    load_id = stage_checked(engine, lake, DOSSIER)
    condemn(engine, DOSSIER, load_id, 0, severity="warning")
    assert publish(engine, lake, DOSSIER, load_id).loaded == 1
    assert quarantined(engine) == []


def test_only_a_checked_load_is_published(engine: Engine, lake: LakeStore) -> None:
    land(lake, DOSSIER, [dossier(1)])
    load_id = stage(engine, lake, DOSSIER, run_id="test")
    assert load_id is not None
    before = contents(engine)
    with pytest.raises(LoadNotChecked, match="load 1 is staged"):
        publish(engine, lake, DOSSIER, load_id)
    with pytest.raises(LoadUnknown):
        publish(engine, lake, DOSSIER, load_id + 1)
    assert contents(engine) == before
    assert staging_names(engine) != []


@pytest.mark.parametrize("damage", ["truncate", "drop table"])
def test_lost_staging_rows_stop_the_publish(engine: Engine, lake: LakeStore, damage: str) -> None:
    land(lake, DOSSIER, [dossier(1), dossier(2)])
    load_id = stage_checked(engine, lake, DOSSIER)
    before = contents(engine)
    with engine.begin() as connection:
        connection.execute(text(f"{damage} staging.{staging_tables(DOSSIER, load_id).rows.name}"))
    with pytest.raises(StagingLost):
        publish(engine, lake, DOSSIER, load_id)
    assert contents(engine) == before
    assert load(engine, lake, DOSSIER).loaded == 2


def test_a_position_is_quarantined_once(engine: Engine, lake: LakeStore) -> None:
    land(lake, DOSSIER, [dossier(1), Reject("null_value", value=None)])
    load_id = stage_checked(engine, lake, DOSSIER)
    condemn(engine, DOSSIER, load_id, 0)
    publish(engine, lake, DOSSIER, load_id)
    first = quarantined(engine)
    with engine.begin() as connection:
        connection.execute(text("delete from ledger.watermark; delete from ledger.batch"))
    load_id = stage_checked(engine, lake, DOSSIER)
    condemn(engine, DOSSIER, load_id, 0)
    assert publish(engine, lake, DOSSIER, load_id).counts()["quarantined"] == 1
    assert quarantined(engine) == first


def test_the_ledger_refuses_a_range_that_does_not_balance(engine: Engine, lake: LakeStore) -> None:
    land(lake, DOSSIER, [dossier(1), dossier(2), Reject("null_value")])
    load_id = stage_checked(engine, lake, DOSSIER)
    before = contents(engine)
    with engine.begin() as connection:
        connection.execute(text(f"truncate staging.{staging_tables(DOSSIER, load_id).rejects.name}"))
    with pytest.raises(IntegrityError, match="batch_conservation_check"):
        publish(engine, lake, DOSSIER, load_id)
    assert contents(engine) == before


def test_the_ledger_refuses_a_hole_a_fork_and_a_watermark_off_the_chain(engine: Engine, lake: LakeStore) -> None:
    land(lake, DOSSIER, [dossier(1), dossier(2)])
    load(engine, lake, DOSSIER)
    entry = (
        "insert into ledger.batch (topic, partition, from_offset, next_offset, load_id) values (:topic, 0, {}, {}, 1)"
    )
    for broken, constraint in (
        (entry.format(3, 4), "batch_chain_fkey"),
        (entry.format(0, 1), "batch_topic_partition_from_offset_key"),
        (entry.format(2, 2), "batch_range_check"),
        (
            "update ledger.watermark set next_offset = 1 where topic = :topic",
            "watermark_topic_partition_next_offset_fkey",
        ),
    ):
        with pytest.raises(IntegrityError, match=constraint), engine.begin() as connection:
            connection.execute(text(broken), {"topic": DOSSIER.topic})
    assert watermarks(engine) == {0: 2}


def test_bytes_that_the_lake_does_not_give_hold_no_lock_for_long(
    engine: Engine, lake: LakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    land(lake, DOSSIER, [dossier(1), dossier(2)])
    load_id = stage_checked(engine, lake, DOSSIER)
    condemn(engine, DOSSIER, load_id, 0)
    locked = Event()

    def given_when_unlocked(*_: object) -> Datums:
        """The lake hangs until the load has let go of its locks."""
        locked.wait(timeout=20)
        wait_until(lambda: is_unlocked(engine))
        return {}

    with monkeypatch.context() as hanging:
        hanging.setattr(raw_datums, "fetch_datums", given_when_unlocked)
        hanging.setattr(publishing, "_PATIENCE_SECONDS", 0.2)
        with pytest.raises(StoreUnavailable, match="bytes of bad rows") as raised:
            publish(engine, lake, DOSSIER, load_id, lambda name: locked.set() if name == "publish.loaded" else None)
    assert raised.value.retriable
    assert core_rows(engine, DOSSIER) == []
    assert publish(engine, lake, DOSSIER, load_id).quarantined == 1


def is_unlocked(engine: Engine) -> bool:
    query = "select 1 from ledger.load where load_id > 0 for update nowait"
    try:
        with engine.begin() as connection:
            return bool(connection.execute(text(query)).all())
    except OperationalError:
        return False


def test_a_load_that_was_given_up_meanwhile_is_not_published(engine: Engine, lake: LakeStore) -> None:
    land(lake, DOSSIER, [dossier(1)])
    load_id = stage_checked(engine, lake, DOSSIER)

    def give_up(step: str) -> None:
        if step == "publish.looked":
            drop_leftovers(engine, DOSSIER.event, timedelta(0))

    with pytest.raises(LoadNotChecked, match="load 1 is abandoned"):
        publish(engine, lake, DOSSIER, load_id, on_step=give_up)
    assert core_rows(engine, DOSSIER) == []
    assert load(engine, lake, DOSSIER).loaded == 1


def test_a_load_that_was_published_is_not_given_up(engine: Engine, lake: LakeStore) -> None:
    land(lake, DOSSIER, [dossier(1)])
    load_id = stage_checked(engine, lake, DOSSIER)
    publish(engine, lake, DOSSIER, load_id)
    drop_leftovers(engine, DOSSIER.event, timedelta(0))
    assert state(engine, load_id) == "published"
