"""Of two events that say they are the same version, the later one counts, whichever came first."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.component.warehouse.mart_rows import built, cells, put_changed

# The mart, its event, a field with an earlier and a later value, and the mart's column with the later one.
CASES: list[tuple[str, str, str, Any, Any, str, Any]] = [
    ("business_event_monthly", "business_event_held", "participants", 1, 2, "participants", 2),
    ("dim_agency", "agency_registered", "name_vi", "Trước", "Sau", "name_vi", "Sau"),
    ("dim_procedure", "procedure_published", "procedure_name", "Trước", "Sau", "procedure_name", "Sau"),
    ("dim_product", "ocop_product_rated", "product_name", "Trước", "Sau", "product_name", "Sau"),
    ("directive_status", "directive_issued", "progress_percent", 1, 2, "mean_progress_percent", 2),
    ("indicator", "indicator_reported", "value", "0.1", "0.2", "value", Decimal("0.2")),
    ("marketplace_listings", "product_listed", "seller_commune_code", "00715", "00718", "commune_code", "00718"),
    ("network_coverage", "network_coverage_reported", "covered_population", 1, 2, "covered_population", 2),
    ("online_class_daily", "online_class_summarised", "lessons", 120, 130, "lessons", 130),
    ("project_status", "project_status_changed", "progress_percent", 1, 2, "mean_progress_percent", 2),
    ("promotion_campaign", "promotion_campaign_reported", "reach", 1, 2, "reach", 2),
    ("service_rating_monthly", "service_rated", "rating", "satisfied", "dissatisfied", "dissatisfied", 1),
    ("telehealth_daily", "health_consultation_summarised", "consultations", 8, 9, "consultations", 9),
    ("tourism_daily", "tourism_visit_reported", "visits", 1, 2, "visits", 2),
    ("training_monthly", "training_session_held", "attended", 1, 2, "attended", 2),
]


@pytest.mark.parametrize(("mart", "event", "field", "earlier", "later", "column", "found"), CASES)
def test_the_later_of_two_equal_versions_counts(
    engine: Engine, mart: str, event: str, field: str, earlier: Any, later: Any, column: str, found: Any
) -> None:
    at = "2021-06-2{}T01:00:00Z"
    # A change that ends something would leave no row to look at.
    usual = {"change": "registered"} if event == "agency_registered" else {}
    put_changed(
        engine,
        event,
        {**usual, field: later, "occurred_at": at.format(2)},
        {**usual, field: earlier, "occurred_at": at.format(1)},
    )
    built(engine)
    assert cells(engine, mart, column) == [(found,)]
