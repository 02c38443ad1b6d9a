"""Requests that are to be carried out now, and those that are late."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine

from consumers.warehouse.erasure.requests import Request, all_requests
from consumers.warehouse.erasure.run import Clock, run
from infra.object_store import LakeStore
from schemas.contract import Contract

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Worked:
    """Requests by what became of them: `done` now, `overdue` still."""

    done: list[Request]
    overdue: list[Request]


def run_approved(engine: Engine, store: LakeStore, catalog: Mapping[str, Contract], clock: Clock) -> Worked:
    """Carry out every request that was approved and is not done, the most urgent first; raises what `run` raises."""
    waiting = [each for each in all_requests(engine) if each.approved_by is not None and each.done_at is None]
    done = [run(engine, store, catalog, each.erasure_id, clock) for each in waiting]
    for each in done:
        found = {"action": "erasure_done", "erasure_id": each.erasure_id}
        log.info("Request %d is carried out", each.erasure_id, extra=found)
    return Worked(done, overdue(engine, clock))


def overdue(engine: Engine, clock: Clock) -> list[Request]:
    """Requests that should have been done by now, the oldest due date first."""
    now = clock()
    return [each for each in all_requests(engine) if each.is_overdue(now)]
