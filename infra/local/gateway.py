"""The gateway as a part of the stack: `hagiang gateway`, kept running."""

from __future__ import annotations

import httpx

from infra.local.home import PROJECT
from infra.local.part import Part
from infra.local.ports import HOST
from infra.local.simulated_platforms import simulated_needs
from infra.local.stack import Stack, program
from producers.pseudonyms import ensure_keys, purposes_of
from schemas.catalog import load_catalog


def gateway_part(stack: Stack) -> Part:
    """One gateway process; its settings are those in the stack's own file of addresses."""
    return Part(
        name="gateway",
        command=(program("hagiang"), "gateway", "--host", HOST, "--port", str(stack.ports["gateway"])),
        ready=lambda _since: is_ready(stack),
        before_start=lambda: make_pseudonym_keys(stack),
        port=stack.ports["gateway"],
        directory=PROJECT,
        needs=("topics", "contracts", "warehouse", *simulated_needs(stack)),
        stop_seconds=30,
    )


def is_ready(stack: Stack) -> bool:
    """Whether the gateway can take events and they go straight to Kafka."""
    page = httpx.get(f"{stack.url('gateway')}/health/ready", timeout=5, verify=False)  # noqa: S501 (a plain address)
    return page.is_success and page.json()["G002_kafka"] == "ok"


def make_pseudonym_keys(stack: Stack) -> None:
    """A key for every purpose that the contracts name and that has none yet."""
    ensure_keys(stack.home.pseudonym_keys, purposes_of(load_catalog(stack.contracts).values()))
