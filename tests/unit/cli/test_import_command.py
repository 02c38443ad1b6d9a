"""`hagiang import` as a clerk meets it, without servers: dry runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from infra.cli.main import main
from tests.unit.files.written_files import TOURISM, visit, write_csv

SAMPLES = Path(__file__).parents[3] / "producers" / "files" / "samples"


def dry_run(file: Path, *options: str, mapping: str = "tourism") -> Result:
    return CliRunner().invoke(main, ["import", str(file), "--mapping", mapping, "--dry-run", *options])


def test_the_worked_example_of_the_readme(tmp_path: Path) -> None:
    report = tmp_path / "loi.csv"
    result = dry_run(SAMPLES / "khach_du_lich.csv", "--report", str(report))
    assert result.exit_code == 3
    assert result.stdout == "economy.tourism_visit_reported: 5 rows, 3 events good, none sent, 2 rows bad\n"
    assert "khach_du_lich.csv: CSV, utf-8, semicolon, mapping tourism" in result.stderr
    assert "row 7, column Mã xã: [pattern]" in result.stderr
    assert "có thể là 00721" in result.stderr
    assert len(report.read_text(encoding="utf-8-sig").splitlines()) == 6


@pytest.mark.parametrize(
    ("rows", "status"),
    [([], 1), ([visit(1)], 0), ([visit(1), visit(2, c6="?")], 3), ([visit(1, c6="?")], 4)],
)
def test_the_exit_status_says_how_many_were_good(tmp_path: Path, rows: list[list[str]], status: int) -> None:
    assert dry_run(write_csv(tmp_path / "f.csv", [TOURISM, *rows])).exit_code == status


def test_a_file_with_a_header_only_is_told_to_have_no_rows(tmp_path: Path) -> None:
    result = dry_run(write_csv(tmp_path / "f.csv", [TOURISM]))
    assert (result.exit_code, result.stdout) == (1, "")
    assert (
        "f.csv: has a header and 0 rows below it / f.csv: có dòng tiêu đề nhưng không có dòng dữ liệu" in result.stderr
    )


def test_a_dry_run_tells_what_the_client_s_file_does_not_grant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, report = write_csv(tmp_path / "f.csv", [TOURISM, visit(1), visit(2, c6="?")]), tmp_path / "report.csv"
    monkeypatch.setenv("HAGIANG_CLIENT", "so-khac@1")
    monkeypatch.setenv("HAGIANG_EVENTS", "tourism_visit_reported")
    monkeypatch.setenv("HAGIANG_SOURCES", "H22.13,H22.13.*")
    assert dry_run(write_csv(tmp_path / "good.csv", [TOURISM, visit(1)])).exit_code == 0
    monkeypatch.setenv("HAGIANG_SOURCES", "H22.05,H22.05.*")
    result = dry_run(file, "--report", str(report))
    assert result.exit_code == 4
    assert "row 2: [source_not_granted] source 'H22.13' is not one that so-khac may speak for" in result.stderr
    assert "(granted: H22.05, H22.05.*)" in result.stderr
    assert re.search(r"tourism\.toml, line \d+ says so: use a mapping of your own with your source", result.stderr)
    assert "hagiang access grant so-khac --source" in result.stderr
    assert "row 3: [source_not_granted]" in result.stderr
    assert report.read_text(encoding="utf-8-sig").count("source_not_granted") == 2
    monkeypatch.setenv("HAGIANG_EVENTS", "document_sent")
    assert "row 2: [event_not_granted] so-khac may not write tourism_visit_reported" in dry_run(file).stderr


def test_a_dry_run_tells_what_the_warehouse_would_refuse(tmp_path: Path) -> None:
    rows = [visit(1), visit(2, c0="01/06/2091"), visit(3, c6="0")]
    result = dry_run(write_csv(tmp_path / "f.csv", [TOURISM, *rows]))
    assert (result.exit_code, "1 events good" in result.stdout) == (3, True)
    assert "row 3, column Ngày: [occurred_at_not_future] occurred_at must not lie" in result.stderr
    assert "row 4, column Doanh thu (đồng): [revenue_needs_visits] there is no revenue without visits" in result.stderr


@pytest.mark.parametrize(
    ("report", "said"),
    [("f.csv", "is the file itself"), ("bad.pdf", "must end in .csv or .xlsx"), ("no/bad.csv", "cannot be written")],
)
def test_a_report_that_cannot_be_written_is_told_before_anything_is_read(
    tmp_path: Path, report: str, said: str
) -> None:
    file = write_csv(tmp_path / "f.csv", [TOURISM, visit(1, c6="?")])
    before = file.read_bytes()
    result = dry_run(file, "--report", str(tmp_path / report))
    assert (result.exit_code, said in " ".join(result.stderr.split())) == (2, True), result.stderr
    assert file.read_bytes() == before


def test_many_problems_are_counted_by_column_and_rule(tmp_path: Path) -> None:
    rows = [visit(1, c6="?", c9="0") for _ in range(15)]
    result = dry_run(write_csv(tmp_path / "f.csv", [[*TOURISM, "Thời tiết"], *rows]))
    assert "unused columns / cột không dùng: Thời tiết" in result.stderr
    assert result.stderr.count("row ") == 20
    assert "15  Số lượt khách  [type]" in result.stderr
    assert "15  Lần báo cáo  [min]" in result.stderr


@pytest.mark.parametrize(
    ("content", "mapping", "told"),
    [
        ("", "tourism", "has no rows"),
        ("a;b\n1;2\n", "tourism", "không thấy dòng tiêu đề"),
        ("a;b\n1;2\n", "turism", "Did you mean tourism"),
        ("a;b\n1;2\n", "/nowhere.toml", "No such file"),
    ],
)
def test_what_cannot_be_done_is_told_without_a_traceback(tmp_path: Path, content: str, mapping: str, told: str) -> None:
    path = tmp_path / "f.csv"
    path.write_text(content, encoding="utf-8")
    result = dry_run(path, mapping=mapping)
    assert (result.exit_code, told in result.stderr, "Traceback" in result.output) == (1, True, False), result.stderr


def test_mappings_of_ones_own_are_found_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = (SAMPLES.parent / "mappings" / "tourism.toml").read_text(encoding="utf-8").replace("H22.07", "H22.10")
    (tmp_path / "tourism_own.toml").write_text(own, encoding="utf-8")
    monkeypatch.setenv("HAGIANG_MAPPINGS", str(tmp_path))
    assert dry_run(SAMPLES / "khach_du_lich.csv", mapping="tourism_own").exit_code == 3
