"""Which rules only the warehouse can judge, told by the files of the suites."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from expectations import suite_files
from schemas.catalog import load_catalog
from schemas.usage.suites import hand_rules
from schemas.usage.warehouse_rules import warehouse_rules

CATALOG = load_catalog()


def references(contract_name: str) -> set[str]:
    """Lists that the contract's fields name, of lists of records as well."""
    contract = CATALOG[contract_name]
    fields = [*contract.fields, *(field for child in contract.children for field in child.fields)]
    return {field.rules.ref for field in fields if field.rules.ref}


@pytest.mark.parametrize("event", CATALOG)
def test_every_rule_written_by_hand_and_every_list_is_among_them(event: str) -> None:
    rules = warehouse_rules(suite_files.FOLDER, CATALOG[event])
    by_hand = [each.rule for each in hand_rules(suite_files.FOLDER, event)]
    derived = [each for each in rules if each.name not in by_hand]
    assert [each.name for each in rules if each.name in by_hand] == by_hand
    assert {each.reference for each in derived} == {None, *references(event)}
    assert [each.name for each in derived if each.reference is None] == ["occurred_at_not_future"]
    assert all(each.reason_en and each.reason_vi for each in rules)


def test_a_warning_is_told_from_what_is_kept_apart() -> None:
    rules = {each.name: each.is_warning for each in warehouse_rules(suite_files.FOLDER, CATALOG["service_rated"])}
    assert (rules["answered_in_three_weeks"], rules["code_agency"]) == (True, False)


def test_an_event_without_a_suite_has_none(tmp_path: Path) -> None:
    contract = CATALOG["service_rated"]
    assert warehouse_rules(tmp_path, contract) == ()
    assert warehouse_rules(None, contract) == ()


def test_a_rule_by_hand_that_is_named_as_a_derived_one_stays(tmp_path: Path) -> None:
    contract = CATALOG["service_rated"]
    meta = {"origin": "hand", "rule": "rating_min", "reason_en": "is low", "reason_vi": "thấp"}
    suite = {"expectations": [{"severity": "warning", "meta": meta}]}
    (tmp_path / f"{contract.event}.json").write_text(json.dumps(suite), encoding="utf-8")
    (rule,) = warehouse_rules(tmp_path, contract)
    assert (rule.name, rule.is_warning, rule.reference) == ("rating_min", True, None)
