"""A check that could not be made is no passed check: what fails, what is tried again, and what stays as it was."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from great_expectations import ExpectationSuite
from sqlalchemy import Engine, func, select

from consumers.warehouse.check import check
from consumers.warehouse.ledger import state_of
from consumers.warehouse.seeding import seed_dimensions
from consumers.warehouse.stage import stage
from consumers.warehouse.tables import ledger
from consumers.warehouse.tables.columns import POSITION
from consumers.warehouse.tables.staging import StagingTables, staging_tables
from consumers.warehouse.verdict import VerdictMismatch, record_verdicts
from expectations.batch import CheckFailed, CheckInterrupted
from expectations.results import result_key
from expectations.run import RuleResult, Target, Validation, run_suite
from infra.object_store import LakeStore, StoreRefused
from tests.component.warehouse.loads import DOSSIER
from tests.landed_batches import land
from tests.samples import dossier

META = {"rule": "made_up", "origin": "hand", "reason_en": "e", "reason_vi": "v"}


@pytest.fixture
def staging(engine: Engine, lake: LakeStore) -> StagingTables:
    """Three staged dossiers, two of them with a negative fee."""
    seed_dimensions(engine)
    land(lake, DOSSIER, [dossier(1), dossier(2, fee_vnd=-1), dossier(3, fee_vnd=-2, status=4, previous_status=2)])
    load_id = stage(engine, lake, DOSSIER, run_id="test")
    assert load_id is not None
    return staging_tables(DOSSIER, load_id)


def run(engine: Engine, staging: StagingTables, kind: str, url: str | None = None, **kwargs: Any) -> Validation:
    """Run one expectation on the staged rows."""
    expectation = {"type": kind, "kwargs": kwargs, "severity": "critical", "meta": META}
    target = Target(url or engine.url.render_as_string(hide_password=False), "staging", staging.rows.name, POSITION)
    return run_suite(ExpectationSuite(name="made_up", expectations=[expectation]), target, rows=3)


def own_sql(condition: str) -> dict[str, Any]:
    sql = f"SELECT kafka_partition, kafka_offset FROM {{batch}} WHERE {condition}"
    return {"kind": "expect_query_to_find_no_rows", "unexpected_rows_query": sql}


@pytest.mark.parametrize(
    "expectation",
    [
        {"kind": "expect_column_values_to_not_be_null", "column": "no_such_column"},
        {"kind": "expect_column_values_to_match_regex", "column": "source", "regex": "("},
        {"kind": "expect_column_values_to_avoid_condition", "column": "source", "condition": "no_such_column > 1"},
        own_sql("no_such_column > 1"),
        own_sql("1 / 0 = 1"),
    ],
    ids=["column", "pattern", "condition", "own SQL", "division"],
)
def test_an_expectation_that_raises_fails_the_check(
    engine: Engine, staging: StagingTables, expectation: dict[str, Any]
) -> None:
    with pytest.raises(CheckFailed, match="made_up") as failed:
        run(engine, staging, **expectation)
    assert not failed.value.retriable


def test_a_session_that_is_ended_is_tried_again(engine: Engine, staging: StagingTables) -> None:
    with pytest.raises(CheckInterrupted) as interrupted:
        run(engine, staging, **own_sql("pg_terminate_backend(pg_backend_pid())"))
    assert interrupted.value.retriable
    assert run(engine, staging, **own_sql("fee_vnd < 0")).results[0].unexpected == 2


def test_a_warehouse_that_is_away_is_tried_again(engine: Engine, staging: StagingTables) -> None:
    away = engine.url.set(port=1).render_as_string(hide_password=False)
    with pytest.raises(CheckInterrupted) as interrupted:
        run(engine, staging, url=away, **own_sql("true"))
    assert interrupted.value.retriable
    assert str(engine.url.password) not in str(interrupted.value)


@pytest.mark.parametrize(
    "expectation",
    [
        {"kind": "expect_column_values_to_be_between", "column": "fee_vnd", "min_value": 0},
        {
            "kind": "expect_column_values_to_avoid_condition",
            "column": "source",
            "condition": "fee_vnd < 0 and '%:x' <> ''",
        },
        {"kind": "expect_column_values_to_be_in_set", "column": "fee_vnd", "value_set": [20_000, 7]},
        {"kind": "expect_column_values_to_not_match_regex", "column": "dossier_code", "regex": r"-(?:\d{5}[23])$|100%"},
        {"kind": "expect_column_pair_values_to_be_equal", "column_A": "fee_vnd", "column_B": "fee_vnd"},
        own_sql("fee_vnd < 0 AND source LIKE 'H%' AND dossier_code ~ '^(?\\:H).{{1,}}'"),
    ],
    ids=["between", "condition", "set", "pattern", "pair", "own SQL"],
)
def test_the_query_finds_the_rows_that_were_counted(
    engine: Engine, staging: StagingTables, expectation: dict[str, Any]
) -> None:
    (result,) = run(engine, staging, **expectation).results
    found = offsets(engine, staging, result)
    assert found == ([] if "pair" in expectation["kind"] else [1, 2])


def test_a_query_that_finds_other_rows_than_were_counted_stops_the_check(
    engine: Engine, staging: StagingTables
) -> None:
    """Great Expectations leaves `row_condition` out of its query."""
    kwargs = {
        "column": "fee_vnd",
        "min_value": 0,
        "row_condition": 'col("status") == 4',
        "condition_parser": "great_expectations",
    }
    (result,) = run(engine, staging, "expect_column_values_to_be_between", **kwargs).results
    assert result.unexpected == 1
    with pytest.raises(VerdictMismatch, match="made_up: counted 1, found 2"):
        offsets(engine, staging, result)


def offsets(engine: Engine, staging: StagingTables, result: RuleResult) -> list[int]:
    """Record the verdicts of a result and give the offsets they are of."""
    with engine.begin() as connection:
        record_verdicts(connection, staging, result)
        verdict = staging.verdict.c
        return list(connection.execute(select(verdict.kafka_offset).order_by(verdict.kafka_offset)).scalars())


def test_nothing_changes_when_the_result_cannot_be_kept(
    engine: Engine, lake: LakeStore, staging: StagingTables
) -> None:
    with pytest.raises(StoreRefused):
        check(engine, replace(lake, bucket="no-such-bucket"), DOSSIER, staging.load_id)
    with engine.connect() as connection:
        assert state_of(connection, staging.load_id) == ledger.STAGED
        for table in (staging.verdict, ledger.check):
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 0


def test_no_values_of_personal_data_are_kept(engine: Engine, lake: LakeStore, staging: StagingTables) -> None:
    fields = tuple(replace(f, personal_data="basic") if f.name == "fee_vnd" else f for f in DOSSIER.fields)
    kept = {}
    for contract in (DOSSIER, replace(DOSSIER, fields=fields)):
        check(engine, lake, contract, staging.load_id)
        document = json.loads(lake.get(result_key(DOSSIER.event, staging.load_id)))
        (result,) = [each["result"] for each in document["results"] if not each["success"]]
        kept[contract.fields] = {name for name in result if name.startswith("partial")}
    assert kept[DOSSIER.fields] >= {"partial_unexpected_list", "partial_unexpected_index_list"}
    assert kept[fields] == set()
