"""The proof of conservation says so when a row is lost, doubled, or not where the ledger says."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from consumers.warehouse.closing import Closing
from consumers.warehouse.publish import publish
from consumers.warehouse.reconcile import reconcile
from consumers.warehouse.replay_choice import Choice
from consumers.warehouse.replay_publish import publish_replay
from consumers.warehouse.replay_stage import stage_replay
from infra.object_store import LakeStore
from tests.component.warehouse.loads import DOSSIER, ORDER, condemn, load, pass_checks, stage_checked
from tests.landed_batches import Reject, land
from tests.samples import dossier

ENDS = {(DOSSIER.topic, 0): 5, (DOSSIER.topic, 1): 1, (DOSSIER.topic, 2): 0}


@pytest.fixture
def loaded(engine: Engine, lake: LakeStore) -> Engine:
    land(lake, DOSSIER, [dossier(0), dossier(1), dossier(0)])
    land(lake, DOSSIER, [dossier(9)], partition=1)
    load(engine, lake, DOSSIER)
    land(lake, DOSSIER, [dossier(2), Reject("null_value")], from_offset=3)
    load_id = stage_checked(engine, lake, DOSSIER)
    condemn(engine, DOSSIER, load_id, 3)
    publish(engine, lake, DOSSIER, load_id)
    return engine


def test_a_warehouse_in_order_has_no_faults(loaded: Engine) -> None:
    first, second, third = reconcile(loaded, [DOSSIER, ORDER], ENDS)
    assert [balance.faults for balance in (first, second, third)] == [(), (), ()]
    assert (first.consumed, first.loaded, first.duplicate, first.quarantined, first.rejected) == (5, 2, 1, 1, 1)
    assert (second.in_core, third.consumed) == (1, 0)
    assert [balance.partition for balance in reconcile(loaded, [DOSSIER])] == [0, 1]


@pytest.fixture
def replayed(loaded: Engine) -> Engine:
    """Its quarantined row is replayed."""
    load_id = stage_replay(loaded, DOSSIER, Choice(), lambda _: DOSSIER.schema, "test")
    assert load_id is not None
    pass_checks(loaded, load_id)
    publish_replay(loaded, DOSSIER, load_id, Closing("me", "a test"))
    return loaded


def test_rows_that_were_replayed_are_accounted_for(replayed: Engine) -> None:
    first, *_ = reconcile(replayed, [DOSSIER], ENDS)
    assert first.faults == ()
    assert (first.loaded, first.replayed_loaded, first.in_core, first.in_core_by_replay) == (2, 1, 3, 1)
    assert (first.quarantined, first.in_quarantine, first.open) == (1, 1, 1)


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        ("delete from core.dossier_status_changed where kafka_offset = 3", "rows loaded and in core: 3 and 2"),
        (
            "update core.dossier_status_changed set load_id = 1 where kafka_offset = 3",
            "entries replayed and rows of replays in core: 1 and 0",
        ),
        (
            "update core.dossier_status_changed set load_id = 3 where kafka_offset = 1",
            "entries replayed and rows of replays in core: 1 and 2",
        ),
        (
            "update core.dossier_status_changed set kafka_offset = 9 where kafka_offset = 3",
            "entries replayed and their own rows in core: 1 and 0",
        ),
        (
            "update quarantine.event set outcome = 'duplicate' where kafka_offset = 3",
            "entries replayed and rows of replays in core: 0 and 1",
        ),
        (
            "alter table quarantine.event drop constraint event_status_check, drop constraint event_replayed_check;"
            " update quarantine.event set status = 'gone' where kafka_offset = 3",
            "entries in the quarantine and accounted for: 2 and 1",
        ),
    ],
)
def test_every_kind_of_loss_by_a_replay_is_found(replayed: Engine, damage: str, fault: str) -> None:
    with replayed.begin() as connection:
        for statement in damage.split(";"):
            connection.execute(text(statement))
    first, *_ = reconcile(replayed, [DOSSIER], ENDS)
    assert fault in first.faults


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        ("delete from core.dossier_status_changed where kafka_offset = 1", "rows loaded and in core: 2 and 1"),
        ("delete from quarantine.event where origin = 'check'", "rows quarantined and in the quarantine: 1 and 0"),
        ("delete from quarantine.event where origin = 'landing'", "records rejected and in the quarantine: 1 and 0"),
        (
            "alter table ledger.batch drop constraint batch_chain_fkey;"
            " delete from ledger.batch where from_offset = 0 and partition = 0",
            "offsets published and covered by the ledger: 5 and 2",
        ),
        (
            "alter table ledger.batch drop constraint batch_conservation_check;"
            " update ledger.batch set duplicate = 2 where from_offset = 0 and partition = 0",
            "records consumed and accounted for: 5 and 6",
        ),
        (
            "update ledger.watermark set next_offset = 3 where partition = 0",
            "offsets in Kafka and published: 5 and 3",
        ),
    ],
)
def test_every_kind_of_loss_is_found(loaded: Engine, damage: str, fault: str) -> None:
    with loaded.begin() as connection:
        for statement in damage.split(";"):
            connection.execute(text(statement))
    first, *_ = reconcile(loaded, [DOSSIER], ENDS)
    assert fault in first.faults
