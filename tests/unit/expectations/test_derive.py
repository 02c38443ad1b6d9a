"""What a contract says, as expectations."""

from __future__ import annotations

from typing import Any

import pytest

from expectations.conditions import UnknownReferenceList
from expectations.derive import derived_expectations
from schemas.catalog import load_catalog
from tests.unit.schemas.small_contract import avro_field, child_list, contract_with

Json = dict[str, Any]


def field(name: str, avro: Any, **rules: Any) -> Json:
    return avro_field(name, avro, rules=rules)


def derived(*fields: Json) -> dict[str, Json]:
    """Expectations of these fields by rule, without those of the envelope."""
    envelope = {each["meta"]["rule"] for each in derived_expectations(contract_with())}
    found = {each["meta"]["rule"]: each for each in derived_expectations(contract_with(*fields))}
    return {rule: each for rule, each in found.items() if rule not in envelope}


def test_each_rule_of_a_field_becomes_an_expectation() -> None:
    found = derived(field("code", "string", pattern=r"^\d{5}$", max_length=5), field("size", "int", min=1, max=9))
    assert {rule: (each["type"], each["kwargs"]) for rule, each in found.items()} == {
        "code_required": ("expect_column_values_to_not_be_null", {"column": "code"}),
        "code_pattern": ("expect_column_values_to_match_regex", {"column": "code", "regex": r"^\d{5}$"}),
        "code_max_length": ("expect_column_value_lengths_to_be_between", {"column": "code", "max_value": 5}),
        "size_required": ("expect_column_values_to_not_be_null", {"column": "size"}),
        "size_min": ("expect_column_values_to_be_between", {"column": "size", "min_value": 1}),
        "size_max": ("expect_column_values_to_be_between", {"column": "size", "max_value": 9}),
    }


def test_a_nullable_field_may_be_null() -> None:
    assert derived(field("note", ["null", "string"])) == {}


def test_an_enum_is_the_set_of_its_symbols() -> None:
    found = derived(field("kind", {"type": "enum", "name": "Kind", "symbols": ["a", "b"]}))
    assert found["kind_enum"]["kwargs"] == {"column": "kind", "value_set": ["a", "b"]}


@pytest.mark.parametrize("pattern", ["a|b", "^a|b$", "a", "^a", "a$"])
def test_a_pattern_is_of_the_whole_text(pattern: str) -> None:
    assert derived(field("code", "string", pattern=pattern))["code_pattern"]["kwargs"]["regex"] == f"^(?:{pattern})$"


def test_a_reference_is_looked_up_on_the_day_of_the_event() -> None:
    sql = derived(field("commune", "string", ref="admin_unit"))["commune_ref"]["kwargs"]["unexpected_rows_query"]
    assert "FROM {batch}" in sql
    assert "core.dim_admin_unit" in sql
    assert "staged.occurred_at >= known.since" in sql


def test_a_missing_reference_is_told_from_a_broken_rule_and_says_what_to_do() -> None:
    found = derived(field("maker", "string", ref="agency", max_length=9))
    meta = found["maker_ref"]["meta"]
    assert meta["reference"] == "agency"
    assert "reference missing" in meta["reason_en"]
    assert "thiếu dữ liệu tham chiếu" in meta["reason_vi"]
    assert "agency_registered" in meta["reason_en"]
    assert "agency_registered" in meta["reason_vi"]
    assert "reference" not in found["maker_max_length"]["meta"]


def test_an_unknown_reference_list_is_refused() -> None:
    with pytest.raises(UnknownReferenceList, match="commune refers to planets"):
        derived(field("commune", "string", ref="planets"))


def test_a_field_of_a_list_has_one_expectation_for_all_its_own_rules() -> None:
    found = derived(
        child_list(
            "lines", field("order", "string", pattern="^a{2}$", max_length=9), field("n", ["null", "int"], min=1)
        )
    )
    assert found.keys() == {"lines_order", "lines_n"}
    sql = found["lines_order"]["kwargs"]["unexpected_rows_query"]
    assert "FROM {lines} AS line" in sql
    assert sql.endswith(
        """WHERE line."order" IS NULL OR char_length(line."order") > 9 OR line."order" !~ '^a{{2}}$' )"""
    )
    assert found["lines_n"]["kwargs"]["unexpected_rows_query"].endswith("WHERE line.n < 1 )")


def test_a_pattern_in_a_list_is_no_parameter_to_great_expectations() -> None:
    found = derived(child_list("lines", field("code", "string", pattern="a|:b")))
    assert r"line.code !~ '^(?\:a|\:b)$'" in found["lines_code"]["kwargs"]["unexpected_rows_query"]


def test_a_reference_in_a_list_is_looked_up_too() -> None:
    found = derived(child_list("lines", field("maker", "string", ref="agency")))
    assert found.keys() == {"lines_maker", "lines_maker_ref"}
    assert "known.code = line.maker" in found["lines_maker_ref"]["kwargs"]["unexpected_rows_query"]


def test_each_derived_expectation_says_why_in_both_languages() -> None:
    for each in load_catalog().values():
        found = derived_expectations(each)
        assert len(found) > 10
        for expectation in found:
            meta = expectation["meta"]
            assert expectation["severity"] == "critical"
            assert meta["origin"] == "contract"
            assert meta["reason_en"]
            assert meta["reason_vi"]
            assert meta["reason_en"] != meta["reason_vi"]
