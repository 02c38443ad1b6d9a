"""Bad rows and undecodable records into the quarantine, in bulk and in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from psycopg import sql
from sqlalchemy import BigInteger, ColumnElement, Connection, FromClause, Table, case, func, literal, or_, select
from sqlalchemy.dialects.postgresql import array, insert

from consumers.warehouse.failed_rows import failed_rules, payload_of, raw_table, same_position
from consumers.warehouse.faults import CRITICAL
from consumers.warehouse.ledger import LoadRange
from consumers.warehouse.raw_datums import Datums
from consumers.warehouse.reasons import REASONS
from consumers.warehouse.tables import quarantine
from consumers.warehouse.tables.columns import POSITION
from consumers.warehouse.tables.staging import StagingTables
from schemas.contract import Contract

Entries = tuple[Mapping[str, Any], FromClause]
"""Columns of the quarantine with what they get, and the tables that is selected from."""


def quarantine_rows(connection: Connection, contract: Contract, staging: StagingTables, datums: Datums) -> None:
    """Every staged row with a critical verdict, once, with its bytes, its decoded content and all rules it broke."""
    raw = raw_table()
    raw.create(connection)
    copy_datums(connection, raw, datums)
    insert_entries(connection, *bad_rows_entries(contract, staging, raw, literal(staging.load_id, BigInteger())))


def quarantine_rejects(connection: Connection, contract: Contract, staging: StagingTables) -> None:
    """Every record that landing could not decode, once, with the whole Kafka value."""
    insert_entries(connection, *rejects_entries(contract, staging, literal(staging.load_id, BigInteger())))


def bad_rows_entries(
    contract: Contract, staging: StagingTables, raw: Table, load_id: ColumnElement[int | None]
) -> Entries:
    """The entries of staged rows with a critical verdict; `raw` has their bytes by position."""
    failed = failed_rules(staging)
    payload, source = payload_of(contract, staging, failed)
    values = {
        **_common(staging.rows, contract, load_id),
        "origin": literal(quarantine.CHECK),
        "event_id": staging.rows.c.event_id,
        "rule": failed.c.rule,
        "reason_en": failed.c.reason_en,
        "reason_vi": failed.c.reason_vi,
        "rules": failed.c.rules,
        "field": failed.c.field,
        "missing_references": failed.c.missing_references,
        "raw": raw.c.raw,
        "payload": payload,
    }
    return values, source.outerjoin(raw, same_position(raw, staging.rows))


def rejects_entries(contract: Contract, staging: StagingTables, load_id: ColumnElement[int | None]) -> Entries:
    """The entries of records that landing could not decode."""
    rejects = staging.rejects
    values = {
        **_common(rejects, contract, load_id),
        "origin": literal(quarantine.LANDING),
        "rule": rejects.c.reason,
        "reason_en": _spelt_out(rejects, 0),
        "reason_vi": _spelt_out(rejects, 1),
        "rules": array([rejects.c.reason]),
        "raw": rejects.c.raw,
    }
    return values, rejects


def insert_entries(
    connection: Connection, values: Mapping[str, Any], source: FromClause, only: ColumnElement[bool] | None = None
) -> int:
    """Put them into the quarantine; a position that is there already stays as it is. Returns how many were new."""
    rows = select(*values.values()).select_from(source)
    into = insert(quarantine.event).from_select(list(values), rows if only is None else rows.where(only))
    into = into.on_conflict_do_nothing(index_elements=["topic", *POSITION])
    return connection.execute(into.execution_options(preserve_rowcount=True)).rowcount


def count_quarantined(connection: Connection, topic: str, ranges: Iterable[LoadRange]) -> Mapping[tuple[int, str], int]:
    """What the quarantine holds of those offset ranges, by partition and origin."""
    entry = quarantine.event.c
    within = or_(
        *(
            (entry.kafka_partition == r.partition) & entry.kafka_offset.between(r.from_offset, r.next_offset - 1)
            for r in ranges
        )
    )
    query = (
        select(entry.kafka_partition, entry.origin, func.count())
        .where(entry.topic == topic, within)
        .group_by(entry.kafka_partition, entry.origin)
    )
    return {(partition, origin): count for partition, origin, count in connection.execute(query)}


def _common(source: Table, contract: Contract, load_id: ColumnElement[int | None]) -> dict[str, Any]:
    return {
        "event": literal(contract.event),
        "topic": literal(contract.topic),
        **{name: source.c[name] for name in (*POSITION, "kafka_timestamp", "schema_id")},
        "severity": literal(CRITICAL),
        **dict.fromkeys(("load_id", "last_tried_load_id"), load_id),
    }


def _spelt_out(rejects: Table, language: int) -> Any:
    known = ((rejects.c.reason == code, literal(texts[language])) for code, texts in REASONS.items())
    return case(*known, else_=rejects.c.reason).concat(literal(": ")).concat(rejects.c.detail)


def copy_datums(connection: Connection, raw: Table, datums: Datums) -> None:
    """The bytes of bad rows into a table made like raw_table's."""
    name = sql.Identifier(raw.schema, raw.name) if raw.schema else sql.Identifier(raw.name)
    cursor = connection.connection.cursor()
    with cursor.copy(sql.SQL("copy {} from stdin (format binary)").format(name)) as copy:
        copy.set_types(["int4", "int8", "bytea"])
        for (partition, offset), datum in datums.items():
            copy.write_row((partition, offset, datum))
