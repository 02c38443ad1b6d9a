"""replay: open entries of the quarantine through the normal load again; see README.md of this folder."""

from __future__ import annotations

from sqlalchemy import Engine

from consumers.warehouse.check import check
from consumers.warehouse.closing import Closing
from consumers.warehouse.connect import warehouse_errors
from consumers.warehouse.kept_datums import SchemaOf
from consumers.warehouse.replay_choice import Choice, ReplayLimits
from consumers.warehouse.replay_publish import ReplayResult, publish_replay
from consumers.warehouse.replay_stage import LIMITS, stage_replay
from consumers.warehouse.steps import OnStep, no_step
from infra.object_store import LakeStore
from schemas.contract import Contract


def replay(
    engine: Engine,
    store: LakeStore,
    contract: Contract,
    choice: Choice,
    closing: Closing,
    schema_of: SchemaOf,
    run_id: str,
    *,
    rehearse: bool = False,
    limits: ReplayLimits = LIMITS,
    on_step: OnStep = no_step,
) -> ReplayResult | None:
    """Stage, check and publish the chosen entries, as many as one load takes; None when there are none.

    What passes today's suite with today's reference lists is in core once and its entry closed; what fails stays open
    with the reasons of today. Watermarks and the ledger's ranges stay as they are. With `rehearse` only the counts come
    back. May die anywhere and be called again. Raises what stage_replay, check and publish_replay raise.
    """
    with warehouse_errors():
        load_id = stage_replay(engine, contract, choice, schema_of, run_id, limits, on_step)
        if load_id is None:
            return None
        check(engine, store, contract, load_id, on_step)
        return publish_replay(engine, contract, load_id, closing, rehearse=rehearse, on_step=on_step)
