"""What the stations say happened to the offsets of one run: lake, ledger and quarantine are each asked themselves."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import ARRAY, Engine, Uuid, any_, bindparam, column, select, table, text

from consumers.lake.batches import batches_after
from infra.demo.path_table import PathRow, PathTable
from infra.demo.sql import query
from infra.kafka.offsets import Offsets
from infra.object_store import LakeStore
from schemas.contract import Contract


def known_ids(engine: Engine, event: str, ids: Collection[str]) -> set[str]:
    """Those of the event ids that core holds already."""
    core = table(event, column("event_id", Uuid), schema="core")
    among = any_(bindparam("ids", list(ids), type_=ARRAY(Uuid(as_uuid=False))))
    with engine.connect() as connection:
        return {str(found) for found in connection.scalars(select(core.c.event_id).where(core.c.event_id == among))}


def found_path(
    engine: Engine, lake: LakeStore, contracts: Mapping[str, Contract], starts: Offsets, ends: Offsets
) -> PathTable:
    """The counts of every event between the two positions of its partitions."""
    return {event: _row(engine, lake, contract, starts, ends) for event, contract in sorted(contracts.items())}


def _row(engine: Engine, lake: LakeStore, contract: Contract, starts: Offsets, ends: Offsets) -> PathRow:
    partitions = range(contract.partitions)
    start_of = [starts[contract.topic, partition] for partition in partitions]
    at = {"topic": contract.topic, "partitions": list(partitions), "starts": start_of}
    with engine.connect() as connection:
        counts = connection.execute(text(query("path")), at).one()
        causes = connection.execute(text(query("causes")), at).all()
    published = sum(ends[contract.topic, partition] for partition in partitions) - sum(start_of)
    return PathRow(
        stations={
            "published": published,
            "landed": _landed(lake, contract, starts),
            "loaded": counts.loaded,
            "duplicate": counts.duplicate,
            "quarantined": counts.quarantined,
            "rejected": counts.rejected,
        },
        quarantined_by={cause.rule: cause.events for cause in causes if cause.origin == "check"},
        rejected_by={cause.rule: cause.events for cause in causes if cause.origin == "landing"},
    )


def _landed(lake: LakeStore, contract: Contract, starts: Offsets) -> int:
    """Offsets that the lake's chain of batches covers; overlaps of a restarted landing are counted once."""
    covered = 0
    for partition in range(contract.partitions):
        reached = start = starts[contract.topic, partition]
        for manifest in batches_after(lake, contract.topic, partition, start):
            reached = manifest.next_offset
        covered += reached - start
    return covered
