"""How long to wait before a server that is away is asked again."""

from __future__ import annotations

import random
from collections.abc import Iterator


def pauses(first_s: float, longest_s: float, rng: random.Random | None = None) -> Iterator[float]:
    """Seconds to wait before each further try: doubling up to `longest_s`, each cut by a random part of up to half.

    The random part keeps those who lost the same server from coming back all at once.
    """
    rng = rng or random.Random()  # noqa: S311 - jitter, no secret
    pause = first_s
    while True:
        yield pause * rng.uniform(0.5, 1.0)
        pause = min(longest_s, 2 * pause)
