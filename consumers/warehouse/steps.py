"""Where tests may stop or kill a load: the named boundaries of stage and publish."""

from __future__ import annotations

from collections.abc import Callable

OnStep = Callable[[str], None]
"""Called with the name of the boundary just reached."""


def no_step(name: str) -> None:
    """Nothing happens there outside of tests."""
