"""The reference lists are whole and fit one another."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from schemas.catalog import load_catalog
from schemas.reference.lists import (
    FOLDER,
    ReferenceInvalid,
    admin_unit_changes_2025,
    admin_units_2021,
    admin_units_2025,
    agencies,
    procedures,
)


def test_the_units_of_2021_are_one_province_eleven_districts_and_193_communes() -> None:
    units = admin_units_2021()
    kinds = Counter(unit.kind for unit in units)
    assert kinds == {"tinh": 1, "huyen": 10, "thanh_pho": 1, "xa": 175, "thi_tran": 13, "phuong": 5}
    codes = {unit.code for unit in units}
    assert len(codes) == len(units)
    assert {unit.parent_code for unit in units} <= codes | {""}


def test_the_units_of_2025_are_one_province_and_124_communes() -> None:
    kinds = Counter(unit.kind for unit in admin_units_2025())
    assert kinds == {"tinh": 1, "xa": 117, "phuong": 7}
    assert Counter(unit.from_ha_giang for unit in admin_units_2025()) == {"yes": 73, "no": 51, "partly": 1}


def test_every_unit_of_2021_changes_into_units_of_2025_or_is_abolished() -> None:
    changes = admin_unit_changes_2025()
    assert {change.old_code for change in changes} == {unit.code for unit in admin_units_2021()}
    new_codes = {unit.code for unit in admin_units_2025()}
    assert all((change.kind_of_change == "abolished") == (change.new_code == "") for change in changes)
    assert {change.new_code for change in changes if change.new_code} <= new_codes
    assert Counter(change.kind_of_change for change in changes) == {
        "merged_whole": 181,
        "unchanged": 10,
        "split_part_main": 3,
        "split_part_other": 3,
        "abolished": 11,
    }


def test_there_is_an_agency_for_the_province_its_bodies_and_every_committee() -> None:
    found = agencies()
    assert Counter(agency.level for agency in found) == {"province": 22, "district": 11, "commune": 193}
    assert len({agency.code for agency in found}) == len(found)
    assert {agency.parent_code for agency in found} <= {agency.code for agency in found} | {""}
    committees = [agency for agency in found if agency.level != "province"]
    units = {unit.code for unit in admin_units_2021() if unit.parent_code}
    assert sorted(agency.admin_unit_code for agency in committees) == sorted(units)


def test_only_the_code_of_the_province_is_no_invention() -> None:
    assert [agency.code for agency in agencies() if not agency.synthetic] == ["H22"]
    assert all(procedure.synthetic for procedure in procedures())


def test_codes_keep_the_patterns_of_the_contract() -> None:
    contract = load_catalog()["dossier_status_changed"]
    agency_pattern, procedure_pattern = (
        contract.field(f"{name}_code").rules.pattern for name in ("agency", "procedure")
    )
    assert agency_pattern is not None
    assert procedure_pattern is not None
    assert [agency.code for agency in agencies() if not re.fullmatch(agency_pattern, agency.code)] == []
    assert [each.code for each in procedures() if not re.fullmatch(procedure_pattern, each.code)] == []


def test_procedures_are_known_once_and_plausible() -> None:
    found = procedures()
    assert len({procedure.code for procedure in found}) == len(found) >= 60
    assert {procedure.online_level for procedure in found} == {2, 3, 4}
    assert {procedure.authority for procedure in found} == {"province", "district", "commune"}
    assert all(procedure.fee_vnd >= 0 and 1 <= procedure.legal_days <= 90 for procedure in found)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("code,name_vi", "name_vi,code", "header"),
        ("2021-02-01,true", "01/02/2021,true", "line 3"),
        ("2021-02-01,true", "2021-02-01,yes", "line 3"),
        ("H22,02,2021-02-01,true", "H22,02,2021-02-01", "line 3"),
    ],
)
def test_a_damaged_list_is_an_error_that_names_the_line(tmp_path: Path, old: str, new: str, named: str) -> None:
    original = (FOLDER / "agencies.csv").read_text(encoding="utf-8")
    (tmp_path / "agencies.csv").write_text(original.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ReferenceInvalid, match=named):
        agencies(tmp_path)
