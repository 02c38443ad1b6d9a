"""Key figures: those published on 2021-06-23 from their counts, targets, and ratios of nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import chain, repeat
from typing import Any

from sqlalchemy import Engine

from consumers.warehouse.marts.files import FOLDER
from schemas.usage.marts import KPI, load_marts
from tests.component.warehouse.mart_rows import cells, kpis, put_changed, ratio

SUMS = {
    "events_held",
    "marketplace_revenue",
    "ocop_products",
    "people_trained",
    "promotion_reach",
    "sellers",
    "telehealth_consultations",
    "tourism_visits",
}
VALID = {
    "file_sha256": "0" * 64,
    "kind": "organisation",
    "signer_agency_code": "H22.05",
    "certificate_pseudonym": "0" * 64,
    "signed_at": "2021-06-21T00:00:00Z",
    "validity": "valid",
}


def mixed(good: dict[str, Any], part: int, other: dict[str, Any], whole: int) -> list[dict[str, Any]]:
    """`whole` changes, `part` of them the good ones."""
    return [dict(each) for each in chain(repeat(good, part), repeat(other, whole - part))]


def numbered(changes: list[dict[str, Any]], **names: str) -> list[dict[str, Any]]:
    """Each change with values of its own, such as `agency_code="H22.{}"`."""
    return [{**each, **{k: v.format(at) for k, v in names.items()}} for at, each in enumerate(changes)]


def test_the_nine_published_figures_follow_from_their_counts(engine: Engine) -> None:
    offers = mixed({"online_level": 4}, 153, {"online_level": 3}, 190)
    offered = {"offer": "offered", "online_extent": None, "valid_from": "2021-06-01"}
    put_changed(
        engine, "procedure_published", *({**offered, **each} for each in numbered(offers, procedure_code="1.{:06d}"))
    )
    portals = mixed({"obliged": True, "portal_state": "up"}, 32, {"obliged": False, "portal_state": "absent"}, 40)
    put_changed(engine, "portal_checked", *numbered(portals, agency_code="H22.{}"))
    documents = mixed({"signatures": [VALID]}, 12, {"signatures": []}, 20)
    sent = {"is_electronic": True, "may_be_electronic": True, "business_kind": "new"}
    put_changed(engine, "document_sent", *({**sent, **each} for each in numbered(documents, document_id="{}")))
    points = mixed({"has_point": True}, 204, {}, 204)
    put_changed(engine, "meeting_point_checked", *numbered(points, agency_code="H22.{}"))
    communes = mixed({"broadband_whole_area": True}, 189, {"broadband_whole_area": False}, 193)
    usual = {"fibre_to_centre": True, "broadband_centre": True, "population": 4000, "covered_population": 3944}
    put_changed(
        engine,
        "network_coverage_reported",
        *({**usual, **each} for each in numbered(communes, commune_code="{:05d}")),
    )
    found = kpis(engine)
    assert ratio(found, "level_four_share") == (153, 190, Decimal("80.53"))
    assert ratio(found, "portal_share") == (32, 32, 100)
    assert ratio(found, "e_document_share") == (20, 20, 100)
    assert ratio(found, "signed_document_share") == (12, 20, 60)
    assert ratio(found, "meeting_point_share") == (204, 204, 100)
    assert ratio(found, "fibre_share") == (193, 193, 100)
    assert ratio(found, "broadband_share") == (189, 193, Decimal("97.93"))
    assert ratio(found, "centre_broadband_share") == (193, 193, 100)
    assert ratio(found, "mobile_population_share") == (193 * 3944, 193 * 4000, Decimal("98.60"))


def test_a_ratio_of_nothing_has_no_value(engine: Engine) -> None:
    found = kpis(engine)
    assert len(found) == 36
    for key in found.keys() - SUMS:
        assert ratio(found, key) == (0, 0, None), key
    for key in SUMS:
        assert ratio(found, key) == (0, None, 0), key
    assert {row["completeness"] for row in found.values()} == {None}
    assert not any(row["synthetic"] for row in found.values())


def test_every_figure_is_seen_by_who_asks_what_a_contract_feeds(engine: Engine) -> None:
    (seen,) = [each.figures for each in load_marts(FOLDER) if each.table == KPI]
    assert [figure.key for figure in seen] == list(dict.fromkeys(figure.key for figure in seen))
    assert {figure.key for figure in seen} == kpis(engine).keys()


def economy(year: int, value_added: int | None, grdp: int | None, **changes: Any) -> list[dict[str, Any]]:
    period = {"period_from": f"{year}-01-01", "period_to": f"{year}-12-31", "statement": "actual"}
    amounts = {"digital_economy_value_added": value_added, "grdp": grdp}
    return [
        {
            **period,
            "admin_unit_code": "02",
            "indicator": indicator,
            "value": value,
            "value_unit": "million_vnd",
            "report_version": 1,
            **changes,
        }
        for indicator, value in amounts.items()
        if value is not None
    ]


def test_the_digital_economy_is_of_the_latest_year_with_both_amounts(engine: Engine) -> None:
    put_changed(
        engine,
        "indicator_reported",
        *economy(2019, 100, 1000),
        *economy(2020, 150, 1200),
        *economy(2020, None, 1500, report_version=2),
        *economy(2021, 300, None),
        *economy(2021, 700, 1400, admin_unit_code="024"),
    )
    assert ratio(kpis(engine), "digital_economy_share") == (150, 1500, 10)


def target(indicator: str, value: str, day: str, **changes: Any) -> dict[str, Any]:
    return {
        "indicator": indicator,
        "statement": "target",
        "admin_unit_code": "02",
        "period_from": day,
        "period_to": day,
        "value": value,
        "value_high": None,
        "value_unit": "percent",
        "report_version": 1,
        **changes,
    }


def test_a_target_says_how_far_the_figure_is_from_it(engine: Engine) -> None:
    put_changed(
        engine,
        "indicator_reported",
        target("level_four_share", "100", "2025-12-31"),
        target("digital_economy_share", "3", "2031-06-23", value_high="5"),
        target("digital_economy_share", "9", "2041-06-23", report_version=1),
        target("digital_economy_share", "20", "2041-06-23", report_version=2),
        target("never_counted", "1", "2025-12-31"),
        *economy(2020, 40, 1000),
    )
    assert kpis(engine)["digital_economy_share"]["value"] == 4
    columns = ("key", "target_to", "target", "target_high", "value", "gap", "reached")
    assert cells(engine, "kpi_target", *columns) == [
        ("digital_economy_share", date(2031, 6, 23), 3, 5, 4, 0, True),
        ("digital_economy_share", date(2041, 6, 23), 20, None, 4, 16, False),
        ("level_four_share", date(2025, 12, 31), 100, None, None, None, None),
        ("never_counted", date(2025, 12, 31), 1, None, None, None, None),
    ]
