"""Marts of digital government on hand-made histories: procedures, documents, portals, meeting points, directives."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine

from consumers.warehouse.seeding import seed_dimensions
from tests.component.warehouse.mart_rows import built, cells, kpis, put_changed, ratio

MAY, JUNE = date(2021, 5, 1), date(2021, 6, 1)
MERGED = datetime(2025, 7, 15, tzinfo=UTC)


def offer(version: int, first_day: str, **changes: Any) -> dict[str, Any]:
    return {
        "procedure_code": "1.000001",
        "agency_code": "H22.05",
        "authority_level": "province",
        "offer": "offered",
        "online_level": 3,
        "online_extent": None,
        "valid_from": first_day,
        "offer_version": version,
        **changes,
    }


def test_an_offer_holds_until_a_higher_one_begins(engine: Engine) -> None:
    put_changed(
        engine,
        "procedure_published",
        offer(2, "2021-06-10", online_level=4),
        offer(1, "2021-06-01"),
        offer(1, "2021-06-01", online_level=2, occurred_at="2021-06-01T00:00:00Z"),
        offer(4, "2021-06-20", offer="withdrawn"),
        offer(3, "2021-06-25"),
    )
    built(engine)
    assert cells(engine, "dim_procedure", "valid_from", "valid_to", "online_level", "offered", "is_level_four") == [
        (date(2021, 6, 1), date(2021, 6, 9), 3, True, False),
        (date(2021, 6, 10), date(2021, 6, 19), 4, True, True),
        (date(2021, 6, 20), None, 3, False, False),
    ]


def test_levels_are_counted_by_authority_on_the_reporting_day(engine: Engine) -> None:
    put_changed(
        engine,
        "procedure_published",
        offer(1, "2021-06-01", online_level=4),
        offer(1, "2021-06-01", procedure_code="1.000002"),
        offer(1, "2021-06-01", procedure_code="1.000003", online_level=2),
        offer(1, "2021-06-22", procedure_code="1.000004"),
        offer(1, "2021-06-01", procedure_code="1.000007"),
        offer(2, "2021-06-22", procedure_code="1.000007", offer="withdrawn"),
        offer(1, "2021-06-01", procedure_code="1.000001.H22", agency_code="H22.06", online_level=None),
        offer(1, "2021-06-01", procedure_code="1.000005", agency_code="H22", online_level=None, online_extent="full"),
        offer(
            1, "2021-06-01", procedure_code="1.000006", agency_code="H22", online_extent="partial", online_level=None
        ),
    )
    found = kpis(engine)
    columns = ("agency_code", "procedures", "level_two", "level_three", "level_four")
    assert cells(engine, "procedure_online_level", *columns) == [
        ("H22", 2, 0, 1, 1),
        ("H22.05", 4, 1, 2, 1),
        ("H22.06", 1, 1, 0, 0),
    ]
    assert ratio(found, "level_four_share") == (2, 7, Decimal("28.57"))
    # 1.000001 counts once, by its higher offer.
    assert ratio(found, "procedures_online_share") == (5, 6, Decimal("83.33"))


def signature(kind: str, validity: str) -> dict[str, Any]:
    return {
        "file_sha256": "0" * 64,
        "kind": kind,
        "signer_agency_code": "H22.05",
        "certificate_pseudonym": "0" * 64,
        "signed_at": "2021-06-21T00:00:00Z",
        "validity": validity,
    }


def sent(document_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "document_id": document_id,
        "agency_code": "H22.05",
        "document_type": "report",
        "business_kind": "new",
        "may_be_electronic": True,
        "is_electronic": True,
        "with_paper": False,
        "signatures": [],
        **changes,
    }


def test_a_document_counts_once_in_the_month_it_was_first_sent(engine: Engine) -> None:
    first = "2021-05-31T16:59:59Z"  # the last second of May in Vietnam
    put_changed(
        engine,
        "document_sent",
        sent("A", signatures=[signature("organisation", "valid"), signature("organisation", "valid")]),
        sent("A", occurred_at=first),
        sent(
            "B",
            occurred_at="2021-05-31T17:00:00Z",
            signatures=[signature("organisation", "revoked"), signature("personal", "valid")],
        ),
        sent("B", business_kind="withdrawal", signatures=[signature("organisation", "valid")]),
        sent("C", is_electronic=False, with_paper=True, signatures=[signature("organisation", "valid")]),
        sent("SECRET", may_be_electronic=False, is_electronic=False, with_paper=True),
    )
    found = kpis(engine)
    columns = ("documents", "may_be_electronic", "exchanged_electronically", "electronic", "signed", "with_paper")
    assert cells(engine, "document_sent_monthly", "month", *columns) == [
        (MAY, 1, 1, 1, 1, 1, 0),
        (JUNE, 3, 2, 1, 1, 0, 2),
    ]
    assert ratio(found, "e_document_share") == (2, 3, Decimal("66.67"))
    assert ratio(found, "signed_document_share") == (1, 2, 50)


def status(document_id: str, code: str, minute: int, **changes: Any) -> dict[str, Any]:
    at = f"2021-06-23T01:{minute:02d}:00Z"
    return {"document_id": document_id, "receiver_code": "H22.26", "status_code": code, "occurred_at": at, **changes}


def test_a_status_that_is_repeated_counts_by_its_first_time(engine: Engine) -> None:
    put_changed(
        engine,
        "document_status_changed",
        status("A", "01", 0),
        status("A", "03", 30),
        status("A", "03", 50),
        status("A", "06", 59),
        status("B", "01", 0),
        status("B", "03", 10),
        status("C", "01", 5),
        status("C", "02", 6),
        status("D", "03", 7),
        status("E", "01", 0, receiver_code="H22.28", occurred_at="2021-05-31T17:00:00Z"),
        status("A", "01", 1, receiver_code="H22.27"),
        status("A", "13", 2, receiver_code="H22.27"),
    )
    found = kpis(engine)
    columns = ("receiver_code", "arrived", "refused", "accepted", "completed", "recalled")
    assert cells(engine, "document_exchange_monthly", *columns, "acceptance_seconds", "completion_seconds") == [
        ("H22.26", 3, 1, 2, 1, 0, 2400, 3540),
        ("H22.27", 1, 0, 0, 0, 1, 0, 0),
        ("H22.28", 1, 0, 0, 0, 0, 0, 0),
    ]
    assert set(cells(engine, "document_exchange_monthly", "month")) == {(JUNE,)}
    assert ratio(found, "document_acceptance_hours") == (2400, 2, Decimal("0.33"))


def rating(code: str, how: str, **changes: Any) -> dict[str, Any]:
    usual = {"feedback_at": None, "answered_at": None, "answer_rating": None, "rating_version": 1}
    return {"dossier_code": code, "agency_code": "H22.05", "rating": how, **usual, **changes}


def test_feedback_is_answered_well_within_15_working_days(engine: Engine) -> None:
    told = {"feedback_at": "2021-06-01T17:30:00Z"}  # June 2nd in Vietnam, a Wednesday
    in_time, late = "2021-06-23T16:59:00Z", "2021-06-23T17:00:00Z"  # 15 and 16 working days later
    put_changed(
        engine,
        "service_rated",
        rating("A", "dissatisfied", **told, answered_at=in_time, rating_version=2),
        rating("A", "satisfied"),
        rating("B", "dissatisfied", **told, answered_at=late),
        rating("C", "dissatisfied", **told, answered_at=in_time, answer_rating="dissatisfied"),
        rating("D", "satisfied", **told),
        rating("E", "very_satisfied"),
    )
    found = kpis(engine)
    columns = ("ratings", "very_satisfied", "satisfied", "dissatisfied", "feedback", "feedback_answered_well")
    assert cells(engine, "service_rating_monthly", *columns) == [(5, 1, 1, 3, 4, 1)]
    assert ratio(found, "satisfaction_share") == (2, 5, 40)
    assert ratio(found, "feedback_satisfied_share") == (1, 4, 25)


def test_a_portal_is_what_its_latest_check_saw(engine: Engine) -> None:
    seen = {"obliged": True, "host": "x.hagiang.gov.vn"}
    put_changed(
        engine,
        "portal_checked",
        {**seen, "agency_code": "H22.01", "portal_state": "absent"},
        {**seen, "agency_code": "H22.01", "portal_state": "up", "response_ms": 100},
        {**seen, "agency_code": "H22.01", "portal_state": "up", "response_ms": 300},
        {**seen, "agency_code": "H22.02", "portal_state": "up", "occurred_at": "2021-06-24T00:00:00Z"},
        {**seen, "agency_code": "H22.02", "portal_state": "down", "occurred_at": "2021-06-25T00:00:00Z"},
        {**seen, "agency_code": "H22.03", "portal_state": "absent"},
        {**seen, "agency_code": "H22.04", "portal_state": "up", "obliged": False},
    )
    found = kpis(engine)
    columns = ("agency_code", "has_portal", "is_up", "checks", "checks_up", "mean_response_ms")
    assert cells(engine, "agency_portal", *columns) == [
        ("H22.01", True, True, 3, 2, 200),
        ("H22.02", True, False, 2, 1, None),
        ("H22.03", False, False, 1, 0, None),
        ("H22.04", True, True, 1, 1, None),
    ]
    assert ratio(found, "portal_share") == (2, 3, Decimal("66.67"))


def entry(version: int, first_day: str, code: str = "H22.26", **changes: Any) -> dict[str, Any]:
    usual = {"change": "renamed", "name_vi": f"Tên {version}", "parent_code": "H22", "successor_code": None}
    return {"agency_code": code, "valid_from": first_day, "entry_version": version, **usual, **changes}


def test_an_agency_keeps_its_history_whichever_way_its_code_is_written(engine: Engine) -> None:
    put_changed(
        engine,
        "agency_registered",
        entry(2, "2022-01-01", code="000.00.26.H22", parent_code="000.00.00.H22"),
        entry(1, "2021-01-01", change="registered"),
        entry(3, "2025-07-01", change="merged", successor_code="000.00.11.H22"),
        entry(2, "2021-01-01", code="H22.27", change="registered"),
        entry(1, "2021-01-01", code="H22.27", change="registered"),
    )
    built(engine)
    assert cells(
        engine, "dim_agency", "code", "valid_from", "valid_to", "name_vi", "parent_code", "successor_code"
    ) == [
        ("H22.26", date(2021, 1, 1), date(2021, 12, 31), "Tên 1", "H22", None),
        ("H22.26", date(2022, 1, 1), date(2025, 6, 30), "Tên 2", "H22", "H22.11"),
        ("H22.27", date(2021, 1, 1), None, "Tên 2", "H22", None),
    ]


def test_an_agency_without_an_entry_is_as_the_reference_list_has_it(engine: Engine) -> None:
    seed_dimensions(engine)
    put_changed(engine, "agency_registered", entry(1, "2021-06-01", code="H22.26", change="registered"))
    built(engine)
    found = cells(engine, "dim_agency", "code", "name_vi", "registered")
    assert len(found) == 226
    assert [name for code, name, registered in found if registered] == ["Tên 1"]


def test_agencies_that_ended_are_left_out_once_there_is_a_later_check(engine: Engine) -> None:
    put_changed(
        engine,
        "agency_registered",
        entry(1, "2021-01-01", change="registered"),
        entry(2, "2025-07-01", change="dissolved"),
        entry(1, "2021-01-01", code="H22.27", change="registered"),
    )
    seen: dict[str, dict[str, Any]] = {
        "meeting_point_checked": {"has_point": True},
        "portal_checked": {"obliged": True, "portal_state": "up"},
    }
    for event, found in seen.items():
        last_day = {"agency_code": "H22.27", "occurred_at": "2025-06-30T16:59:00Z"}
        put_changed(engine, event, {"agency_code": "H22.26", **found}, {**last_day, **found})
    figures = kpis(engine, at=MERGED)
    assert ratio(figures, "meeting_point_share") == ratio(figures, "portal_share") == (2, 2, 100)
    for event, found in seen.items():
        put_changed(engine, event, {"agency_code": "H22.27", "occurred_at": "2025-06-30T17:00:00Z", **found})
    figures = kpis(engine, at=MERGED)
    assert ratio(figures, "meeting_point_share") == ratio(figures, "portal_share") == (1, 1, 100)
    assert (
        cells(engine, "agency_portal", "agency_code") == cells(engine, "meeting_point", "agency_code") == [("H22.27",)]
    )


def test_a_meeting_point_is_what_its_latest_check_found(engine: Engine) -> None:
    put_changed(
        engine,
        "meeting_point_checked",
        {"agency_code": "H22.26", "committee_level": "district", "has_point": True, "occurred_at": "2021-06-21T00:00Z"},
        {
            "agency_code": "H22.26",
            "committee_level": "district",
            "has_point": False,
            "occurred_at": "2021-06-20T00:00Z",
        },
        {"agency_code": "H22.26.02", "committee_level": "commune", "has_point": False},
    )
    found = kpis(engine)
    assert cells(engine, "meeting_point", "agency_code", "committee_level", "has_point") == [
        ("H22.26", "district", True),
        ("H22.26.02", "commune", False),
    ]
    assert ratio(found, "meeting_point_share") == (1, 2, 50)


def directive(code: str, state: str, **changes: Any) -> dict[str, Any]:
    usual = {"due_on": "2021-06-20", "completed_on": None, "progress_percent": 50, "report_version": 1}
    return {"directive_code": code, "issued_by": "executive_board", "state": state, **usual, **changes}


def test_a_directive_is_overdue_the_day_after_it_was_due(engine: Engine) -> None:
    put_changed(
        engine,
        "directive_issued",
        directive("A", "done", report_version=2, progress_percent=100, completed_on="2021-06-21"),
        directive("A", "assigned", report_version=1),
        directive("B", "done", progress_percent=100, completed_on="2021-06-20"),
        directive("C", "in_progress", due_on="2021-06-20"),
        directive("D", "in_progress", due_on="2021-06-21"),
        directive("E", "assigned", due_on=None),
        directive("F", "cancelled"),
    )
    found = kpis(engine)
    columns = ("directives", "done", "done_late", "overdue", "cancelled", "mean_progress_percent")
    assert cells(engine, "directive_status", *columns) == [(5, 2, 1, 1, 1, 70)]
    assert ratio(found, "directives_done_share") == (2, 5, 40)
