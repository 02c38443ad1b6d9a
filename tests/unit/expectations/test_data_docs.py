"""The Data Docs as files: newest results only, harmless, whole while they are read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from expectations.data_docs import document, write_front
from expectations.results import result_key
from expectations.suite_files import suite_json
from schemas.catalog import load_catalog
from schemas.contract import Contract

CATALOG = load_catalog()
DOSSIER = CATALOG["dossier_status_changed"]
Json = dict[str, Any]


class Results(dict[str, bytes]):
    """Results as the lake keeps them."""

    def get(self, key: str) -> bytes:  # type: ignore[override]
        return self[key]

    def list_after(self, prefix: str, start_after: str = "") -> Iterator[str]:
        return iter(sorted(key for key in self if key.startswith(prefix) and key > start_after))

    def put(self, contract: Contract, load_id: int, *broken: Json, rows: int = 3) -> None:
        self[result_key(contract.event, load_id)] = json.dumps(result_of(contract, broken, rows)).encode()


def result_of(contract: Contract, broken: tuple[Json, ...], rows: int) -> Json:
    """A result as run.py makes it: every rule of the suite, `broken` gives the results of those that do not hold."""
    found = {each["rule"]: each for each in broken}
    results = [
        result(expectation, found.get(expectation["meta"]["rule"]), rows)
        for expectation in suite_json(contract)["expectations"]
    ]
    return {
        "success": not broken,
        "results": results,
        "suite_name": contract.event,
        "suite_parameters": {},
        "statistics": {
            "evaluated_expectations": len(results),
            "successful_expectations": len(results) - len(broken),
            "unsuccessful_expectations": len(broken),
            "success_percent": 90.0,
        },
        "meta": {"batch_markers": {"ge_load_time": "20210630T010203.000000Z"}},
        "id": None,
    }


def result(expectation: Json, broken: Json | None, rows: int) -> Json:
    counts = {"element_count": rows, "unexpected_count": 0, "unexpected_percent": 0.0}
    return {
        "success": broken is None,
        "expectation_config": expectation,
        "result": counts if broken is None else {**counts, **broken["result"]},
        "meta": {},
        "exception_info": {"raised_exception": False, "exception_traceback": None, "exception_message": None},
    }


def negative_fee(value: Any = -1, count: int = 2) -> Json:
    samples = {"partial_unexpected_list": [value], "partial_unexpected_counts": [{"value": value, "count": count}]}
    return {"rule": "fee_vnd_min", "result": {"unexpected_count": count, **samples}}


def page(folder: Path, load_id: int) -> str:
    return (folder / DOSSIER.event / f"{load_id:012d}.html").read_text(encoding="utf-8")


def test_a_check_has_a_page_that_says_what_is_wrong_in_both_languages(tmp_path: Path) -> None:
    results = Results()
    results.put(DOSSIER, 7, negative_fee())
    document(results, DOSSIER, tmp_path)
    shown = page(tmp_path, 7)
    assert "fee_vnd_min" in shown
    assert "fee_vnd phải từ 0 trở lên" in shown
    assert "values must be greater than or equal to" in shown
    front = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "2021-06-30 01:02:03" in front
    assert 'href="dossier_status_changed/000000000007.html"' in front


@pytest.mark.parametrize(
    "value", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<a href='javascript:alert(1)'>"]
)
def test_values_of_bad_rows_stay_text(tmp_path: Path, value: str) -> None:
    results = Results()
    results.put(DOSSIER, 1, negative_fee(value))
    document(results, DOSSIER, tmp_path)
    shown = page(tmp_path, 1)
    assert "alert(1)" in shown
    assert not re.search(r"<(script|img|iframe|object)\b|javascript:alert\(1\)'>", shown, re.IGNORECASE)


def test_pages_fetch_nothing_and_link_only_to_pages_that_exist(tmp_path: Path) -> None:
    results = Results()
    for contract in CATALOG.values():
        results.put(contract, 1)
        results.put(contract, 2)
        document(results, contract, tmp_path)
    pages = sorted(tmp_path.rglob("*.html"))
    assert len(pages) == 1 + 3 * len(CATALOG)
    for path in pages:
        links = re.findall(r'(?:href|src)="([^"]*)"', path.read_text(encoding="utf-8"))
        assert links
        assert [link for link in links if not (path.parent / link).is_file()] == []


def test_only_the_newest_checks_are_kept(tmp_path: Path) -> None:
    results = Results()
    for load_id in range(1, 6):
        results.put(DOSSIER, load_id)
        document(results, DOSSIER, tmp_path, kept=3)
    pages = sorted(path.name for path in (tmp_path / DOSSIER.event).glob("0*.html"))
    assert pages == ["000000000003.html", "000000000004.html", "000000000005.html"]
    listed = re.findall(r"(\d{12})\.html", (tmp_path / DOSSIER.event / "index.html").read_text(encoding="utf-8"))
    assert listed == ["000000000005", "000000000004", "000000000003"]


def test_a_page_is_written_again_only_when_its_load_was_checked_again(tmp_path: Path) -> None:
    results = Results()
    results.put(DOSSIER, 1, negative_fee())
    results.put(DOSSIER, 2)
    document(results, DOSSIER, tmp_path)
    marked = {load_id: page(tmp_path, load_id) + "<!-- as it was -->" for load_id in (1, 2)}
    for load_id, text in marked.items():
        (tmp_path / DOSSIER.event / f"{load_id:012d}.html").write_text(text, encoding="utf-8")
    results.put(DOSSIER, 1)
    document(results, DOSSIER, tmp_path)
    assert page(tmp_path, 2) == marked[2]
    assert "fee_vnd_min 2" not in (tmp_path / DOSSIER.event / "index.html").read_text(encoding="utf-8")
    assert "Mọi quy tắc đều đạt" in page(tmp_path, 1)


def test_a_site_without_checks_says_so(tmp_path: Path) -> None:
    write_front(tmp_path)
    assert "No check yet" in (tmp_path / "index.html").read_text(encoding="utf-8")
