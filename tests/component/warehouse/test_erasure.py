"""An erased person is in no table and no object, comes back by no way, and every record is still accounted for."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from consumers.lake.traces import trace_of
from consumers.warehouse.erasure.due import overdue, run_approved
from consumers.warehouse.erasure.requests import RequestNotApproved, approve, ask
from consumers.warehouse.publish import PublishResult, publish
from consumers.warehouse.sealing.books import seal_over
from consumers.warehouse.sealing.forget import NO_SALT
from consumers.warehouse.sealing.issue import receipt_of
from consumers.warehouse.sealing.leaves import stored_leaves
from consumers.warehouse.sealing.places import Place
from consumers.warehouse.sealing.sealing import Sealer, seal_published
from consumers.warehouse.sealing.verify import failures_of
from consumers.warehouse.two_persons import SecondPersonNeeded
from infra.cli.main import main
from infra.object_store import LakeStore
from infra.settings import Settings
from producers.pseudonyms import ensure_keys, rotate_key
from tests.component.warehouse.erasures import (
    GONE,
    NOW,
    SELLER,
    STAYS,
    approved,
    clock,
    erased,
    left,
    objects_naming,
    past,
    seller,
    sums,
    tables_naming,
)
from tests.component.warehouse.loads import CATALOG, load, stage_checked, staging_names
from tests.component.warehouse.rebuilds import kinds, rebuilt
from tests.component.warehouse.replays import assert_in_order, replayed
from tests.databases import url_of
from tests.landed_batches import land

STEPS = ("erase.begun", "erase.swept", "erase.removed", "erase.committed", "erase.forgotten", "erase.marts")


class Killed(BaseException):
    """The process is gone."""


def test_nothing_of_a_person_is_left_and_every_record_is_accounted_for(engine: Engine, lake: LakeStore) -> None:
    past(engine, lake)
    assert objects_naming(lake, GONE)
    assert "core.seller_onboarded" in tables_naming(engine, GONE)
    others = objects_naming(lake, STAYS)
    done = erased(engine, lake, approved(engine))
    assert (objects_naming(lake, GONE), tables_naming(engine, GONE)) == ([], [])
    assert len(objects_naming(lake, STAYS)) == len(others)
    assert left(engine) == [(0, 1), (1, 0)]
    assert sums(engine) == {"consumed": 9, "loaded": 2, "duplicate": 0, "quarantined": 0, "rejected": 1, "erased": 6}
    assert_in_order(engine, SELLER)
    assert done.done_at == NOW
    assert done.report is not None
    told = done.report["events"][SELLER.event]
    assert {name: told[name] for name in ("loaded", "duplicate", "quarantined", "rejected", "batches_rewritten")} == {
        "loaded": 2,
        "duplicate": 1,
        "quarantined": 2,
        "rejected": 1,
        "batches_rewritten": 3,
    }
    assert told["in_topic_until"] == (NOW + timedelta(days=SELLER.retention_days)).isoformat()
    # What had not been loaded counts as erased when it is.
    assert load(engine, lake, SELLER) == PublishResult(4, stale=False, consumed=2, loaded=1, erased=1)
    assert_in_order(engine, SELLER)
    for whole in (True, False):
        assert kinds(rebuilt(engine, lake, SELLER, swap_in=whole)) == []
    assert (objects_naming(lake, GONE), tables_naming(engine, GONE)) == ([], [])


def test_a_restored_lake_a_second_landing_and_new_events_do_not_bring_a_person_back(
    engine: Engine, lake: LakeStore
) -> None:
    past(engine, lake)
    before = {key: lake.get(key) for key in lake.list_after("landing/")}
    number = approved(engine)
    erased(engine, lake, number)
    for key, content in before.items():
        lake.put(key, content)
    assert kinds(rebuilt(engine, lake, SELLER, swap_in=True)) == []
    assert load(engine, lake, SELLER).counts() == {
        "consumed": 2,
        "loaded": 1,
        "duplicate": 0,
        "quarantined": 0,
        "rejected": 0,
        "erased": 1,
    }
    land(lake, SELLER, [seller(6), seller(9, STAYS)], partition=1, from_offset=1)
    assert load(engine, lake, SELLER).loaded == 1
    land(lake, SELLER, [seller(10), seller(11), seller(6)], partition=1, from_offset=3)
    assert load(engine, lake, SELLER).counts()["erased"] == 3
    assert kinds(rebuilt(engine, lake, SELLER)) == []
    assert replayed(engine, lake, SELLER) is None or tables_naming(engine, GONE) == []
    assert (left(engine), tables_naming(engine, GONE)) == ([(0, 1), (0, 8), (1, 0), (1, 2)], [])
    assert_in_order(engine, SELLER)
    assert objects_naming(lake, GONE)
    erased(engine, lake, number)
    assert objects_naming(lake, GONE) == []
    assert_in_order(engine, SELLER)
    assert kinds(rebuilt(engine, lake, SELLER)) == []


def test_who_dies_at_any_step_is_carried_on_by_the_next_run(engine: Engine, lake: LakeStore) -> None:
    past(engine, lake)
    number = approved(engine)
    for step in STEPS:

        def die(reached: str, step: str = step) -> None:
            if reached == step:
                raise Killed

        with pytest.raises(Killed):
            erased(engine, lake, number, on_step=die)
    erased(engine, lake, number)
    assert (objects_naming(lake, GONE), tables_naming(engine, GONE)) == ([], [])
    assert sums(engine)["erased"] == 6
    assert_in_order(engine, SELLER)
    assert kinds(rebuilt(engine, lake, SELLER)) == []


@pytest.mark.parametrize("dies_after", range(5))
def test_who_dies_between_two_writes_to_the_lake_leaves_batches_that_load(
    engine: Engine, lake: LakeStore, dies_after: int
) -> None:
    past(engine, lake)
    number, writes = approved(engine), list[str]()

    class Dying(LakeStore):
        def put(self, key: str, body: bytes, *, if_absent: bool = False) -> None:
            self.write(key)
            super().put(key, body, if_absent=if_absent)

        def delete(self, key: str) -> None:
            self.write(key)
            super().delete(key)

        def write(self, key: str) -> None:
            if len(writes) == dies_after:
                raise Killed
            writes.append(key)

    with pytest.raises(Killed):
        erased(engine, Dying(lake.bucket, lake.client), number)
    assert load(engine, lake, SELLER).counts()["erased"] == 1
    erased(engine, lake, number)
    assert (objects_naming(lake, GONE), tables_naming(engine, GONE)) == ([], [])
    assert_in_order(engine, SELLER)
    assert kinds(rebuilt(engine, lake, SELLER)) == []


def test_a_load_and_a_file_that_are_under_way_do_not_carry_a_person_past_it(engine: Engine, lake: LakeStore) -> None:
    past(engine, lake)
    staged = stage_checked(engine, lake, SELLER)
    assert GONE in str(tables_naming(engine, GONE)) or f"staging.seller_onboarded__{staged}" in tables_naming(
        engine, GONE
    )
    doubled = lake.get(next(key for key in lake.list_after("landing/") if "schema-" in key))
    folder = next(iter(lake.list_after("landing/"))).rpartition("/")[0]
    lake.put(f"{folder}/schema-7-second.avro", doubled)
    number = approved(engine)
    erased(engine, lake, number)
    assert (objects_naming(lake, GONE), tables_naming(engine, GONE)) == ([], [])
    assert publish(engine, lake, SELLER, staged).counts()["erased"] == 1
    assert staging_names(engine) == []
    assert_in_order(engine, SELLER)


def test_a_load_that_was_staged_before_and_is_published_after_is_stale(engine: Engine, lake: LakeStore) -> None:
    past(engine, lake)
    staged = stage_checked(engine, lake, SELLER)
    number = approved(engine)
    with engine.begin() as connection:
        connection.execute(text("update ledger.erasure set started_at = now() where erasure_id = :n"), {"n": number})
    assert publish(engine, lake, SELLER, staged).stale
    assert load(engine, lake, SELLER).counts()["erased"] == 1


def test_a_request_takes_two_persons(engine: Engine, lake: LakeStore) -> None:
    request = ask(engine, "12/2026", [trace_of(GONE)], "thu", NOW)
    assert request.due_at == NOW + timedelta(hours=72)
    with pytest.raises(RequestNotApproved):
        erased(engine, lake, request.erasure_id)
    with pytest.raises(SecondPersonNeeded):
        approve(engine, request.erasure_id, " Thu")
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("update ledger.erasure set approved_by = 'Thu ', approved_at = now()"))
    assert not request.is_overdue(NOW + timedelta(hours=72))
    assert request.is_overdue(NOW + timedelta(hours=73))


def test_the_command_finds_every_pseudonym_and_keeps_none(
    engine: Engine, lake: LakeStore, servers: Settings, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys_file = tmp_path / "keys.json"
    ensure_keys(keys_file, ["household"])
    rotate_key(keys_file, "household")
    keys = ensure_keys(keys_file, ["household"])
    old, new = (keys.pseudonym("household", "012345678901", version) for version in (1, 2))
    monkeypatch.setenv("HAGIANG_HOME", str(servers.home))
    monkeypatch.setenv("WAREHOUSE_URL", url_of(servers.warehouse.owner_url, str(engine.url.database)))
    monkeypatch.setenv("LAKE_BUCKET", lake.bucket)
    monkeypatch.setenv("PSEUDONYM_KEYS", str(keys_file))
    land(lake, SELLER, [seller(1, old), seller(2, new), seller(3, STAYS)])
    load(engine, lake, SELLER)
    command = CliRunner()
    asked = command.invoke(main, ["erase", "request", "12/2026", "--by", "thu"], input="0123 4567 8901\n")
    assert asked.exit_code == 0, asked.output
    assert tables_naming(engine, "012345678901") == []
    assert tables_naming(engine, old) == ["core.seller_onboarded"]
    assert "to be approved" in command.invoke(main, ["erase", "list"]).output
    refused = command.invoke(main, ["erase", "approve", "1", "--by", "thu"])
    assert (refused.exit_code, "cannot approve" in refused.stderr) == (1, True)
    assert command.invoke(main, ["erase", "approve", "1", "--by", "lan"]).exit_code == 0
    done = command.invoke(main, ["erase", "run", "1"])
    assert done.exit_code == 0, done.output
    told = json.loads(command.invoke(main, ["erase", "report", "1"]).output)
    assert told["report"]["events"][SELLER.event]["loaded"] == 2
    assert left(engine) == [(0, 2)]
    for pseudonym in (old, new):
        assert (objects_naming(lake, pseudonym), tables_naming(engine, pseudonym)) == ([], [])
    late = "update ledger.erasure set done_at = null, report = null, due_at = '2021-06-01'"
    with engine.begin() as connection:
        connection.execute(text(late))
    listed = command.invoke(main, ["erase", "list"])
    assert (listed.exit_code, "OVERDUE" in listed.output) == (3, True)


def test_the_salts_of_erased_records_are_forgotten_and_their_neighbours_receipts_hold(
    engine: Engine, lake: LakeStore
) -> None:
    past(engine, lake)
    key = Ed25519PrivateKey.generate()
    seal_published(engine, lake, Sealer(key, clock, lambda: os.urandom(32)))
    request = erased(engine, lake, approved(engine))
    assert request.report is not None
    assert request.report["events"][SELLER.event]["salts_forgotten"] == 6
    left = [leaf for each in lake.list_after("receipts/") for leaf in stored_leaves(lake, each)]
    assert sorted(leaf.offset for leaf in left if leaf.salt == NO_SALT) == [0, 1, 2, 3, 4, 5]
    with engine.connect() as connection:
        place = Place(SELLER.topic, 1, 0)
        receipt = receipt_of(lake, seal_over(connection, *vars(place).values()), place)
    assert list(failures_of(receipt, key.public_key())) == []


def test_what_is_approved_is_carried_out_and_what_is_late_is_named(engine: Engine, lake: LakeStore) -> None:
    past(engine, lake)
    number = approved(engine)
    late = ask(engine, "13/2026", [trace_of(STAYS)], "thu", NOW - timedelta(hours=73)).erasure_id
    worked = run_approved(engine, lake, CATALOG, clock)
    assert [each.erasure_id for each in worked.done] == [number]
    assert [each.erasure_id for each in worked.overdue] == [late]
    assert tables_naming(engine, GONE) == []
    assert run_approved(engine, lake, CATALOG, clock).done == []
    approve(engine, late, "lan")
    assert [each.erasure_id for each in run_approved(engine, lake, CATALOG, clock).done] == [late]
    assert overdue(engine, clock) == []
