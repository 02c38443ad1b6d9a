"""The breaker through its whole loop: it opens, the next batches wait, somebody resumes, and the books close."""

from __future__ import annotations

from dataclasses import replace

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, text

from consumers.warehouse.breaker import BreakerOpen
from consumers.warehouse.check import check
from consumers.warehouse.openings import NotOpen, open_breakers, resume
from consumers.warehouse.publish import PublishResult, publish
from consumers.warehouse.seeding import seed_dimensions
from consumers.warehouse.stage import stage
from consumers.warehouse.tables.ledger import WITH_CHECK, WITH_QUARANTINE
from consumers.warehouse.two_persons import ReasonNeeded
from infra.cli.main import main
from infra.object_store import LakeStore
from infra.settings import Settings
from schemas.contract import Breaker, Contract
from tests.component.warehouse.loads import DOSSIER, contents, staging_names, watermarks
from tests.component.warehouse.replays import assert_in_order
from tests.landed_batches import land
from tests.samples import dossier

STRICT = replace(DOSSIER, breaker=Breaker(share=0.5, rows=2))
LAX = replace(DOSSIER, breaker=Breaker(share=1.0, rows=2))


@pytest.fixture
def seeded(engine: Engine) -> Engine:
    seed_dimensions(engine)
    return engine


def run(engine: Engine, lake: LakeStore, contract: Contract = STRICT) -> PublishResult | None:
    """A run of the event's DAG; None when the lake holds nothing beyond the watermark."""
    load_id = stage(engine, lake, contract, run_id="test")
    if load_id is None:
        return None
    check(engine, lake, contract, load_id)
    return publish(engine, lake, contract, load_id)


def land_bad(lake: LakeStore, *numbers: int) -> None:
    land(lake, DOSSIER, [dossier(n, fee_vnd=-1) for n in numbers], from_offset=numbers[0])


def trip(engine: Engine, lake: LakeStore) -> None:
    """Three bad rows of three."""
    land_bad(lake, 0, 1, 2)
    with pytest.raises(BreakerOpen, match=r"load 1: 3 of 3 records fail: fee_vnd_min 3"):
        run(engine, lake)


def resumed(engine: Engine, how: str) -> None:
    resume(engine, DOSSIER.event, how=how, by="lan", why="the source has said so")


def test_all_bad_rows_write_nothing_and_the_next_batches_wait(seeded: Engine, lake: LakeStore) -> None:
    trip(seeded, lake)
    before = contents(seeded)
    assert before["core.dossier_status_changed"] == before["quarantine.event"] == []
    kept = staging_names(seeded)
    assert kept
    land(lake, DOSSIER, [dossier(3)], from_offset=3)
    for _ in range(2):
        with pytest.raises(BreakerOpen, match=r"since 20.* UTC; .*load 1: 3 of 3") as refused:
            run(seeded, lake)
        assert not refused.value.retriable
    assert contents(seeded) == before
    assert watermarks(seeded) == {0: 0}
    assert staging_names(seeded) == kept
    with seeded.connect() as connection:
        (opening,) = open_breakers(connection)
    assert (opening.load_id, opening.failed, opening.total, opening.by_rule) == (1, 3, 3, {"fee_vnd_min": 3})


def test_what_waited_is_let_through_and_what_comes_after_is_watched_again(seeded: Engine, lake: LakeStore) -> None:
    trip(seeded, lake)
    land_bad(lake, 3, 4, 5)
    resumed(seeded, WITH_QUARANTINE)
    through = run(seeded, lake)
    assert through is not None
    assert (through.consumed, through.quarantined, watermarks(seeded)) == (3, 3, {0: 3})
    with pytest.raises(BreakerOpen, match="3 of 3"):
        run(seeded, lake)
    resumed(seeded, WITH_QUARANTINE)
    land(lake, DOSSIER, [dossier(6), dossier(7)], from_offset=6)
    for consumed, quarantined in ((3, 3), (2, 0)):
        result = run(seeded, lake)
        assert result is not None
        assert (result.consumed, result.quarantined) == (consumed, quarantined)
    assert run(seeded, lake) is None
    assert_in_order(seeded, DOSSIER)


def test_a_load_let_through_that_died_is_let_through_again(seeded: Engine, lake: LakeStore) -> None:
    trip(seeded, lake)
    resumed(seeded, WITH_QUARANTINE)
    died = stage(seeded, lake, STRICT, run_id="test")
    assert died is not None
    check(seeded, lake, STRICT, died)
    result = run(seeded, lake)
    assert result is not None
    assert result.quarantined == 3
    assert publish(seeded, lake, STRICT, died).stale
    assert_in_order(seeded, DOSSIER)


def test_once_the_rule_is_mended_the_next_load_is_judged_anew(seeded: Engine, lake: LakeStore) -> None:
    trip(seeded, lake)
    resumed(seeded, WITH_CHECK)
    with pytest.raises(BreakerOpen, match="load 2: 3 of 3"):
        run(seeded, lake)
    resumed(seeded, WITH_CHECK)
    land(lake, DOSSIER, [dossier(3)], from_offset=3)
    result = run(seeded, lake, LAX)
    assert result is not None
    assert (result.consumed, result.loaded, result.quarantined) == (4, 1, 3)
    assert_in_order(seeded, DOSSIER)


def test_a_repeated_check_that_passes_lets_loads_go_on(seeded: Engine, lake: LakeStore) -> None:
    trip(seeded, lake)
    check(seeded, lake, LAX, 1)
    publish(seeded, lake, LAX, 1)
    land(lake, DOSSIER, [dossier(3)], from_offset=3)
    result = run(seeded, lake)
    assert result is not None
    assert result.loaded == 1
    with seeded.connect() as connection:
        assert open_breakers(connection) == []
        assert connection.execute(text("select resumed_how from ledger.breaker")).scalars().all() == ["passed"]


def test_whoever_resumes_says_who_and_why(seeded: Engine, lake: LakeStore) -> None:
    with pytest.raises(NotOpen):
        resumed(seeded, WITH_CHECK)
    trip(seeded, lake)
    for by, why in ((" ", "because"), ("lan", "")):
        with pytest.raises(ReasonNeeded):
            resume(seeded, DOSSIER.event, how=WITH_CHECK, by=by, why=why)
    resumed(seeded, WITH_CHECK)
    with seeded.connect() as connection:
        said = connection.execute(text("select resumed_how, resumed_by, resume_reason from ledger.breaker")).one()
    assert tuple(said) == ("check", "lan", "the source has said so")


def test_the_command_lists_and_resumes(
    seeded: Engine, lake: LakeStore, servers: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAGIANG_HOME", str(servers.home))
    monkeypatch.setenv("WAREHOUSE_URL", seeded.url.render_as_string(hide_password=False))
    monkeypatch.setenv("AIRFLOW_URL", "http://127.0.0.1:1")
    trip(seeded, lake)
    command = CliRunner()
    listed = command.invoke(main, ["breaker", "list"])
    assert "load 1: 3 of 3 records fail: fee_vnd_min 3 (100.0%), open since" in listed.output
    resume_it = ["breaker", "resume", DOSSIER.event, "--how", "quarantine", "--why", "so it is"]
    assert "within 15 minutes" in command.invoke(main, resume_it).output
    assert "No breaker is open" in command.invoke(main, ["breaker", "list"]).output
    assert command.invoke(main, resume_it).exit_code == 1
