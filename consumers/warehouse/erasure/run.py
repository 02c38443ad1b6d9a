"""Carries an approved request out; see README.md of the folder above."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import Engine, func, select

from consumers.lake.batches import partitions_of
from consumers.lake.sweep import Swept, sweep
from consumers.lake.traces import Traces
from consumers.warehouse import ledger
from consumers.warehouse.connect import warehouse_errors
from consumers.warehouse.erasure.remove import remove
from consumers.warehouse.erasure.requests import Request, RequestNotApproved, change, request_of
from consumers.warehouse.marts.build import build_marts
from consumers.warehouse.rebuild.rebuild import alone
from consumers.warehouse.sealing.forget import forget_salts
from consumers.warehouse.steps import OnStep, no_step
from consumers.warehouse.tables.erasure import erased_record
from consumers.warehouse.tables.events import ensure_event_tables
from infra.errors import OperatorError
from infra.object_store import LakeStore
from schemas.contract import Contract
from schemas.pseudonym_fields import pseudonym_fields

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]
_SWEEPS = 5


class StillLanding(OperatorError):
    """Landing is writing records of the person right now: run the erasure again in a minute; it goes on from there."""

    retriable: ClassVar[bool] = True


def run(
    engine: Engine,
    store: LakeStore,
    catalog: Mapping[str, Contract],
    erasure_id: int,
    clock: Clock,
    on_step: OnStep = no_step,
) -> Request:
    """Erase the person everywhere, and put the report on record; a request that is done is swept once more.

    May die anywhere and be called again. From its beginning on no load takes the person in. Raises RequestUnknown,
    RequestNotApproved, RebuildRunning, StillLanding, MartInvalid, the lake's errors, WarehouseUnavailable.
    """
    began = clock()
    with warehouse_errors():
        with engine.begin() as connection:
            request = request_of(connection, erasure_id, lock=True)
            if request.approved_by is None:
                raise RequestNotApproved(f"request {erasure_id}")
            if request.started_at is None:
                change(connection, erasure_id, started_at=began)
        on_step("erase.begun")
        events = {
            contract.event: _erase(engine, store, contract, request, clock, on_step)
            for contract in concerned(catalog.values())
        }
        build_marts(engine, clock, catalog)
        on_step("erase.marts")
        with engine.begin() as connection:
            report = {"events": events, "seconds": round((clock() - began).total_seconds(), 1)}
            values = {"done_at": clock(), "report": report} if request.done_at is None else {}
            if values:
                change(connection, erasure_id, **values)
            return request_of(connection, erasure_id)


def concerned(contracts: Iterable[Contract]) -> list[Contract]:
    """Contracts with a field that holds a pseudonym."""
    return [contract for contract in contracts if any(True for _ in pseudonym_fields(contract))]


def _erase(
    engine: Engine, store: LakeStore, contract: Contract, request: Request, clock: Clock, on_step: OnStep
) -> dict[str, Any]:
    """One event type: lake, then warehouse, while nobody rebuilds it."""
    traces: Traces = frozenset(request.traces)
    with alone(engine, contract.event):
        swept = _sweep_all(engine, store, contract, traces)
        on_step("erase.swept")
        with engine.begin() as connection:
            ensure_event_tables(connection, contract)
            erased = {partition: found.erased for partition, found in swept.items()}
            counts = remove(connection, contract, request.erasure_id, traces, erased)
            on_step("erase.removed")
        on_step("erase.committed")
        salts = _forget_salts(engine, store, contract, request.erasure_id)
        on_step("erase.forgotten")
    lake = sum(swept.values(), Swept())
    log.info("Erased %s of %s", counts, contract.event, extra={"action": "erase", "erasure_id": request.erasure_id})
    return {
        **counts,
        "salts_forgotten": salts,
        "batches_rewritten": lake.rewritten,
        "objects_deleted": lake.deleted,
        "objects_read": lake.files,
        "bytes_read": lake.bytes,
        "in_topic_until": (clock() + timedelta(days=contract.retention_days)).isoformat(timespec="seconds"),
    }


def _forget_salts(engine: Engine, store: LakeStore, contract: Contract, erasure_id: int) -> int:
    """The salts of the request's records, so that nobody can try out any more what they said."""
    of = erased_record.c
    query = select(of.kafka_partition, func.array_agg(of.kafka_offset)).group_by(of.kafka_partition)
    with engine.begin() as connection:
        rows = connection.execute(query.where(of.topic == contract.topic, of.erasure_id == erasure_id)).all()
    return sum(forget_salts(store, contract.topic, partition, offsets) for partition, offsets in rows)


def _sweep_all(engine: Engine, store: LakeStore, contract: Contract, traces: Traces) -> dict[int, Swept]:
    """Sweep until a sweep finds nothing: that is the proof, and landing goes on meanwhile. Raises StillLanding."""
    swept: dict[int, Swept] = {}
    for _ in range(_SWEEPS):
        with engine.begin() as connection:
            marks = ledger.watermarks_of(connection, contract.topic, partitions_of(store, contract.topic))
        last = {partition: sweep(store, contract.topic, partition, traces, mark) for partition, mark in marks.items()}
        swept = {partition: swept.get(partition, Swept()) + found for partition, found in last.items()}
        if not any(found.changed or found.unsettled for found in last.values()):
            return swept
    raise StillLanding(f"{contract.topic}: {', '.join(key for found in last.values() for key in found.unsettled)}")
