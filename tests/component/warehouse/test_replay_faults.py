"""A replay that dies, comes late, or is not alone: nothing is loaded twice and no entry is closed without its row."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event as Signal

import pytest
from sqlalchemy import Engine, text

from consumers.warehouse.connect import StagingLost
from consumers.warehouse.kept_datums import KeptBytesDamaged
from consumers.warehouse.ledger import LoadOfOtherKind, state_of
from consumers.warehouse.leftovers import drop_leftovers
from consumers.warehouse.publish import LoadNotChecked, publish
from consumers.warehouse.replay_choice import Choice
from consumers.warehouse.replay_publish import ReplayResult, publish_replay
from consumers.warehouse.replay_stage import stage_replay
from consumers.warehouse.steps import OnStep, no_step
from consumers.warehouse.tables.staging import staging_tables
from infra.object_store import LakeStore
from schemas.contract import Json
from tests.component.warehouse.loads import (
    DOSSIER,
    ORDER,
    condemn,
    contents,
    core_rows,
    pass_checks,
    stage_checked,
    staging_names,
)
from tests.component.warehouse.replays import CLOSING, assert_in_order, entries
from tests.landed_batches import Reject, land
from tests.samples import dossier


class Killed(BaseException):
    """Stands for a process that ends here."""


def die_at(step: str) -> OnStep:
    def on_step(name: str) -> None:
        if name == step:
            raise Killed(name)

    return on_step


@pytest.fixture
def quarantine(engine: Engine, lake: LakeStore) -> Engine:
    """The dossiers 0, 1 and 2 in quarantine, 1 in core too, and a reject."""
    land(lake, DOSSIER, [dossier(0), dossier(1), dossier(2), dossier(1), Reject("null_value")])
    load_id = stage_checked(engine, lake, DOSSIER)
    for offset in (0, 1, 2):
        condemn(engine, DOSSIER, load_id, offset)
    publish(engine, lake, DOSSIER, load_id)
    return engine


def staged(engine: Engine, schema: Json = DOSSIER.schema, on_step: OnStep = no_step) -> int:
    """A replay of all that is open, its checks passed."""
    load_id = stage_replay(engine, DOSSIER, Choice(), lambda _: schema, "test", on_step=on_step)
    assert load_id is not None
    pass_checks(engine, load_id)
    return load_id


def state(engine: Engine, load_id: int) -> str:
    with engine.connect() as connection:
        return state_of(connection, load_id)


ALL = {"consumed": 3, "loaded": 2, "duplicate": 1, "quarantined": 0}


def assert_replayed_once(engine: Engine) -> None:
    assert [row["kafka_offset"] for row in core_rows(engine, DOSSIER)] == [0, 2, 3]
    assert entries(engine, "status", "outcome")[:3] == [
        ("replayed", "loaded"),
        ("replayed", "duplicate"),
        ("replayed", "loaded"),
    ]
    assert_in_order(engine, DOSSIER)


@pytest.mark.parametrize("step", ["begun", "copied", "locked", "loaded", "closed", "balanced"])
def test_a_replay_that_dies_leaves_nothing_and_can_be_repeated(quarantine: Engine, step: str) -> None:
    before = contents(quarantine)
    with pytest.raises(Killed):
        publish_replay(
            quarantine,
            DOSSIER,
            staged(quarantine, on_step=die_at(f"replay.{step}")),
            CLOSING,
            on_step=die_at(f"replay.{step}"),
        )
    assert contents(quarantine) == before
    assert publish_replay(quarantine, DOSSIER, staged(quarantine), CLOSING).counts() == ALL
    assert_replayed_once(quarantine)


def test_a_replay_that_dies_after_its_commit_is_not_done_twice(quarantine: Engine) -> None:
    load_id = staged(quarantine)
    with pytest.raises(Killed):
        publish_replay(quarantine, DOSSIER, load_id, CLOSING, on_step=die_at("replay.committed"))
    after = contents(quarantine)
    assert publish_replay(quarantine, DOSSIER, load_id, CLOSING).counts() == ALL
    assert contents(quarantine) == after
    assert staging_names(quarantine) == []


def test_a_replay_that_comes_after_another_changes_nothing(quarantine: Engine) -> None:
    slow, quick = staged(quarantine), staged(quarantine)
    publish_replay(quarantine, DOSSIER, quick, CLOSING)
    after = contents(quarantine)
    assert publish_replay(quarantine, DOSSIER, slow, CLOSING) == ReplayResult(slow, stale=True)
    assert contents(quarantine) == after
    assert state(quarantine, slow) == "stale"
    assert_replayed_once(quarantine)


def test_an_older_replay_does_not_overwrite_what_a_newer_one_found(quarantine: Engine) -> None:
    older, newer = staged(quarantine), staged(quarantine)
    for offset in (0, 1, 2):
        condemn(quarantine, DOSSIER, newer, offset, rule="still_bad")
    assert publish_replay(quarantine, DOSSIER, newer, CLOSING).quarantined == 3
    assert state(quarantine, newer) == "fruitless"
    assert publish_replay(quarantine, DOSSIER, older, CLOSING).stale
    assert entries(quarantine, "status", "rule")[:3] == [("open", "still_bad")] * 3


def test_an_entry_discarded_meanwhile_makes_the_replay_stale(quarantine: Engine) -> None:
    load_id = staged(quarantine)
    discard = (
        "update quarantine.event set status = 'discarded', closed_at = now(), closed_by = 'me', close_reason = 'test'"
        " where kafka_offset = 0"
    )
    with quarantine.begin() as connection:
        connection.execute(text(discard))
    assert publish_replay(quarantine, DOSSIER, load_id, CLOSING).stale
    assert publish_replay(quarantine, DOSSIER, staged(quarantine), CLOSING).counts() == {
        **ALL,
        "consumed": 2,
        "loaded": 1,
    }
    assert_in_order(quarantine, DOSSIER)


def test_of_replays_at_once_one_wins(quarantine: Engine) -> None:
    loads = [staged(quarantine) for _ in range(3)]
    with ThreadPoolExecutor(len(loads)) as pool:
        results = list(pool.map(lambda load_id: publish_replay(quarantine, DOSSIER, load_id, CLOSING), loads))
    assert sorted(result.stale for result in results) == [False, True, True]
    assert_replayed_once(quarantine)


def test_the_same_replay_published_by_two_processes_counts_once(quarantine: Engine) -> None:
    load_id = staged(quarantine)

    def published(second: Callable[[], None]) -> ReplayResult:
        return publish_replay(
            quarantine, DOSSIER, load_id, CLOSING, on_step=lambda step: second() if step == "replay.locked" else None
        )

    with ThreadPoolExecutor(1) as pool:
        late: list[Future[ReplayResult]] = []
        first = published(lambda: late.append(pool.submit(published, lambda: None)))
        assert [first.counts(), late[0].result(timeout=20).counts()] == [ALL, ALL]
    assert_replayed_once(quarantine)


def test_a_load_that_brings_the_same_event_at_the_same_time_wins_or_loses_but_not_both(
    quarantine: Engine, lake: LakeStore
) -> None:
    land(lake, DOSSIER, [dossier(2)], from_offset=5)
    load_id, replay_id = stage_checked(quarantine, lake, DOSSIER), staged(quarantine)
    inserted, locked = Signal(), Signal()

    def hold(step: str) -> None:
        if step == "publish.loaded":
            inserted.set()
            assert locked.wait(timeout=20)

    def go_on(step: str) -> None:
        if step == "replay.locked":
            locked.set()

    with ThreadPoolExecutor(2) as pool:
        loading = pool.submit(publish, quarantine, lake, DOSSIER, load_id, hold)
        assert inserted.wait(timeout=20)
        replaying = pool.submit(publish_replay, quarantine, DOSSIER, replay_id, CLOSING, on_step=go_on)
        assert loading.result(timeout=20).loaded == 1
        assert replaying.result(timeout=20).counts() == {**ALL, "loaded": 1, "duplicate": 2}
    assert [row["kafka_offset"] for row in core_rows(quarantine, DOSSIER)] == [0, 3, 5]
    assert_in_order(quarantine, DOSSIER)


@pytest.mark.parametrize("damage", ["truncate", "drop table"])
def test_lost_staging_rows_stop_the_replay(quarantine: Engine, damage: str) -> None:
    load_id = staged(quarantine)
    before = contents(quarantine)
    with quarantine.begin() as connection:
        connection.execute(text(f"{damage} staging.{staging_tables(DOSSIER, load_id).rows.name}"))
    with pytest.raises(StagingLost):
        publish_replay(quarantine, DOSSIER, load_id, CLOSING)
    assert contents(quarantine) == before


@pytest.mark.parametrize(
    "damage",
    [
        "raw = substr(raw, 1, 20)",
        "raw = raw || '\\x00'",
        "raw = '\\x'",
    ],
)
@pytest.mark.parametrize("offset", [0, 2])
def test_bytes_that_are_not_what_their_schema_says_are_found(quarantine: Engine, damage: str, offset: int) -> None:
    with quarantine.begin() as connection:
        connection.execute(text(f"update quarantine.event set {damage} where kafka_offset = {offset}"))
    before = contents(quarantine)
    with pytest.raises(KeptBytesDamaged, match="partition 0, offsets 0 to 2"):
        staged(quarantine)
    assert contents(quarantine) == before


def test_an_id_that_now_is_another_schema_s_is_found(quarantine: Engine) -> None:
    with pytest.raises(KeptBytesDamaged):
        staged(quarantine, ORDER.schema)


def test_a_replay_and_a_load_are_not_taken_for_each_other(quarantine: Engine, lake: LakeStore) -> None:
    replay_id = staged(quarantine)
    with pytest.raises(LoadOfOtherKind, match=f"load {replay_id} is a replay"):
        publish(quarantine, lake, DOSSIER, replay_id)
    land(lake, DOSSIER, [dossier(9)], from_offset=5)
    load_id = stage_checked(quarantine, lake, DOSSIER)
    with pytest.raises(LoadOfOtherKind, match=f"load {load_id} is a load"):
        publish_replay(quarantine, DOSSIER, load_id, CLOSING)


def test_failing_loads_do_not_make_a_replay_give_up(quarantine: Engine, lake: LakeStore) -> None:
    replay_id = staged(quarantine)
    land(lake, DOSSIER, [dossier(9)], from_offset=5)
    for _ in range(4):
        stage_checked(quarantine, lake, DOSSIER)
    drop_leftovers(quarantine, DOSSIER.event)
    assert publish_replay(quarantine, DOSSIER, replay_id, CLOSING).counts() == ALL


def test_only_a_checked_replay_is_published(quarantine: Engine) -> None:
    load_id = stage_replay(quarantine, DOSSIER, Choice(), lambda _: DOSSIER.schema, "test")
    assert load_id is not None
    with pytest.raises(LoadNotChecked, match="is staged"):
        publish_replay(quarantine, DOSSIER, load_id, CLOSING)
