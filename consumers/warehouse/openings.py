"""Open breakers: which load waits and why, who lets loads go on, and how (`ledger.breaker`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import Connection, Engine, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert

from consumers.warehouse.breaker import BreakerOpen, breaker_message, is_open
from consumers.warehouse.connect import warehouse_errors
from consumers.warehouse.tables import ledger
from consumers.warehouse.two_persons import require_reason
from infra.errors import OperatorError
from schemas.contract import Contract

_breaker = ledger.breaker
_open = _breaker.c.resumed_at.is_(None)


class NotOpen(OperatorError):
    """The event's breaker is not open, so there is nothing to resume: see `hagiang breaker list`."""


@dataclass(frozen=True)
class Opening:
    """An open breaker: loads of the event wait behind `load_id`, of which `failed` of `total` records fail."""

    event: str
    load_id: int
    opened_at: datetime
    failed: int
    total: int
    by_rule: Mapping[str, int]

    @property
    def message(self) -> str:
        """How much fails, and which rules, the worst first."""
        return breaker_message(self.event, self.load_id, self.failed, self.total, self.by_rule)


def open_breakers(connection: Connection) -> list[Opening]:
    """All that are open, the oldest first."""
    columns = (_breaker.c[field.name] for field in fields(Opening))
    return [Opening(*row) for row in connection.execute(select(*columns).where(_open).order_by(_breaker.c.opened_at))]


def refuse_while_open(connection: Connection, event: str) -> None:
    """Raises BreakerOpen while nobody has resumed the event's loads."""
    for opening in open_breakers(connection):
        if opening.event == event:
            raise BreakerOpen(f"since {opening.opened_at:%Y-%m-%d %H:%M} UTC; {opening.message}")


def judge(
    connection: Connection, contract: Contract, load_id: int, failed: int, total: int, by_rule: Mapping[str, int]
) -> bool:
    """Whether the breaker opens for a checked load, or stays open for it; put on record either way.

    It does not for a load that somebody has let through.
    """
    event = contract.event
    if is_open(contract.breaker, failed, total) and not _let_through(connection, event, load_id):
        found = {"load_id": load_id, "failed": failed, "total": total, "by_rule": dict(by_rule)}
        added = insert(_breaker).values(event=event, **found)
        connection.execute(added.on_conflict_do_update(index_elements=["event"], index_where=_open, set_=found))
        return True
    of_load = (_breaker.c.event == event) & (_breaker.c.load_id == load_id) & _open
    connection.execute(update(_breaker).where(of_load).values(_resumed(ledger.PASSED, "check", "its check passed")))
    return False


def resume(engine: Engine, event: str, *, how: str, by: str, why: str) -> None:
    """Let the event's loads go on.

    `how` is WITH_QUARANTINE: what waited loads as it is, its bad rows into the quarantine, and the breaker watches
    what comes after it; or WITH_CHECK: the next load is judged anew, for when a rule or the source was mended. Raises
    NotOpen, ReasonNeeded, WarehouseUnavailable.
    """
    require_reason(by, why)
    said = _resumed(how, by.strip(), why.strip())
    with warehouse_errors(), engine.begin() as connection:
        if not connection.execute(update(_breaker).where(_breaker.c.event == event, _open).values(said)).rowcount:
            raise NotOpen(event)


def ends_let_through(connection: Connection, event: str, watermarks: Mapping[int, int]) -> dict[int, int] | None:
    """Up to which offsets the next load may go, by partition, so that it is one that was let through; None for any.

    Once all of it is published it binds no more.
    """
    said = (_breaker.c.event == event) & (_breaker.c.resumed_how == ledger.WITH_QUARANTINE)
    latest = select(_breaker.c.load_id).where(said).order_by(_breaker.c.opening_id.desc()).limit(1).scalar_subquery()
    waited = ledger.load_range.c
    found = connection.execute(select(waited.partition, waited.next_offset).where(waited.load_id == latest))
    ends = {partition: end for partition, end in found if end > watermarks.get(partition, 0)}
    return ends or None


def _let_through(connection: Connection, event: str, load_id: int) -> bool:
    """Whether somebody has let this load through: all its offsets waited when they said so."""
    mine, allowed = ledger.load_range.alias("mine"), ledger.load_range.alias("allowed")
    covered = exists().where(
        allowed.c.load_id == _breaker.c.load_id,
        allowed.c.partition == mine.c.partition,
        allowed.c.next_offset >= mine.c.next_offset,
    )
    beyond = exists().where(mine.c.load_id == load_id, ~covered.correlate(_breaker, mine))
    said = (_breaker.c.event == event) & (_breaker.c.resumed_how == ledger.WITH_QUARANTINE)
    query = select(exists(select(_breaker.c.opening_id).where(said, ~beyond.correlate(_breaker))))
    return bool(connection.execute(query).scalar_one())


def _resumed(how: str, by: str, why: str) -> dict[str, object]:
    return {"resumed_at": func.now(), "resumed_how": how, "resumed_by": by, "resume_reason": why}
