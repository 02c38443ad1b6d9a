"""A suite's conditions mean the same before an event is sent (Python) and when it is loaded (PostgreSQL)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql

from consumers.warehouse.connect import engine_for
from consumers.warehouse.tables.columns import column_type
from expectations.suite_files import suite_json
from infra.settings import Settings
from schemas.catalog import load_catalog
from schemas.codec import prepare
from schemas.contract import Contract, Field
from schemas.example_files import load_examples
from schemas.record_rules import CONDITION, KEPT_FOR_MENDING, RecordRules, record_rules
from tests.samples import dossier, order, task

CATALOG, EXAMPLES = load_catalog(), load_examples()
BREAKS = Path(__file__).parents[1] / "warehouse" / "rule_breaks"
MADE = {"dossier_status_changed": dossier, "order_status_changed": order, "cooperation_task_updated": task}
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
SHIFTS = (timedelta(days=-400), timedelta(days=-1), timedelta(hours=-7), timedelta(hours=7), timedelta(days=400))
LATER = (NOW + timedelta(days=1), NOW + timedelta(days=1, milliseconds=1))
# Written so that a rule's other side is met too: codes and statuses of every kind, times with other offsets.
TEXTS = (
    *("H22.05", "000.00.05.H22", "H2205-210621-000009"),
    *("8935001234562", "8935001234563", "0101234567", "5100000000", "0300588569-001"),
)


@pytest.fixture(scope="module")
def warehouse(servers: Settings) -> Iterator[Connection]:
    engine = engine_for(servers.warehouse.owner_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def rules_of(contract: Contract) -> RecordRules:
    return record_rules(contract, suite_json(contract)["expectations"])


def conditions(contract: Contract) -> dict[str, str]:
    """SQL of the critical rules between columns, by their names."""
    found = [each for each in suite_json(contract)["expectations"] if each["type"] == CONDITION]
    return {
        each["meta"]["rule"]: f"{each['kwargs']['column']} IS NOT NULL AND ({each['kwargs']['condition']})"
        for each in found
        if each["severity"] == "critical"
    }


def samples(contract: Contract) -> list[dict[str, Any]]:
    """Accepted examples, what breaks each rule, and all of these with one value changed or two exchanged."""
    seeds = [dict(each.payload) for each in EXAMPLES[contract.event] if each.accepted]
    path = BREAKS / f"{contract.event}.json"
    broken = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    by_name = {each.name: each.payload for each in EXAMPLES[contract.event]}
    seeds += [{**by_name[each["example"]], **each["changes"]} for each in broken.values()]
    seeds += [MADE[contract.event](7)] if contract.event in MADE else []
    codec = prepare(contract)
    return [each for each in [*seeds, *mutants(contract, seeds)] if not codec.check(each)]


def mutants(contract: Contract, seeds: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for seed in seeds:
        for field in contract.fields[1:]:
            others = [other[field.name] for other in seeds if other.get(field.name) is not None]
            for value in [None, *others[:5], *changed(field, seed.get(field.name))]:
                yield {**seed, field.name: value}


def changed(field: Field, value: Any) -> list[Any]:
    if field.kind == "timestamp" and isinstance(value, str | datetime):
        at = datetime.fromisoformat(value) if isinstance(value, str) else value
        return [*(at + shift for shift in SHIFTS), *LATER]
    if field.kind == "date" and isinstance(value, str | date):
        on = date.fromisoformat(value) if isinstance(value, str) else value
        return [on + shift for shift in SHIFTS] + [(on + shift).isoformat() for shift in SHIFTS[1:3]]
    if field.kind in ("int", "long", "double") and isinstance(value, int | float):
        return [value + 1, value - 1, 0, 1, 2, 3, 5, 10, 100]
    if field.kind == "decimal":
        return ["0", "1", "49.99", "50", "100", "101"]
    if field.kind == "boolean":
        return [True, False]
    return list(field.symbols or TEXTS)


def in_postgresql(warehouse: Connection, contract: Contract, events: list[dict[str, Any]]) -> list[dict[str, bool]]:
    """For each event which of the conditions it meets."""
    names = conditions(contract)
    types = {field.name: column_type(field).compile(postgresql.dialect()) for field in contract.fields}
    shape = ", ".join(f'"{name}" {kind}' for name, kind in {**types, "kafka_timestamp": "timestamptz"}.items())
    asked = ", ".join(f'coalesce(({sql}), false) AS "{name}"' for name, sql in names.items())
    rows = [{**plain(contract, each), "kafka_timestamp": NOW.isoformat()} for each in events]
    records = f"ROWS FROM (jsonb_to_recordset(%s) AS ({shape})) WITH ORDINALITY AS staged"
    found = warehouse.exec_driver_sql(f"SELECT {asked} FROM {records} ORDER BY ordinality", (json.dumps(rows),))
    return [dict(row._mapping) for row in found]


def plain(contract: Contract, event: Mapping[str, Any]) -> dict[str, Any]:
    """The event as PostgreSQL reads it out of JSON."""
    times = {field.name for field in contract.fields if field.kind == "timestamp"}
    return {name: _plain(value, name in times) for name, value in event.items()}


def _plain(value: Any, is_time: bool) -> Any:
    if is_time and isinstance(value, int):
        return datetime.fromtimestamp(value / 1000, UTC).isoformat()
    return value.isoformat() if isinstance(value, date | datetime) else value


@pytest.mark.parametrize("contract", CATALOG.values(), ids=lambda contract: contract.event)
def test_python_and_postgresql_find_the_same(warehouse: Connection, contract: Contract) -> None:
    rules, events = rules_of(contract), samples(contract)
    assert len(events) > 100
    wanted = in_postgresql(warehouse, contract, events)
    names = {rule.name for rule in rules.rules}
    assert names == conditions(contract).keys() - KEPT_FOR_MENDING
    differ = []
    for event, met in zip(events, wanted, strict=True):
        found = {each.rule for each in rules.check(event, NOW)}
        expected = {name for name, broken in met.items() if broken and name in names}
        differ += [] if found == expected else [(found ^ expected, event)]
    assert differ == []
    assert names - {name for met in wanted for name, broken in met.items() if broken} == set()
