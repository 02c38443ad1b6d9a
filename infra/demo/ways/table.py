"""The ways in, who of the province uses each in the demo, and for what: the one table of them.

What none of them takes is published straight to Kafka through the SDK: the bulk.
"""

from __future__ import annotations

from collections.abc import Callable

from infra.access.wishes import Wish
from infra.demo.ways import gateway
from infra.demo.ways.way import Way
from producers.simulator.foreign.message import as_it_is
from producers.simulator.record import Record

HEALTH = Wish("so-y-te", "Sở Y tế", "agency", ("health_consultation_summarised",), ("H22.16",))
EDUCATION = Wish("so-giao-duc", "Sở Giáo dục và Đào tạo", "agency", ("online_class_summarised",), ("H22.15",))
INFORMATION = Wish(
    "so-thong-tin",
    "Sở Thông tin và Truyền thông",
    "agency",
    ("meeting_point_checked", "portal_checked"),
    ("H22.11",),
)


def _events(*events: str, source: str = "") -> Callable[[Record], bool]:
    """Takes these events of sources that begin so."""
    return lambda record: record.event in events and record.body["source"].startswith(source)


WAYS = (
    Way("gateway, JSON", INFORMATION, _events("meeting_point_checked"), as_it_is, gateway.json_singly),
    Way("gateway, JSON batches", HEALTH, _events(*HEALTH.events), as_it_is, gateway.json_batches),
    Way("gateway, CloudEvents", EDUCATION, _events(*EDUCATION.events), as_it_is, gateway.cloud_events),
    Way("gateway, Avro", INFORMATION, _events("portal_checked"), as_it_is, gateway.avro_singly),
)

CLIENTS = tuple({way.client.name: way.client for way in WAYS}.values())
