"""replay: open entries of the quarantine through the normal load again; see README.md of this folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sqlalchemy import Engine

from consumers.warehouse.check import check
from consumers.warehouse.closing import Closing
from consumers.warehouse.connect import warehouse_errors
from consumers.warehouse.kept_datums import SchemaOf
from consumers.warehouse.replay_choice import Choice, ReplayLimits
from consumers.warehouse.replay_publish import COUNTS, ReplayResult, Watch, publish_replay
from consumers.warehouse.replay_stage import LIMITS, stage_replay
from consumers.warehouse.steps import OnStep, no_step
from infra.object_store import LakeStore
from schemas.contract import Contract


@dataclass(frozen=True)
class Desk:
    """What every replay works with: warehouse and lake, writer schemas by id, and who has it done and why."""

    engine: Engine
    lake: LakeStore
    schema_of: SchemaOf
    closing: Closing
    limits: ReplayLimits = LIMITS


def replay(
    desk: Desk,
    contract: Contract,
    choice: Choice,
    run_id: str,
    *,
    rehearse: bool = False,
    watch: Watch | None = None,
    on_step: OnStep = no_step,
) -> ReplayResult | None:
    """Stage, check and publish the chosen entries, as many as one load takes; None when there are none.

    What passes today's suite with today's reference lists is in core once and its entry closed; what fails stays open
    with the reasons of today. Watermarks and the ledger's ranges stay as they are. With `rehearse` only the counts come
    back, and `watch` sees the database before and as it would be. May die anywhere and be called again. Raises what
    stage_replay, check and publish_replay raise, and WarehouseUnavailable.
    """
    with warehouse_errors():
        load_id = stage_replay(desk.engine, contract, choice, desk.schema_of, run_id, desk.limits, on_step)
        if load_id is None:
            return None
        check(desk.engine, desk.lake, contract, load_id, on_step)
        closing = desk.closing
        return publish_replay(desk.engine, contract, load_id, closing, rehearse=rehearse, watch=watch, on_step=on_step)


def replay_all(desk: Desk, contract: Contract, choice: Choice, run_id: str) -> Iterator[ReplayResult]:
    """One replay after the other until each chosen entry has been tried once; raises what `replay` raises.

    Ends with a stale one if somebody else replays the same entries: they see to the rest.
    """
    result = replay(desk, contract, choice, run_id)
    if result is not None and choice.tried_before is None:
        choice = replace(choice, tried_before=result.load_id)
    while result is not None:
        yield result
        result = None if result.stale else replay(desk, contract, choice, run_id)


def total(results: Iterable[ReplayResult]) -> dict[str, int]:
    """The counts of several replays together."""
    counts = Counter(dict.fromkeys(COUNTS, 0))
    for result in results:
        counts.update(result.counts())
    return dict(counts)
