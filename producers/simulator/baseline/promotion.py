"""Campaigns for culture, festivals and products on social networks, read once a week."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from producers.simulator.baseline.history import History, happened, june
from producers.simulator.calendar import office_time
from producers.simulator.places import Places

EVENT = "promotion_campaign_reported"
CAMPAIGNS = (
    ("CHO-PHIEN-2021", "Chợ phiên vùng cao", "culture", date(2021, 4, 1), None),
    ("CAO-NGUYEN-DA-2021", "Cao nguyên đá Đồng Văn", "tourism", date(2021, 5, 10), date(2021, 12, 31)),
    ("CHE-SHAN-2021", "Chè Shan tuyết Hà Giang", "product", date(2021, 5, 31), date(2021, 8, 31)),
    ("LE-HOI-GAU-TAO", "Lễ hội Gầu Tào", "festival", date(2021, 1, 15), date(2021, 6, 30)),
)
NETWORKS = ("facebook", "tiktok", "zalo")
READING_DAYS = (2, 9, 16, 22)
HISTORIES = len(CAMPAIGNS) * len(NETWORKS)


def campaign_readings(rng: Random, _: Places) -> Iterator[History]:
    """The four readings of each campaign on each network; all counts go on growing."""
    for number in range(HISTORIES):
        code, title, subject, started_on, ends_on = CAMPAIGNS[number % len(CAMPAIGNS)]
        network = NETWORKS[number // len(CAMPAIGNS)]
        readings, posts, reach = [], rng.randint(3, 12), rng.randint(2_000, 30_000)
        for day in READING_DAYS:
            posts, reach = posts + rng.randint(0, 4), reach + rng.randint(500, 9_000)
            readings.append(
                happened(
                    rng,
                    EVENT,
                    office_time(rng, june(day)) + timedelta(hours=6),
                    "fpt:promotion" if network == "tiktok" else "H22.13",
                    campaign_code=code,
                    title=title,
                    subject=subject,
                    network=network,
                    agency_code="H22.13",
                    as_of=june(day),
                    started_on=started_on,
                    ends_on=ends_on,
                    posts=posts,
                    reach=reach,
                    views=3 * reach + posts,
                    interactions=reach // 12,
                    cost_vnd=1_000_000 * posts if number % 3 else None,
                    report_version=1,
                )
            )
        yield readings
