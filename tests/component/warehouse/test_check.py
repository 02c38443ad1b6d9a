"""check on PostgreSQL and an object store: which rows fail, by which rule, and when nothing may go on."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select, text

from consumers.warehouse.breaker import BreakerOpen
from consumers.warehouse.check import CheckResult, LoadNotStaged, check
from consumers.warehouse.publish import publish
from consumers.warehouse.seeding import seed_dimensions
from consumers.warehouse.stage import stage
from consumers.warehouse.tables.staging import staging_tables
from expectations.derive import CRITICAL, HAND
from expectations.results import result_key
from expectations.suite_files import suite_json
from infra.object_store import LakeStore
from schemas.contract import Breaker, Contract
from tests.component.warehouse.loads import DOSSIER, FPT, ORDER, contents, quarantined
from tests.landed_batches import Reject, land
from tests.samples import START, Event, dossier, order, order_line, task


@pytest.fixture
def seeded(engine: Engine) -> Engine:
    seed_dimensions(engine)
    return engine


def staged(engine: Engine, lake: LakeStore, contract: Contract, records: list[Any]) -> int:
    land(lake, contract, records)
    load_id = stage(engine, lake, contract, run_id="test")
    assert load_id is not None
    return load_id


def checked(engine: Engine, lake: LakeStore, contract: Contract, records: list[Any]) -> CheckResult:
    return check(engine, lake, contract, staged(engine, lake, contract, records))


def with_breaker(contract: Contract, share: float, rows: int) -> Contract:
    return replace(contract, breaker=Breaker(share, rows))


def ledger_checks(engine: Engine, load_id: int) -> dict[str, Any]:
    query = text("select * from ledger.check where load_id = :load_id")
    with engine.connect() as connection:
        return {row["rule"]: row for row in connection.execute(query, {"load_id": load_id}).mappings()}


def state_of(engine: Engine, load_id: int) -> str:
    with engine.connect() as connection:
        query = text("select state from ledger.load where load_id = :load_id")
        return str(connection.execute(query, {"load_id": load_id}).scalar_one())


def verdicts(engine: Engine, contract: Contract, load_id: int) -> list[tuple[int, str, str]]:
    verdict = staging_tables(contract, load_id).verdict.c
    query = select(verdict.kafka_offset, verdict.rule, verdict.severity).order_by(verdict.kafka_offset, verdict.rule)
    with engine.connect() as connection:
        return [(offset, rule, severity) for offset, rule, severity in connection.execute(query)]


def test_good_rows_pass(seeded: Engine, lake: LakeStore) -> None:
    for contract, events in (
        (DOSSIER, [dossier(1), dossier(2)]),
        (ORDER, [order(1), order(2, lines=1)]),
        (FPT, [task(1), task(2)]),
    ):
        result = checked(seeded, lake, contract, events)
        assert (result.evaluated, result.failed, result.warnings) == (2, {}, {}), contract.event
        assert state_of(seeded, result.load_id) == "checked"


DAY = START.date()

BREAKS: dict[str, tuple[Contract, Event, list[tuple[str, Event]]]] = {
    "dossier": (
        DOSSIER,
        dossier(1),
        [
            ("agency_code_ref", dossier(9, agency_code="H22.999")),
            ("commune_code_ref", dossier(9, commune_code="99999")),
            ("procedure_code_pattern", dossier(9, procedure_code="2.002492.h22")),
            ("procedure_code_ref", dossier(9, procedure_code="9.999999")),
            ("fee_vnd_min", dossier(9, fee_vnd=-1)),
            ("fee_vnd_max", dossier(9, fee_vnd=10_000_000_001)),
            ("occurred_at_not_future", dossier(9, occurred_at=START + timedelta(days=2))),
            ("status_transition", dossier(9, previous_status=10, status=4)),
            ("due_after_received", dossier(9, due_at=START - timedelta(days=1))),
            ("received_before_step", dossier(9, received_at=START + timedelta(hours=3))),
            ("received_known", dossier(9, received_at=None, due_at=None)),
            ("code_day", dossier(9, dossier_code="H22.05-210624-000009")),
            ("code_day", dossier(9, dossier_code="H22.05-999999-000009")),
            ("code_agency", dossier(9, dossier_code="H2205-210621-000009")),
            ("digitised_within_components", dossier(9, digitised_component_count=4)),
        ],
    ),
    "order": (
        ORDER,
        order(1),
        [
            ("order_total", order(9, total_vnd=1)),
            ("order_total", order(9, lines=1, shipping_fee_vnd=1)),
            ("has_lines", order(9, lines=0)),
            ("line_total", {**order(9), "lines": [order_line(1, quantity=3), order_line(2)]}),
            ("lines_ocop_stars", {**order(9), "lines": [order_line(1), order_line(2, ocop_stars=6)]}),
            ("lines_product_name", {**order(9), "lines": [order_line(1, product_name="x" * 201), order_line(2)]}),
            ("status_known", order(9, status="unknown")),
            ("status_transition", order(9, previous_status="completed", status="shipping")),
            ("source_is_shop", order(9, shop_id="mai")),
            ("seller_commune_code_ref", order(9, seller_commune_code="99999")),
        ],
    ),
    "task": (
        FPT,
        task(1),
        [
            ("done_is_complete", task(9, progress_percent=100)),
            ("done_is_complete", task(9, status="done", completed_on=DAY)),
            ("completed_when_done", task(9, completed_on=DAY)),
            (
                "completed_not_future",
                task(9, status="done", progress_percent=100, completed_on=DAY + timedelta(days=1)),
            ),
            ("item_matches_code", task(9, item=2)),
            ("progress_percent_max", task(9, progress_percent=120)),
        ],
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_row_that_breaks_one_rule_fails_by_that_rule_alone(seeded: Engine, lake: LakeStore, name: str) -> None:
    contract, good, bad = BREAKS[name]
    result = checked(seeded, lake, contract, [good, *(event for _, event in bad), good])
    assert verdicts(seeded, contract, result.load_id) == [
        (offset, rule, "critical") for offset, (rule, _) in enumerate(bad, start=1)
    ]
    assert result.failed == Counter(rule for rule, _ in bad)


def test_every_critical_rule_by_hand_is_seen_to_fail() -> None:
    for contract, _, bad in BREAKS.values():
        by_hand = {each["meta"]["rule"] for each in suite_json(contract)["expectations"] if is_by_hand(each, CRITICAL)}
        assert len(by_hand) >= 3
        assert by_hand <= {rule for rule, _ in bad}, contract.event


def is_by_hand(expectation: Event, severity: str) -> bool:
    return bool(expectation["meta"]["origin"] == HAND and expectation["severity"] == severity)


def test_a_warning_is_recorded_and_its_row_is_loaded(seeded: Engine, lake: LakeStore) -> None:
    odd_tasks = [
        task(1, status="done", progress_percent=100),
        task(2, due_on=DAY.replace(year=2031)),
    ]
    odd_dossiers = [
        dossier(1, previous_status=2, status=10),
        dossier(2, dossier_code="H22.05-210622-000009"),
        dossier(3, dossier_code="H22.05-210620-000009"),
        dossier(4, previous_status=None, status=4),
    ]
    for contract, events, warnings in (
        (FPT, odd_tasks, {"done_has_day": 1, "due_in_agreement": 1}),
        (DOSSIER, odd_dossiers, {"result_at_once": 1, "code_day_exact": 2, "previous_told": 1}),
    ):
        result = checked(seeded, lake, contract, events)
        assert (result.failed, result.warnings) == ({}, warnings)
        assert publish(seeded, lake, contract, result.load_id).loaded == len(events)


def test_a_code_of_2025_did_not_exist_in_2021(seeded: Engine, lake: LakeStore) -> None:
    later = START.replace(year=2025, month=7, day=1)
    in_tuyen_quang = "02392"
    events = [
        dossier(1, commune_code=in_tuyen_quang),
        dossier(2, commune_code=in_tuyen_quang, occurred_at=later),
        dossier(3, commune_code="00967", occurred_at=later),
    ]
    with seeded.connect() as connection:
        known = "select count(*) from core.dim_admin_unit where code = '02392' and valid_from = '2025-07-01'"
        assert connection.execute(text(known)).scalar_one() == 1
    result = checked(seeded, lake, DOSSIER, events)
    found = verdicts(seeded, DOSSIER, result.load_id)
    assert [offset for offset, rule, _ in found if rule == "commune_code_ref"] == [0]


def test_every_bad_row_is_found_however_many(seeded: Engine, lake: LakeStore) -> None:
    """Great Expectations cuts its own lists at 20 and at 200 rows."""
    events = [dossier(n, fee_vnd=-1 if n < 90 else 0, commune_code="99999" if n % 2 else "00688") for n in range(500)]
    load_id = staged(seeded, lake, with_breaker(DOSSIER, share=1.0, rows=0), events)
    result = check(seeded, lake, with_breaker(DOSSIER, share=1.0, rows=0), load_id)
    assert result.failed == {"commune_code_ref": 250, "fee_vnd_min": 90}
    assert publish(seeded, lake, DOSSIER, load_id).quarantined == 250 + 45


def test_the_result_is_kept_in_ledger_and_lake(seeded: Engine, lake: LakeStore) -> None:
    result = checked(seeded, lake, DOSSIER, [dossier(1), dossier(2, fee_vnd=-1), Reject("null_value", value=None)])
    checks = ledger_checks(seeded, result.load_id)
    assert len(checks) > 30
    assert {rule for rule, row in checks.items() if not row["success"]} == {"fee_vnd_min"}
    assert (checks["fee_vnd_min"]["evaluated"], checks["fee_vnd_min"]["unexpected"]) == (2, 1)
    assert checks["fee_vnd_min"]["unexpected_share"] == 0.5
    assert checks["fee_vnd_min"]["reason_vi"] == "fee_vnd phải từ 0 trở lên"
    document = json.loads(lake.get(result_key(DOSSIER.event, result.load_id)))
    by_rule = {each["expectation_config"]["meta"]["rule"]: each for each in document["results"]}
    assert by_rule.keys() == checks.keys()
    assert by_rule["fee_vnd_min"]["result"]["partial_unexpected_list"] == [-1]
    assert by_rule["status_min"]["result"]["element_count"] == 2


def test_the_breaker_opens_before_anything_is_written(seeded: Engine, lake: LakeStore) -> None:
    strict = with_breaker(DOSSIER, share=0.5, rows=1)
    load_id = staged(seeded, lake, DOSSIER, [dossier(1), dossier(2, fee_vnd=-1), Reject("null_value", value=None)])
    before = contents(seeded)
    with pytest.raises(BreakerOpen, match=r"2 of 3 records fail: .*fee_vnd_min 1") as opened:
        check(seeded, lake, strict, load_id)
    assert not opened.value.retriable
    assert contents(seeded) == before
    assert state_of(seeded, load_id) == "broken"


def test_the_breaker_needs_both_share_and_number(seeded: Engine, lake: LakeStore) -> None:
    load_id = staged(seeded, lake, DOSSIER, [dossier(1), dossier(2, fee_vnd=-1)])
    check(seeded, lake, with_breaker(DOSSIER, share=0.5, rows=0), load_id)
    check(seeded, lake, with_breaker(DOSSIER, share=0.1, rows=1), load_id)
    with pytest.raises(BreakerOpen):
        check(seeded, lake, with_breaker(DOSSIER, share=0.1, rows=0), load_id)


def test_a_broken_load_goes_on_once_it_is_mended(seeded: Engine, lake: LakeStore) -> None:
    load_id = staged(seeded, lake, DOSSIER, [dossier(1), dossier(2, fee_vnd=-1)])
    with pytest.raises(BreakerOpen):
        check(seeded, lake, with_breaker(DOSSIER, share=0.1, rows=0), load_id)
    assert check(seeded, lake, DOSSIER, load_id).failed == {"fee_vnd_min": 1}
    result = publish(seeded, lake, DOSSIER, load_id)
    assert (result.loaded, result.quarantined) == (1, 1)
    assert quarantined(seeded)[0]["rules"] == ["fee_vnd_min"]


def test_what_stage_could_not_store_counts_as_failed(seeded: Engine, lake: LakeStore) -> None:
    load_id = staged(seeded, lake, DOSSIER, [dossier(1), dossier(2, dossier_code="H22.05-210621-\0")])
    for _ in range(2):
        assert check(seeded, lake, DOSSIER, load_id).failed["storable"] == 1
    with pytest.raises(BreakerOpen, match="1 of 2"):
        check(seeded, lake, with_breaker(DOSSIER, share=0.1, rows=0), load_id)


def test_an_empty_load_of_rejects_alone_is_checked(seeded: Engine, lake: LakeStore) -> None:
    result = checked(seeded, lake, ORDER, [Reject("not_confluent_framed")])
    assert (result.evaluated, result.failed) == (0, {"rejected": 1})


def test_a_published_load_is_not_checked_again(seeded: Engine, lake: LakeStore) -> None:
    result = checked(seeded, lake, DOSSIER, [dossier(1)])
    publish(seeded, lake, DOSSIER, result.load_id)
    with pytest.raises(LoadNotStaged, match="published"):
        check(seeded, lake, DOSSIER, result.load_id)
