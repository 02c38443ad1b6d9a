"""The first step of a replay: kept records of the quarantine into the staging tables of a new load."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from sqlalchemy import Engine

from consumers.warehouse import ledger as entries
from consumers.warehouse.copying import Filled, copy_filled, filled_by
from consumers.warehouse.kept_datums import SchemaOf, kept_columns
from consumers.warehouse.leftovers import drop_leftovers
from consumers.warehouse.replay_choice import Choice, Datum, ReplayLimits, chosen
from consumers.warehouse.steps import OnStep, no_step
from consumers.warehouse.tables import ledger
from consumers.warehouse.tables.events import ensure_event_tables
from consumers.warehouse.tables.staging import StagingTables, staging_tables
from schemas.contract import Contract

log = logging.getLogger(__name__)

LIMITS = ReplayLimits()


def stage_replay(
    engine: Engine,
    contract: Contract,
    choice: Choice,
    schema_of: SchemaOf,
    run_id: str,
    limits: ReplayLimits = LIMITS,
    on_step: OnStep = no_step,
) -> int | None:
    """Stage the chosen entries, up to the limits; the new load's number, None when there are none.

    The quarantine is not touched. Partition, offset, timestamp and schema id are those of the original record. Raises
    KeptBytesDamaged, TypeChanged, what `schema_of` raises, and the database's errors.
    """
    drop_leftovers(engine, contract.event)
    with engine.begin() as connection:
        ensure_event_tables(connection, contract)
        datums = chosen(connection, contract.event, choice, limits)
        if not datums:
            return None
        load_id = entries.begin_load(connection, contract, run_id, ledger.REPLAY)
        staging = staging_tables(contract, load_id)
        staging.metadata.create_all(connection, checkfirst=False)
    on_step("replay.begun")
    copy_filled(engine, _filled(datums, contract, schema_of, staging))
    on_step("replay.copied")
    with engine.begin() as connection:
        entries.set_staged(connection, load_id, len(datums))
    on_step("replay.staged")
    log.info("Staged %d kept records", len(datums), extra={"action": "stage_replay", "load_id": load_id})
    return load_id


def _filled(datums: Sequence[Datum], contract: Contract, schema_of: SchemaOf, staging: StagingTables) -> Filled:
    return [part for columns in kept_columns(datums, contract, schema_of) for part in filled_by(columns, staging)]
