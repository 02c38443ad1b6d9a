"""What runs beside the pushes of marketplaces, as a part of the stack: `hagiang marketplaces run`, kept running."""

from __future__ import annotations

from datetime import UTC, datetime

from infra.local.home import PROJECT
from infra.local.part import Part
from infra.local.simulated_platforms import simulated_needs
from infra.local.stack import Stack, program

FILE = "marketplaces.toml"
ALIVE = "marketplaces.alive"


def marketplaces_parts(stack: Stack) -> list[Part]:
    """The part, when the state folder has a file of marketplaces; none without."""
    if not (stack.home.root / FILE).exists():
        return []
    part = Part(
        name="marketplaces",
        command=(program("hagiang"), "marketplaces", "run"),
        ready=lambda since: touched(stack) >= since,
        port=stack.ports["kafka"],
        directory=PROJECT,
        needs=("topics", "bucket", "contracts", *simulated_needs(stack)),
    )
    return [part]


def touched(stack: Stack) -> datetime:
    """When the running process last told that it lives."""
    return datetime.fromtimestamp((stack.home.root / ALIVE).stat().st_mtime, UTC)
