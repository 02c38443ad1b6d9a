"""Quarantined events for the tests of replays, brought there by the checks themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine

from consumers.warehouse.check import check
from consumers.warehouse.closing import Closing
from consumers.warehouse.publish import PublishResult, publish
from consumers.warehouse.reconcile import reconcile
from consumers.warehouse.replay import Desk, replay
from consumers.warehouse.replay_choice import Choice, ReplayLimits, due_events
from consumers.warehouse.replay_publish import ReplayResult
from consumers.warehouse.replay_stage import LIMITS
from consumers.warehouse.stage import stage
from infra.object_store import LakeStore
from schemas.codec import prepare
from schemas.contract import Contract, Json
from schemas.example_files import load_examples
from tests.component.warehouse.loads import CATALOG, quarantined
from tests.landed_batches import SCHEMA_ID, Reject, Written, land
from tests.samples import event_id

AGENCY = CATALOG["agency_registered"]
PROCEDURE = CATALOG["procedure_published"]
RATED = CATALOG["ocop_product_rated"]
LISTED = CATALOG["product_listed"]
CLOSING = Closing(by="an engineer", reason="a test")
NOTHING_ELSE = Choice()

_EXAMPLES = {(event, each.name): each.payload for event, found in load_examples().items() for each in found}


def example(contract: Contract, name: str, number: int, **changes: Any) -> Written:
    """An accepted example as the SDK encodes it, with an id of its own and on the day of the samples."""
    event = {
        **_EXAMPLES[contract.event, name],
        "event_id": event_id(number),
        "occurred_at": "2021-06-21T08:00:00+07:00",
    }
    return Written(prepare(contract).encode({**event, **changes}), contract.schema)


def load_checked(
    engine: Engine,
    lake: LakeStore,
    contract: Contract,
    records: Sequence[Mapping[str, Any] | Written | Reject],
    from_offset: int = 0,
) -> PublishResult:
    """stage, check and publish, as the DAG does it."""
    land(lake, contract, records, from_offset=from_offset)
    load_id = stage(engine, lake, contract, run_id="test")
    assert load_id is not None
    check(engine, lake, contract, load_id)
    return publish(engine, lake, contract, load_id)


def desk(
    engine: Engine,
    lake: LakeStore,
    contract: Contract,
    schemas: Mapping[int, Json] | None = None,
    limits: ReplayLimits = LIMITS,
) -> Desk:
    """Producers wrote with today's contract unless `schemas` says more."""
    known: dict[int, Json] = {SCHEMA_ID: contract.schema, **(schemas or {})}
    return Desk(engine, lake, known.__getitem__, CLOSING, limits)


def replayed(
    engine: Engine, lake: LakeStore, contract: Contract, choice: Choice = NOTHING_ELSE, **how: Any
) -> ReplayResult | None:
    """One replay."""
    return replay(desk(engine, lake, contract), contract, choice, "test", **how)


def entries(engine: Engine, *names: str) -> list[tuple[Any, ...]]:
    """These columns of the quarantine's entries, in order of their positions."""
    return [tuple(row[name] for name in names) for row in quarantined(engine)]


def due(engine: Engine) -> list[str]:
    """Events with entries that wait for a reference list which has changed."""
    with engine.connect() as connection:
        return due_events(connection)


def assert_in_order(engine: Engine, *contracts: Contract) -> None:
    """Every record is where the books say."""
    found = reconcile(engine, contracts)
    assert len(found) >= len(contracts)
    assert [fault for balance in found for fault in balance.faults] == []
