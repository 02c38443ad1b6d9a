"""The platforms as the tests have them."""

from __future__ import annotations

from dataclasses import dataclass, field

from producers.simulator.platforms import world
from tests.component.marketplaces.accounts import KEY, SECRET, TIKI_QUEUE, TIKTOK_CIPHER


@dataclass
class World(world.World):
    """Knows the tests' app and shops."""

    key: str = KEY
    secret: str = SECRET
    tiktok_cipher: str = TIKTOK_CIPHER
    tiki_queue: str = TIKI_QUEUE
    refresh_tokens: set[str] = field(default_factory=lambda: {"shopee-refresh", "lazada-refresh", "tiktok-refresh"})
