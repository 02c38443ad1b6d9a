"""Landing as a part of the stack: `hagiang land`, kept running."""

from __future__ import annotations

from consumers.landing.limits import DEFAULT_LIMITS
from infra.kafka.admin import open_admin
from infra.local.home import PROJECT
from infra.local.kafka import kafka_settings
from infra.local.part import Part
from infra.local.stack import Stack, program


def landing_part(stack: Stack) -> Part:
    """One landing process; its settings are those in the stack's own file of addresses."""
    return Part(
        name="landing",
        command=(program("hagiang"), "land"),
        ready=lambda _since: has_joined(stack),
        port=stack.ports["kafka"],
        directory=PROJECT,
        needs=("topics", "bucket", "contracts", "warehouse"),
    )


def has_joined(stack: Stack) -> bool:
    """Whether the broker counts landing in its consumer group, with partitions to read."""
    with open_admin(kafka_settings(stack), timeout_ms=3000) as admin:
        group = admin.describe_groups([DEFAULT_LIMITS.group_id])[DEFAULT_LIMITS.group_id]
    return group["group_state"] == "Stable" and bool(group["members"])
