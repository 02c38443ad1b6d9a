"""What sources counted themselves: the newest recount of the marketplaces' orders, as its report in the lake says."""

from __future__ import annotations

import json
from collections.abc import Iterator

from consumers.reconcile.findings import Finding, Kind
from infra.object_store import LakeStore

RECOUNTS = "reports/marketplaces/recount/"
_NAMED = 10


def marketplace_findings(store: LakeStore, topic: str) -> Iterator[Finding]:
    """Shops whose platform has orders that the warehouse lacks or has otherwise, and those that could not be asked."""
    keys = list(store.list_after(RECOUNTS))
    if not keys:
        return
    report = json.loads(store.get(max(keys)))
    for shop in report["shops"]:
        if different := [order["order_id"] for order in shop["differences"]]:
            named = ", ".join(different[:_NAMED])
            detail = f"{shop['source']}: {len(different)} of {shop['platform_orders']} orders differ: {named}"
            yield _finding(topic, f"{detail} ({max(keys)})")
    for source, reason in report["failed"].items():
        yield _finding(topic, f"{source} could not be asked: {reason} ({max(keys)})")


def _finding(topic: str, detail: str) -> Finding:
    return Finding(Kind.SOURCE_DIFFERS, topic, None, None, None, None, detail)
