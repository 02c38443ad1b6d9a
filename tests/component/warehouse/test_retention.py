"""What is past its term is in no store any more, comes back by no way, and every record is still accounted for."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from kafka import TopicPartition
from sqlalchemy import Engine, text

from consumers.lake.batches import LakeExpired
from consumers.lake.expire import drop_below
from consumers.landing.start import landed_up_to
from consumers.warehouse.marts.files import load_marts
from consumers.warehouse.rebuild.rebuild import RebuildRunning, alone
from consumers.warehouse.rebuild.sample import window_of
from consumers.warehouse.rebuild.span import Loads, SpanExpired
from consumers.warehouse.retention.going import Rows
from consumers.warehouse.retention.run import going, remove
from consumers.warehouse.retention.terms import MartsNeedCore, refuse_mart_sources
from consumers.warehouse.sealing.books import all_seals, seal_over
from consumers.warehouse.sealing.issue import receipt_of
from consumers.warehouse.sealing.places import Place
from consumers.warehouse.sealing.receipt import Receipt
from consumers.warehouse.sealing.seal import breaks_of
from consumers.warehouse.sealing.verify import failures_of
from infra.cli.main import main
from infra.object_store import LakeStore
from infra.settings import Settings
from schemas.contract import Contract, Keep
from tests.component.warehouse.loads import ORDER, child_rows, core_rows, load
from tests.component.warehouse.rebuilds import damage, kinds, rebuilt
from tests.component.warehouse.replays import assert_in_order, entries, replayed
from tests.component.warehouse.retentions import (
    CORE_TERM,
    KEY,
    TERM,
    expired,
    history,
    kafka_time,
    landed,
    on_day,
    sealed,
    took,
)
from tests.landed_batches import land
from tests.samples import order

STEPS = ("retention.removed", "retention.committed", "retention.dropped", "retention.forgotten")
MARK = "0/00000000000000000007-00000000000000000000/batch.json"
CLOSED = Rows(quarantined=1, rejected=1, emptied=1)


class Killed(BaseException):
    """The process is gone."""


@pytest.fixture
def old(engine: Engine, lake: LakeStore) -> Engine:
    history(engine, lake)
    sealed(engine, lake)
    return engine


def offsets(engine: Engine, partition: int = 0) -> list[int]:
    return [row["kafka_offset"] for row in core_rows(engine, ORDER) if row["kafka_partition"] == partition]


def test_old_batches_and_closed_entries_go_and_every_record_is_accounted_for(old: Engine, lake: LakeStore) -> None:
    assert took(expired(old, lake, 59)) == (0, 0, Rows())
    assert took(expired(old, lake, 61)) == (7, 1, CLOSED)
    assert [key for key in landed(lake) if key < "0/00000000000000000008"] == [MARK]
    assert entries(old, "kafka_offset", "status", "raw", "payload") == [
        (3, "replayed", b"", {}),
        (6, "open", *entries(old, "raw", "payload")[1]),
    ]
    assert entries(old, "raw", "payload")[1][0]
    assert offsets(old) == [0, 1, 3, 7, 9]
    assert_in_order(old, ORDER)
    assert took(expired(old, lake, 61)) == (7, 0, Rows())


def test_a_rebuild_takes_nothing_for_lost_and_brings_nothing_back(old: Engine, lake: LakeStore) -> None:
    expired(old, lake, 61)
    found = rebuilt(old, lake, ORDER, swap_in=True)
    assert (kinds(found), found.span.first, found.records) == ([], 2, 4)
    with pytest.raises(SpanExpired, match="loads up to 2"):
        rebuilt(old, lake, ORDER, Loads(1, 2))
    with old.connect() as connection:
        assert window_of(connection, ORDER, 0, 100) == Loads(3, 4)
    expired(old, lake, 300)
    with pytest.raises(SpanExpired):
        rebuilt(old, lake, ORDER)
    with old.connect() as connection:
        assert window_of(connection, ORDER, 0, 100) is None
    land(lake, ORDER, [order(1), order(11)], from_offset=10, kafka_time=kafka_time(301))
    assert load(old, lake, ORDER).counts()["duplicate"] == 1
    assert kinds(rebuilt(old, lake, ORDER)) == []
    assert_in_order(old, ORDER)


def test_rows_of_core_go_with_their_lines_and_come_back_by_no_way(old: Engine, lake: LakeStore) -> None:
    lines = len(child_rows(old, ORDER))
    gone = expired(old, lake, 61, CORE_TERM)
    assert took(gone) == (7, 1, Rows(loaded=3, replayed=1, quarantined=2, rejected=1))
    assert (offsets(old), len(child_rows(old, ORDER))) == ([7, 9], lines - 6)
    assert entries(old, "kafka_offset", "status") == [(6, "open")]
    assert_in_order(old, ORDER)
    # Offset 8 repeats an event that has left core: neither a rebuild nor its source brings it back.
    assert kinds(rebuilt(old, lake, ORDER, swap_in=True)) == []
    land(lake, ORDER, [order(1), order(3), order(11)], from_offset=10, kafka_time=kafka_time(61))
    assert load(old, lake, ORDER).counts() == {
        "consumed": 3,
        "loaded": 1,
        "duplicate": 2,
        "quarantined": 0,
        "rejected": 0,
        "erased": 0,
    }
    assert kinds(rebuilt(old, lake, ORDER, swap_in=True)) == []
    assert offsets(old) == [7, 9, 12]
    assert_in_order(old, ORDER)


def test_an_open_entry_outlives_its_term_and_is_replayed(old: Engine, lake: LakeStore) -> None:
    expired(old, lake, 300, CORE_TERM)
    outcome = replayed(old, lake, ORDER)
    assert outcome is not None
    assert (outcome.loaded, offsets(old)) == (1, [6])
    assert_in_order(old, ORDER)
    assert took(expired(old, lake, 300, CORE_TERM)) == (10, 0, Rows(loaded=1, replayed=1, quarantined=1))
    assert (offsets(old), entries(old, "status")) == ([], [])
    assert_in_order(old, ORDER)


def test_what_is_not_sealed_or_not_loaded_stays(engine: Engine, lake: LakeStore) -> None:
    history(engine, lake)
    land(lake, ORDER, [order(12)], from_offset=10)
    gone = expired(engine, lake, 1000)
    assert (took(gone), gone.waits_for_seal) == ((0, 0, Rows()), True)
    sealed(engine, lake)
    assert took(expired(engine, lake, 1000)) == (10, 3, CLOSED)
    assert load(engine, lake, ORDER).loaded == 1
    assert_in_order(engine, ORDER)


def test_a_young_record_keeps_its_whole_batch_and_all_behind_it(old: Engine, lake: LakeStore) -> None:
    damaged = lake.get(f"landing/{ORDER.topic}/{MARK}").replace(
        str(kafka_time(0) + 6).encode(), str(kafka_time(150)).encode()
    )
    lake.put(f"landing/{ORDER.topic}/{MARK}", damaged)
    assert took(expired(old, lake, 200)) == (0, 0, Rows())
    assert took(expired(old, lake, 211)) == (9, 2, CLOSED)


def test_landing_goes_on_where_it_was_at_any_moment(old: Engine, lake: LakeStore) -> None:
    place = TopicPartition(ORDER.topic, 0)
    seen: list[tuple[int, int]] = []

    def look(_: str) -> None:
        seen.append((landed_up_to(lake, place, 0), landed_up_to(lake, place, 10)))

    expired(old, lake, 61, on_step=look)
    expired(old, lake, 1000, on_step=look)
    assert set(seen) == {(10, 10)}
    assert landed(lake)[0] == "0/00000000000000000010-00000000000000000000/batch.json"


@pytest.mark.parametrize("contract", [TERM, CORE_TERM])
def test_who_dies_at_any_step_is_carried_on_by_the_next_run(old: Engine, lake: LakeStore, contract: Contract) -> None:
    for step in STEPS:

        def die(reached: str, step: str = step) -> None:
            if reached == step:
                raise Killed

        with pytest.raises(Killed):
            expired(old, lake, 61, contract, on_step=die)
        assert_in_order(old, ORDER)
        if step != STEPS[0]:
            assert kinds(rebuilt(old, lake, ORDER)) == []
    assert took(expired(old, lake, 61, contract)) == (7, 0, Rows())
    assert [key for key in landed(lake) if key < "0/00000000000000000008"] == [MARK]
    assert_in_order(old, ORDER)


def test_who_dies_after_every_write_to_the_lake_leaves_no_hole(old: Engine, lake: LakeStore) -> None:
    class Dying(LakeStore):
        """Dies at its second write, and every run goes on from where the one before died."""

        def put(self, key: str, body: bytes, *, if_absent: bool = False) -> None:
            self.write(key)
            super().put(key, body, if_absent=if_absent)

        def delete(self, key: str) -> None:
            self.write(key)
            super().delete(key)

        def write(self, key: str) -> None:
            if writes:
                raise Killed
            writes.append(key)

    deaths = 0
    for _ in range(30):
        writes = list[str]()
        try:
            expired(old, Dying(lake.bucket, lake.client), 1000)
            break
        except Killed:
            deaths += 1
        assert landed_up_to(lake, TopicPartition(ORDER.topic, 0), 0) == 10
        assert_in_order(old, ORDER)
    assert deaths >= 8
    assert landed(lake) == [
        "0/00000000000000000010-00000000000000000000/batch.json",
        "1/00000000000000000001-00000000000000000000/batch.json",
    ]
    land(lake, ORDER, [order(12)], from_offset=10)
    assert load(old, lake, ORDER).loaded == 1
    assert kinds(rebuilt(old, lake, ORDER)) == []
    assert_in_order(old, ORDER)


def test_batches_that_a_backup_brings_back_go_again(old: Engine, lake: LakeStore) -> None:
    before = {key: lake.get(key) for key in lake.list_after("")}
    expired(old, lake, 61)
    for key, content in before.items():
        if not key.endswith(MARK):
            lake.put(key, content)
    assert kinds(rebuilt(old, lake, ORDER)) == []
    assert_in_order(old, ORDER)
    expired(old, lake, 61)
    assert [key for key in landed(lake) if key < "0/00000000000000000008"] == [MARK]
    assert_in_order(old, ORDER)


def test_a_warehouse_older_than_the_lake_does_not_pass_over_what_went(old: Engine, lake: LakeStore) -> None:
    expired(old, lake, 61)
    damage(old, "update ledger.watermark set next_offset = 0 where partition = 0")
    with pytest.raises(LakeExpired, match="offsets 0 to 6"):
        load(old, lake, ORDER)


def test_a_warehouse_that_has_not_heard_of_what_went_catches_up(old: Engine, lake: LakeStore) -> None:
    """As after a restore: the dump was made before a run, the copy of the lake after it."""
    drop_below(lake, ORDER.topic, 0, 7, on_day(61))
    with pytest.raises(LakeExpired):
        rebuilt(old, lake, ORDER)
    assert took(expired(old, lake, 61))[::2] == (7, CLOSED)
    assert kinds(rebuilt(old, lake, ORDER)) == []
    assert_in_order(old, ORDER)


def given(engine: Engine, lake: LakeStore, offset: int) -> Receipt:
    place = Place(ORDER.topic, 0, offset)
    with engine.connect() as connection:
        return receipt_of(lake, seal_over(connection, *vars(place).values()), place)


def test_receipts_given_before_still_verify_and_new_ones_say_why_there_are_none(old: Engine, lake: LakeStore) -> None:
    before = given(old, lake, 1)
    expired(old, lake, 61)
    assert list(failures_of(before, KEY.public_key())) == []
    with pytest.raises(LakeExpired, match="offsets 1 to 6"):
        given(old, lake, 1)
    assert list(failures_of(given(old, lake, 8), KEY.public_key())) == []
    assert [key for key in lake.list_after(f"receipts/{ORDER.topic}/0/") if "0000007-" in key] == []
    with old.connect() as connection:
        assert list(breaks_of(all_seals(connection), KEY.public_key())) == []
    sealed(old, lake)


def test_nothing_goes_while_somebody_rebuilds_or_erases(old: Engine, lake: LakeStore) -> None:
    before = len(landed(lake))
    with alone(old, ORDER.event), pytest.raises(RebuildRunning):
        expired(old, lake, 61)
    assert len(landed(lake)) == before


def test_a_look_changes_nothing_and_tells_what_a_run_takes(old: Engine, lake: LakeStore) -> None:
    keys = landed(lake)
    told = going(old, lake, CORE_TERM, on_day(61))
    assert landed(lake) == keys
    assert told == remove(old, lake, CORE_TERM, on_day(61), "test")
    with old.connect() as connection:
        (kept,) = connection.execute(text("select to_jsonb(e) - 'expired_at' from ledger.expired e")).scalars()
    assert {name: kept[name] for name in ("batches", "records", "loaded", "next_offset", "run_id")} == {
        "batches": 1,
        "records": 7,
        "loaded": 3,
        "next_offset": 7,
        "run_id": "test",
    }


def test_without_a_term_everything_is_kept(old: Engine, lake: LakeStore) -> None:
    assert remove(old, lake, ORDER, on_day(100_000), "test") == []


def test_a_term_for_core_is_refused_where_marts_are_made_from_the_event() -> None:
    refuse_mart_sources([TERM], load_marts())
    with pytest.raises(MartsNeedCore, match="marketplace_order"):
        refuse_mart_sources([replace(ORDER, keep=Keep(60, 60, 60))], load_marts())


def test_the_command_and_the_dag_take_what_a_look_had_told(
    monkeypatch: pytest.MonkeyPatch, servers: Settings, old: Engine, lake: LakeStore, tmp_path: Path
) -> None:
    contract = tmp_path / "contracts" / ORDER.domain / f"{ORDER.event}.avsc"
    contract.parent.mkdir(parents=True)
    schema = {**ORDER.schema, "retention_days": 29, "keep": {"lake_days": 60, "quarantine_days": 90}}
    contract.write_text(json.dumps(schema), encoding="utf-8")
    monkeypatch.setenv("HAGIANG_HOME", str(servers.home))
    monkeypatch.setenv("HAGIANG_CONTRACTS", str(tmp_path / "contracts"))
    monkeypatch.setenv("WAREHOUSE_URL", old.url.render_as_string(hide_password=False))
    monkeypatch.setenv("LAKE_BUCKET", lake.bucket)
    monkeypatch.setenv("AIRFLOW_HOME", str(tmp_path))
    told = CliRunner().invoke(main, ["retention", ORDER.event])
    assert told.exit_code == 0, told.output
    assert "order_status_changed: topic 29 days, lake 60 days, quarantine 90 days, core for good" in told.output
    assert "topic: the broker keeps 30 days; `hagiang up` sets what the contract says" in told.output
    assert "3 batches, 10 records" in told.output
    assert "2 closed entries, and the content of 1 that are in core: to be removed / sẽ xóa" in told.output
    assert len(landed(lake)) > 2
    said = json.loads(CliRunner().invoke(main, ["retention", "--json"]).output)
    assert [each["rows"]["emptied"] for each in said["partitions"]] == [1, 0]
    command = "import json; from dags.apply_retention import apply; print(json.dumps(apply.function('x')))"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {"batches": 4, "rows": 0, "entries": 2}
    assert len(landed(lake)) == 2
    again = CliRunner().invoke(main, ["retention", ORDER.event, "--apply"])
    assert (again.exit_code, len(again.output.splitlines())) == (0, 2), again.output
