"""A mark of what was let in of a span, so that a swap notices when a replay or a person came in between."""

from __future__ import annotations

from sqlalchemy import Connection, Text, cast, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from consumers.warehouse.rebuild.span import Span
from consumers.warehouse.tables import quarantine
from schemas.contract import Contract


def history_of(connection: Connection, contract: Contract, span: Span) -> str:
    """Another one whenever an entry of the span has come, gone, or been closed."""
    entry = quarantine.event.c
    line = cast(func.row(entry.id, entry.status, entry.outcome, entry.closed_load_id), Text)
    query = select(func.md5(func.string_agg(line, aggregate_order_by(literal("\n"), entry.id)))).where(
        entry.topic == contract.topic, span.concerns(quarantine.event, contract.event)
    )
    return str(connection.execute(query).scalar_one())
