"""Products of the programme One Commune One Product and their ratings, by the scheme of 2019.

Published counts of rated products disagree (see the domain's facts), so that none is rebuilt: the numbers are modest
and invented.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from producers.simulator.baseline.history import ENVELOPE, History, happened, june
from producers.simulator.calendar import office_time
from producers.simulator.identifiers import gtin, pseudonym, tax_code
from producers.simulator.places import Places
from producers.simulator.record import Record

EVENT = "ocop_product_rated"
HISTORIES = 140
LEAST_STARS = 3
"""A product with fewer is none of the programme."""

# Code in the shops' order lines, name, group: typical goods of the province.
GOODS = (
    ("CHE-SHAN", "Chè Shan tuyết", "beverage"),
    ("MAT-ONG", "Mật ong bạc hà", "food"),
    ("CAM-SANH", "Cam sành", "food"),
    ("THIT-BO", "Thịt bò khô", "food"),
    ("GAO-GIA-DUI", "Gạo Già Dui", "food"),
    ("RUOU-NGO", "Rượu ngô", "beverage"),
    ("DUOC-LIEU", "Cao dược liệu", "herbal"),
    ("THO-CAM", "Vải lanh thổ cẩm", "fabric"),
    ("KHEN-MONG", "Khèn lưu niệm", "souvenir_decor"),
    ("LANG-VAN-HOA", "Điểm du lịch làng văn hóa", "rural_tourism"),
)


@dataclass(frozen=True)
class Product:
    """A rated product; `goods_code` is what shops call goods of its kind."""

    number: int
    code: str
    name: str
    goods_code: str
    group: str
    commune: str
    kind: str
    gtin: str | None


def products(places: Places) -> Iterator[Product]:
    """All rated products, always the same."""
    for number in range(HISTORIES):
        goods_code, name, group = GOODS[number % len(GOODS)]
        commune = places.communes[number * 11 % len(places.communes)]
        yield Product(
            number=number,
            code=f"OCOP-02-{number + 1:04d}",
            name=f"{name} {places.name_of[commune].removeprefix('Xã ')}",
            goods_code=goods_code,
            group=group,
            commune=commune,
            kind=("cooperative", "household", "firm", "cooperative")[number % 4],
            gtin=gtin(number) if group in ("food", "beverage") and number % 3 else None,
        )


def ocop_ratings(rng: Random, places: Places) -> Iterator[History]:
    """The rating of each product from 2020 to June 4th 2021; a few lost their certificate later in June."""
    for product in products(places):
        rated_on = date(2020, 1, 6) + timedelta(days=rng.randrange(510))
        score = _score(rng)
        first = _rated(rng, product, score, rated_on, 1)
        yield [first, _revoked(rng, first)] if product.number % 40 == 33 else [first]


def _score(rng: Random) -> int:
    """In hundredths: most products have three stars, some four, few five or two."""
    low, high = rng.choices([(50, 70), (70, 90), (90, 97), (40, 50)], [72, 21, 2, 5])[0]
    return rng.randrange(100 * low, 100 * high)


def stars_of(score: int) -> int:
    """Stars by Decision 1048/QĐ-TTg of 2019; `score` in hundredths."""
    return 1 + sum(score >= 100 * least for least in (30, 50, 70, 90))


def _rated(rng: Random, product: Product, score: int, rated_on: date, version: int) -> Record:
    household = product.kind == "household"
    return happened(
        rng,
        EVENT,
        office_time(rng, rated_on),
        "H22.07",
        product_code=product.code,
        product_name=product.name,
        scheme="2019",
        product_group=product.group,
        stars=stars_of(score),
        score=f"{score / 100:.2f}",
        awarded_by="province",
        certificate="granted",
        decision_no=f"{100 + rng.randrange(2500)}/QĐ-UBND",
        rated_on=rated_on,
        valid_until=three_years_on(rated_on),
        producer_kind=product.kind,
        producer_pseudonym=pseudonym(f"producer {product.number}") if household else None,
        tax_code=None if household else tax_code(1000 + product.number),
        commune_code=product.commune,
        gtin=product.gtin,
        rating_version=version,
    )


def three_years_on(day: date) -> date:
    """The last day of a certificate of 36 months."""
    return date(day.year + 3, day.month, min(day.day, 28)) - timedelta(days=1)


def _revoked(rng: Random, rating: Record) -> Record:
    day = june(rng.randint(14, 18))
    changes = {"certificate": "revoked", "rated_on": day, "valid_until": day, "rating_version": 2}
    fields = {name: value for name, value in rating.body.items() if name not in ENVELOPE}
    return happened(rng, EVENT, office_time(rng, day), "H22.07", **{**fields, **changes})
