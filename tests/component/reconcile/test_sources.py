"""The newest recount of the marketplaces, as the DAG `recount_marketplaces` keeps it, becomes findings."""

from __future__ import annotations

from datetime import date

from consumers.reconcile.sources import marketplace_findings
from infra.object_store import LakeStore
from producers.marketplaces.recount import Recount, compared, keep_report

TOPIC = "economy.order_status_changed"
AGREES = compared("shopee:7", {"A": 1}, {"A": 1})
LACKS = compared("shopee:7", {"A": 1, "B": 2, "C": 3}, {"A": 1, "C": 4})


def test_only_the_newest_recount_counts_and_names_shop_and_orders(lake: LakeStore) -> None:
    assert list(marketplace_findings(lake, TOPIC)) == []
    keep_report(lake, Recount(date(2021, 6, 21), (AGREES,), {"lazada:9": "no answer"}))
    keep_report(lake, Recount(date(2021, 6, 22), (LACKS,), {}))
    (finding,) = marketplace_findings(lake, TOPIC)
    key = "reports/marketplaces/recount/2021-06-22.json"
    assert finding.detail == f"shopee:7: 2 of 3 orders differ: B, C ({key})"
    assert finding.line.startswith("source_differs economy.order_status_changed: shopee:7")

    keep_report(lake, Recount(date(2021, 6, 23), (AGREES,), {"lazada:9": "no answer"}))
    (failed,) = marketplace_findings(lake, TOPIC)
    assert failed.detail.startswith("lazada:9 could not be asked: no answer")
    keep_report(lake, Recount(date(2021, 6, 24), (AGREES,), {}))
    assert list(marketplace_findings(lake, TOPIC)) == []
