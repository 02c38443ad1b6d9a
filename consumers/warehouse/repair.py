"""repair: quarantined records loaded after all, or discarded, once a second person has approved; see README.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, func, insert, select, update

from consumers.warehouse.closing import Closing
from consumers.warehouse.connect import warehouse_errors
from consumers.warehouse.rehearsal import Rehearsal
from consumers.warehouse.replay import Desk, replay_all
from consumers.warehouse.replay_choice import CauseKey, Choice, open_and_named
from consumers.warehouse.tables import quarantine, repairs
from consumers.warehouse.two_persons import require_reason, require_second
from infra.errors import OperatorError
from schemas.contract import Contract

_REPAIR = repairs.repair


class RepairUnknown(OperatorError):
    """There is no repair of that number: see `quarantine.repair` for those there are."""


class NotApproved(OperatorError):
    """The repair was refused, or nobody has decided yet: nothing was changed."""


@dataclass(frozen=True)
class Repair:
    """A row of `quarantine.repair`; `decision` is `approved`, `refused`, or None while nobody has decided."""

    repair_id: int
    event: str
    action: str
    choice: Choice
    entries: int
    asked_by: str
    reason: str
    decision: str | None
    decided_by: str | None
    result: Mapping[str, int] | None


def ask(engine: Engine, event: str, action: str, rehearsal: Rehearsal, closing: Closing, run_id: str) -> int:
    """Put a repair on record, for a second person to decide; its number. `action` is REPLAY or DISCARD.

    Raises ReasonNeeded, WarehouseUnavailable.
    """
    require_reason(closing.by, closing.reason)
    values = {
        "event": event,
        "action": action,
        "choice": {name: value for name, value in asdict(rehearsal.choice).items() if value},
        "entries": rehearsal.entries,
        "rehearsal": rehearsal.as_json(),
        "asked_by": closing.by.strip(),
        "reason": closing.reason.strip(),
        "run_id": run_id,
    }
    with warehouse_errors(), engine.begin() as connection:
        added = connection.execute(insert(_REPAIR).values(values).returning(_REPAIR.c.repair_id))
        return int(added.scalar_one())


def decide(engine: Engine, repair_id: int, by: str, reason: str, *, approved: bool) -> Repair:
    """Put the decision on record, the first one; who asked may refuse, but not approve.

    Raises RepairUnknown, SecondPersonNeeded, WarehouseUnavailable.
    """
    with warehouse_errors(), engine.begin() as connection:
        repair = repair_of(connection, repair_id, lock=True)
        if approved:
            require_second(by, repair.asked_by)
        if repair.decision is None:
            decision = repairs.APPROVED if approved else repairs.REFUSED
            values = {"decision": decision, "decided_by": by, "decided_at": func.now(), "decision_reason": reason}
            connection.execute(update(_REPAIR).where(_REPAIR.c.repair_id == repair_id).values(values))
        return repair_of(connection, repair_id)


def carry_out(desk: Desk, contract: Contract, repair_id: int, run_id: str) -> Mapping[str, int]:
    """Replay or discard what was approved; how many entries became loaded, duplicate, discarded, and how many are open.

    Entries that came after the dry run are left alone. May die anywhere and be called again: what is closed stays so.
    Raises RepairUnknown, NotApproved, and what `replay` raises.
    """
    with warehouse_errors(), desk.engine.connect() as connection:
        repair = repair_of(connection, repair_id)
    if repair.decision != repairs.APPROVED:
        raise NotApproved(f"repair {repair_id}: {repair.decision or 'not decided'}")
    if repair.result is not None:
        return repair.result
    closing = Closing(repair.asked_by, repair.reason, repair_id)
    if repair.action == repairs.DISCARD:
        discard(desk.engine, repair.event, repair.choice, closing)
    else:
        for _ in replay_all(replace(desk, closing=closing), contract, repair.choice, run_id):
            pass
    return _end(desk.engine, repair)


def discard(engine: Engine, event: str, choice: Choice, closing: Closing) -> int:
    """Close the chosen open entries, decodable or not, as discarded; how many that were."""
    values = {
        "status": quarantine.DISCARDED,
        "closed_at": func.now(),
        "closed_by": closing.by,
        "close_reason": closing.reason,
        "closed_repair_id": closing.repair_id,
    }
    entry = quarantine.event
    with warehouse_errors(), engine.begin() as connection:
        chosen = select(entry.c.id).where(*open_and_named(event, choice)).order_by(entry.c.id).with_for_update()
        return connection.execute(update(entry).where(entry.c.id.in_(chosen)).values(values)).rowcount


def repair_of(connection: Connection, repair_id: int, *, lock: bool = False) -> Repair:
    """The repair, locked until the transaction ends when asked; raises RepairUnknown."""
    query = select(_REPAIR).where(_REPAIR.c.repair_id == repair_id)
    row = connection.execute(query.with_for_update() if lock else query).mappings().one_or_none()
    if row is None:
        raise RepairUnknown(f"repair {repair_id}")
    return _repair(row)


def _end(engine: Engine, repair: Repair) -> dict[str, int]:
    """Count what became of the entries, all attempts together, and put it on record."""
    entry = quarantine.event.c
    became = func.coalesce(entry.outcome, entry.status)
    closed = select(became, func.count()).where(entry.closed_repair_id == repair.repair_id).group_by(became)
    still_open = select(func.count()).where(*open_and_named(repair.event, repair.choice))
    with warehouse_errors(), engine.begin() as connection:
        counts = dict.fromkeys((quarantine.LOADED, quarantine.DUPLICATE, quarantine.DISCARDED), 0)
        counts |= dict(connection.execute(closed).all())
        counts[quarantine.OPEN] = connection.execute(still_open).scalar_one()
        ended = {"ended_at": func.now(), "result": counts}
        connection.execute(update(_REPAIR).where(_REPAIR.c.repair_id == repair.repair_id).values(ended))
    return counts


def _repair(row: RowMapping) -> Repair:
    named = {name: row[name] for name in Repair.__annotations__}
    return Repair(**{**named, "choice": _choice(row["choice"])})


def _choice(kept: Mapping[str, Any]) -> Choice:
    cause = kept.get("cause")
    if cause is None:
        return Choice(**kept)
    missing = tuple(cause["missing_references"])
    return Choice(**{**kept, "cause": CauseKey(**{**cause, "missing_references": missing})})
