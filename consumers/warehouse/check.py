"""check: the event's expectations on a staged load; which rows fail, and whether the load may go on."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, delete, insert, inspect

from consumers.warehouse import ledger as entries
from consumers.warehouse.breaker import BreakerOpen, breaker_message
from consumers.warehouse.connect import warehouse_errors
from consumers.warehouse.openings import judge
from consumers.warehouse.references import reference_state
from consumers.warehouse.steps import OnStep, no_step
from consumers.warehouse.tables import ledger
from consumers.warehouse.tables.columns import POSITION
from consumers.warehouse.tables.naming import STAGING
from consumers.warehouse.tables.staging import StagingTables, staging_tables
from consumers.warehouse.verdict import (
    count_rows,
    failed_by_rule,
    failed_records,
    forget_verdicts,
    record_verdicts,
)
from expectations.derive import WARNING
from expectations.results import result_key
from expectations.run import RuleResult, Target, Validation, run_suite
from expectations.suite import suite_for
from infra.errors import OperatorError
from infra.object_store import LakeStore
from schemas.contract import Contract

log = logging.getLogger(__name__)

_CHECKABLE = (ledger.STAGED, ledger.CHECKED, ledger.BROKEN)


class LoadNotStaged(OperatorError):
    """Only a staged load that has not been published can be checked: start a new run of the DAG."""


@dataclass(frozen=True)
class CheckResult:
    """`evaluated` staged rows were looked at; `failed` and `warnings` are rows by rule, those with none left out."""

    load_id: int
    evaluated: int
    failed: Mapping[str, int]
    warnings: Mapping[str, int]


def check(engine: Engine, store: LakeStore, contract: Contract, load_id: int, on_step: OnStep = no_step) -> CheckResult:
    """Check a staged load; a load that was checked before is checked again. The breaker is not for replays (ADR 0412).

    Writes the verdicts, the ledger's entries, the load's state, and Great Expectations' result to the lake. Raises
    BreakerOpen (the state is then `broken`, and no load of the event is staged until somebody resumes them), and with
    nothing changed: LoadNotStaged, CheckFailed, CheckInterrupted, VerdictMismatch, SuiteInvalid, the lake's errors,
    WarehouseUnavailable.
    """
    staging = staging_tables(contract, load_id)
    with warehouse_errors():
        with engine.begin() as connection:
            _refuse_unless_staged(connection, staging)
            rows, rejects = count_rows(connection, staging.rows), count_rows(connection, staging.rejects)
            # Before the rules look codes up: what comes meanwhile may have been missed, and is a change then.
            entries.note_references(connection, load_id, reference_state(connection))
        validation = validated(engine, contract, staging, rows)
        on_step("check.validated")
        store.put(result_key(contract.event, load_id), json.dumps(validation.document, ensure_ascii=False).encode())
        on_step("check.kept")
        with engine.begin() as connection:
            failed = _record(connection, staging, validation, rows)
            by_rule = failed_by_rule(connection, staging)
            replayed = entries.kind_of(connection, load_id) == ledger.REPLAY
            opened = not replayed and judge(connection, contract, load_id, failed, rows + rejects, by_rule)
            entries.set_state(connection, load_id, ledger.BROKEN if opened else ledger.CHECKED)
    on_step("check.done")
    if opened:
        raise BreakerOpen(breaker_message(contract.event, load_id, failed, rows + rejects, by_rule))
    result = CheckResult(load_id, rows, by_rule, _warnings(validation.results))
    log.info("Checked %d rows, %d records fail", rows, failed, extra={"action": "check", "load_id": load_id})
    return result


def validated(engine: Engine, contract: Contract, staging: StagingTables, rows: int) -> Validation:
    """The event's suite of today on staged rows, of which there are so many; writes nothing.

    Raises CheckFailed, CheckInterrupted, SuiteInvalid.
    """
    return run_suite(suite_for(contract, _lists(contract, staging)), _target(engine, contract, staging), rows)


def _refuse_unless_staged(connection: Connection, staging: StagingTables) -> None:
    state = entries.state_of(connection, staging.load_id, lock=True)
    if state not in _CHECKABLE or not inspect(connection).has_table(staging.rows.name, schema=STAGING):
        raise LoadNotStaged(f"load {staging.load_id} is {state}")


def _lists(contract: Contract, staging: StagingTables) -> dict[str, str]:
    """Staging tables of the contract's lists, by list."""
    named = zip(contract.children, staging.children, strict=True)
    return {child.name: f"{STAGING}.{table.name}" for child, table in named}


def _target(engine: Engine, contract: Contract, staging: StagingTables) -> Target:
    return Target(
        url=engine.url.render_as_string(hide_password=False),
        schema=STAGING,
        table=staging.rows.name,
        keys=POSITION,
        hidden=frozenset(field.name for field in contract.fields if field.personal_data != "none"),
    )


def _record(connection: Connection, staging: StagingTables, validation: Validation, rows: int) -> int:
    """Verdicts and ledger entries of the validation; returns how many records fail."""
    _refuse_unless_staged(connection, staging)
    forget_verdicts(connection, staging)
    for result in validation.results:
        record_verdicts(connection, staging, result)
    connection.execute(delete(ledger.check).where(ledger.check.c.load_id == staging.load_id))
    connection.execute(insert(ledger.check), [_entry(staging.load_id, rows, each) for each in validation.results])
    return failed_records(connection, staging)


def _entry(load_id: int, rows: int, result: RuleResult) -> dict[str, object]:
    return {
        "load_id": load_id,
        "rule": result.rule,
        "expectation": result.expectation,
        "severity": result.severity,
        "evaluated": rows,
        "unexpected": result.unexpected,
        "unexpected_share": result.unexpected / rows if rows else None,
        "success": result.unexpected == 0,
        "reason_en": result.reason_en,
        "reason_vi": result.reason_vi,
    }


def _warnings(results: Iterable[RuleResult]) -> dict[str, int]:
    return {each.rule: each.unexpected for each in results if each.unexpected and each.severity == WARNING}
