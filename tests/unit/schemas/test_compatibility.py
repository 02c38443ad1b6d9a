from __future__ import annotations

import pytest

from schemas.catalog import load_catalog
from schemas.compatibility import breaks, changes
from schemas.versions import load_released
from tests.unit.schemas.small_contract import avro_field, avro_schema, contract_with
from tests.unit.schemas.version_pairs import PAIRS, Pair


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_a_change_breaks_exactly_when_the_table_says_so(pair: Pair) -> None:
    assert any(change.breaking for change in changes(pair.old, pair.new)) != pair.ours


def test_our_check_is_never_laxer_than_the_registry() -> None:
    assert [pair.name for pair in PAIRS if pair.ours and not pair.compatible] == []


@pytest.mark.parametrize("event", load_catalog())
def test_every_contract_of_the_repository_goes_with_its_released_versions(event: str) -> None:
    assert breaks(load_catalog()[event], load_released().get(event, ())) == []


def test_each_released_version_is_compared_not_the_last_alone() -> None:
    first, second = contract_with(avro_field("note", ["null", "string"]), version=1), contract_with(version=2)
    third = contract_with(avro_field("note", ["null", "int"]), version=3)
    assert breaks(third, [second]) == []
    assert [str(found) for found in breaks(third, [first, second])] == [
        "against version 1: note was null or string and is null or int"
    ]


def test_changes_are_told_in_words() -> None:
    status = {"type": "enum", "name": "State", "symbols": ["open"]}
    old = avro_schema(avro_field("state", status), avro_field("fee", ["null", "long"], rules={"min": 0}))
    new = avro_schema(
        avro_field("state", {**status, "symbols": ["open", "done"]}),
        avro_field("note", ["null", "string"]),
        retention_days=60,
    )
    assert [str(change) for change in changes(old, new)] == [
        "the event has another retention_days: 60 in place of 30",
        "state has new symbols: done",
        "note was added",
        "fee was removed",
    ]
    (rule,) = changes(old, avro_schema(avro_field("state", status), avro_field("fee", ["null", "long"])))
    assert str(rule) == 'fee has another rules: nothing in place of {"min": 0}'
