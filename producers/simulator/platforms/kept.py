"""Platforms whose orders lie in files, so that they may be started and ended at any time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from producers.simulator.platforms.world import World


@dataclass
class KeptWorld(World):
    """`folder` has a file of orders for each platform, such as `shopee.json`: the platform's own JSON by number.

    Any refresh token is taken, since this process may be younger than it. The orders are of 2021, so that lists of
    orders made lately are empty.
    """

    folder: Path = Path()

    def order(self, platform: str, number: str) -> Any:
        """The platform's own JSON; None for a number that it does not know."""
        path = self.folder / f"{platform}.json"
        return json.loads(path.read_bytes()).get(number) if path.exists() else None

    def numbers(self, platform: str) -> list[str]:  # noqa: ARG002
        """None of them was made lately."""
        return []

    def spend(self, refresh_token: str) -> str:
        """The same token again: it stays good."""
        return refresh_token
