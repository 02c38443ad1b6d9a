"""Marts of the cooperation programme on hand-made reports: training, events, projects, official figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine

from tests.component.warehouse.mart_rows import built, cells, kpis, put_changed, ratio

JUNE, JULY = date(2021, 6, 1), date(2021, 7, 1)


def course(code: str, attended: int, version: int = 1, **changes: Any) -> dict[str, Any]:
    usual = {"audience": "officials", "ended_on": "2021-06-20", "hours": "2.5", "examined": None, "passed": None}
    return {"session_code": code, "attended": attended, "report_version": version, **usual, **changes}


def test_people_are_trained_in_the_month_their_course_ended(engine: Engine) -> None:
    put_changed(
        engine,
        "training_session_held",
        course("A", 40, version=2, examined=20, passed=15),
        course("A", 60, version=1),
        course("B", 10, hours="4"),
        course("C", 5, audience="youth", ended_on="2021-07-01", examined=5, passed=5),
    )
    found = kpis(engine)
    columns = ("month", "audience", "sessions", "attended", "examined", "passed", "participant_hours")
    assert cells(engine, "training_monthly", *columns) == [
        (JUNE, "officials", 2, 50, 20, 15, 140),
        (JULY, "youth", 1, 5, 5, 5, Decimal("12.5")),
    ]
    assert ratio(found, "people_trained") == (55, None, 55)
    assert ratio(found, "training_pass_share") == (20, 25, 80)


def test_an_event_counts_once_by_its_highest_report(engine: Engine) -> None:
    usual = {"kind": "sector_conference", "sector": "trade", "ended_on": "2021-06-23", "businesses": 3}
    held = {**usual, "agreements": None, "stalls": 4, "agreed_vnd": None, "report_version": 1}
    put_changed(
        engine,
        "business_event_held",
        {**held, "event_code": "A", "participants": 120, "report_version": 2},
        {**held, "event_code": "A", "participants": 100},
        {**held, "event_code": "B", "participants": 30, "agreements": 2, "agreed_vnd": 1_000_000, "stalls": None},
    )
    found = kpis(engine)
    columns = ("events", "participants", "businesses", "stalls", "agreements", "agreed_vnd")
    assert cells(engine, "business_event_monthly", "month", *columns) == [(JUNE, 2, 150, 6, 4, 2, 1_000_000)]
    assert ratio(found, "events_held") == (2, None, 2)


def project(code: str, phase: str, version: int = 1, **changes: Any) -> dict[str, Any]:
    told = {"due_on": "2021-06-20", "progress_percent": 50, "budget_million_vnd": "10", "spent_million_vnd": None}
    owner = {"pillar": "foundation", "assigned_by": "executive_board"}
    return {"project_code": code, "phase": phase, "report_version": version, **owner, **told, **changes}


def test_a_project_is_in_its_latest_phase(engine: Engine) -> None:
    put_changed(
        engine,
        "project_status_changed",
        project("A", "in_operation", version=2, spent_million_vnd="9.5"),
        project("A", "trial", version=1),
        project("B", "in_progress"),
        project("C", "in_progress", due_on="2021-06-21", progress_percent=25),
        project("D", "cancelled"),
    )
    found = kpis(engine)
    columns = ("phase", "projects", "overdue", "budget_million_vnd", "spent_million_vnd", "mean_progress_percent")
    assert cells(engine, "project_status", *columns) == [
        ("cancelled", 1, 0, 10, 0, 50),
        ("in_operation", 1, 0, 10, Decimal("9.5"), 50),
        ("in_progress", 2, 1, 20, 0, Decimal("37.5")),
    ]
    assert ratio(found, "projects_in_operation_share") == (1, 3, Decimal("33.33"))


def test_a_corrected_figure_takes_the_place_of_the_former(engine: Engine) -> None:
    usual = {
        "indicator": "hdi",
        "statement": "actual",
        "admin_unit_code": "02",
        "period_from": "2020-01-01",
        "period_to": "2020-12-31",
        "value_unit": "index",
    }
    put_changed(
        engine,
        "indicator_reported",
        {**usual, "value": "0.592", "estimate": False, "report_version": 2},
        {**usual, "value": "0.6", "estimate": True, "report_version": 1},
        {**usual, "value": "0.7", "estimate": False, "report_version": 1, "statement": "target"},
    )
    built(engine)
    assert cells(engine, "indicator", "statement", "value", "estimate") == [
        ("actual", Decimal("0.592"), False),
        ("target", Decimal("0.7"), False),
    ]
