"""Procedures: how many are offered online, and at which level."""

from __future__ import annotations

from collections.abc import Mapping

from producers.simulator.counting.loaded import Count, Figure, Loaded, latest, share
from producers.simulator.record import Event

NATIONAL_PART = 8
"""Characters of a procedure's code that are the same in every province."""


def _offered(loaded: Loaded) -> list[Event]:
    offers = latest(loaded["procedure_published"], "procedure_code", "agency_code", by="offer_version")
    return [offer for offer in offers if offer["offer"] == "offered"]


def level_four_share(loaded: Loaded) -> Figure:
    """Offers at level 4 (since Decree 42/2022: full) of all offers."""
    return share(_offered(loaded), lambda offer: offer["online_level"] == 4 or offer.get("online_extent") == "full")


def procedures_online_share(loaded: Loaded) -> Figure:
    """Procedures that someone offers at level 3 or 4 (since Decree 42/2022: partial or full), of all procedures."""
    offers = _offered(loaded)
    codes = {offer["procedure_code"][:NATIONAL_PART] for offer in offers}
    online = {offer["procedure_code"][:NATIONAL_PART] for offer in offers if _is_online(offer)}
    return len(online), len(codes)


def _is_online(offer: Event) -> bool:
    return (offer["online_level"] or 0) >= 3 or offer.get("online_extent") in ("partial", "full")


FIGURES: Mapping[str, Count] = {
    "level_four_share": level_four_share,
    "procedures_online_share": procedures_online_share,
}
