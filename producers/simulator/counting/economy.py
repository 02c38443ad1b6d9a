"""Rated products, shops and listings, tourism, promotion, and the digital economy's part of GRDP."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from producers.simulator.calendar import VIETNAM
from producers.simulator.counting.loaded import Count, Figure, Loaded, latest, share, total
from producers.simulator.record import Event

LEAST_STARS = 3
PARTS = ("digital_economy_value_added", "grdp")


def _ocop(loaded: Loaded) -> list[Event]:
    """Products of at least three stars whose certificate holds on the reporting day: that of the latest event."""
    moments = (event["occurred_at"] for events in loaded.values() for event in events)
    day = max(moments).astimezone(VIETNAM).date()
    ratings = latest(loaded["ocop_product_rated"], "product_code", by="rating_version")
    holding = [each for each in ratings if each["certificate"] != "revoked" and each["valid_until"] >= day]
    return [each for each in holding if each["stars"] >= LEAST_STARS]


def ocop_products(loaded: Loaded) -> Figure:
    """OCOP products with a certificate."""
    return len(_ocop(loaded)), None


def ocop_listed_share(loaded: Loaded) -> Figure:
    """OCOP products that a shop lists, of all with a certificate."""
    listings = latest(loaded["product_listed"], "platform", "shop_id", "listing_id", by="listing_version")
    listed = {each["ocop_product_code"] for each in listings if each["listing_state"] != "withdrawn"}
    return share(_ocop(loaded), lambda product: product["product_code"] in listed)


def sellers(loaded: Loaded) -> Figure:
    """Different sellers with an open shop."""
    shops = latest(loaded["seller_onboarded"], "platform", "shop_id", by="occurred_at")
    return len({shop["seller_pseudonym"] or shop["tax_code"] for shop in shops if shop["state"] == "open"}), None


def tourism_visits(loaded: Loaded) -> Figure:
    """Visits to all places of tourism."""
    return total(latest(loaded["tourism_visit_reported"], "place_code", "day", "visitor_kind"), "visits"), None


def promotion_reach(loaded: Loaded) -> Figure:
    """Accounts reached so far by all campaigns, each network for itself."""
    readings = loaded["promotion_campaign_reported"]
    return total(latest(readings, "campaign_code", "network", by="as_of"), "reach"), None


def digital_economy_share(loaded: Loaded) -> Figure:
    """Value added by the digital economy, of the GRDP, in million VND, of the last period that has both."""
    amounts = [each for each in loaded["indicator_reported"] if each["value_unit"] == "million_vnd"]
    by_period: dict[date, dict[str, int]] = {}
    for each in sorted(amounts, key=lambda each: int(each["report_version"])):
        by_period.setdefault(each["period_to"], {})[each["indicator"]] = int(each["value"])
    whole = {period: values for period, values in by_period.items() if len(values) == len(PARTS)}
    values = whole[max(whole)] if whole else dict.fromkeys(PARTS, 0)
    return values[PARTS[0]], values[PARTS[1]]


FIGURES: Mapping[str, Count] = {
    "ocop_products": ocop_products,
    "ocop_listed_share": ocop_listed_share,
    "sellers": sellers,
    "tourism_visits": tourism_visits,
    "promotion_reach": promotion_reach,
    "digital_economy_share": digital_economy_share,
}
