"""The shops of the province on the marketplaces: who sells, from where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from producers.simulator.identifiers import pseudonym, tax_code
from producers.simulator.places import Places

SellerKind = Literal["household", "cooperative", "firm"]
ORDERED_FROM = 60
"""The first so many shops take orders in June 2021."""
SHOPS = 96

_PLATFORMS = ("shopee", "lazada", "tiki")
_OTHER_PLATFORMS = ("sendo", "voso", "postmart")
_KINDS: tuple[SellerKind, ...] = ("household", "cooperative", "household", "firm", "household")


@dataclass(frozen=True)
class Shop:
    """A shop and its seller; a household has a pseudonym, the others a tax code."""

    number: int
    platform: str
    shop_id: str
    commune: str
    kind: SellerKind
    pseudonym: str | None
    tax_code: str | None


def shops(places: Places) -> tuple[Shop, ...]:
    """All shops, always the same; the first ones are on the platforms that deliver orders as events."""
    return tuple(_shop(places, number) for number in range(SHOPS))


def _shop(places: Places, number: int) -> Shop:
    platforms = _PLATFORMS if number < ORDERED_FROM else _OTHER_PLATFORMS
    kind = _KINDS[number % len(_KINDS)]
    household = kind == "household"
    return Shop(
        number=number,
        platform=platforms[number % len(platforms)],
        shop_id=f"hg{number:03d}",
        commune=places.communes[number * 7 % len(places.communes)],
        kind=kind,
        pseudonym=pseudonym(f"household {number}") if household else None,
        tax_code=None if household else tax_code(number),
    )
