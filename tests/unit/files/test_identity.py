"""Ids of rows: a repeat has the same, whatever file it comes from; anything else has another."""

from __future__ import annotations

import uuid
from datetime import datetime
from pathlib import Path
from random import Random

import pytest

from producers.files.identity import NAMESPACE, Occurrences, content_of, row_id
from tests.unit.files.written_files import TOURISM, events_in, visit, write_csv, write_xlsx


def ids(path: Path) -> list[str]:
    return [event["event_id"] for event in events_in(path)]


def test_the_id_is_the_uuid_5_of_the_rows_content() -> None:
    content = content_of("visit", {"b": 1, "a": "x"})
    assert content == b'visit\0{"a":"x","b":1}'
    assert row_id(content, 0) == str(uuid.uuid5(NAMESPACE, content.decode()))
    assert row_id(content, 2) == str(uuid.uuid5(NAMESPACE, content.decode() + "\0" + "2"))


@pytest.fixture
def wanted(tmp_path: Path) -> list[str]:
    found = ids(write_csv(tmp_path / "first.csv", [TOURISM, *(visit(day) for day in range(1, 29))]))
    assert len(set(found)) == 28
    return found


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "tcvn3", "vni"])
def test_another_encoding_or_delimiter_gives_the_same_ids(tmp_path: Path, wanted: list[str], encoding: str) -> None:
    rows = [TOURISM, *(visit(day) for day in range(1, 29))]
    assert ids(write_csv(tmp_path / "f.csv", rows, encoding, "\t")) == wanted


def test_a_workbook_with_real_numbers_and_days_gives_the_same_ids(tmp_path: Path, wanted: list[str]) -> None:
    rows = [visit(day, c0=datetime(2021, 6, day), c6=1250, c7=187_500_000.0, c9=1) for day in range(1, 29)]
    assert ids(write_xlsx(tmp_path / "f.xlsx", [TOURISM, *rows])) == wanted


def test_the_order_of_rows_and_columns_does_not_matter(tmp_path: Path, wanted: list[str]) -> None:
    rows = [list(reversed(visit(day))) for day in range(28, 0, -1)]
    assert ids(write_csv(tmp_path / "f.csv", [list(reversed(TOURISM)), *rows])) == wanted[::-1]


def test_a_corrected_row_alone_gets_a_new_id(tmp_path: Path, wanted: list[str]) -> None:
    rows = [visit(day, c6="1.251") if day == 5 else visit(day) for day in range(1, 29)]
    found = ids(write_csv(tmp_path / "f.csv", [TOURISM, *rows]))
    assert [place for place in range(28) if found[place] != wanted[place]] == [4]


def test_rows_that_say_the_same_are_numbered_and_a_repeat_of_the_file_adds_none(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "f.csv", [TOURISM, visit(1), visit(2), visit(1), visit(1)])
    first = ids(path)
    assert len(set(first)) == 4
    assert ids(path) == first


def test_an_overlapping_file_adds_what_is_new_alone(tmp_path: Path, wanted: list[str]) -> None:
    found = ids(write_csv(tmp_path / "f.csv", [TOURISM, visit(28), visit(28, c1="DINH-VUA")]))
    assert found[0] == wanted[-1]
    assert found[1] not in wanted


def test_a_bad_row_in_between_changes_no_other_id(tmp_path: Path, wanted: list[str]) -> None:
    rows = [TOURISM, visit(1), visit(2, c6="?"), *(visit(day) for day in range(2, 29))]
    assert ids(write_csv(tmp_path / "f.csv", rows)) == wanted


def test_occurrences_count_as_a_dictionary_would() -> None:
    rng, counted, occurrences = Random(5), {}, Occurrences(slots=4)
    for _ in range(20_000):
        content = b"%d" % rng.randrange(5_000)
        assert occurrences.number(content) == counted.get(content, 0)
        counted[content] = counted.get(content, 0) + 1
