"""Marts built from core on PostgreSQL: each figure on hand-made histories."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import ProgrammingError

from consumers.warehouse.closing import Closing
from consumers.warehouse.connect import engine_for
from consumers.warehouse.publish import publish
from consumers.warehouse.replay_choice import Choice
from consumers.warehouse.replay_publish import publish_replay
from consumers.warehouse.replay_stage import stage_replay
from consumers.warehouse.tables.events import ensure_event_tables
from infra.object_store import LakeStore
from infra.settings import Settings
from schemas.catalog import load_catalog
from tests.component.warehouse.loads import DOSSIER, FPT, ORDER, condemn, load, pass_checks, stage_checked
from tests.component.warehouse.mart_rows import NOW, built, kpis, mart, put
from tests.landed_batches import Reject, land
from tests.samples import START, Event, dossier, order, task

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class Numbered:
    """Events with fresh ids."""

    def __init__(self) -> None:
        self.number = 0

    def step(self, code: str, status: int, at: datetime, **changes: Any) -> Event:
        self.number += 1
        return dossier(self.number, dossier_code=code, status=status, occurred_at=at, **changes)

    def sale(self, order_id: str, status: str, at: datetime, **changes: Any) -> Event:
        self.number += 1
        return order(self.number, lines=1, order_id=order_id, status=status, occurred_at=at, **changes)

    def report(self, code: str, version: int, **changes: Any) -> Event:
        self.number += 1
        return task(self.number, task_code=code, item=int(code[2]), report_version=version, **changes)


def service(engine: Engine) -> dict[date, dict[str, int]]:
    built(engine)
    counts = ("received", "received_online", "finished", "on_time", "overdue", "without_due", "refused", "stopped")
    return {
        row["day"]: {name: row[name] for name in counts if row[name]} for row in mart(engine, "public_service_daily")
    }


def test_a_dossier_is_received_and_finished_on_its_days_in_vietnam(engine: Engine) -> None:
    n = Numbered()
    late_evening = datetime(2021, 6, 21, 18, tzinfo=UTC)  # 01:00 on the 22nd in Vietnam
    put(
        engine,
        DOSSIER,
        [
            n.step("A", 2, late_evening, received_at=late_evening),
            n.step("A", 4, late_evening + HOUR, received_at=late_evening),
            n.step("A", 9, late_evening + DAY, received_at=late_evening, due_at=late_evening + DAY),
            n.step("A", 10, late_evening + 2 * DAY, received_at=late_evening, due_at=late_evening + DAY),
        ],
    )
    assert service(engine) == {
        date(2021, 6, 22): {"received": 1, "received_online": 1},
        date(2021, 6, 23): {"finished": 1, "on_time": 1},
    }


def test_the_latest_step_counts_not_the_latest_arrival(engine: Engine) -> None:
    n = Numbered()
    put(
        engine,
        DOSSIER,
        [
            n.step("A", 9, START + DAY, received_at=START, due_at=START + 2 * DAY, agency_code="H22.06"),
            n.step("A", 4, START + HOUR, received_at=START, due_at=START, agency_code="H22.05"),
        ],
    )
    built(engine)
    rows = mart(engine, "public_service_daily")
    assert {row["agency_code"] for row in rows} == {"H22.06"}
    assert sum(row["on_time"] for row in rows) == 1


def test_lateness_pauses_while_a_supplement_is_awaited_once(engine: Engine) -> None:
    n = Numbered()
    due = START + DAY

    def history(code: str, *pauses: timedelta) -> list[Event]:
        at, steps = START, [n.step(code, 2, START, received_at=START, due_at=due, channel="direct")]
        for pause in pauses:
            steps.append(n.step(code, 5, at + HOUR, received_at=START, due_at=due, channel="direct"))
            at += HOUR + pause
            steps.append(n.step(code, 4, at, received_at=START, due_at=due, channel="direct"))
        return [*steps, n.step(code, 9, START + DAY + 2 * HOUR, received_at=START, due_at=due, channel="direct")]

    put(engine, DOSSIER, [*history("LATE"), *history("PAUSED", 3 * HOUR), *history("TWICE", 2 * HOUR, 3 * HOUR)])
    assert service(engine) == {
        date(2021, 6, 21): {"received": 3},
        date(2021, 6, 22): {"finished": 3, "on_time": 1, "overdue": 2},
    }


def test_refused_stopped_and_undated_dossiers_are_told_apart(engine: Engine) -> None:
    n = Numbered()
    put(
        engine,
        DOSSIER,
        [
            n.step("REFUSED", 3, START, received_at=None, due_at=None),
            n.step("STOPPED", 8, START, received_at=START),
            n.step("UNDATED", 10, START, received_at=START, due_at=None, channel="post"),
        ],
    )
    assert service(engine) == {
        date(2021, 6, 21): {
            "received": 2,
            "received_online": 1,
            "finished": 1,
            "without_due": 1,
            "refused": 1,
            "stopped": 1,
        }
    }


def test_made_up_data_stands_apart_from_real_data(engine: Engine) -> None:
    n = Numbered()
    put(engine, DOSSIER, [n.step("A", 2, START), n.step("B", 2, START, synthetic=False)])
    built(engine)
    assert [(row["synthetic"], row["received"]) for row in mart(engine, "public_service_daily")] == [
        (False, 1),
        (True, 1),
    ]


def test_an_order_is_revenue_once_on_the_day_it_was_delivered(engine: Engine) -> None:
    n = Numbered()
    put(
        engine,
        ORDER,
        [
            n.sale("A", "completed", START + 3 * DAY),
            n.sale("A", "confirmed", START),
            n.sale("A", "delivered", START + DAY),
            n.sale("B", "confirmed", START),
            n.sale("B", "cancelled", START + HOUR),
            n.sale("C", "confirmed", START),
            n.sale("C", "delivered", START + DAY),
            n.sale("C", "returned", START + 2 * DAY),
        ],
    )
    built(engine)
    names = ("day", "orders", "delivered_orders", "returned_orders", "revenue_vnd", "as_of")
    assert [tuple(row[name] for name in names) for row in mart(engine, "marketplace_sales_daily")] == [
        (date(2021, 6, 21), 3, 0, 0, 0, START + 3 * DAY),
        (date(2021, 6, 22), 0, 2, 1, 50_000, START + 3 * DAY),
    ]


def test_orders_of_two_platforms_may_have_one_number(engine: Engine) -> None:
    n = Numbered()
    put(engine, ORDER, [n.sale("A", "confirmed", START), n.sale("A", "delivered", START, platform="tiki")])
    built(engine)
    found = [
        (row["platform"], row["orders"], row["delivered_orders"]) for row in mart(engine, "marketplace_sales_daily")
    ]
    assert found == [("shopee", 1, 0), ("tiki", 1, 1)]


def test_the_highest_report_of_a_task_counts(engine: Engine) -> None:
    n = Numbered()
    put(
        engine,
        FPT,
        [
            n.report("HT1-001", 2, status="done", progress_percent=100),
            n.report("HT1-001", 1, progress_percent=10, due_on=date(2021, 6, 1)),
            n.report("HT1-002", 1, progress_percent=25, due_on=date(2021, 6, 29)),
            n.report("HT1-003", 1, progress_percent=0, status="planned", due_on=date(2021, 6, 30), occurred_at=NOW),
            n.report("HT1-004", 3, progress_percent=90, status="cancelled", due_on=date(2021, 6, 1)),
        ],
    )
    built(engine)
    items = mart(engine, "fpt_cooperation_status")
    assert [row["item"] for row in items] == [1, 2, 3, 4, 5, 6]
    names = ("tasks", "done", "cancelled", "overdue", "mean_progress_percent", "synthetic")
    assert tuple(items[0][name] for name in names) == (3, 1, 1, 1, Decimal("41.67"), True)
    assert tuple(items[1][name] for name in names) == (0, 0, 0, 0, None, False)
    assert items[3]["name_vi"] == "Sản phẩm OCOP và bán hàng trực tuyến"


def test_a_figure_says_how_far_it_can_be_trusted(engine: Engine, lake: LakeStore) -> None:
    received = {"received_at": START, "due_at": START + DAY}
    events: list[Event | Reject] = [
        dossier(1, status=9, occurred_at=START + HOUR, **received),
        dossier(2, status=9, occurred_at=START + 2 * DAY, **received),
        dossier(3, channel="direct", **received),
        dossier(3, channel="direct", **received),
        dossier(4),
        Reject("null_value", value=None),
    ]
    land(lake, DOSSIER, events)
    load_id = stage_checked(engine, lake, DOSSIER)
    condemn(engine, DOSSIER, load_id, offset=4)
    publish(engine, lake, DOSSIER, load_id)
    found = kpis(engine)
    on_time = found["dossiers_on_time"]
    assert (on_time["numerator"], on_time["denominator"], on_time["value"]) == (1, 2, Decimal("50.00"))
    assert (on_time["as_of"], on_time["completeness"]) == (START + 2 * DAY, Decimal("0.666667"))
    assert (on_time["open_quarantine"], on_time["synthetic"], on_time["unit"]) == (2, True, "percent")
    assert found["dossiers_online"]["value"] == Decimal("66.67")
    assert found["orders_delivered"]["open_quarantine"] == 0

    replay_id = stage_replay(engine, DOSSIER, Choice(), lambda _: DOSSIER.schema, "test")
    assert replay_id is not None
    pass_checks(engine, replay_id)
    publish_replay(engine, DOSSIER, replay_id, Closing("me", "a test"))
    on_time = kpis(engine)["dossiers_on_time"]
    assert (on_time["completeness"], on_time["open_quarantine"]) == (Decimal("0.833333"), 1)


def test_each_build_is_noted_with_the_loads_in_it(engine: Engine, lake: LakeStore) -> None:
    land(lake, DOSSIER, [dossier(1)])
    load_id = load(engine, lake, DOSSIER).load_id
    marts = built(engine)
    assert list(marts)[-2:] == ["kpi", "kpi_target"]
    assert marts["public_service_daily"].loads == {"dossier_status_changed": load_id}
    assert marts["kpi"].loads == {"dossier_status_changed": load_id}
    assert marts["marketplace_sales_daily"].loads == {}
    assert marts["fpt_cooperation_status"].rows == 6
    with engine.connect() as connection:
        noted = connection.execute(text("select mart, rows, loads, built_at from ledger.mart_build")).all()
    assert {(row.mart, row.rows, row.built_at) for row in noted} == {(m.mart, m.rows, NOW) for m in marts.values()}


def test_a_rebuild_replaces_the_former_figures(engine: Engine) -> None:
    n = Numbered()
    put(engine, DOSSIER, [n.step("A", 2, START)])
    first = service(engine)
    assert service(engine) == first
    with engine.begin() as connection:
        connection.execute(text("delete from core.dossier_status_changed"))
    assert service(engine) == {}


def test_every_table_and_column_of_mart_and_core_is_described_in_both_languages(engine: Engine) -> None:
    with engine.begin() as connection:
        for contract in load_catalog().values():
            ensure_event_tables(connection, contract)
    built(engine)
    query = text(
        "select c.oid::regclass::text, a.attname, col_description(c.oid, a.attnum), obj_description(c.oid)"
        " from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not attisdropped"
        " where c.relnamespace::regnamespace::text in ('core', 'mart') and c.relkind in ('r', 'v', 'm', 'p')"
    )
    with engine.connect() as connection:
        found = connection.execute(query).all()
    assert {"mart.kpi", "core.order_status_changed_lines"} <= {row[0] for row in found}
    assert [row for row in found if " / " not in (row[2] or "") or " / " not in (row[3] or "")] == []


def test_the_dashboard_role_reads_marts_and_core_and_nothing_else(servers: Settings, engine: Engine) -> None:
    with engine.begin() as connection:
        for contract in load_catalog().values():
            ensure_event_tables(connection, contract)
    built(engine)
    dashboard = engine_for(servers.warehouse.dashboard_url)
    own = create_engine(dashboard.url.set(database=engine.url.database))
    dashboard.dispose()
    with engine.connect() as connection:
        tables = connection.execute(
            text("select schemaname, tablename from pg_tables where schemaname !~ '^pg_|^inf'")
        ).all()
    assert {schema for schema, _ in tables} >= {"core", "mart", "ledger", "quarantine"}
    readable = {(schema, name) for schema, name in tables if can(own, f'select 1 from {schema}."{name}" limit 1')}
    assert readable == {(schema, name) for schema, name in tables if schema in ("core", "mart")}
    for schema, name in sorted(readable):
        assert not can(own, f'delete from {schema}."{name}"'), name
    assert not can(own, "create table mart.mine (x int)")
    own.dispose()


def can(engine: Engine, statement: str) -> bool:
    """Whether the role may; a read-only session is made writable first, so that rights alone decide."""
    with engine.connect() as connection:
        connection.execute(text("set transaction read write"))
        try:
            connection.execute(text(statement))
        except ProgrammingError as error:
            if "permission denied" not in str(error):
                raise
            return False
    return True


@pytest.mark.parametrize("name", ["public_service_daily", "marketplace_sales_daily", "fpt_cooperation_status", "kpi"])
def test_a_reader_sees_a_whole_state_while_a_mart_is_rebuilt(engine: Engine, name: str) -> None:
    built(engine)
    n = Numbered()
    put(engine, DOSSIER, [n.step("A", 2, START)])
    put(engine, ORDER, [n.sale("A", "confirmed", START)])
    built(engine)
    with engine.connect() as reader:
        before = reader.execute(text(f"select count(*) from mart.{name}")).scalar_one()
        with engine.begin() as writer:
            writer.execute(text(f"delete from mart.{name}"))
            assert reader.execute(text(f"select count(*) from mart.{name}")).scalar_one() == before > 0
