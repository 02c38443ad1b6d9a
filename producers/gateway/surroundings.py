"""What the gateway stands on; everything is given, so that tests and other ways in can put their own in place."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from fastapi import APIRouter

from producers.gateway.callers import Access, Refusals
from producers.gateway.documentation.documented import WayIn
from producers.gateway.limits import USUAL_LIMITS, GatewayLimits
from producers.gateway.metrics import GatewayMetrics
from producers.pseudonyms import Pseudonyms
from producers.schema_ids import KeptIds
from producers.spooled import SpooledProducer
from schemas.contract import Contract
from schemas.example_files import Example
from schemas.record_rules import RecordRules
from schemas.usage.warehouse_rules import WarehouseRule
from schemas.versions import Released


@dataclass(frozen=True)
class Surroundings:
    """`ids` are those that the producer's encoder uses; `routers` are other parts that speak HTTP, `further` is what
    documentation says of their paths; `rules` are those between an event's fields, which are judged here, and `later`
    are all that the warehouse judges."""

    catalog: Mapping[str, Contract]
    released: Released
    examples: Mapping[str, Sequence[Example]]
    producer: SpooledProducer
    ids: KeptIds
    access: Access
    refusals: Refusals
    pseudonym_keys: Pseudonyms
    limits: GatewayLimits = USUAL_LIMITS
    metrics: GatewayMetrics = field(default_factory=GatewayMetrics)
    routers: Sequence[APIRouter] = ()
    further: Mapping[str, WayIn] = field(default_factory=dict)
    later: Mapping[str, Sequence[WarehouseRule]] = field(default_factory=dict)
    rules: Mapping[str, RecordRules] = field(default_factory=dict)
    ready: Callable[[], bool] = lambda: True  # whether the access list is known
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
