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
    """Offers at level 4 of all offers."""
    return share(_offered(loaded), lambda offer: offer["online_level"] == 4)


def procedures_online_share(loaded: Loaded) -> Figure:
    """Procedures that someone offers at level 3 or 4, of all procedures."""
    offers = _offered(loaded)
    codes = {offer["procedure_code"][:NATIONAL_PART] for offer in offers}
    online = {offer["procedure_code"][:NATIONAL_PART] for offer in offers if offer["online_level"] >= 3}
    return len(online), len(codes)


FIGURES: Mapping[str, Count] = {
    "level_four_share": level_four_share,
    "procedures_online_share": procedures_online_share,
}
