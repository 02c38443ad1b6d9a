"""Marts of digital society on hand-made reports: coverage, remote consultations, online lessons."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine

from consumers.warehouse.seeding import seed_dimensions
from tests.component.warehouse.mart_rows import cells, kpis, put_changed, ratio

DAY = date(2021, 6, 21)


def coverage(commune: str, day: str, **changes: Any) -> dict[str, Any]:
    told = {"fibre_to_centre": True, "broadband_whole_area": True, "broadband_centre": True, "report_version": 1}
    return {"commune_code": commune, "as_of": day, "population": 100, "covered_population": 90, **told, **changes}


def test_the_highest_report_of_the_latest_day_tells_a_commune_s_coverage(engine: Engine) -> None:
    put_changed(
        engine,
        "network_coverage_reported",
        coverage("00715", "2021-06-18", report_version=2, covered_population=99),
        coverage("00715", "2021-06-18", covered_population=50, broadband_whole_area=False),
        coverage("00715", "2021-05-18", report_version=3, covered_population=10),
        coverage("00718", "2021-06-18", fibre_to_centre=False, broadband_whole_area=False),
    )
    found = kpis(engine)
    assert cells(engine, "network_coverage", "commune_code", "told_for", "covered_population") == [
        ("00715", date(2021, 6, 18), 99),
        ("00718", date(2021, 6, 18), 90),
    ]
    assert ratio(found, "mobile_population_share") == (189, 200, Decimal("94.50"))
    assert ratio(found, "fibre_share") == ratio(found, "broadband_share") == (1, 2, 50)
    assert ratio(found, "centre_broadband_share") == (2, 2, 100)


def test_communes_that_ended_are_left_out_once_new_ones_report(engine: Engine) -> None:
    seed_dimensions(engine)
    old = [coverage("00691", "2021-06-18"), coverage("00692", "2021-06-18"), coverage("00715", "2021-06-18")]
    put_changed(engine, "network_coverage_reported", *old)
    assert ratio(kpis(engine), "mobile_population_share") == (270, 300, 90)
    put_changed(engine, "network_coverage_reported", coverage("00691", "2025-07-15", population=500))
    found = kpis(engine)
    assert ratio(found, "mobile_population_share") == (90, 500, 18)
    assert cells(engine, "network_coverage", "commune_code", "told_for") == [("00691", date(2025, 7, 15))]


def test_counts_left_out_make_consultations_a_lower_bound(engine: Engine) -> None:
    usual = {"commune_code": "00697", "day": "2021-06-21", "report_version": 1}
    put_changed(
        engine,
        "health_consultation_summarised",
        {**usual, "facility_code": "A", "consultations": 40, "patients": 30, "report_version": 2},
        {**usual, "facility_code": "A", "consultations": 99, "patients": 99},
        {**usual, "facility_code": "B", "consultations": None, "patients": None},
        {**usual, "facility_code": "C", "consultations": 7, "patients": None, "commune_code": "00715"},
    )
    found = kpis(engine)
    columns = ("day", "commune_code", "facilities", "facilities_under_five", "consultations", "patients")
    assert cells(engine, "telehealth_daily", *columns) == [(DAY, "00697", 2, 1, 40, 30), (DAY, "00715", 1, 0, 7, 0)]
    assert ratio(found, "telehealth_consultations") == (47, None, 47)


def test_online_lessons_are_a_share_of_all_lessons_told(engine: Engine) -> None:
    usual = {"commune_code": "00697", "day": "2021-06-21", "report_version": 1}
    put_changed(
        engine,
        "online_class_summarised",
        {**usual, "school_code": "A", "lessons": 20, "online_lessons": 5, "report_version": 2},
        {**usual, "school_code": "A", "lessons": 20, "online_lessons": 20, "report_version": 1},
        {**usual, "school_code": "B", "lessons": 30, "online_lessons": 0, "pupils_enrolled": None},
    )
    found = kpis(engine)
    columns = ("day", "schools", "lessons", "online_lessons", "pupils_enrolled", "pupils_attended")
    assert cells(engine, "online_class_daily", *columns) == [(DAY, 2, 50, 5, 812, 1528)]
    assert ratio(found, "online_lesson_share") == (5, 50, 10)
