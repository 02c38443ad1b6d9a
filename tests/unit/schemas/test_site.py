"""The site of HTML pages: whole, in both languages, linked within itself and dependent on nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path

import pytest

from infra.cli.contract_readers import reader_folders
from schemas.asyncapi import Servers
from schemas.catalog import load_catalog
from schemas.folders import ContractFolders, contract_folders
from schemas.site.pages import site
from schemas.skeleton import create
from schemas.usage.readers import NO_READERS
from tests.unit.schemas.reader_files import write_readers

CATALOG = load_catalog()
SITE = site(contract_folders({}), reader_folders(), Servers(), "1.2.3")
VOID = ("meta", "link", "br", "wbr")


class Page(HTMLParser):
    """Links, anchors and text of a page; an element that is not closed in order fails."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.links += [value for name, value in attrs if name in ("href", "src") and value]
        self.anchors |= {given["id"] or ""} if "id" in given else set()
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


PAGES = {name: Page(content) for name, content in SITE.items() if name.endswith(".html")}


def test_there_is_a_page_for_every_event_and_for_the_marts() -> None:
    events = {f"{event}.html" for event in CATALOG}
    assert set(SITE) == {*events, "index.html", "marts.html", "style.css", "asyncapi.json"}
    assert events <= set(PAGES["index.html"].links)
    assert json.loads(SITE["asyncapi.json"])["asyncapi"] == "3.0.0"


def test_every_link_leads_to_a_file_and_anchor_of_the_site() -> None:
    assert list(_dead_links(PAGES)) == []
    assert not re.search(r"url\(|@import|//", SITE["style.css"])


def _dead_links(pages: Mapping[str, Page]) -> Iterator[str]:
    for name, page in pages.items():
        for link in page.links:
            file, _, anchor = link.partition("#")
            target = file or name
            if target not in SITE or (anchor and anchor not in pages[target].anchors):
                yield f"{name}: {link}"


@pytest.mark.parametrize("event", CATALOG)
def test_a_page_tells_all_of_the_contract_in_both_languages(event: str) -> None:
    contract, page = CATALOG[event], PAGES[f"{event}.html"]
    fields = [*contract.fields, *(field for child in contract.children for field in child.fields)]
    told = [contract.doc, contract.doc_vi, contract.owner, contract.topic, *contract.producers]
    told += [f"load_{event}", f"core.{event}", f"staging.{event}__<load_id>", f"expectations/{event}.json"]
    told += [f"core.{event}_{child.name}" for child in contract.children]
    told += [text for field in fields for text in (field.name, field.doc, field.doc_vi, field.unit or "")]
    told += [field.rules.pattern for field in fields if field.rules.pattern]
    assert [text for text in told if text not in page.text] == []


def test_rules_examples_versions_and_figures_are_told() -> None:
    page = PAGES["dossier_status_changed.html"]
    for text in [
        "due_at must not be before received_at",
        "due_at không được trước received_at",
        '"dossier_code": "H22.26.04-210623-0001"',
        "status must be at most 10, is 11",
        "status phải không quá 10, đang là 11",
        "paid_online was added",
        "Dossiers finished in time",
        "Tỷ lệ hồ sơ xử lý xong đúng hạn",
    ]:
        assert text in page.text
    assert "marts.html#mart.public_service_daily" in page.links


def test_a_dashboard_author_finds_the_table_and_its_columns() -> None:
    marts = PAGES["marts.html"]
    assert {"mart.public_service_daily", "mart.kpi"} <= marts.anchors
    assert "Those of them that came in online." in marts.text
    assert "Trong đó: tiếp nhận trực tuyến." in marts.text
    assert "dossier_status_changed.html" in marts.links


def test_without_marts_and_expectations_there_are_pages_still(tmp_path: Path) -> None:
    bare = site(contract_folders({}), NO_READERS, Servers(), "1")
    assert "No mart reads this event yet." in bare["dossier_status_changed.html"]
    assert "Rules between fields" not in bare["dossier_status_changed.html"]


def test_what_a_contract_says_is_text_and_never_markup(tmp_path: Path) -> None:
    folders = ContractFolders(tmp_path / "avro", tmp_path / "released", tmp_path / "examples")
    (path, *_) = create(folders, "society", "thing_happened")
    path.write_text(path.read_text(encoding="utf-8").replace("Describe what", "<script>a&b</script> Describe"), "utf-8")
    pages = site(folders, write_readers(tmp_path / "readers"), Servers(), "1")
    assert "<script>" not in pages["thing_happened.html"] + pages["index.html"]
    assert "&lt;script&gt;a&amp;b" in pages["thing_happened.html"]
    assert "draft" in pages["thing_happened.html"]
