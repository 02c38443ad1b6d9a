"""What a shop offers: one version of one listing, as the event `product_listed`."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid5

from infra.object_store import ObjectMissing
from producers.marketplaces.change import NAMESPACE
from producers.marketplaces.raw_store import ROOT, Store
from producers.marketplaces.shops import Shop

EVENT = "product_listed"


@dataclass(frozen=True)
class Listing:
    """A listing as the platform has it now; `price` in VND, `stock` None where it is not told."""

    platform: str
    shop_id: str
    listing_id: str
    product_code: str
    product_name: str
    on_sale: bool
    price: int
    stock: int | None
    gtin: str | None
    updated_at: datetime


@dataclass(frozen=True)
class Told:
    """What was published of a listing last: version, the platform's time of it (ISO 8601), whether it was on sale."""

    version: int
    updated_at: str
    on_sale: bool

    @property
    def moment(self) -> datetime:
        """`updated_at` as a time."""
        return datetime.fromisoformat(self.updated_at)


def event_id_of(listing: Listing) -> str:
    """The same for every sight of the same version, so that one that is published again counts once."""
    millis = round(listing.updated_at.astimezone(UTC).timestamp() * 1000)
    parts = (listing.platform, listing.shop_id, "listing", listing.listing_id, str(millis))
    return str(uuid5(NAMESPACE, "\x1f".join(parts)))


def state_of(listing: Listing, told: Told | None) -> str | None:
    """The contract's word for what happened since; None when there is nothing to tell."""
    if told is not None and told.moment >= listing.updated_at:
        return None
    was_on_sale = told is not None and told.on_sale
    if listing.on_sale:
        return "changed" if was_on_sale else "offered"
    return "withdrawn" if was_on_sale else None


def event_of(listing: Listing, state: str, version: int, shop: Shop) -> dict[str, Any]:
    """The event. Which OCOP product it is no platform tells."""
    return {
        "event_id": event_id_of(listing),
        "occurred_at": listing.updated_at,
        "source": shop.source,
        "synthetic": shop.synthetic,
        "platform": listing.platform,
        "shop_id": listing.shop_id,
        "listing_id": listing.listing_id,
        "product_code": listing.product_code,
        "product_name": listing.product_name,
        "listing_state": state,
        "price_vnd": listing.price,
        "stock": listing.stock,
        "ocop_product_code": None,
        "gtin": listing.gtin,
        "seller_commune_code": shop.commune_code,
        "listing_version": version,
    }


def told_of(store: Store, listing: Listing) -> Told | None:
    """What was published of it last; None for one that was never published."""
    try:
        return Told(**json.loads(store.get(_key(listing))))
    except ObjectMissing:
        return None


def note_told(store: Store, listing: Listing, version: int) -> None:
    """Kafka has this version."""
    told = Told(version, listing.updated_at.astimezone(UTC).isoformat(), listing.on_sale)
    store.put(_key(listing), json.dumps(asdict(told)).encode())


def _key(listing: Listing) -> str:
    return f"{ROOT}/listings/{listing.platform}/{listing.shop_id}/{listing.listing_id}"
