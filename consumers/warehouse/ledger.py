"""Entries of the ledger: watermarks, loads and their states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Connection, func, insert, select, update
from sqlalchemy.dialects import postgresql

from consumers.warehouse.connect import StagingLost
from consumers.warehouse.plan import Take
from consumers.warehouse.tables import ledger
from infra.errors import OperatorError
from schemas.contract import Contract

_STAMPS = {ledger.STAGED: "staged_at", ledger.CHECKED: "checked_at", ledger.PUBLISHED: "published_at"}


class LoadOfOtherKind(OperatorError):
    """A replay is published by `replay`, any other load by its DAG: ask for the load's number again."""


class LoadUnknown(OperatorError):
    """The ledger has no load of that number: see `ledger.load` for those there are."""


@dataclass(frozen=True)
class LoadRange:
    """Offsets of one partition a load means to publish; `records` counts the undecodable (`rejected`) ones too."""

    partition: int
    from_offset: int
    next_offset: int
    records: int
    rejected: int

    @property
    def rows(self) -> int:
        """Records that could be decoded, those included that were erased."""
        return self.records - self.rejected


def watermarks_of(connection: Connection, topic: str, partitions: Iterable[int]) -> dict[int, int]:
    """The next offset to publish of each partition, 0 for one that is new; new ones get their place in the ledger."""
    new = [{"topic": topic, "partition": partition, "next_offset": 0} for partition in partitions]
    if new:
        connection.execute(postgresql.insert(ledger.batch).on_conflict_do_nothing(), new)
        connection.execute(postgresql.insert(ledger.watermark).on_conflict_do_nothing(), new)
    mark = ledger.watermark.c
    found = connection.execute(select(mark.partition, mark.next_offset).where(mark.topic == topic))
    return dict(found.all())


def begin_load(connection: Connection, contract: Contract, run_id: str, kind: str = ledger.LOAD) -> int:
    """A new load in state `staging`; returns its number."""
    about = {"event": contract.event, "topic": contract.topic, "run_id": run_id}
    values = {**about, "state": ledger.STAGING, "kind": kind}
    load_id: int = connection.execute(insert(ledger.load).values(values).returning(ledger.load.c.load_id)).scalar_one()
    return load_id


def record_ranges(connection: Connection, topic: str, load_id: int, ranges: Iterable[LoadRange]) -> None:
    """What the load means to publish."""
    rows = [{"load_id": load_id, "topic": topic, **vars(offsets)} for offsets in ranges]
    connection.execute(insert(ledger.load_range), rows)


def record_batches(connection: Connection, load_id: int, takes: Iterable[Take]) -> None:
    """Which batches of the lake the load is made of."""
    rows = [
        {
            "load_id": load_id,
            "manifest_key": take.manifest.key,
            "partition": take.manifest.partition,
            "from_offset": take.from_offset,
            "next_offset": take.manifest.next_offset,
        }
        for take in takes
    ]
    connection.execute(insert(ledger.load_batch), rows)


def ranges_of(connection: Connection, load_id: int) -> list[LoadRange]:
    """What the load means to publish, in order of the partitions."""
    of = ledger.load_range.c
    columns = (of.partition, of.from_offset, of.next_offset, of.records, of.rejected)
    found = connection.execute(select(*columns).where(of.load_id == load_id).order_by(of.partition))
    return [LoadRange(*row) for row in found]


def manifest_keys_of(connection: Connection, load_id: int) -> list[str]:
    """Keys in the lake of the batches the load is made of."""
    of = ledger.load_batch.c
    return list(connection.execute(select(of.manifest_key).where(of.load_id == load_id)).scalars())


def state_of(connection: Connection, load_id: int, *, lock: bool = False) -> str:
    """The load's state, locked until the transaction ends when asked; raises LoadUnknown."""
    query = select(ledger.load.c.state).where(ledger.load.c.load_id == load_id)
    state = connection.execute(query.with_for_update() if lock else query).scalar_one_or_none()
    if state is None:
        raise LoadUnknown(f"load {load_id}")
    return str(state)


def kind_of(connection: Connection, load_id: int) -> str:
    """`load` or `replay`; raises LoadUnknown."""
    kind = connection.execute(select(ledger.load.c.kind).where(ledger.load.c.load_id == load_id)).scalar_one_or_none()
    if kind is None:
        raise LoadUnknown(f"load {load_id}")
    return str(kind)


def refuse_other_kind(connection: Connection, load_id: int, kind: str) -> None:
    """Raises LoadOfOtherKind, LoadUnknown."""
    if (found := kind_of(connection, load_id)) != kind:
        raise LoadOfOtherKind(f"load {load_id} is a {found}")


def note_references(connection: Connection, load_id: int, state: Mapping[str, str]) -> None:
    """What the reference lists held when the load's rows were checked, or earlier."""
    connection.execute(update(ledger.load).where(ledger.load.c.load_id == load_id).values(reference_state=dict(state)))


def set_state(connection: Connection, load_id: int, state: str, counts: Mapping[str, int] | None = None) -> None:
    """Bring the load into a state, note when if it is one of success, and its counts if they are given."""
    stamp = {_STAMPS[state]: func.now()} if state in _STAMPS else {}
    values = {"state": state, **stamp, **(counts or {})}
    connection.execute(update(ledger.load).where(ledger.load.c.load_id == load_id).values(values))


def set_staged(connection: Connection, load_id: int, consumed: int) -> None:
    """The load's rows are in its staging tables; raises StagingLost for one that was given up meanwhile."""
    if state_of(connection, load_id, lock=True) != ledger.STAGING:
        raise StagingLost(f"load {load_id} was given up while it was being staged")
    set_state(connection, load_id, ledger.STAGED, {"consumed": consumed})


def abandon_loads(connection: Connection, event: str, older_than: timedelta, keep: int) -> None:
    """Give up the event's unfinished loads that began longer ago than `older_than`, and all but the `keep` newest.

    Loads and replays are counted apart.
    """
    load = ledger.load.c
    for kind in ledger.KINDS:
        alive = _unfinished(event) & (load.kind == kind)
        newest = select(load.load_id).where(alive).order_by(load.load_id.desc()).limit(keep)
        dead = alive & ((load.started_at < func.now() - older_than) | load.load_id.not_in(newest))
        connection.execute(update(ledger.load).where(dead).values(state=ledger.ABANDONED))


def unfinished_loads(connection: Connection, event: str) -> list[int]:
    """Loads of an event that may still be published."""
    return list(connection.execute(select(ledger.load.c.load_id).where(_unfinished(event))).scalars())


def _unfinished(event: str) -> ColumnElement[bool]:
    load = ledger.load.c
    return (load.event == event) & load.state.in_((ledger.STAGING, ledger.STAGED, ledger.CHECKED, ledger.BROKEN))
