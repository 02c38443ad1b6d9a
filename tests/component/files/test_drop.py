"""The drop folder on a real store: each file once, its result beside it, and no file in another's way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from infra.settings import Settings
from producers.client import EventProducer, NotAcknowledged
from producers.files.drop import Desk, DropRefused, import_dropped, waiting_files
from producers.files.drop_results import RESULTS
from tests.component.files.arrivals import Arrivals
from tests.unit.files.written_files import TOURISM, visit, write_csv, write_xlsx

VISITS = "tourism_visit_reported"


def drop(desk: Desk, key: str, path: Path) -> None:
    desk.store.put(f"drop/{key}", path.read_bytes())


def results(desk: Desk) -> dict[str, dict[str, Any]]:
    found = [json.loads(desk.store.get(key)) for key in desk.store.list_after(RESULTS) if key.endswith(".json")]
    return {result["key"]: result for result in found}


def work(desk: Desk, producer: EventProducer) -> list[str]:
    return [result.key for result in import_dropped(desk, waiting_files(desk.store), producer.send)]


def visits(folder: Path, days: range, **changes: Any) -> Path:
    return write_csv(folder / "visits.csv", [TOURISM, *(visit(day, **changes) for day in days)])


def test_each_file_is_imported_once_and_its_result_says_what_became_of_it(
    desk: Desk, producer: EventProducer, arrivals: Arrivals, tmp_path: Path
) -> None:
    assert waiting_files(desk.store) == []
    rows = [TOURISM, *(visit(day) for day in range(1, 6)), visit(6, c6="?")]
    drop(desk, "tourism/2021/tháng 6.xlsx", write_xlsx(tmp_path / "f.xlsx", rows))
    assert work(desk, producer) == ["drop/tourism/2021/tháng 6.xlsx"]
    assert work(desk, producer) == []
    (result,) = results(desk).values()
    assert (result["outcome"], result["rows"], result["events"], result["bad_rows"]) == ("partly", 6, 5, 1)
    assert (result["mapping"], result["event"], result["read_as"]) == ("tourism", VISITS, "XLSX, sheet Sheet")
    assert result["examples"][0]["column"] == "Số lượt khách"
    assert "Số lượt khách" in desk.store.get(result["report"]).decode("utf-8-sig")
    assert len(arrivals.of(VISITS)) == 5


def test_a_file_that_was_replaced_is_imported_anew(
    desk: Desk, producer: EventProducer, arrivals: Arrivals, tmp_path: Path
) -> None:
    drop(desk, "tourism/f.csv", visits(tmp_path, range(1, 4)))
    work(desk, producer)
    drop(desk, "tourism/f.csv", visits(tmp_path, range(1, 5)))
    work(desk, producer)
    arrived = arrivals.of(VISITS)
    assert (len(arrived), len({event["event_id"] for event in arrived})) == (7, 4)


def test_files_that_cannot_be_read_fail_loudly_have_results_and_hold_up_no_other(
    desk: Desk, producer: EventProducer, arrivals: Arrivals, tmp_path: Path
) -> None:
    desk.store.put("drop/tourism/a.xlsx", b"PK\x03\x04 nothing")
    desk.store.put("drop/nobody/b.csv", b"x")
    desk.store.put("drop/loose.csv", b"x")
    desk.store.put("drop/tourism/c.csv", "Mã,Tên\n1,2\n".encode())
    desk.store.put("drop/tourism/bad-rows.csv", b"")
    drop(desk, "tourism/z.csv", visits(tmp_path, range(1, 4)))
    drop(desk, "tourism/all bad.csv", visits(tmp_path, range(1, 4), c3="1"))
    with pytest.raises(DropRefused) as raised:
        work(desk, producer)
    for key in ("tourism/a.xlsx", "nobody/b.csv", "loose.csv", "tourism/c.csv", "tourism/all bad.csv"):
        assert f"drop/{key}: " in str(raised.value)
    assert not DropRefused.retriable
    found = results(desk)
    assert {key: result["outcome"] for key, result in found.items()} == {
        "drop/tourism/a.xlsx": "refused",
        "drop/nobody/b.csv": "refused",
        "drop/loose.csv": "refused",
        "drop/tourism/c.csv": "refused",
        "drop/tourism/bad-rows.csv": "refused",
        "drop/tourism/all bad.csv": "nothing_good",
        "drop/tourism/z.csv": "imported",
    }
    assert "không thấy dòng tiêu đề" in found["drop/tourism/c.csv"]["message_vi"]
    assert len(arrivals.of(VISITS)) == 3
    assert work(desk, producer) == [], "what was refused is not read again"


def test_while_kafka_is_away_a_file_waits(desk: Desk, producer: EventProducer, tmp_path: Path) -> None:
    drop(desk, "tourism/f.csv", visits(tmp_path, range(1, 4)))

    def refuse(_name: str, _event: Mapping[str, Any]) -> Any:
        raise NotAcknowledged("no broker")

    with pytest.raises(NotAcknowledged):
        import_dropped(desk, waiting_files(desk.store), refuse)
    assert results(desk) == {}
    assert work(desk, producer) == ["drop/tourism/f.csv"]


def test_an_unforeseen_error_is_raised_after_the_other_files_and_leaves_its_file_waiting(
    desk: Desk, producer: EventProducer, tmp_path: Path
) -> None:
    drop(desk, "tourism/a.csv", visits(tmp_path, range(7, 8)))
    drop(desk, "tourism/b.csv", visits(tmp_path, range(1, 4)))

    def stumble(name: str, event: Mapping[str, Any]) -> Any:
        if event["day"].day == 7:
            raise ZeroDivisionError
        return producer.send(name, event)

    with pytest.raises(ZeroDivisionError):
        import_dropped(desk, waiting_files(desk.store), stumble)
    assert list(results(desk)) == ["drop/tourism/b.csv"]
    assert [found.key for found in waiting_files(desk.store)] == ["drop/tourism/a.csv"]


def test_a_file_taken_away_meanwhile_is_passed_over(desk: Desk, producer: EventProducer, tmp_path: Path) -> None:
    drop(desk, "tourism/f.csv", visits(tmp_path, range(1, 4)))
    listed = waiting_files(desk.store)
    desk.store.delete("drop/tourism/f.csv")
    assert import_dropped(desk, listed, producer.send) == []


def test_a_crash_in_the_middle_loses_nothing_and_doubles_nothing(
    desk: Desk, producer: EventProducer, arrivals: Arrivals, settings: Settings, tmp_path: Path
) -> None:
    drop(desk, "tourism/f.csv", visits(tmp_path, range(1, 29)))
    command = [sys.executable, "-m", "tests.component.files.dying", settings.lake.bucket, "10"]
    died = subprocess.run(command, env={**os.environ, "HAGIANG_HOME": str(settings.home)}, timeout=60, check=False)
    assert died.returncode == -9
    assert (len(arrivals.of(VISITS)), results(desk)) == (10, {})
    work(desk, producer)
    arrived = arrivals.of(VISITS)
    assert (len(arrived), len({event["event_id"] for event in arrived})) == (38, 28)
