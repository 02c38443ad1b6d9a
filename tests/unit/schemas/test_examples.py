"""Every example of the repository does what its file name says."""

from __future__ import annotations

import io
import re
from pathlib import Path

import fastavro
import pytest

from schemas.catalog import load_catalog
from schemas.codec import prepare
from schemas.contract import ContractInvalid
from schemas.example_files import Example, load_example, load_examples

CATALOG = load_catalog()
CODECS = {event: prepare(contract) for event, contract in CATALOG.items()}
EXAMPLES = [example for examples in load_examples().values() for example in examples]


def _id(example: Example) -> str:
    return f"{example.event}-{example.name}"


def test_each_contract_has_examples_of_both_kinds() -> None:
    kinds = {(example.event, example.accepted) for example in EXAMPLES}
    assert kinds == {(event, accepted) for event in CATALOG for accepted in (True, False)}


@pytest.mark.parametrize("example", [each for each in EXAMPLES if each.accepted], ids=_id)
def test_an_accepted_example_is_taken_and_any_reader_can_decode_it(example: Example) -> None:
    codec = CODECS[example.event]
    assert codec.check(example.payload) == []
    datum = io.BytesIO(codec.encode(example.payload))
    decoded = fastavro.schemaless_reader(datum, fastavro.parse_schema(CATALOG[example.event].schema))
    assert str(decoded["event_id"]) == example.payload["event_id"]
    assert datum.read() == b""


@pytest.mark.parametrize("example", [each for each in EXAMPLES if not each.accepted], ids=_id)
def test_a_rejected_example_breaks_the_rule_of_its_name_and_no_other(example: Example) -> None:
    found = CODECS[example.event].check(example.payload)
    assert [(re.sub(r"\[\d+\]", "", each.field), each.rule) for each in found] == [(example.field, example.rule)]


@pytest.mark.parametrize("name", ["status.rejected.json", "max.rejected.json", "good.json", "good.ok.json"])
def test_a_misnamed_example_is_an_error(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(ContractInvalid, match=re.escape(name)):
        load_example(path)
