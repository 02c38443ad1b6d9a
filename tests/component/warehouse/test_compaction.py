"""A lake whose small batches were merged says what it said before, to everybody who reads it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from kafka import TopicPartition
from sqlalchemy import Engine

from consumers.lake.compact import DEFAULT_LIMITS, Compacted
from consumers.lake.keys import MANIFEST, BatchRange, batch_prefix
from consumers.lake.manifest import Manifest
from consumers.landing.start import landed_up_to
from consumers.warehouse.compaction import compact_event
from consumers.warehouse.plan import takes_within
from consumers.warehouse.rebuild.rebuild import Rebuild
from consumers.warehouse.rebuild.span import Loads
from consumers.warehouse.sealing.leaf import Leaf
from consumers.warehouse.sealing.records import leaves_in
from consumers.warehouse.seeding import seed_dimensions
from infra.cli.main import main
from infra.object_store import LakeStore
from infra.settings import Settings
from tests.component.warehouse.erasures import GONE, SELLER, STAYS, approved, erased, objects_naming, seller
from tests.component.warehouse.loads import ORDER, core_rows, load
from tests.component.warehouse.rebuilds import kinds, rebuilt
from tests.component.warehouse.replays import assert_in_order
from tests.component.warehouse.retentions import TERM, expired, history, kafka_time, landed, on_day, sealed
from tests.landed_batches import Reject, Written, datum, land
from tests.samples import order

LAST = 12
WHOLE = BatchRange(next_offset=LAST, from_offset=0)


class Killed(BaseException):
    """The process is gone."""


class Dying(LakeStore):
    """Dies when it has written that often; the next run goes on from there."""

    def __init__(self, bucket: str, client: Any, most: int) -> None:
        super().__init__(bucket, client)
        object.__setattr__(self, "left", [None] * most)

    def put(self, key: str, body: bytes, *, if_absent: bool = False) -> None:
        self.write()
        super().put(key, body, if_absent=if_absent)

    def delete(self, key: str) -> None:
        self.write()
        super().delete(key)

    def write(self) -> None:
        left: list[None] = self.__dict__["left"]
        if not left:
            raise Killed
        left.pop()


@pytest.fixture
def many(engine: Engine, lake: LakeStore) -> Engine:
    """Offsets 0 to 11 in batches of one, two writers, one reject, one repeat, offsets 4 to 6 twice; then a next day."""
    seed_dimensions(engine)
    for number in range(LAST):
        writer = {} if number % 3 else {"schema_id": 9}
        record = Written(datum(order(number % 11), ORDER.schema), ORDER.schema, **writer)
        land(lake, ORDER, [Reject("null_value") if number == 7 else record], from_offset=number)
        if number in (3, 8):
            load(engine, lake, ORDER)
    load(engine, lake, ORDER)
    land(lake, ORDER, [order(20)], from_offset=LAST, kafka_time=kafka_time(1))
    load(engine, lake, ORDER)
    return engine


def compacted(engine: Engine, lake: LakeStore, day: float) -> Compacted:
    return compact_event(engine, lake, ORDER, on_day(0) + timedelta(days=day))


def ranges(lake: LakeStore) -> list[tuple[int, int]]:
    keys = [key.split("/")[1] for key in landed(lake) if key.startswith("0/") and key.endswith("batch.json")]
    return [(int(key.split("-")[1]), int(key.split("-")[0])) for key in keys]


def records(lake: LakeStore) -> list[Leaf]:
    return leaves_in(lake, ORDER.topic, 0, BatchRange(next_offset=LAST + 1, from_offset=0))


def totals(found: Rebuild) -> object:
    assert kinds(found) == []
    return found.found.totals()


def test_a_merged_lake_holds_the_same_and_rebuilds_the_same(many: Engine, lake: LakeStore) -> None:
    before, told = records(lake), totals(rebuilt(many, lake, ORDER))
    assert compacted(many, lake, 0) == Compacted(), "its day has not passed"
    assert compacted(many, lake, 1.5) == Compacted(made=1, merged=LAST)
    assert (records(lake), len(ranges(lake))) == (before, LAST + 2)
    assert compacted(many, lake, 1.6) == Compacted(), "both stand for a while"
    assert compacted(many, lake, 2.5).removed == 2 * LAST
    assert ranges(lake) == [(0, LAST), (LAST, LAST + 1)]
    assert (records(lake), totals(rebuilt(many, lake, ORDER))) == (before, told)
    assert kinds(rebuilt(many, lake, ORDER, Loads(2, 3))) == []
    assert landed_up_to(lake, TopicPartition(ORDER.topic, 0), 5) == LAST + 1
    (whole, _) = [take.manifest for take in takes_within(lake, ORDER.topic, 0, 0, LAST + 1)]
    assert [(file.schema_id, file.records) for file in whole.files] == [(7, 7), (9, 4), (None, 1)]
    assert compacted(many, lake, 9) == Compacted()
    sealed(many, lake)
    assert_in_order(many, ORDER)


def test_who_dies_after_every_write_leaves_a_whole_lake(many: Engine, lake: LakeStore) -> None:
    before = records(lake)
    for day in (1.5, 2.5):
        for most in range(40):
            try:
                compact_event(many, Dying(lake.bucket, lake.client, most), ORDER, on_day(0) + timedelta(days=day))
                break
            except Killed:
                assert records(lake) == before
                assert landed_up_to(lake, TopicPartition(ORDER.topic, 0), 0) == LAST + 1
    assert ranges(lake) == [(0, LAST), (LAST, LAST + 1)]
    assert records(lake) == before
    assert kinds(rebuilt(many, lake, ORDER)) == []


def test_a_listing_that_overlaps_a_removal_shows_no_hole(many: Engine, lake: LakeStore) -> None:
    """Whatever part of the removal a listing sees, what it shows is a chain."""
    before = records(lake)
    compacted(many, lake, 1.5)
    seen: list[list[Leaf]] = []

    class Looking(LakeStore):
        def delete(self, key: str) -> None:
            super().delete(key)
            seen.append(records(lake))

    compact_event(many, Looking(lake.bucket, lake.client), ORDER, on_day(3))
    assert len(seen) == 2 * LAST
    assert all(each == before for each in seen)


def test_limits_and_what_is_not_loaded_bound_a_merge(many: Engine, lake: LakeStore) -> None:
    for number in (13, 14):
        land(lake, ORDER, [order(number + 10)], from_offset=number, kafka_time=kafka_time(1))
    before = records(lake)
    few = replace(DEFAULT_LIMITS, records=5)
    assert compact_event(many, lake, ORDER, on_day(5), few) == Compacted(made=3, merged=LAST)
    compact_event(many, lake, ORDER, on_day(7), few)
    assert [stop - start for start, stop in ranges(lake)] == [5, 5, 2, 1, 1, 1]
    assert all(one[1] == other[0] for one, other in pairwise(ranges(lake)))
    assert records(lake) == before
    assert load(many, lake, ORDER).loaded == 2
    assert_in_order(many, ORDER)


def test_a_person_is_erased_from_merged_batches(engine: Engine, lake: LakeStore) -> None:
    for number, who in enumerate((GONE, STAYS, GONE, STAYS)):
        land(lake, SELLER, [seller(number, who)], from_offset=number)
    load(engine, lake, SELLER)
    assert compact_event(engine, lake, SELLER, on_day(2)).merged == 4
    number = approved(engine)
    erased(engine, lake, number)
    assert objects_naming(lake, GONE) == []
    compact_event(engine, lake, SELLER, on_day(4))
    assert kinds(rebuilt(engine, lake, SELLER)) == []
    assert objects_naming(lake, GONE) == []
    assert len(core_rows(engine, SELLER)) == 2
    assert_in_order(engine, SELLER)


def test_merged_batches_go_at_the_end_of_their_term(engine: Engine, lake: LakeStore) -> None:
    history(engine, lake)
    sealed(engine, lake)
    land(lake, ORDER, [order(30)], from_offset=10, kafka_time=kafka_time(200))
    load(engine, lake, ORDER)
    sealed(engine, lake)
    assert compacted(engine, lake, 202).merged == 2
    assert expired(engine, lake, 261).lake.next_offset == 11
    assert expired(engine, lake, 300).lake.batches == 0
    assert [key for key in landed(lake) if key.startswith("0/")] == [
        "0/00000000000000000011-00000000000000000000/batch.json"
    ]
    assert_in_order(engine, TERM)


def test_the_command_and_the_dag_merge_and_remove(
    monkeypatch: pytest.MonkeyPatch, servers: Settings, many: Engine, lake: LakeStore, tmp_path: Path
) -> None:
    before = records(lake)
    monkeypatch.setenv("HAGIANG_HOME", str(servers.home))
    monkeypatch.setenv("WAREHOUSE_URL", many.url.render_as_string(hide_password=False))
    monkeypatch.setenv("LAKE_BUCKET", lake.bucket)
    monkeypatch.setenv("AIRFLOW_HOME", str(tmp_path))
    told = CliRunner().invoke(main, ["compact", ORDER.event])
    assert "order_status_changed: 12 batches merged into 1, 0 objects merged before removed" in told.output
    whole = Manifest.from_json(lake.get(batch_prefix(ORDER.topic, 0, WHOLE) + MANIFEST))
    lake.put(whole.key, replace(whole, compacted_at=on_day(0).isoformat()).to_json())
    command = "import json; from dags.compact_lake import compact; print(json.dumps(compact.function()))"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {"made": 0, "merged": 0, "removed": 2 * LAST}
    assert records(lake) == before
