from __future__ import annotations

import re

import pytest

from schemas.catalog import UnknownEvent, load_catalog
from schemas.docs import contract_page, pages_of
from schemas.folders import contract_folders
from tests.unit.schemas.small_contract import avro_field, child_list, contract_with

PAGES = pages_of(contract_folders({}), None)


@pytest.mark.parametrize("event", load_catalog())
def test_a_page_tells_every_field_in_both_languages(event: str) -> None:
    page, contract = PAGES[f"{event}.md"], load_catalog()[event]
    for field in [*contract.fields, *(field for child in contract.children for field in child.fields)]:
        (row,) = set(re.findall(rf"^\| `{field.name}` \|.*$", page, re.MULTILINE))
        assert field.doc in row
        assert field.doc_vi in row
        assert row.count(" | ") == 6
    for fact in (contract.owner, contract.doc, contract.doc_vi, contract.key):
        assert fact in page


def test_a_page_tells_how_long_each_store_keeps_an_event() -> None:
    page = contract_page(contract_with(keep={"lake_days": 90}), [], [])
    assert "| Kept in the lake / Lưu trong hồ dữ liệu | 90 days / ngày |" in page
    assert "| Kept in core / Lưu trong kho | for good / lâu dài |" in page


def test_the_index_links_to_every_page() -> None:
    linked = re.findall(r"\]\((\w+\.md)\)", PAGES["README.md"])
    assert sorted([*linked, "README.md"]) == sorted(PAGES)


def test_examples_are_shown_with_the_reason_of_the_rejected_ones() -> None:
    page = PAGES["dossier_status_changed.md"]
    assert '"dossier_code": "H22.26.04-210623-0001"' in page
    assert "status must be at most 10, is 11 | status phải không quá 10, đang là 11" in page


def test_the_versions_tell_what_changed() -> None:
    assert "| 2 | released / đã phát hành | paid\\_online was added |" in PAGES["dossier_status_changed.md"]
    draft = contract_page(contract_with(avro_field("x", ["null", "int"]), version=2), [contract_with()], [])
    assert "| 2 | draft / dự thảo | x was added |" in draft


def test_rules_units_and_personal_data_are_told() -> None:
    code = avro_field(
        "code", "string", rules={"pattern": "^(a|b)$", "ref": "agency"}, unit="VND", personal_data="basic"
    )
    page = contract_page(contract_with(code, child_list("parts", avro_field("n", "int", rules={"min": 1}))), [], [])
    (row,) = re.findall(r"^\| `code` .*$", page, re.MULTILINE)
    assert "`^(a\\|b)$`<br>in the list of / thuộc danh mục agencies / cơ quan | VND | basic / cơ bản |" in row
    assert "core.thing_happened_parts" in page


def test_one_page_can_be_asked_for() -> None:
    assert list(pages_of(contract_folders({}), "government.dossier_status_changed")) == ["dossier_status_changed.md"]
    with pytest.raises(UnknownEvent):
        pages_of(contract_folders({}), "nothing_happened")
