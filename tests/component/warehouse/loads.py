"""Steps of a load as tests take them, and what stands in the warehouse afterwards."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, Table, insert, select, text

from consumers.warehouse.ledger import set_state
from consumers.warehouse.publish import PublishResult, publish
from consumers.warehouse.stage import stage
from consumers.warehouse.tables import quarantine
from consumers.warehouse.tables.core import event_tables
from consumers.warehouse.tables.ledger import CHECKED
from consumers.warehouse.tables.staging import staging_tables
from infra.object_store import LakeStore
from schemas.catalog import load_catalog
from schemas.contract import Contract

CATALOG = load_catalog()
DOSSIER = CATALOG["dossier_status_changed"]
ORDER = CATALOG["order_status_changed"]
FPT = CATALOG["cooperation_task_updated"]

Rows = list[dict[str, Any]]


def stage_checked(engine: Engine, lake: LakeStore, contract: Contract, **bad: str) -> int:
    """Stage a load and give it to publish as if its checks had passed, but for verdicts made by `condemn`."""
    load_id = stage(engine, lake, contract, run_id="test")
    assert load_id is not None
    pass_checks(engine, load_id)
    return load_id


def pass_checks(engine: Engine, load_id: int) -> None:
    with engine.begin() as connection:
        set_state(connection, load_id, CHECKED)


def load(engine: Engine, lake: LakeStore, contract: Contract) -> PublishResult:
    """stage, checks passed, publish."""
    return publish(engine, lake, contract, stage_checked(engine, lake, contract))


def condemn(
    engine: Engine,
    contract: Contract,
    load_id: int,
    offset: int,
    *,
    partition: int = 0,
    rule: str = "made_up",
    severity: str = "critical",
) -> None:
    """A verdict as the checks write it."""
    verdict = {
        "kafka_partition": partition,
        "kafka_offset": offset,
        "rule": rule,
        "severity": severity,
        "reason_en": f"breaks {rule}",
        "reason_vi": f"vi phạm {rule}",
    }
    with engine.begin() as connection:
        connection.execute(insert(staging_tables(contract, load_id).verdict), verdict)


def rows_of(engine: Engine, table: Table, *order: str) -> Rows:
    with engine.connect() as connection:
        query = select(table).order_by(*(table.c[name] for name in order))
        return [dict(row) for row in connection.execute(query).mappings()]


def core_rows(engine: Engine, contract: Contract) -> Rows:
    return rows_of(engine, event_tables(contract).rows, "kafka_partition", "kafka_offset")


def child_rows(engine: Engine, contract: Contract) -> Rows:
    return rows_of(engine, event_tables(contract).children[0], "event_id", "line_no")


def quarantined(engine: Engine) -> Rows:
    return rows_of(engine, quarantine.event, "topic", "kafka_partition", "kafka_offset")


def batches(engine: Engine) -> Rows:
    """The ledger's published ranges, without the seeds."""
    query = "select * from ledger.batch where from_offset is not null order by topic, partition, next_offset"
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(text(query)).mappings()]


def watermarks(engine: Engine) -> dict[int, int]:
    with engine.connect() as connection:
        found = connection.execute(text("select partition, next_offset from ledger.watermark"))
        return dict(found.all())


def contents(engine: Engine) -> dict[str, Any]:
    """All that a publish may change, to be compared before and after."""
    names = ("core.dossier_status_changed", "quarantine.event", "ledger.batch", "ledger.watermark")
    with engine.connect() as connection:
        return {
            name: connection.execute(text(f"select to_jsonb(t) from {name} t order by to_jsonb(t)::text"))
            .scalars()
            .all()
            for name in names
        }


def staging_names(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        query = "select tablename from pg_tables where schemaname = 'staging' order by 1"
        return list(connection.execute(text(query)).scalars())
