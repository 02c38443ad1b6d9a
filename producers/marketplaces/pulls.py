"""What is pulled of each platform, and how often."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from producers.marketplaces.deliver import Delivery
from producers.marketplaces.listing_pull import pull_listings
from producers.marketplaces.pull import PAUSE_S, pull_sendo, pull_tiki
from producers.marketplaces.session import Session


@dataclass(frozen=True)
class Pull:
    """`once` publishes what there is and returns how much that was; `pause_s` passes before it looks again."""

    once: Callable[[Delivery, Session], int]
    pause_s: float = PAUSE_S


PULLS: Mapping[str, Pull] = {
    "shopee": Pull(pull_listings, pause_s=300.0),
    "tiki": Pull(pull_tiki),
    "sendo": Pull(pull_sendo),
}
