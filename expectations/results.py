"""Where the lake keeps the result of each check: `checks/<event>/<load, 12 digits>.json`."""

from __future__ import annotations

PREFIX = "checks"


def results_prefix(event: str) -> str:
    """What the keys of an event's results begin with."""
    return f"{PREFIX}/{event}/"


def result_key(event: str, load_id: int) -> str:
    """Key of the result of a load's check; keys sort in the order of the loads."""
    return f"{results_prefix(event)}{load_id:012d}.json"


def load_of(key: str) -> int:
    """The load whose result the key names."""
    return int(key.rsplit("/", 1)[-1].removesuffix(".json"))
