"""Reading contracts and their catalogue; what a good contract holds beyond this is the linter's business."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from schemas.catalog import UnknownEvent, contract_named, load_catalog
from schemas.contract import Contract, ContractInvalid, Keep, camel_case, load_contract
from schemas.versions import load_released, load_released_version
from tests.unit.schemas.small_contract import avro_field, avro_schema, child_list, contract_with

DECIMAL = {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}
STATE = {"type": "enum", "name": "State", "symbols": ["open", "done"]}


def written(folder: Path, schema: Any, *, domain: str = "society", name: str = "thing_happened.avsc") -> Path:
    path = folder / domain / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(schema if isinstance(schema, str) else json.dumps(schema), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("avro", "kind"),
    [
        ("string", "string"),
        ("int", "int"),
        ("long", "long"),
        ("boolean", "boolean"),
        ("double", "double"),
        ({"type": "string", "logicalType": "uuid"}, "uuid"),
        ({"type": "long", "logicalType": "timestamp-millis"}, "timestamp"),
        ({"type": "int", "logicalType": "date"}, "date"),
        (DECIMAL, "decimal"),
        (STATE, "enum"),
    ],
)
def test_every_type_of_a_column_has_a_kind_with_and_without_null(avro: Any, kind: str) -> None:
    for nullable, declared in ((False, avro), (True, ["null", avro])):
        field = contract_with(avro_field("x", declared)).field("x")
        assert (field.kind, field.nullable) == (kind, nullable)


def test_an_enum_may_be_named_again_and_a_decimal_keeps_its_digits() -> None:
    contract = contract_with(
        avro_field("before", ["null", STATE]), avro_field("now", "State"), avro_field("d", DECIMAL)
    )
    assert contract.field("now").symbols == ("open", "done")
    assert (contract.field("d").precision, contract.field("d").scale) == (12, 2)


def test_a_list_of_records_is_a_child_and_not_a_column() -> None:
    contract = contract_with(child_list("parts", avro_field("n", "int", rules={"min": 1})))
    assert [(child.name, child.fields[0].rules.min) for child in contract.children] == [("parts", 1)]
    with pytest.raises(KeyError, match="parts"):
        contract.field("parts")


def test_what_a_contract_gives_no_term_for_is_kept_for_good() -> None:
    assert contract_with().keep == Keep(lake_days=None, quarantine_days=None, core_days=None)
    assert contract_with(keep={"lake_days": 90}).keep == Keep(lake_days=90)


def test_topic_and_subject_are_named_after_domain_and_event() -> None:
    contract = contract_with()
    assert (contract.topic, contract.subject) == ("society.thing_happened", "society.thing_happened-value")
    assert camel_case("thing_happened") == "ThingHappened"


@pytest.mark.parametrize(
    ("schema", "what"),
    [
        ("{", "not JSON"),
        (avro_schema(name="Thing"), "must be the record vn.hagiang.society.ThingHappened"),
        (avro_schema(key="state"), "its key state"),
        (avro_schema(avro_field("state", ["null", "string"]), key="state"), "its key state"),
        (avro_schema(avro_field("x", "bytes")), "x: the type"),
        (avro_schema(avro_field("x", {"type": "map", "values": "int"})), "x: the type"),
        (avro_schema(avro_field("x", ["int", "null"])), "x: a union must be"),
        (avro_schema(avro_field("x", ["null", "int"], default=3)), "x: a union must be"),
        (avro_schema(avro_field("x", {"type": "array", "items": "int"})), "x: a list must hold records"),
        (avro_schema(avro_field("x", "int", rules={"mni": 1})), "x: unknown rules"),
        ({key: value for key, value in avro_schema().items() if key != "owner"}, "'owner' is missing"),
        (avro_schema(fields=[]), "must begin with the envelope"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_what_is_wrong(tmp_path: Path, schema: Any, what: str) -> None:
    path = written(tmp_path, schema)
    with pytest.raises(ContractInvalid) as caught:
        load_contract(path)
    assert what in caught.value.found
    assert str(path) in caught.value.found


def test_two_domains_may_not_have_an_event_of_one_name(tmp_path: Path) -> None:
    written(tmp_path, avro_schema())
    written(tmp_path, avro_schema(namespace="vn.hagiang.economy"), domain="economy")
    with pytest.raises(ContractInvalid, match="has the same event name"):
        load_catalog(tmp_path)


def test_a_contract_is_found_by_event_or_topic_and_not_by_another_domains_topic() -> None:
    catalog = {"thing_happened": contract_with()}
    assert contract_named(catalog, "thing_happened") is contract_named(catalog, "society.thing_happened")
    for name in ("thing", "economy.thing_happened", ""):
        with pytest.raises(UnknownEvent, match="thing_happened"):
            contract_named(catalog, name)


def test_an_unknown_event_is_told_the_near_ones_first() -> None:
    with pytest.raises(UnknownEvent, match=r"did you mean document_sent or document_status_changed\?"):
        contract_named(load_catalog(), "government.document_snt")
    with pytest.raises(UnknownEvent, match="agency_registered"):
        contract_named(load_catalog(), "xyz")


def test_released_versions_are_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for version in (10, 9, 1):
        written(tmp_path, avro_schema(version=version), name=f"thing_happened.v{version}.avsc")
    found: tuple[Contract, ...] = tuple(load_released(tmp_path)["thing_happened"])
    assert [contract.version for contract in found] == [1, 9, 10]


@pytest.mark.parametrize(
    ("name", "schema", "what"),
    [
        ("thing_happened.v2.avsc", avro_schema(version=1), "holds version 1"),
        ("thing_happened.v01.avsc", avro_schema(), "must be called"),
        ("thing_happened.v1.avsc", "{", "JSONDecodeError"),
        ("other.v1.avsc", avro_schema(), "must be the record"),
    ],
)
def test_a_released_file_is_what_its_name_says(tmp_path: Path, name: str, schema: Any, what: str) -> None:
    with pytest.raises(ContractInvalid, match=what):
        load_released_version(written(tmp_path, schema, name=name))
