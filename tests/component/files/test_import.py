"""`hagiang import` against Kafka: counts are exact, and a repeat adds no event that is not known already."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.settings import Settings
from tests.component.files.arrivals import Arrivals
from tests.unit.files.written_files import TOURISM, visit, write_csv, write_xlsx

SAMPLES = Path(__file__).parents[3] / "producers" / "files" / "samples"
VISITS, ORDERS = "tourism_visit_reported", "order_status_changed"


def hagiang_import(settings: Settings, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from infra.cli.main import main; main()", "import", *map(str, arguments)]
    environ = {**os.environ, "HAGIANG_HOME": str(settings.home)}
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)


def distinct(events: list[dict[str, object]]) -> int:
    return len({event["event_id"] for event in events})


def test_a_workbook_and_a_csv_file_of_two_contracts_arrive_and_a_repeat_counts_once(
    servers: Settings, arrivals: Arrivals, tmp_path: Path
) -> None:
    rows = [visit(day, c6=day * 10) for day in range(1, 29)]
    book = write_xlsx(tmp_path / "thang_6.xlsx", [["SỞ VĂN HÓA"], TOURISM, *rows, visit(1, c3="715")])
    same = write_csv(tmp_path / "thang_6.csv", [TOURISM, *rows], "tcvn3")

    sent = hagiang_import(servers, book, "--mapping", "tourism", "--report", tmp_path / "bad.csv")
    assert sent.returncode == 3, sent.stderr
    assert "29 rows, 28 events sent, 1 rows bad" in sent.stdout
    assert "row 31, column Mã xã: [pattern]" in sent.stderr
    assert "00715" in (tmp_path / "bad.csv").read_text(encoding="utf-8-sig")
    orders = hagiang_import(servers, SAMPLES / "don_hang_voso.csv", "--mapping", "voso")
    assert (orders.returncode, "3 rows, 2 events sent, 0 rows bad" in orders.stdout) == (0, True), orders.stderr

    again = hagiang_import(servers, same, "--mapping", "tourism")
    assert again.returncode == 0, again.stderr
    arrived = arrivals.of(VISITS)
    assert (len(arrived), distinct(arrived)) == (56, 28)
    assert sorted({event["visits"] for event in arrived}) == [day * 10 for day in range(1, 29)]
    assert sorted(len(event["lines"]) for event in arrivals.of(ORDERS)) == [1, 2]


@pytest.mark.parametrize("option", ["--dry-run", "--all-or-nothing"])
def test_nothing_is_sent_when_nothing_is_to_be(
    servers: Settings, arrivals: Arrivals, tmp_path: Path, option: str
) -> None:
    path = write_csv(tmp_path / "f.csv", [TOURISM, visit(1), visit(2, c6="?")])
    sent = hagiang_import(servers, path, "--mapping", "tourism", option)
    assert sent.returncode == (3 if option == "--dry-run" else 4), sent.stderr
    assert "2 rows, 1 events good, none sent, 1 rows bad" in sent.stdout
    assert arrivals.of(VISITS) == []


def test_all_is_sent_when_all_is_good(servers: Settings, arrivals: Arrivals, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "f.csv", [TOURISM, visit(1), visit(2)])
    sent = hagiang_import(servers, path, "--mapping", "tourism", "--all-or-nothing")
    assert (sent.returncode, len(arrivals.of(VISITS))) == (0, 2), sent.stderr
