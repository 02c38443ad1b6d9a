from __future__ import annotations

import io
from typing import Any

import fastavro
import pytest

from schemas.codec import EventInvalid, prepare, violations
from schemas.contract import Contract
from tests.unit.schemas.small_contract import EVENT, avro_field, child_list, contract_with

LINES = child_list("lines", avro_field("quantity", "int", rules={"min": 1}), avro_field("name", ["null", "string"]))


def decoded(contract: Contract, event: dict[str, Any]) -> dict[str, Any]:
    datum = prepare(contract).encode(event)
    record = fastavro.schemaless_reader(io.BytesIO(datum), fastavro.parse_schema(contract.schema))
    assert isinstance(record, dict)
    return record


def test_every_violation_is_found_in_the_contracts_order() -> None:
    contract = contract_with(avro_field("code", "string", rules={"pattern": "^[A-Z]+$", "max_length": 3}), LINES)
    event = {
        **EVENT,
        "synthetic": "yes",
        "code": "abcd",
        "lines": [{"quantity": 2}, {"quantity": 0, "name": 5}],
        "x": 1,
    }
    assert [(each.field, each.rule) for each in violations(contract, event)] == [
        ("synthetic", "type"),
        ("code", "max_length"),
        ("code", "pattern"),
        ("x", "unknown_field"),
        ("lines[1].quantity", "min"),
        ("lines[1].name", "type"),
    ]


def test_an_invalid_event_is_not_encoded_and_the_error_names_field_rule_and_value() -> None:
    contract = contract_with(avro_field("status", "int", rules={"max": 10}))
    with pytest.raises(EventInvalid, match=r"\[max\] status must be at most 10, is 11") as caught:
        prepare(contract).encode({**EVENT, "status": 11})
    (found,) = caught.value.violations
    assert (found.field, found.rule, found.value) == ("status", "max", "11")
    assert found.message_vi == "status phải không quá 10, đang là 11"


@pytest.mark.parametrize("personal_data", ["basic", "sensitive"])
@pytest.mark.parametrize("value", ["0912345678", 912345678, "x" * 40])
def test_personal_data_is_never_shown(personal_data: str, value: Any) -> None:
    phone = avro_field("phone", "string", personal_data=personal_data, rules={"max_length": 8})
    with pytest.raises(EventInvalid) as caught:
        prepare(contract_with(phone)).encode({**EVENT, "phone": value})
    assert "***" in str(caught.value)
    assert str(value) not in str(caught.value) + repr(caught.value.violations)


@pytest.mark.parametrize("value", ["012345678901", {"cccd": "012345678901"}, ["012345678901"]])
def test_the_value_of_an_unknown_field_or_of_a_nested_one_is_never_shown(value: Any) -> None:
    contract = contract_with(avro_field("status", "int"), LINES)
    event = {**EVENT, "status": value if not isinstance(value, str) else 1, "cccd": value, "lines": [value]}
    assert "012345678901" not in repr(violations(contract, event))


def test_a_missing_field_may_be_null_or_have_a_default_else_it_is_required() -> None:
    contract = contract_with(avro_field("note", ["null", "string"]), child_list("lines", default=[]))
    assert decoded(contract, EVENT)["note"] is None
    assert decoded(contract, EVENT)["lines"] == []
    found = violations(contract_with(avro_field("status", "int"), LINES), {**EVENT, "status": None})
    assert [(each.field, each.rule) for each in found] == [("status", "required"), ("lines", "required")]


def test_an_unknown_field_is_answered_with_the_nearest_known_name() -> None:
    contract = contract_with(avro_field("commune_code", ["null", "string"]), LINES)
    found = violations(contract, {**EVENT, "comune_code": "00688", "lines": [{"quantity": 1, "qantity": 1}]})
    assert [each.message for each in found] == [
        "comune_code is no field of the contract; did you mean commune_code?",
        "lines[0].qantity is no field of the contract; did you mean quantity?",
    ]


@pytest.mark.parametrize("lines", ["text", {}, 5])
def test_a_list_must_be_a_list_of_objects(lines: Any) -> None:
    contract = contract_with(LINES)
    assert [each.field for each in violations(contract, {**EVENT, "lines": lines})] == ["lines"]
    assert next(each.field for each in violations(contract, {**EVENT, "lines": [lines]})).startswith("lines[0]")


def test_an_event_must_be_an_object() -> None:
    (found,) = prepare(contract_with()).check([EVENT])  # type: ignore[arg-type]
    assert found.rule == "type"


@pytest.mark.parametrize("value", ["12345\n", "１２３４５", "1234", "123456", "a12345"])
def test_a_pattern_holds_for_the_whole_text_and_knows_ascii_digits_only(value: str) -> None:
    contract = contract_with(avro_field("code", "string", rules={"pattern": r"^\d{5}$"}))
    assert violations(contract, {**EVENT, "code": "00688"}) == []
    assert [each.rule for each in violations(contract, {**EVENT, "code": value})] == ["pattern"]


def test_length_is_counted_in_characters_as_postgresql_does() -> None:
    contract = contract_with(avro_field("name", "string", rules={"max_length": 6}))
    assert violations(contract, {**EVENT, "name": "Lũng Cú"[:6]}) == []


@pytest.mark.parametrize("limit", [0, 1.5])
def test_decimals_are_held_to_limits_and_written_exactly(limit: float) -> None:
    money = {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}
    contract = contract_with(avro_field("budget", money, rules={"min": limit}))
    assert [each.rule for each in violations(contract, {**EVENT, "budget": "-0.01"})] == ["min"]
    assert str(decoded(contract, {**EVENT, "budget": "1250.50"})["budget"]) == "1250.50"


def test_logical_types_are_read_back_by_any_avro_reader() -> None:
    day = {"type": "int", "logicalType": "date"}
    record = decoded(contract_with(avro_field("due_on", ["null", day])), {**EVENT, "due_on": "2021-06-23"})
    assert record["due_on"].isoformat() == "2021-06-23"
    assert record["occurred_at"].isoformat() == "2021-06-23T00:00:00+00:00"
