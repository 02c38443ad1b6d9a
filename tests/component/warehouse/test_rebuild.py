"""Core tables made anew from the lake are what is there; what was damaged by hand is found, named and mended.

Checks are the slow part, so one history serves all tests, each in a copy of its database, and one rebuild many damages.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, text

from consumers.warehouse.marts.files import load_marts
from consumers.warehouse.marts.inputs import inputs_of
from consumers.warehouse.publish import PublishResult, publish
from consumers.warehouse.rebuild.rebuild import RebuildRunning, rebuild
from consumers.warehouse.rebuild.span import Loads
from consumers.warehouse.rebuild.swap import RebuildOvertaken
from consumers.warehouse.replay_choice import Choice
from consumers.warehouse.seeding import seed_dimensions
from infra.cli.main import main
from infra.object_store import LakeStore, open_lake
from infra.settings import Settings
from tests.component.warehouse.loads import (
    DOSSIER,
    ORDER,
    child_rows,
    core_rows,
    load,
    quarantined,
    stage_checked,
    staging_names,
)
from tests.component.warehouse.rebuilds import damage, kinds, rebuilt
from tests.component.warehouse.replays import AGENCY, assert_in_order, example, load_checked, replayed
from tests.databases import own_database, superuser, url_of
from tests.landed_batches import Reject, land
from tests.samples import dossier, event_id, order

ROWS, LINES, ORDERS = f"core.{DOSSIER.event}", f"core.{ORDER.event}_lines", f"core.{ORDER.event}"
ENTRIES = "quarantine.event"
UNKNOWN_AGENCY = "H22.999"
REGISTERED = example(AGENCY, "registered_new_form", 900, agency_code=UNKNOWN_AGENCY)


@pytest.fixture(scope="module")
def lake(servers: Settings) -> LakeStore:
    store = open_lake(replace(servers.lake, bucket=f"test-{os.getpid()}-rebuild"))
    store.make_bucket()
    return store


@pytest.fixture(scope="module")
def past(servers: Settings, migrated: str, lake: LakeStore) -> Iterator[str]:
    """A database with repeats within and across loads and partitions, bad rows, rejects, and a replay."""
    with own_database(servers, template=migrated) as engine:
        seed_dimensions(engine)
        late, bad = dossier(3, agency_code=UNKNOWN_AGENCY), dossier(4, fee_vnd=-1)
        first = [dossier(1), dossier(2), dossier(1), late, bad, Reject("null_value", value=None)]
        load_checked(engine, lake, DOSSIER, first)
        land(lake, DOSSIER, [dossier(2, status=3), dossier(5)], partition=1)
        load(engine, lake, DOSSIER)
        load_checked(engine, lake, AGENCY, [REGISTERED])
        load_checked(engine, lake, DOSSIER, [dossier(6, agency_code=UNKNOWN_AGENCY), dossier(7)], from_offset=6)
        replayed(engine, lake, DOSSIER, Choice(rules=["agency_code_ref"]))
        load_checked(engine, lake, DOSSIER, [dossier(3), dossier(5, fee_vnd=10), dossier(8)], from_offset=8)
        load_checked(engine, lake, ORDER, [order(1, lines=2), order(2, lines=3), order(1, lines=1)])
        assert_in_order(engine, DOSSIER, ORDER)
        engine.dispose()
        with superuser(servers) as connection:  # the checks keep a connection open
            sessions = "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s"
            connection.execute(sessions, [engine.url.database])
        yield str(engine.url.database)


@pytest.fixture
def history(servers: Settings, past: str) -> Iterator[Engine]:
    with own_database(servers, template=past) as engine:
        yield engine


def contents(engine: Engine) -> Any:
    return core_rows(engine, DOSSIER), core_rows(engine, ORDER), child_rows(engine, ORDER)


def entries_as_kept(engine: Engine) -> Any:
    """What the lake knows of them."""
    own = ("id", "quarantined_at", "last_tried_at")
    return [{name: value for name, value in row.items() if name not in own} for row in quarantined(engine)]


def wait_for_a_lock(engine: Engine) -> None:
    """Until a session of the database waits for another's lock."""
    waiters = text(
        "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
    )
    until = time.monotonic() + 30
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while not connection.execute(waiters).scalar_one():
            assert time.monotonic() < until, "nobody waits for the lock"
            time.sleep(0.02)


def test_what_is_rebuilt_is_what_is_there_whole_or_in_part(history: Engine, lake: LakeStore) -> None:
    before = contents(history), quarantined(history)
    found = rebuilt(history, lake, DOSSIER, swap_in=True)
    assert (found.state, found.found.differences, found.swapped_rows) == ("equal", (), 0)
    (rows, *_), (entries, *_) = found.found.totals()[ROWS], found.found.totals()[ENTRIES]
    assert (found.records, rows.rows, entries.rows) == (13, 7, 3)
    assert found.found.rejected_today == {}
    # The fourth is the replay's: it took no offsets of its own.
    assert rebuild(history, lake, DOSSIER, Loads(4, 4), "test") is None
    for loads in (Loads(2, 3), Loads(3, 5)):
        assert kinds(rebuilt(history, lake, DOSSIER, loads)) == [], loads
    assert (contents(history), quarantined(history)) == before
    assert staging_names(history) == []


def test_what_was_changed_by_hand_is_named_and_mended(history: Engine, lake: LakeStore) -> None:
    before, entries = contents(history), entries_as_kept(history)
    row = f"{ROWS} set {{}} where kafka_partition = 0 and kafka_offset = {{}}".format
    damage(
        history,
        f"update {row('fee_vnd = 1', 1)}",
        f"update {row('load_id = 1, status = 9', 6)}",
        f"update {row('kafka_offset = 250000', 7)}",
        f"delete from {ROWS} where kafka_partition = 0 and kafka_offset = 3",
        f"alter table {ROWS} drop constraint {DOSSIER.event}_pkey",
        f"insert into {ROWS} select * from {ROWS} where kafka_offset = 10",
        f"delete from {ENTRIES} where kafka_offset in (4, 5)",
        f"update {ENTRIES} set raw = 'x' where kafka_offset = 3",
    )
    found = rebuilt(history, lake, DOSSIER)
    assert (found.state, found.differs) == ("different", True)
    assert kinds(found) == [
        (ROWS, "changed", 2),
        (ROWS, "doubled", 1),
        (ROWS, "extra", 1),
        (ROWS, "missing", 2),
        (ENTRIES, "changed", 1),
        (ENTRIES, "missing", 2),
    ]
    changed, doubled, extra, missing, altered, lost = found.found.differences
    assert changed.columns == {"fee_vnd": 1, "load_id": 1, "status": 1}
    assert [str(place.event_id) for place in changed.places] == [event_id(2), event_id(6)]
    assert [(place.partition, place.offset) for place in (*doubled.places, *extra.places)] == [(0, 10), (0, 250000)]
    assert [place.offset for place in missing.places] == [3, 7]
    assert (altered.columns, altered.places[0].offset) == ({"raw": 1}, 3)
    assert [place.offset for place in lost.places] == [4, 5]
    unequal = {(part.table, part.partition, part.from_offset) for part in found.found.parts if not part.is_equal}
    assert unequal == {(ROWS, 0, 0), (ROWS, 0, 200_000), (ENTRIES, 0, 0)}

    assert rebuilt(history, lake, DOSSIER, swap_in=True).state == "swapped"
    assert (contents(history), entries_as_kept(history)) == (before, entries)
    assert_in_order(history, DOSSIER)
    assert rebuilt(history, lake, DOSSIER).state == "equal"


def test_lines_that_are_lost_changed_or_without_an_event_are_named_and_mended(history: Engine, lake: LakeStore) -> None:
    before = contents(history)
    damage(
        history,
        f"update {LINES} set quantity = 9 where line_no = 1 and event_id = '{event_id(1)}'",
        f"insert into {LINES} select uuidv7(), {', '.join(list(before[2][0])[1:])} from {LINES} limit 1",
        f"delete from {LINES} where line_no = 2 and event_id = '{event_id(2)}'",
    )
    found = rebuilt(history, lake, ORDER, swap_in=True)
    assert kinds(found) == [(LINES, "changed", 2), (LINES, "extra", 1)]
    assert found.found.differences[1].places[0].partition is None
    assert contents(history) == before
    damage(history, f"delete from {ORDERS}")
    assert kinds(rebuilt(history, lake, ORDER, swap_in=True)) == [(ORDERS, "missing", 2)]
    assert contents(history) == before


def test_loads_go_on_while_it_is_swapped_in_and_nothing_is_lost_or_doubled(history: Engine, lake: LakeStore) -> None:
    damage(history, f"delete from {ROWS} where kafka_offset = 10", f"update {ROWS} set status = 9 where status = 2")
    land(lake, DOSSIER, [dossier(20), dossier(1), dossier(10)], from_offset=11)
    waiting: list[Future[PublishResult]] = []
    staged: list[int] = []
    seen: list[str] = []

    def load_meanwhile(step: str) -> None:
        seen.append(step)
        if step == "rebuild.begun":
            with pytest.raises(RebuildRunning):
                rebuild(history, lake, DOSSIER, Loads(), "another")
        if step == "rebuild.compared":
            assert load(history, lake, DOSSIER).loaded == 2
            land(lake, DOSSIER, [dossier(21), dossier(22)], from_offset=14)
            staged.append(stage_checked(history, lake, DOSSIER))
        if step == "rebuild.swapped":
            waiting.append(pool.submit(publish, history, lake, DOSSIER, *staged))
            wait_for_a_lock(history)

    with ThreadPoolExecutor(1) as pool:
        assert rebuilt(history, lake, DOSSIER, swap_in=True, on_step=load_meanwhile).state == "swapped"
        assert waiting[0].result(timeout=60).loaded == 2
    assert seen[-1] == "rebuild.swapped"
    assert [row["status"] for row in core_rows(history, DOSSIER)] == [2] * 11
    assert_in_order(history, DOSSIER)
    assert rebuilt(history, lake, DOSSIER).state == "equal"


def test_an_entry_that_is_closed_between_the_comparison_and_the_swap_stops_it(history: Engine, lake: LakeStore) -> None:
    damage(history, f"delete from {ROWS} where kafka_offset = 10")
    closed = "status = 'discarded', closed_at = now(), closed_by = 'a', close_reason = 'b'"

    def close_one(step: str) -> None:
        if step == "rebuild.compared":
            damage(history, f"update {ENTRIES} set {closed} where kafka_offset = 4")

    before = contents(history)
    with pytest.raises(RebuildOvertaken):
        rebuilt(history, lake, DOSSIER, swap_in=True, on_step=close_one)
    assert contents(history) == before
    assert staging_names(history) == []


@pytest.fixture
def at_history(monkeypatch: pytest.MonkeyPatch, servers: Settings, history: Engine, lake: LakeStore) -> Engine:
    """Commands and tasks work on this database and lake."""
    monkeypatch.setenv("HAGIANG_HOME", str(servers.home))
    monkeypatch.setenv("WAREHOUSE_URL", url_of(servers.warehouse.owner_url, str(history.url.database)))
    monkeypatch.setenv("LAKE_BUCKET", lake.bucket)
    return history


def test_the_daily_sample_fails_and_the_command_tells_mends_and_tells_the_marts(at_history: Engine) -> None:
    from dags.rebuild_sample import RebuildDiffers, sample

    marts = {mart.name: mart for mart in load_marts()}

    def inputs() -> list[Any]:
        with at_history.connect() as connection:
            return [inputs_of(connection, marts["dossier"], {event}).other for event in (DOSSIER.event, ORDER.event)]

    damage(at_history, f"update {ORDERS} set total_vnd = 1 where kafka_offset = 1")
    params = {"event": ORDER.event, "max_records": 10}
    with pytest.raises(RebuildDiffers, match=rf"{ORDERS}: 1 changed \(partition/offset 0/1\)"):
        sample.function("2026-03-02T03:10:00+07:00", run_id="test", params=params)

    damage(at_history, f"delete from {ROWS} where kafka_offset = 10")
    before = inputs()
    command = CliRunner()
    told = command.invoke(main, ["rebuild", DOSSIER.event])
    assert told.exit_code == 3, told.output
    assert "DIFFERENT" in told.output
    assert "0/10" in told.output
    assert event_id(8) in told.output
    swapped = command.invoke(main, ["rebuild", DOSSIER.event, "--swap", "--json"])
    assert swapped.exit_code == 0
    assert json.loads(swapped.output)["swapped_rows"] == 1
    dossiers, orders = inputs()
    assert dossiers == {**before[0], "swapped": str(json.loads(swapped.output)["rebuild_id"])}
    assert orders == before[1]
    assert "Nothing was loaded then" in command.invoke(main, ["rebuild", DOSSIER.event, "--to", "2021-06-01"]).output
