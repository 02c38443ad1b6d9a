"""The linter: the repository is in order, and each way to break a small catalogue is found and told."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemas.catalog import catalog_folder
from schemas.findings import Finding
from schemas.folders import ContractFolders, contract_folders
from schemas.lint import lint
from tests.unit.schemas.small_contract import EVENT, avro_field, avro_schema, child_list

Schema = dict[str, Any]

BOUND = {"max_length": 60}
STATE = {"type": "enum", "name": "State", "symbols": ["open", "done"]}
MONEY = {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}
GOOD = avro_schema(
    avro_field("state", STATE),
    avro_field("note", ["null", "string"], rules=BOUND),
    avro_field("budget", ["null", MONEY], rules={"min": 0}),
    child_list("parts", avro_field("quantity", "int", rules={"min": 1, "max": 9})),
)
GOOD["fields"][2]["rules"] = BOUND
GOOD_EVENT = {**EVENT, "state": "open", "parts": [{"quantity": 1}]}


@pytest.fixture
def folders(tmp_path: Path) -> ContractFolders:
    """A catalogue of one contract, in order, its version 1 released."""
    found = ContractFolders(tmp_path / "avro", tmp_path / "released", tmp_path / "examples")
    write(found.avro / "society" / "thing_happened.avsc", GOOD)
    write(found.released / "society" / "thing_happened.v1.avsc", GOOD)
    examples = {
        "open.accepted": GOOD_EVENT,
        "done.accepted": {**GOOD_EVENT, "state": "done"},
        "state.enum.rejected": {**GOOD_EVENT, "state": "gone"},
        "state.required.rejected": {**GOOD_EVENT, "state": None},
        "parts.quantity.max.rejected": {**GOOD_EVENT, "parts": [{"quantity": 1}, {"quantity": 10}]},
    }
    for name, event in examples.items():
        write(found.examples / "thing_happened" / f"{name}.json", event)
    return found


def write(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")


def draft(folders: ContractFolders, change: Callable[[Schema], object]) -> list[Finding]:
    """What the linter says of a draft of version 2 that has been changed so."""
    schema = json.loads(json.dumps({**GOOD, "version": 2}))
    change(schema)
    write(folders.avro / "society" / "thing_happened.avsc", schema)
    return lint(folders)


def field(schema: Schema, name: str) -> Schema:
    found: Schema = next(each for each in schema["fields"] if each["name"] == name)
    return found


def add(*fields: Schema) -> Callable[[Schema], object]:
    return lambda schema: schema["fields"].extend(fields)


def text(rules: Schema) -> Callable[[Schema], object]:
    return add(avro_field("code", ["null", "string"], rules=rules))


def quantity(schema: Schema) -> Schema:
    found: Schema = field(schema, "parts")["type"]["items"]["fields"][0]
    return found


def test_the_repository_is_in_order() -> None:
    assert len(list(catalog_folder({}).glob("*/*.avsc"))) >= 3
    assert lint(contract_folders({})) == []


def test_the_small_catalogue_is_in_order(folders: ContractFolders) -> None:
    assert lint(folders) == []
    assert draft(folders, add(avro_field("more", ["null", "int"]))) == []


def test_a_catalogue_of_ones_own_lies_beside_its_releases_and_examples(tmp_path: Path) -> None:
    found = contract_folders({"HAGIANG_CONTRACTS": os.fspath(tmp_path / "contracts")})
    assert found == ContractFolders(tmp_path / "contracts", tmp_path / "released", tmp_path / "examples")


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        (lambda s: s.update(retention_day=30), "", "the attribute retention_day is unknown"),
        (lambda s: s.pop("owner"), "owner", "is missing"),
        (lambda s: s.update(owner="Văn phòng"), "owner", "kebab-case"),
        (lambda s: s.update(doc="A thing has happened."), "doc", "does not tell the grain"),
        (lambda s: s.update(doc_vi="Có một việc xảy ra."), "doc_vi", "does not tell the grain"),
        (lambda s: s.update(producers=["everyone"]), "producers", "everyone is not among them"),
        (lambda s: s.update(producers=[]), "producers", "not a list of different producers"),
        (lambda s: s.update(partitions=0), "partitions", "0 is not a whole number from 1 to 48"),
        (lambda s: s.update(partitions=True), "partitions", "True is not a whole number"),
        (lambda s: s.update(retention_days=1), "retention_days", "from 7 to 365"),
        (lambda s: s.update(keep={"lake_day": 60}), "keep", "the attribute lake_day is unknown"),
        (lambda s: s.update(keep={"lake_days": 3}), "keep", "lake_days is not a whole number from 7 to 36525"),
        (lambda s: s.update(keep={"lake_days": 29}), "keep", "lake_days is shorter than retention_days"),
        (lambda s: s.update(keep={"quarantine_days": 90}), "keep", "quarantine_days is shorter than lake_days"),
        (lambda s: s.update(keep={"lake_days": 90, "core_days": 90}), "keep", "core_days is shorter than quarantine"),
        (lambda s: s.update(keep=[]), "", "no list of objects"),
        (lambda s: s.update(breaker={"share": 20}), "breaker", "its share"),
        (lambda s: s.update(breaker={"shares": 0.2}), "breaker", "the attribute shares is unknown"),
        (lambda s: s.update(key="state"), "key", "no identity"),
        (lambda s: s.update(key="nothing"), "key", "nothing is no field"),
        (lambda s: field(s, "source").update(personal_data="basic"), "key", "personal data"),
        (lambda s: field(s, "source").update(type="int"), "source", "envelope's type"),
        (lambda s: s["fields"].pop(3), "fields", "do not begin with the envelope"),
        (lambda s: s.update(fields=[]), "fields", "do not begin with the envelope"),
        (lambda s: s.update(fields={}), "", "no list of objects"),
        (lambda s: s.update(name="Thing"), "", "must be the record"),
    ],
)
def test_a_record_out_of_order_is_found(folders: ContractFolders, change: Any, where: str, what: str) -> None:
    assert told(draft(folders, change), where, what)


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        (lambda s: field(s, "note").pop("doc_vi"), "note", "doc_vi is missing"),
        (lambda s: field(s, "note").pop("personal_data"), "note", "personal_data is missing"),
        (lambda s: quantity(s).pop("personal_data"), "parts.quantity", "personal_data is missing"),
        (lambda s: quantity(s).update(doc=""), "parts.quantity", "doc is no sentence"),
        (lambda s: field(s, "note").update(doc_vi="The note."), "note", "not Vietnamese"),
        (lambda s: field(s, "note").update(personal_data="secret"), "note", "'secret' is no class"),
        (lambda s: field(s, "note").update(rule={}), "note", "the attribute rule is unknown"),
        (lambda s: field(s, "note").update(rules={"max_lenght": 9}), "note", "the attribute max_lenght is unknown"),
        (lambda s: quantity(s).update(rules={"mni": 9}), "parts.quantity", "the attribute mni is unknown"),
        (lambda s: field(s, "note").update(rules=[]), "note", "rules is no object"),
        (add(avro_field("Note2", ["null", "int"])), "Note2", "snake_case"),
        (add(avro_field("load_id", ["null", "int"])), "load_id", "warehouse adds itself"),
        (add(avro_field("note", ["null", "int"])), "note", "occurs 2 times"),
        (add(avro_field("x", ["null", "float"])), "x", "has no column type"),
        (add(avro_field("x", ["null", {"type": "long", "logicalTyp": "timestamp-millis"}])), "x", "logicalTyp is unkn"),
        (add(avro_field("x", ["null", {**MONEY, "precision": 50}])), "x", "scale and precision"),
        (add(avro_field("x", ["null", {"type": "bytes", "logicalType": "decimal"}])), "x", "lacks 'precision'"),
        (add(avro_field("x", ["null", {**STATE, "name": "state2"}])), "x", "not CamelCase"),
        (add(avro_field("x", ["null", {**STATE, "name": "X", "symbols": ["Open"]}])), "x", "Open is not snake_case"),
        (add(avro_field("x", ["null", {**STATE, "name": "X", "symbols": []}])), "x", "no symbols"),
        (add(avro_field("x", ["null", {**STATE, "name": "X", "default": "opne"}])), "x", "opne is no symbol"),
        (add(avro_field("x", "int", default="7")), "x", "the default '7' is no int"),
        (add(child_list("x", avro_field("y", "int"), default=[], rules={})), "x", "a list has no rules"),
        (add(child_list("x", default=[])), "x", "must hold records"),
        (text({"pattern": "^a"}), "code", "must begin with ^ and end with $"),
        (text({"ref": "agencies", **BOUND}), "code", "agencies is no reference list"),
        (text({}), "code", "neither pattern nor max_length"),
        (text({"max_length": 10**6}), "code", "is not from 1 to"),
        (text({"min": 1, **BOUND}), "code", "min and max are for numbers"),
        (lambda s: field(s, "budget").update(rules={"pattern": "^1$"}), "budget", "pattern is for strings"),
        (lambda s: quantity(s).update(rules={"min": 9, "max": 1}), "parts.quantity", "min 9 is above max 1"),
    ],
)
def test_a_field_out_of_order_is_found(folders: ContractFolders, change: Any, where: str, what: str) -> None:
    assert told(draft(folders, change), where, what)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda s: s.update(version=3), "the highest released version is 1"),
        (lambda s: s.update(version=1, doc="Another thing; one event is one thing."), "differs from its released file"),
        (add(avro_field("more", "int")), "against version 1: more was added and has no default"),
    ],
)
def test_a_version_out_of_order_is_found(folders: ContractFolders, change: Any, what: str) -> None:
    assert any(what in found.what for found in draft(folders, change))


def test_a_gap_in_the_released_versions_is_found(folders: ContractFolders) -> None:
    write(folders.released / "society" / "thing_happened.v3.avsc", {**GOOD, "version": 3})
    assert told(lint(folders), "version 1", "released are [1, 3], with a gap")


@pytest.mark.parametrize(
    ("path", "content", "what"),
    [
        ("avro/society/notes.txt", "", "is no <domain>/<event>.avsc"),
        ("avro/sport/thing_happened2.avsc", {**GOOD, "namespace": "vn.hagiang.sport"}, "sport is no domain"),
        ("avro/society/other.avsc", '{"doc": 1, "doc": 2}', "doc occurs 2 times"),
        ("avro/society/other.avsc", "[]", "is no JSON object"),
        ("avro/society/other.avsc", "{", "is not JSON"),
        ("avro/society/thing_happened_parts.avsc", {**GOOD, "name": "ThingHappenedParts"}, "has the table"),
        (f"avro/society/{'x' * 50}.avsc", {**GOOD, "name": "X" + "x" * 49}, "too long for PostgreSQL"),
        ("released/society/gone.v1.avsc", {**GOOD, "name": "Gone"}, "has no contract any more"),
        ("released/society/thing_happened.v2.avsc", GOOD, "holds version 1"),
        ("released/society/thing_happened.avsc", GOOD, "must be called"),
        ("examples/gone/a.accepted.json", GOOD_EVENT, "belongs to no contract"),
        ("examples/thing_happened/a.json", GOOD_EVENT, "must end in"),
        ("examples/thing_happened/a.accepted.json", {**GOOD_EVENT, "x": 1}, "breaks unknown_field"),
        ("examples/thing_happened/state.type.rejected.json", GOOD_EVENT, "does not break type"),
        ("examples/thing_happened/state.enum.2.rejected.json", {**GOOD_EVENT, "state": "x", "y": 1}, "breaks unknown"),
    ],
)
def test_a_file_out_of_order_is_found(folders: ContractFolders, path: str, content: Any, what: str) -> None:
    write(folders.avro.parent / path, content)
    assert any(what in found.what and found.file == folders.avro.parent / path for found in lint(folders))


def test_two_domains_may_not_share_an_events_name(folders: ContractFolders) -> None:
    path = folders.avro / "economy" / "thing_happened.avsc"
    write(path, {**GOOD, "namespace": "vn.hagiang.economy"})
    assert any(f"has the table thing_happened, as {path} has" in found.what for found in lint(folders))


@pytest.mark.parametrize(("kind", "least"), [("accepted", 2), ("rejected", 3)])
def test_too_few_examples_are_found(folders: ContractFolders, kind: str, least: int) -> None:
    next(folders.examples.rglob(f"*.{kind}.json")).unlink()
    assert [found.what for found in lint(folders)] == [f"has {least - 1} {kind} examples"]


def test_an_empty_folder_is_found_not_taken_for_order(tmp_path: Path) -> None:
    found = lint(ContractFolders(tmp_path / "avro", tmp_path / "released", tmp_path / "examples"))
    assert [each.what for each in found] == ["holds no contract"]


def test_a_finding_says_where_what_and_how_to_mend(folders: ContractFolders) -> None:
    (found,) = draft(folders, text({"max_lenght": 9}))
    path = folders.avro / "society" / "thing_happened.avsc"
    assert str(found) == f"{path}:1: code: the attribute max_lenght is unknown. Did you mean max_length."


def told(findings: list[Finding], where: str, what: str) -> bool:
    return any(found.where == where and what in found.what for found in findings)
