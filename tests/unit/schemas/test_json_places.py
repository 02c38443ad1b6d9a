from __future__ import annotations

import json

import pytest

from schemas.json_places import line_in_contract, places_in
from tests.unit.schemas.small_contract import avro_field, avro_schema, child_list

NESTED = '{\n "a": [1, {"b": "x\\"}"}],\n "c": {\n  "d": -1.5e3, "e": null}}'
SCHEMA = avro_schema(avro_field("owner", "int"), child_list("parts", avro_field("quantity", "int")))
TEXT = json.dumps(SCHEMA, indent=1)
LINES = TEXT.splitlines()


def test_every_value_has_its_line() -> None:
    document = places_in(NESTED)
    for path, line, value in [
        (("a", 0), 2, 1),
        (("a", 1, "b"), 2, 'x"}'),
        (("c", "d"), 4, -1500.0),
        (("c", "e"), 4, None),
    ]:
        place = document.get(*path)
        assert place is not None
        assert (place.line, place.value) == (line, value)
    assert document.get("a", 2) is None
    assert document.get("c", "d", "x") is None


@pytest.mark.parametrize(
    ("where", "text"),
    [
        ("parts", '"name": "parts"'),
        ("parts.quantity", '"name": "quantity"'),
        ("owner", '"name": "owner"'),
        ("retention_days", '"retention_days": 30'),
        ("version 1", '"version": 1'),
    ],
)
def test_a_contract_s_field_or_else_attribute_is_found(where: str, text: str) -> None:
    assert text in LINES[line_in_contract(TEXT, where) - 1]


def test_what_is_not_there_is_looked_for_at_the_top_and_broken_text_where_it_breaks() -> None:
    assert line_in_contract(TEXT, "nothing") == 1
    assert line_in_contract(TEXT, "parts.nothing") == line_in_contract(TEXT, "parts")
    assert line_in_contract('{\n "a": 1,\n "b" 2}', "a") == 3
