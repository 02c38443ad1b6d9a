"""Requests to erase a person: put on record, approved by a second person, carried out, reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, update

from consumers.warehouse.connect import warehouse_errors
from consumers.warehouse.tables.erasure import erasure
from consumers.warehouse.two_persons import require_reason, require_second
from infra.errors import OperatorError

DUE = timedelta(hours=72)
"""Stricter than the law asks of any request."""


class RequestUnknown(OperatorError):
    """There is no request of that number: `hagiang erase list` shows those there are."""


class RequestNotApproved(OperatorError):
    """Nobody has approved the request yet, and nothing was erased: `hagiang erase approve` by a second person."""


@dataclass(frozen=True)
class Request:
    """A row of `ledger.erasure`."""

    erasure_id: int
    reference: str
    traces: Sequence[str]
    asked_by: str
    asked_at: datetime
    due_at: datetime
    approved_by: str | None
    started_at: datetime | None
    done_at: datetime | None
    report: Mapping[str, Any] | None

    def is_overdue(self, now: datetime) -> bool:
        """Whether it should have been done by now."""
        return self.done_at is None and now > self.due_at


def ask(engine: Engine, reference: str, traces: Sequence[str], by: str, now: datetime) -> Request:
    """Put a request on record, due 72 hours from now; raises ReasonNeeded, WarehouseUnavailable."""
    require_reason(by, reference)
    values = {"reference": reference.strip(), "traces": list(traces), "asked_by": by.strip()}
    with warehouse_errors(), engine.begin() as connection:
        added = insert(erasure).values(**values, asked_at=now, due_at=now + DUE).returning(erasure.c.erasure_id)
        return request_of(connection, connection.execute(added).scalar_one())


def approve(engine: Engine, erasure_id: int, by: str) -> Request:
    """Let it be carried out; the first approval stands. Raises RequestUnknown, SecondPersonNeeded."""
    with warehouse_errors(), engine.begin() as connection:
        request = request_of(connection, erasure_id, lock=True)
        require_reason(by, request.reference)
        require_second(by, request.asked_by)
        if request.approved_by is None:
            change(connection, erasure_id, approved_by=by.strip(), approved_at=func.now())
        return request_of(connection, erasure_id)


def all_requests(engine: Engine) -> list[Request]:
    """Every request: those that are not done first, by their due dates."""
    query = select(*_columns()).order_by(erasure.c.done_at.is_not(None), erasure.c.due_at)
    with warehouse_errors(), engine.connect() as connection:
        return [Request(*row) for row in connection.execute(query)]


def request_of(connection: Connection, erasure_id: int, *, lock: bool = False) -> Request:
    """The request, locked until the transaction ends when asked; raises RequestUnknown."""
    query = select(*_columns()).where(erasure.c.erasure_id == erasure_id)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise RequestUnknown(f"request {erasure_id}")
    return Request(*row)


def change(connection: Connection, erasure_id: int, **values: Any) -> None:
    """Bring a request a step further."""
    connection.execute(update(erasure).where(erasure.c.erasure_id == erasure_id).values(values))


def _columns() -> list[Any]:
    return [erasure.c[field.name] for field in fields(Request)]
