"""Rules written by hand for one event: each is seen to find an example that was changed to break it.

`rule_breaks/<event>.json` says for each rule which accepted example is changed, and how.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, select

from consumers.warehouse.check import check
from consumers.warehouse.seeding import seed_dimensions
from consumers.warehouse.stage import stage
from consumers.warehouse.tables.staging import staging_tables
from expectations.derive import CRITICAL, HAND
from expectations.suite_files import suite_json
from infra.object_store import LakeStore
from schemas.codec import EventCodec, prepare
from schemas.contract import Breaker, Contract
from schemas.example_files import load_examples
from tests.component.warehouse.loads import CATALOG, DOSSIER, FPT, ORDER, load
from tests.landed_batches import Written, land

FOLDER = Path(__file__).parent / "rule_breaks"
BREAKS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))}
EXAMPLES = {
    event: {each.name: each.payload for each in found if each.accepted} for event, found in load_examples().items()
}
AFTER_ALL_EXAMPLES_MS = 1_830_000_000_000
NEVER = Breaker(share=1.0, rows=1_000_000)


@pytest.fixture
def seeded(engine: Engine, lake: LakeStore) -> Engine:
    """Dimensions are filled, and the OCOP products of the examples are rated."""
    seed_dimensions(engine)
    products = CATALOG["ocop_product_rated"]
    land(lake, products, written(products, EXAMPLES[products.event].values()), kafka_time=AFTER_ALL_EXAMPLES_MS)
    load(engine, lake, products)
    return engine


def written(contract: Contract, events: Any) -> list[Written]:
    """The events as the SDK encodes them: it takes every one, so that the rules by hand have something to find."""
    codec: EventCodec = prepare(contract)
    return [Written(codec.encode(event), contract.schema) for event in events]


def verdicts(engine: Engine, lake: LakeStore, contract: Contract, events: list[Any]) -> list[set[tuple[str, str]]]:
    """For each event the rules it breaks, with their severities; `contract` has not been landed before."""
    land(lake, contract, written(contract, events), partition=1, kafka_time=AFTER_ALL_EXAMPLES_MS)
    load_id = stage(engine, lake, contract, run_id="test")
    assert load_id is not None
    result = check(engine, lake, replace(contract, breaker=NEVER), load_id)
    verdict = staging_tables(contract, load_id).verdict
    found: list[set[tuple[str, str]]] = [set() for _ in events]
    with engine.connect() as connection:
        for row in connection.execute(select(verdict.c.kafka_offset, verdict.c.rule, verdict.c.severity)):
            found[row.kafka_offset].add((row.rule, row.severity))
    assert result.evaluated == len(events)
    return found


def by_hand(contract: Contract) -> dict[str, str]:
    """Severities of the rules that are written by hand."""
    found = suite_json(contract)["expectations"]
    return {each["meta"]["rule"]: each["severity"] for each in found if each["meta"]["origin"] == HAND}


def test_every_rule_by_hand_has_an_example_that_breaks_it() -> None:
    others = {contract.event for contract in (DOSSIER, ORDER, FPT)}
    assert BREAKS.keys() == CATALOG.keys() - others
    for event, broken in BREAKS.items():
        assert broken.keys() == by_hand(CATALOG[event]).keys(), event
        assert len(broken) >= 3, event


@pytest.mark.parametrize("event", BREAKS)
def test_a_rule_by_hand_finds_what_breaks_it_and_leaves_the_examples_alone(
    seeded: Engine, lake: LakeStore, event: str
) -> None:
    contract, good, broken = CATALOG[event], list(EXAMPLES[event].values()), BREAKS[event]
    bad = [
        {**EXAMPLES[event][each["example"]], "event_id": str(UUID(int=7 << 76 | 2 << 62 | number)), **each["changes"]}
        for number, each in enumerate(broken.values())
    ]
    found = verdicts(seeded, lake, contract, [*good, *bad])
    assert [rule for each in found[: len(good)] for rule, severity in each if severity == CRITICAL] == []
    severities = by_hand(contract)
    missed = [
        rule for rule, each in zip(broken, found[len(good) :], strict=True) if (rule, severities[rule]) not in each
    ]
    assert missed == []
