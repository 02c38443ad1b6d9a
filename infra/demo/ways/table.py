"""The ways in, who of the province uses each in the demo, and for what: the one table of them.

What none of them takes is published straight to Kafka through the SDK: the bulk.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from infra.access.wishes import Wish
from infra.demo.ways import formats, gateway, outbox
from infra.demo.ways.files import dropped
from infra.demo.ways.pushes import pushes
from infra.demo.ways.way import Way
from producers.partners.programme import EVENTS as PROGRAMME
from producers.simulator.foreign import dossier_sync, edxml, files, orders
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

DOCUMENTS = Wish("truc-van-ban", "Trục liên thông văn bản của tỉnh", "agency", (edxml.SENT, edxml.STATUS), ("H22*",))
PORTAL = Wish("cong-dich-vu-cong", "Cổng Dịch vụ công của tỉnh", "agency", (dossier_sync.EVENT,), ("H22*",))
DESKS = Wish("mot-cua", "Hệ thống một cửa của tỉnh", "agency", ("service_rated",), ("H22*",))
FPT = Wish("fpt", "Tập đoàn FPT", "fpt", PROGRAMME, ("fpt",))


def _events(*events: str, source: str = "") -> Callable[[Record], bool]:
    """Takes these events of sources that begin so."""
    return lambda record: record.event in events and record.body["source"].startswith(source)


WAYS = (
    Way("gateway, JSON", INFORMATION, _events("meeting_point_checked"), as_it_is, gateway.json_singly),
    Way("gateway, JSON batches", HEALTH, _events(*HEALTH.events), as_it_is, gateway.json_batches),
    Way("gateway, CloudEvents", EDUCATION, _events(*EDUCATION.events), as_it_is, gateway.cloud_events),
    Way("gateway, Avro", INFORMATION, _events("portal_checked"), as_it_is, gateway.avro_singly),
    Way(
        "edXML",
        DOCUMENTS,
        edxml.can_say,
        edxml.message_of,
        formats.edxml,
        most={edxml.SENT: 120, edxml.STATUS: 30},
    ),
    Way(
        "dossier sync",
        PORTAL,
        _events(dossier_sync.EVENT),
        dossier_sync.message_of,
        formats.dossier_sync,
        most={dossier_sync.EVENT: 80},
    ),
    Way("database outbox", DESKS, _events(*DESKS.events), as_it_is, outbox.outbox_relay),
    Way(
        "dropped files, CSV",
        None,
        _events("tourism_visit_reported"),
        partial(files.message_of, "tourism"),
        dropped("tourism", "csv"),
    ),
    Way(
        "dropped files, Excel",
        None,
        _events("network_coverage_reported"),
        partial(files.message_of, "network_coverage"),
        dropped("network_coverage", "xlsx"),
    ),
    *(
        Way(
            f"pushes of {title}",
            None,
            partial(orders.can_say, platform),
            orders.message_of,
            pushes,
            most={orders.EVENT: 40},
            recognising=True,
        )
        for platform, title in (("shopee", "Shopee"), ("lazada", "Lazada"))
    ),
    Way("FPT programme", FPT, _events(*PROGRAMME, source="fpt"), formats.programme_item, formats.programme),
)

CLIENTS = tuple({way.client.name: way.client for way in WAYS if way.client}.values())
