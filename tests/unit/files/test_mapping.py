"""Mappings: read strictly, held to the contract, and a contract of one's own needs nothing but a mapping."""

from __future__ import annotations

from pathlib import Path

import pytest

from producers.files.importing import prepare_import
from producers.files.lint import lint_mapping
from producers.files.mapping import SHIPPED, MappingInvalid, find_mapping, load_mapping
from tests.unit.files.written_files import CATALOG, import_of, mapping_of

NAMES = sorted(path.stem for path in SHIPPED.glob("*.toml"))
HEAD = 'event = "tourism_visit_reported"\n'
TOURISM = (SHIPPED / "tourism.toml").read_text(encoding="utf-8")


def findings(text: str) -> list[str]:
    mapping = mapping_of(text)
    return [str(finding) for finding in lint_mapping(mapping, CATALOG[mapping.event])]


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_mapping_keeps_its_contract(name: str) -> None:
    mapping = find_mapping(name)
    assert lint_mapping(mapping, CATALOG[mapping.event]) == []


def test_mappings_are_shipped_for_two_marketplaces_and_three_agencies() -> None:
    assert {"voso", "postmart", "ocop", "tourism", "network_coverage"} <= set(NAMES)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("event = ", "not TOML"),
        (HEAD, "needs"),
        (f"{HEAD}grup_by = []\n[fields.day]\ncolumn = 'x'", "grup_by is unknown. Did you mean group_by"),
        (f"{HEAD}encoding = 'tcvn'\n[fields.day]\ncolumn = 'x'", "encoding 'tcvn' is unknown. Did you mean tcvn3"),
        (f"{HEAD}decimal = ';'\n[fields.day]\ncolumn = 'x'", "decimal must be"),
        (f"{HEAD}[fields.day]\ncolum = 'x'", "the key colum is unknown. Did you mean column"),
        (f"{HEAD}[fields.day]\ncolumn = 'x'\nvalue = 1", "exactly one of column, value, template"),
        (f"{HEAD}[fields.day]\ncolumn = 'x'\nat = 'noon'", "at must be a time"),
        (f"{HEAD}[fields]\nday = 1", "must be a table"),
    ],
)
def test_a_mapping_that_is_not_understood_is_refused(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MappingInvalid) as raised:
        load_mapping(path)
    assert str(path) in str(raised.value)
    assert why in str(raised.value)


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
        ("[fields.visits]", "[fields.visit]", "visit", "is no field of economy.tourism_visit_reported"),
        ("[fields.visits]", "[fields.visit]", "visits", "is required by the contract and not mapped"),
        (
            '= "domestic"',
            '= "domestik"',
            "visitor_kind",
            "values.trong nước must be one of domestic, international (did you mean domes",
        ),
        ('"H22.13"', '"h22.07"', "source", "value must match"),
        ("empty = 1", "empty = 0", "report_version", "empty must be at least 1"),
        ('"nước ngoài" =', '"Quoc te" = "domestic", "nước ngoài" =', "visitor_kind", "values has Quoc te twice"),
        ("ignore =", 'group_by = ["source"]\nignore =', "", "group_by names source, which no column gives"),
        ('value = "H22.13"', 'template = "H{place}"', "source", "the template needs place"),
        ('value = "H22.13"', 'template = "H{place"', "source", "the template is not understood"),
    ],
)
def test_the_linter_names_line_field_and_what_to_mend(old: str, new: str, where: str, what: str) -> None:
    assert old in TOURISM
    found = findings(TOURISM.replace(old, new, 1))
    told = [finding for finding in found if what in finding]
    assert len(told) == 1, found
    assert told[0].startswith("own.toml:")
    assert f": {where}" in told[0]


def test_the_line_is_the_fields_own() -> None:
    text = TOURISM.replace('"H22.13"', '"h22.07"')
    line = text[: text.index("[fields.source]")].count("\n") + 1
    assert findings(text)[0].startswith(f"own.toml:{line}: source")


def test_all_findings_come_at_once_before_the_file_is_opened(tmp_path: Path) -> None:
    bad = mapping_of(TOURISM.replace("[fields.visits]", "[fields.visit]").replace('"H22.13"', '"h"'))
    with pytest.raises(MappingInvalid) as raised:
        prepare_import(tmp_path / "not there", bad, CATALOG)
    assert str(raised.value).count("own.toml:") == 3


def test_an_unknown_name_is_told_what_is_near(tmp_path: Path) -> None:
    with pytest.raises(MappingInvalid, match="no mapping turism; Did you mean tourism"):
        find_mapping("turism")
    (tmp_path / "mine.toml").write_text(TOURISM, encoding="utf-8")
    assert find_mapping("mine", tmp_path).name == "mine"
    assert find_mapping(str(tmp_path / "mine.toml")).name == "mine"


@pytest.mark.parametrize("name", ["../mappings/tourism", "/etc/passwd", "", ".", "tourism/../voso"])
def test_a_name_cannot_lead_out_of_the_folder(name: str) -> None:
    with pytest.raises(MappingInvalid):
        find_mapping(name)


def test_work_is_prepared_for_every_shipped_mapping(tmp_path: Path) -> None:
    assert {import_of(tmp_path, name).mapping.name for name in NAMES} == set(NAMES)
