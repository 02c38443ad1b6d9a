"""The suites' files: true to their contracts, whole, and kept by hand where they are written by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from expectations.derive import CONTRACT, HAND, derived_suite
from expectations.missing import REFERENCE
from expectations.sql_files import FOLDER as SQL_FOLDER
from expectations.suite import bound, suite_for
from expectations.suite_files import FOLDER, SuiteInvalid, is_up_to_date, rederived, suite_json, suite_path, write_suite
from schemas.catalog import load_catalog
from schemas.contract import Contract

CATALOG = load_catalog()
LISTS = {path.stem.removeprefix("unknown_") for path in SQL_FOLDER.glob("unknown_*.sql")}
DOSSIER = CATALOG["dossier_status_changed"]


def test_every_file_is_of_a_contract() -> None:
    files = {path.stem for path in FOLDER.glob("*.json")}
    assert files
    assert files <= CATALOG.keys()


@pytest.mark.parametrize("contract", CATALOG.values(), ids=lambda contract: contract.event)
def test_the_derived_part_on_disk_says_what_the_contract_says(contract: Contract) -> None:
    assert is_up_to_date(contract), "run: hagiang contracts derive"


@pytest.mark.parametrize("contract", CATALOG.values(), ids=lambda contract: contract.event)
def test_whatever_looks_codes_up_names_its_reference_list(contract: Contract) -> None:
    for each in suite_json(contract)["expectations"]:
        looks_up = "core." in json.dumps(each["kwargs"])
        assert looks_up == (each["meta"].get(REFERENCE) in LISTS), each["meta"]["rule"]


@pytest.mark.parametrize("contract", CATALOG.values(), ids=lambda contract: contract.event)
def test_great_expectations_understands_the_whole_suite(contract: Contract) -> None:
    expected = [each["meta"]["rule"] for each in suite_json(contract)["expectations"]]
    suite = suite_for(contract)
    assert [each.meta["rule"] for each in suite.expectations] == expected
    assert [each.severity.value for each in suite.expectations] == [
        each["severity"] for each in suite_json(contract)["expectations"]
    ]


def test_what_is_written_by_hand_outlives_a_changed_contract(tmp_path: Path) -> None:
    by_hand = {"type": "expect_column_to_exist", "kwargs": {"column": "x"}, "severity": "warning", "meta": hand_meta()}
    stale = {**derived_suite(DOSSIER)["expectations"][0], "kwargs": {"column": "gone"}}
    write(tmp_path, [by_hand, stale])
    assert not is_up_to_date(DOSSIER, tmp_path)
    write_suite(DOSSIER, tmp_path)
    assert is_up_to_date(DOSSIER, tmp_path)
    found = suite_json(DOSSIER, tmp_path)["expectations"]
    assert found[-1] == by_hand
    assert found[:-1] == derived_suite(DOSSIER)["expectations"]


def test_a_contract_without_a_file_has_what_is_derived(tmp_path: Path) -> None:
    assert suite_json(DOSSIER, tmp_path) == derived_suite(DOSSIER)
    assert is_up_to_date(DOSSIER, tmp_path)
    assert len(suite_for(DOSSIER, folder=tmp_path).expectations) == len(derived_suite(DOSSIER)["expectations"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"severity": "fatal"}, "severity"),
        ({"meta": {"origin": HAND, "rule": "r", "reason_en": "e"}}, "reason_vi"),
        ({"meta": {"origin": "elsewhere", "rule": "r", "reason_en": "e", "reason_vi": "v"}}, "origin"),
        ({"type": "expect_column_to_shine"}, "expect_column_to_shine"),
        ({"kwargs": {"column": 7}}, "dossier_status_changed"),
    ],
)
def test_a_file_with_anything_amiss_is_refused(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    good = {"type": "expect_column_values_to_be_null", "kwargs": {"column": "x"}, "severity": "warning"}
    write(tmp_path, [{**good, "meta": hand_meta(), **change}])
    with pytest.raises(SuiteInvalid, match=message):
        suite_for(DOSSIER, folder=tmp_path)


def test_two_expectations_of_one_name_are_refused(tmp_path: Path) -> None:
    write(tmp_path, [derived_suite(DOSSIER)["expectations"][0]] * 2)
    with pytest.raises(SuiteInvalid, match="more than one expectation is called occurred_at_not_future"):
        rederived(DOSSIER, tmp_path)


def test_lists_are_bound_to_their_tables_and_braces_of_patterns_are_left_alone() -> None:
    query = "SELECT 1 FROM {batch}, {lines} WHERE a ~ 'b{{2}}' AND {other}"
    own = {"kwargs": {"unexpected_rows_query": query}}
    found = bound({"expectations": [own]}, {"lines": "staging.x_lines"})
    expected = "SELECT 1 FROM {batch}, staging.x_lines WHERE a ~ 'b{{2}}' AND {other}"
    assert found["expectations"][0]["kwargs"]["unexpected_rows_query"] == expected
    assert own["kwargs"]["unexpected_rows_query"] == query


def hand_meta() -> dict[str, str]:
    return {"origin": HAND, "rule": "by_hand", "reason_en": "e", "reason_vi": "v"}


def write(folder: Path, expectations: list[dict[str, Any]]) -> None:
    suite = {"name": DOSSIER.event, "expectations": expectations, "meta": {}, "notes": None}
    suite_path(DOSSIER, folder).write_text(json.dumps(suite), encoding="utf-8")


def test_origins_are_only_these() -> None:
    for contract in CATALOG.values():
        origins = {each["meta"]["origin"] for each in suite_json(contract)["expectations"]}
        assert origins == {CONTRACT, HAND}
