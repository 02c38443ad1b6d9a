"""Events of the agreement: digital transformation, stalls of Vietnamese goods, conferences of a sector."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random

from producers.simulator.baseline.history import History, happened, june
from producers.simulator.calendar import office_time
from producers.simulator.places import Places

EVENT = "business_event_held"
HISTORIES = 8
KINDS = (
    ("digital_transformation", "several", "Hội thảo chuyển đổi số doanh nghiệp", "H22.11"),
    ("vietnamese_goods_stall", "trade", "Gian hàng Việt trực tuyến", "H22.06"),
    ("sector_conference", "tourism", "Hội nghị xúc tiến du lịch", "H22.13"),
    ("sector_conference", "agriculture", "Hội nghị tiêu thụ nông sản", "H22.07"),
)


def business_events(rng: Random, places: Places) -> Iterator[History]:
    """Events of one or two days, each reported on the day it ended."""
    for number in range(HISTORIES):
        kind, sector, title, agency = KINDS[number % len(KINDS)]
        started_on = june(2 + 2 * number)
        ended_on = started_on + timedelta(days=number % 2)
        participants, agreements = rng.randint(60, 300), rng.randint(0, 6)
        yield [
            happened(
                rng,
                EVENT,
                office_time(rng, ended_on),
                "fpt",
                event_code=f"SK-2021-{number + 1:04d}",
                task_code=f"HT5-{1 + number % 9:03d}",
                title=f"{title} lần {number // len(KINDS) + 1}",
                kind=kind,
                sector=sector,
                agency_code=agency,
                admin_unit_code=rng.choice(places.districts) if number % 2 else "02",
                delivery=("online", "mixed")[number % 2],
                started_on=started_on,
                ended_on=ended_on,
                participants=participants,
                businesses=participants // rng.randint(3, 8),
                stalls=rng.randint(15, 60) if kind == "vietnamese_goods_stall" else None,
                agreements=agreements,
                agreed_vnd=agreements * 1_000_000 * rng.randint(100, 2_000),
                report_version=1,
            )
        ]
