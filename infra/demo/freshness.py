"""How long an event took from Kafka to the marts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    Engine,
    Select,
    Subquery,
    column,
    extract,
    func,
    select,
    table,
    text,
    union_all,
)

from infra.demo.sql import query

LOAD_ID = column("load_id", BigInteger)
MOMENT = DateTime(timezone=True)


@dataclass(frozen=True)
class Freshness:
    """Seconds from Kafka's timestamp of an event to the moment every mart that reads it had it."""

    p50: float
    p95: float


def freshness(engine: Engine, events: Collection[str], after_load: int) -> Freshness | None:
    """Over the rows of all loads after `after_load`; None when none of them brought a row."""
    in_marts = text(query("in_marts")).columns(
        column("load_id", BigInteger), column("built_at", DateTime(timezone=True))
    )
    built = in_marts.subquery("built")
    lags = union_all(*(_lags(event, built, after_load) for event in events)).subquery("lag")
    quantiles = [func.percentile_cont(share).within_group(lags.c.seconds) for share in (0.5, 0.95)]
    with engine.connect() as connection:
        p50, p95 = connection.execute(select(*quantiles)).one()
    return None if p50 is None else Freshness(float(p50), float(p95))


def last_load(engine: Engine) -> int:
    """The number of the newest load there is, 0 before the first."""
    with engine.connect() as connection:
        newest = connection.scalar(select(func.max(LOAD_ID)).select_from(table("load", LOAD_ID, schema="ledger")))
    return newest or 0


def _lags(event: str, built: Subquery, after_load: int) -> Select[Any]:
    core = table(
        event, column("load_id", BigInteger), column("kafka_timestamp", DateTime(timezone=True)), schema="core"
    )
    seconds = extract("epoch", built.c.built_at - core.c.kafka_timestamp).label("seconds")
    return select(seconds).join_from(core, built, built.c.load_id == core.c.load_id).where(core.c.load_id > after_load)
