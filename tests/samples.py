"""Events made up for tests: the n-th of a kind, always the same, valid unless changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

Event = dict[str, Any]

START = datetime(2021, 6, 21, tzinfo=UTC)


def event_id(number: int) -> str:
    """A UUIDv7 that sorts by number."""
    milliseconds = int(START.timestamp() * 1000) + number
    return str(UUID(int=milliseconds << 80 | 0x7 << 76 | 0x8 << 60 | number))


def dossier(number: int, **changes: Any) -> Event:
    """A `dossier_status_changed`."""
    when = START + timedelta(seconds=number % 36_000)
    return {
        "event_id": event_id(number),
        "occurred_at": when,
        "source": "H22.05",
        "synthetic": True,
        "dossier_code": f"H22.05-210621-{number:06d}",
        "procedure_code": "2.002492",
        "agency_code": "H22.05",
        "commune_code": "00688",
        "previous_status": 1,
        "status": 2,
        "channel": "online",
        "applicant_kind": "citizen",
        "received_at": when,
        "due_at": when + timedelta(days=5),
        "fee_vnd": 20_000,
        "paid_online": True,
        "needs_result_document": True,
        "electronic_result": None,
        "component_count": 3,
        "digitised_component_count": 2,
        **changes,
    }


def order(number: int, lines: int = 2, **changes: Any) -> Event:
    """An `order_status_changed` with that many lines."""
    return {
        "event_id": event_id(number),
        "occurred_at": START + timedelta(seconds=number % 36_000),
        "source": "shopee:thom",
        "synthetic": True,
        "platform": "shopee",
        "shop_id": "thom",
        "order_id": f"ORDER{number}",
        "seller_commune_code": "00688",
        "previous_status": None,
        "status": "delivered",
        "platform_status": "DELIVERED",
        "total_vnd": 50_000 * lines,
        "shipping_fee_vnd": 0,
        "discount_vnd": 0,
        "lines": [order_line(place) for place in range(1, lines + 1)],
        **changes,
    }


def order_line(place: int, **changes: Any) -> Event:
    """The line at that place of an order."""
    return {
        "product_code": f"TRA-{place}",
        "product_name": "Chè Shan tuyết",
        "quantity": 1,
        "unit_price_vnd": 50_000,
        "line_total_vnd": 50_000,
        "ocop_stars": 4,
        **changes,
    }


def task(number: int, **changes: Any) -> Event:
    """A `cooperation_task_updated`: a first report on a task that is under way."""
    return {
        "event_id": event_id(number),
        "occurred_at": START + timedelta(seconds=number % 36_000),
        "source": "fpt",
        "synthetic": True,
        "task_code": f"HT1-{number:03d}",
        "item": 1,
        "title": "Góp ý dự thảo nghị quyết về chuyển đổi số",
        "report_version": 1,
        "status": "in_progress",
        "progress_percent": 40,
        "agency_code": "H22.05",
        "due_on": START.date() + timedelta(days=30),
        "completed_on": None,
        "budget_million_vnd": None,
        "note": None,
        **changes,
    }
