"""Marts of the digital economy on hand-made events: OCOP products, sellers, listings, tourism, promotion."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Engine

from tests.component.warehouse.mart_rows import built, cells, kpis, put_changed, ratio


def decision(product: str, version: int, rated_on: str, valid_until: str, **changes: Any) -> dict[str, Any]:
    return {
        "product_code": product,
        "rating_version": version,
        "rated_on": rated_on,
        "valid_until": valid_until,
        "scheme": "2019",
        "product_group": "food",
        "stars": 4,
        "certificate": "granted",
        "occurred_at": f"{rated_on}T03:00:00Z",
        **changes,
    }


def on(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


def test_a_product_keeps_each_decision_until_it_lapses_or_the_next_one(engine: Engine) -> None:
    put_changed(
        engine,
        "ocop_product_rated",
        decision("RENEWED", 1, "2020-01-10", "2023-01-09", stars=3),
        decision("RENEWED", 2, "2022-06-01", "2025-05-31", certificate="renewed"),
        decision("LAPSED", 1, "2020-01-10", "2023-01-09"),
        decision("LAPSED", 2, "2024-01-10", "2027-01-09", scheme="2023"),
        decision("REVOKED", 1, "2020-01-10", "2023-01-09"),
        decision("REVOKED", 2, "2021-02-01", "2021-02-15", certificate="revoked"),
    )
    built(engine, at=on(2024, 6, 1))
    assert cells(engine, "dim_product", "product_code", "valid_from", "valid_to", "stars", "scheme") == [
        ("LAPSED", date(2020, 1, 10), date(2023, 1, 9), 4, "2019"),
        ("LAPSED", date(2024, 1, 10), date(2027, 1, 9), 4, "2023"),
        ("RENEWED", date(2020, 1, 10), date(2022, 5, 31), 3, "2019"),
        ("RENEWED", date(2022, 6, 1), date(2025, 5, 31), 4, "2019"),
        ("REVOKED", date(2020, 1, 10), date(2021, 2, 15), 4, "2019"),
    ]


def test_products_of_a_day_are_those_whose_certificate_holds(engine: Engine) -> None:
    put_changed(
        engine,
        "ocop_product_rated",
        decision("A", 1, "2021-01-15", "2021-03-30"),
        decision("B", 1, "2021-02-28", "2024-02-27", stars=5, product_group="beverage"),
        decision("C", 1, "2021-03-01", "2024-02-29"),
        decision("NOT_OCOP", 1, "2021-01-15", "2024-01-14", stars=2),
    )
    put_changed(engine, "tourism_visit_reported", {"occurred_at": "2021-04-10T03:00:00Z", "day": "2021-04-10"})
    found = kpis(engine)
    assert cells(engine, "ocop_products_monthly", "day", "product_group", "stars", "products") == [
        (date(2021, 1, 31), "food", 4, 1),
        (date(2021, 2, 28), "beverage", 5, 1),
        (date(2021, 2, 28), "food", 4, 1),
        (date(2021, 3, 31), "beverage", 5, 1),
        (date(2021, 3, 31), "food", 4, 1),
        (date(2021, 4, 10), "beverage", 5, 1),
        (date(2021, 4, 10), "food", 4, 1),
    ]
    assert ratio(found, "ocop_products") == (2, None, 2)


def test_the_reporting_day_is_that_of_the_latest_event_but_never_after_the_build(engine: Engine) -> None:
    put_changed(engine, "ocop_product_rated", decision("A", 1, "2021-01-15", "2024-01-14"))
    assert ratio(kpis(engine, at=on(2026, 1, 1)), "ocop_products") == (1, None, 1)
    put_changed(engine, "tourism_visit_reported", {"occurred_at": "2024-01-14T17:00:00Z"})
    assert ratio(kpis(engine, at=on(2026, 1, 1)), "ocop_products") == (0, None, 0)
    assert cells(engine, "reporting_day", "synthetic", "day") == [(True, date(2024, 1, 15))]
    assert ratio(kpis(engine, at=on(2023, 1, 1)), "ocop_products") == (1, None, 1)


def listing(number: str, version: int, state: str = "offered", **changes: Any) -> dict[str, Any]:
    usual = {"platform": "shopee", "shop_id": "1", "seller_commune_code": "00769", "ocop_product_code": "A"}
    return {"listing_id": number, "listing_version": version, "listing_state": state, **usual, **changes}


def test_a_product_is_listed_while_one_listing_is_not_withdrawn(engine: Engine) -> None:
    whole = ("2021-01-15", "2024-01-14")
    rated = [decision("A", 1, *whole), decision("B", 1, *whole), decision("C", 1, *whole)]
    put_changed(engine, "ocop_product_rated", *rated)
    put_changed(
        engine,
        "product_listed",
        listing("1", 1),
        listing("2", 1, platform="tiki", shop_id="2"),
        listing("3", 2, "withdrawn", ocop_product_code="B"),
        listing("3", 1, ocop_product_code="B"),
        listing("4", 1, ocop_product_code=None),
    )
    found = kpis(engine)
    assert cells(engine, "ocop_product", "product_code", "listings", "platforms") == [
        ("A", 2, 2),
        ("B", 0, 0),
        ("C", 0, 0),
    ]
    columns = ("platform", "commune_code", "shops", "listings", "ocop_listings", "ocop_products")
    assert cells(engine, "marketplace_listings", *columns) == [
        ("shopee", "00769", 1, 2, 1, 1),
        ("tiki", "00769", 1, 1, 1, 1),
    ]
    assert ratio(found, "ocop_listed_share")[:2] == (1, 3)


def shop(number: str, state: str = "open", **changes: Any) -> dict[str, Any]:
    usual = {"platform": "shopee", "seller_kind": "firm", "seller_pseudonym": None, "supported_by": "none"}
    return {"shop_id": number, "state": state, "seller_commune_code": "00769", **usual, **changes}


def test_a_seller_with_several_shops_counts_once(engine: Engine) -> None:
    household = {"seller_kind": "household", "seller_pseudonym": "f" * 64}
    put_changed(
        engine,
        "seller_onboarded",
        shop("1", **household),
        shop("2", **household, platform="tiki", supported_by="fpt", seller_commune_code="00715"),
        shop("3", tax_code="0100233488-001"),
        shop("4", tax_code="0100233488001", platform="lazada"),
        shop("5", tax_code="0100233488"),
        shop("5", "closed", tax_code="0100233488"),
        shop("6", **household, platform="lazada"),
        shop("6", "paused", **household, platform="lazada"),
    )
    found = kpis(engine)
    columns = ("commune_code", "seller_kind", "sellers", "shops", "sellers_supported")
    assert cells(engine, "marketplace_sellers", *columns) == [
        ("00715", "household", 1, 2, 1),
        ("00769", "firm", 1, 2, 0),
    ]
    assert ratio(found, "sellers") == (2, None, 2)


def visit(place: str, visits: int, **changes: Any) -> dict[str, Any]:
    usual = {"commune_code": "00715", "day": "2021-06-21", "visitor_kind": "domestic", "report_version": 1}
    told = {"overnight_visits": None, "revenue_vnd": None}
    return {"place_code": place, "visits": visits, **usual, **told, **changes}


def test_visits_are_those_of_each_place_s_highest_report(engine: Engine) -> None:
    put_changed(
        engine,
        "tourism_visit_reported",
        visit("A", 90, report_version=2, overnight_visits=10),
        visit("A", 100),
        visit("B", 5, revenue_vnd=1_000),
        visit("A", 3, visitor_kind="international"),
    )
    found = kpis(engine)
    columns = ("day", "visitor_kind", "places", "visits", "overnight_visits", "revenue_vnd")
    assert cells(engine, "tourism_daily", *columns) == [
        (date(2021, 6, 21), "domestic", 2, 95, 10, 1_000),
        (date(2021, 6, 21), "international", 1, 3, 0, 0),
    ]
    assert ratio(found, "tourism_visits") == (98, None, 98)


def test_readings_of_a_campaign_are_never_added_up(engine: Engine) -> None:
    usual = {"campaign_code": "TGM", "network": "facebook", "report_version": 1}
    put_changed(
        engine,
        "promotion_campaign_reported",
        {**usual, "as_of": "2021-06-20", "reach": 900, "report_version": 3},
        {**usual, "as_of": "2021-06-21", "reach": 1_000, "report_version": 2},
        {**usual, "as_of": "2021-06-21", "reach": 1_500},
        {**usual, "as_of": "2021-06-10", "reach": 70, "network": "tiktok"},
    )
    found = kpis(engine)
    assert cells(engine, "promotion_campaign", "network", "read_on", "reach") == [
        ("facebook", date(2021, 6, 21), 1_000),
        ("tiktok", date(2021, 6, 10), 70),
    ]
    assert ratio(found, "promotion_reach") == (1_070, None, 1_070)
