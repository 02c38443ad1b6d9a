"""Marts built for what changed are those built from everything, whatever came in, and are left alone otherwise."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import Connection, Engine, select, text

from consumers.warehouse.ledger import set_state
from consumers.warehouse.marts.files import load_marts
from consumers.warehouse.seeding import seed_dimensions
from consumers.warehouse.tables import ledger
from infra.demo.run import events_by_mart
from infra.demo.waiting import NotLoadedInTime, Patience, wait_until_built
from infra.settings import Settings
from tests.component.warehouse.loads import CATALOG, DOSSIER
from tests.component.warehouse.mart_history import FIRST, History, begin, finish
from tests.component.warehouse.mart_rows import built, changed_examples, mart
from tests.databases import own_database
from tests.samples import START, Event, dossier

DAY = timedelta(days=1)
MARTS = load_marts()
BY_CHANGES = [each.name for each in MARTS if each.changed is not None]
INDICATOR = CATALOG["indicator_reported"]
VISITS = CATALOG["tourism_visit_reported"]


@pytest.fixture
def other(servers: Settings, migrated: str) -> Iterator[Engine]:
    """A second warehouse."""
    with own_database(servers, template=migrated) as engine:
        yield engine


def contents(engine: Engine) -> dict[str, list[str]]:
    """Every row of every mart."""
    with engine.connect() as connection:
        query = "select m::text from mart.{} as m order by 1"
        return {each.name: list(connection.execute(text(query.format(each.name))).scalars()) for each in MARTS}


def publish(engine: Engine, *events: Event) -> int:
    """A load of dossiers; returns its number."""
    load_id = begin(engine, DOSSIER)
    finish(engine, DOSSIER, load_id, list(events))
    return load_id


def run(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement))


def kinds(engine: Engine, days_later: int = 0) -> dict[str, str]:
    """What a build did to the marts that it did not leave alone."""
    found = built(engine, FIRST + days_later * DAY, whole=False)
    return {name: build.kind for name, build in found.items() if build.kind != "unchanged"}


def services(engine: Engine) -> dict[tuple[date, str], tuple[int, int]]:
    """Dossiers received and finished by day and agency."""
    rows = mart(engine, "public_service_daily")
    return {(row["day"], row["agency_code"]): (row["received"], row["finished"]) for row in rows}


def test_marts_built_for_what_changed_are_those_built_from_everything(engine: Engine, other: Engine) -> None:
    history, done = History(Random(1)), set[tuple[str, str]]()
    for warehouse in (engine, other):
        seed_dimensions(warehouse)
    for round_of in range(4):
        at = FIRST + round_of * DAY
        begun = [(load, begin(engine, load.contract), begin(other, load.contract)) for load in history.loads()]
        history.random.shuffle(begun)
        for load, here, there in begun:
            finish(engine, load.contract, here, load.events)
            finish(other, load.contract, there, load.events)
            if history.random.random() < 0.2:
                done |= {(name, each.kind) for name, each in built(engine, at, whole=False).items()}
        done |= {(name, each.kind) for name, each in built(engine, at, whole=False).items()}
        built(other, at)
        assert contents(engine) == contents(other), f"round {round_of}"
    assert done >= {(name, "changed") for name in BY_CHANGES}


def test_a_mart_is_left_alone_until_what_it_is_made_from_changes(engine: Engine) -> None:
    publish(engine, dossier(1))
    assert set(kinds(engine).values()) == {"whole"}
    assert kinds(engine) == {}
    with engine.connect() as connection:
        assert connection.execute(text("select count(*) from ledger.mart_build")).scalar_one() == len(MARTS)
    publish(engine, dossier(2))
    found = kinds(engine)
    changed = ["dossier", "latest_event", "public_service_daily", "public_service_daily_2025_borders"]
    assert {name for name, kind in found.items() if kind == "changed"} == set(changed)
    assert {name for name, kind in found.items() if kind == "whole"} == {"reporting_day", "kpi", "kpi_target"}


def test_a_load_that_changes_nothing_is_noted_with_every_mart_that_reads_its_event(engine: Engine) -> None:
    publish(engine, dossier(1))
    kinds(engine)
    load_id = publish(engine)
    with pytest.raises(NotLoadedInTime):
        wait_until_built(engine, events_by_mart(), Patience(seconds=0.1))
    assert kinds(engine).keys() <= {"reporting_day", "latest_event", "kpi", "kpi_target"}
    query = "select distinct on (mart) mart, loads, publications from ledger.mart_build order by mart, build_id desc"
    with engine.connect() as connection:
        noted = {row.mart: (row.loads, row.publications) for row in connection.execute(text(query))}
    readers = ("dossier", "public_service_daily_2025_borders", "ocop_product", "kpi_target")
    assert [noted[name] for name in readers] == [({DOSSIER.event: load_id}, {DOSSIER.event: 2})] * 4
    assert noted["tourism_daily"] == ({}, {})
    wait_until_built(engine, events_by_mart(), Patience(seconds=0.1))


def test_a_load_that_began_early_and_is_published_late_is_not_missed(engine: Engine) -> None:
    early = begin(engine, DOSSIER)
    publish(engine, dossier(2))
    kinds(engine)
    finish(engine, DOSSIER, early, [dossier(1)])
    kinds(engine)
    assert [row["dossier_code"][-1] for row in mart(engine, "dossier")] == ["1", "2"]


def test_a_dossier_that_moves_leaves_the_day_and_the_agency_it_was_counted_at(engine: Engine) -> None:
    first = {"dossier_code": "A", "received_at": START, "status": 9, "occurred_at": START + 2 * DAY}
    publish(engine, dossier(1, **first), dossier(2, dossier_code="B", received_at=START))
    kinds(engine)
    monday, tuesday, wednesday = (date(2021, 6, 21) + days * DAY for days in range(3))
    assert services(engine) == {(monday, "H22.05"): (2, 0), (wednesday, "H22.05"): (0, 1)}
    late = {"dossier_code": "A", "received_at": START - DAY, "status": 9}
    publish(engine, dossier(3, **late, occurred_at=START + DAY, agency_code="H22.06"))
    publish(engine, dossier(4, **late, occurred_at=START + 3 * DAY, agency_code="H22.12", previous_status=9))
    kinds(engine)
    assert services(engine) == {
        (monday - DAY, "H22.12"): (1, 0),
        (monday, "H22.05"): (1, 0),
        (tuesday, "H22.12"): (0, 1),
    }


def test_what_is_watched_makes_a_mart_whole_again(engine: Engine) -> None:
    seed_dimensions(engine)
    publish(engine, dossier(1, occurred_at=FIRST + 5 * DAY))
    kinds(engine)
    assert kinds(engine, days_later=1).keys() >= {"reporting_day", "directive_status"}
    assert "dossier" not in kinds(engine, days_later=2)
    run(engine, "update core.dim_agency set name_vi = 'Khác' where code = 'H22'")
    found = kinds(engine, days_later=2)
    assert found["dim_agency"] == found["public_service_daily_2025_borders"] == "whole"
    assert "public_service_daily" not in found
    seed_dimensions(engine)
    kinds(engine, days_later=2)
    seed_dimensions(engine)
    assert kinds(engine, days_later=2) == {}


def test_what_leaves_quarantine_is_seen_by_the_figures(engine: Engine) -> None:
    load_id = publish(engine, dossier(1))
    run(
        engine,
        "insert into quarantine.event (event, topic, kafka_partition, kafka_offset, origin, severity, rule, reason_en,"
        " reason_vi, rules, load_id, last_tried_load_id)"
        f" values ('{DOSSIER.event}', '{DOSSIER.topic}', 0, 9, 'landing', 'critical', 'x', 'x', 'x', '{{x}}',"
        f" {load_id}, {load_id})",
    )
    kinds(engine)
    run(
        engine,
        "update quarantine.event set status = 'discarded', closed_at = now(), closed_by = 'x', close_reason = 'x'",
    )
    assert kinds(engine)["kpi"] == "whole"
    assert {row["open_quarantine"] for row in mart(engine, "kpi")} == {0}


def test_a_table_that_was_dropped_is_made_again_and_what_reads_it_too(engine: Engine) -> None:
    begun = begin(engine, VISITS)
    finish(engine, VISITS, begun, changed_examples(VISITS.event, {"visits": 5}))
    kinds(engine)
    run(engine, "drop table mart.tourism_daily")
    assert kinds(engine)["tourism_daily"] == "whole"
    assert [row["visits"] for row in mart(engine, "tourism_daily")] == [5]


def test_a_mart_that_differs_in_one_value_is_another_for_those_that_read_it(engine: Engine) -> None:
    target = {"indicator": "level_four_share", "statement": "target", "period_to": "2025-12-31"}
    for version, value in enumerate(("100", "90"), 1):
        load_id = begin(engine, INDICATOR)
        report = {**target, "report_version": version, "value": value}
        finish(engine, INDICATOR, load_id, changed_examples(INDICATOR.event, report))
        kinds(engine)
    assert [row["target"] for row in mart(engine, "kpi_target")] == [90]


def test_a_load_gets_its_place_only_after_the_one_before_it_is_committed(engine: Engine) -> None:
    first, second, elsewhere = begin(engine, DOSSIER), begin(engine, DOSSIER), begin(engine, VISITS)

    def placed(load_id: int) -> int:
        with engine.begin() as connection:
            return place(connection, load_id)

    with ThreadPoolExecutor(1) as pool, engine.connect() as connection:
        assert place(connection, second) == 1
        assert placed(elsewhere) == 1
        waiting = pool.submit(placed, first)
        wait_for_a_lock(engine)
        connection.commit()
        assert waiting.result(timeout=10) == 2


def place(connection: Connection, load_id: int) -> int:
    """The load's place, published now."""
    set_state(connection, load_id, ledger.PUBLISHED)
    query = select(ledger.load.c.publication).where(ledger.load.c.load_id == load_id)
    found: int = connection.execute(query).scalar_one()
    return found


def wait_for_a_lock(engine: Engine) -> None:
    """Until somebody in this database waits for one."""
    query = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
    deadline = time.monotonic() + 10
    with engine.connect() as connection:
        while not connection.execute(text(query)).scalar_one():
            assert time.monotonic() < deadline
            connection.rollback()
            time.sleep(0.02)


def test_two_who_build_at_once_go_one_after_the_other(engine: Engine) -> None:
    publish(engine, dossier(1))
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: kinds(engine), range(2)))
    assert sorted(map(len, both)) == [0, len(MARTS)]
