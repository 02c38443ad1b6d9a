"""What an import makes of a file: good events, bad rows with place and reason, and nothing in between."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from producers.files.importing import check_file, prepare_import, send_file
from producers.files.mapping import FileMapping
from producers.files.report import open_report
from producers.files.tally import EXAMPLES, Tally
from schemas.catalog import load_catalog
from tests.component.landing.place import write_contract
from tests.unit.files.written_files import (
    TOURISM,
    Confirmed,
    events_in,
    import_of,
    judged,
    mapping_of,
    visit,
    write_csv,
    write_xlsx,
)

SAMPLES = Path(__file__).parents[3] / "producers" / "files" / "samples"
ORDERS = "Mã gian hàng,Mã đơn hàng,Thời gian cập nhật,Trạng thái,Mã xã,Tổng tiền,Mã sản phẩm,Tên sản phẩm,Số lượng"
ORDERS = (*ORDERS.split(","), "Đơn giá", "Thành tiền")


def line(order: str, product: str, **changes: Any) -> list[Any]:
    row: list[Any] = ["shop", order, "23/06/2021 14:05", "Đã giao", "00688", "20.000", product, "Chè", "1", "10.000"]
    row.append("10.000")
    for place, value in changes.items():
        row[int(place[1:])] = value
    return row


def test_a_row_becomes_the_event_its_mapping_says(tmp_path: Path) -> None:
    (event,) = events_in(write_csv(tmp_path / "f.csv", [TOURISM, visit(23)]))
    assert event.pop("event_id")
    assert event == {
        "occurred_at": int(datetime.fromisoformat("2021-06-23T12:00:00+07:00").timestamp() * 1000),
        "source": "H22.13",
        "synthetic": False,
        "place_code": "LUNG-CU",
        "place_name": "Cột cờ Lũng Cú",
        "commune_code": "00715",
        "agency_code": "H22.13",
        "day": datetime(2021, 6, 23).date(),
        "visitor_kind": "domestic",
        "visits": 1250,
        "revenue_vnd": 187_500_000,
        "method": "tickets",
        "report_version": 1,
    }


@pytest.mark.parametrize(
    ("change", "column", "rule", "hint"),
    [
        ({"c0": "31/06/2021"}, "Ngày", "type", "no day of the calendar"),
        ({"c1": ""}, "Mã điểm du lịch", "required", "is missing"),
        ({"c1": "lũng cú"}, "Mã điểm du lịch", "pattern", "must match"),
        ({"c3": "715"}, "Mã xã", "pattern", "leading zeros are lost, 00715 is probably meant"),
        ({"c5": "Khách đoàn"}, "Loại khách", "enum", "must be one of trong nước"),
        ({"c6": "-1"}, "Số lượt khách", "min", "at least 0"),
        ({"c6": "1,5"}, "Số lượt khách", "type", "whole number"),
        ({"c6": "#N/A"}, "Số lượt khách", "type", "Excel error"),
        ({"c9": "1"}, None, None, None),
    ],
)
@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_a_bad_cell_is_named_by_row_column_rule_and_what_to_do(
    tmp_path: Path, change: dict[str, Any], column: str | None, rule: str | None, hint: str, write: Any
) -> None:
    tally, problems = judged(write(tmp_path / "f", [TOURISM, visit(1), visit(2, **change), visit(3)]))
    assert (tally.rows, tally.events) == (3, 3 if column is None else 2)
    assert [(each.row, each.column, each.rule) for each in problems] == ([] if column is None else [(3, column, rule)])
    for each in problems:
        assert hint in each.message
        assert each.message_vi


def test_everything_that_is_wrong_with_a_row_is_told_once(tmp_path: Path) -> None:
    _, problems = judged(write_csv(tmp_path / "f.csv", [TOURISM, visit(1, c0="?", c3="715", c6="x", c8="")]))
    assert sorted(each.column for each in problems) == ["Cách thống kê", "Mã xã", "Ngày", "Số lượt khách"]


def test_a_row_with_more_cells_than_the_header_is_bad(tmp_path: Path) -> None:
    tally, problems = judged(write_csv(tmp_path / "f.csv", [TOURISM, [*visit(1), "", ""], [*visit(2), "", "x"]]))
    assert (tally.events, [(each.row, each.rule) for each in problems]) == (1, [(3, "columns")])


def test_a_short_row_has_blank_cells_at_its_end(tmp_path: Path) -> None:
    tally, problems = judged(write_csv(tmp_path / "f.csv", [TOURISM, visit(1)[:-1], visit(2)[:5]]))
    assert tally.events == 1, "the version is 1 where the cell is blank"
    assert {each.row for each in problems} == {3}


@pytest.mark.parametrize("personal", ["002090000001", "2.09E+09"])
def test_personal_values_are_not_shown(tmp_path: Path, personal: str) -> None:
    shipped = (SAMPLES.parent / "mappings" / "ocop.toml").read_text(encoding="utf-8")
    mapping = mapping_of(f'{shipped}\n[fields.producer_pseudonym]\ncolumn = ["Số CCCD"]\n')
    header = list(dict.fromkeys(origin.columns[0] for origin in mapping.fields.values() if origin.columns))
    path = write_csv(tmp_path / "f.csv", [header, [personal if title == "Số CCCD" else "" for title in header]])
    with open_report(tmp_path / "report.csv") as on_problem:
        check_file(import_of(path, mapping), Tally(on_problem), lambda _rows, _share: None)
    text = (tmp_path / "report.csv").read_text(encoding="utf-8-sig")
    assert "Số CCCD" in text
    assert personal not in text


def test_consecutive_rows_of_one_order_are_one_event(tmp_path: Path) -> None:
    rows = [ORDERS, line("A", "X"), line("A", "Y"), line("B", "X", c3="Đang giao"), line("B", "X")]
    events = events_in(write_csv(tmp_path / "f.csv", rows), "voso")
    told = [(event["order_id"], event["status"], [one["product_code"] for one in event["lines"]]) for event in events]
    assert told == [("A", "delivered", ["X", "Y"]), ("B", "shipping", ["X"]), ("B", "delivered", ["X"])]
    assert events[0]["source"] == "voso:shop"
    assert events[0]["platform_status"] == "Đã giao"


def test_rows_below_the_first_may_leave_the_orders_own_cells_blank(tmp_path: Path) -> None:
    whole = events_in(write_csv(tmp_path / "a.csv", [ORDERS, line("A", "X"), line("A", "Y")]), "voso")
    merged = ["", "", "", "", "", "", *line("A", "Y")[6:]]
    assert events_in(write_csv(tmp_path / "b.csv", [ORDERS, line("A", "X"), merged]), "voso") == whole


def test_a_bad_line_makes_its_whole_order_bad_and_is_named_by_its_own_row(tmp_path: Path) -> None:
    rows = [ORDERS, line("A", "X"), line("A", "Y", c8="0"), line("A", "Z", c5="9"), line("B", "X")]
    tally, problems = judged(write_csv(tmp_path / "f.csv", rows), "voso")
    assert (tally.events, tally.bad_rows) == (1, 3)
    assert [(each.row, each.field, each.rule) for each in problems] == [
        (4, "total_vnd", "group"),
        (3, "lines.quantity", "min"),
    ]


def test_an_order_whose_rows_stand_apart_is_not_sent_in_pieces(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "f.csv", [ORDERS, line("A", "X"), line("B", "X"), line("A", "Y")])
    tally, problems = judged(path, "voso")
    assert [(each.row, each.rule) for each in problems] == [(2, "group"), (4, "group")]
    assert [event["order_id"] for event in events_in(path, "voso")] == ["B"]
    assert tally.events == 1


def test_counts_are_whole_and_examples_are_few(tmp_path: Path) -> None:
    rows = [visit(day % 28 + 1, c6="x" if day % 2 else "1") for day in range(100)]
    tally, problems = judged(write_csv(tmp_path / "f.csv", [TOURISM, *rows]))
    assert (tally.rows, tally.events, tally.bad_rows, len(problems), len(tally.examples)) == (100, 50, 50, 50, EXAMPLES)
    assert tally.by_rule == {("Số lượt khách", "type"): 50}


def test_the_report_opens_in_excel_with_one_line_a_problem(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "f.csv", [TOURISM, visit(1, c6="=cmd|' /C calc'!A0"), visit(2, c3="1")])
    for name in ("report.csv", "report.xlsx"):
        with open_report(tmp_path / name) as on_problem:
            _, problems = judged(path)
            for problem in problems:
                on_problem(problem)
    text = (tmp_path / "report.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(text.decode("utf-8-sig").splitlines()))
    assert [one[:4] for one in lines[1:]] == [
        ["2", "Số lượt khách", "visits", "type"],
        ["3", "Mã xã", "commune_code", "pattern"],
    ]
    assert not [cell for one in lines for cell in one if cell.startswith(("=", "+", "-", "@"))]
    sheet = openpyxl.load_workbook(tmp_path / "report.xlsx").active
    assert [[str(cell) for cell in row] for row in sheet.values] == lines


def test_memory_stays_bounded_by_confirming_as_it_goes(tmp_path: Path) -> None:
    waiting, most = 0, 0

    class Waiting(Confirmed):
        def result(self) -> None:
            nonlocal waiting
            waiting -= 1

    def send(_name: str, _event: Any) -> Any:
        nonlocal waiting, most
        waiting += 1
        most = max(most, waiting)
        return Waiting()

    rows = [visit(day % 28 + 1, c6=str(day)) for day in range(2_500)]
    tally = Tally()
    work = import_of(write_csv(tmp_path / "f.csv", [TOURISM, *rows]))
    send_file(work, send, tally, lambda _rows, _share: None, window=1_000)
    assert (tally.events, waiting, most) == (2_500, 0, 1_000)


def test_progress_ends_at_the_whole_file(tmp_path: Path) -> None:
    told: list[tuple[int, float | None]] = []
    path = write_csv(tmp_path / "f.csv", [TOURISM, *(visit(day % 28 + 1) for day in range(5_000))])
    check_file(import_of(path), Tally(), lambda rows, share: told.append((rows, share)))
    assert [rows for rows, _ in told] == [2_000, 4_000, 5_000]
    assert told[-1][1] == 1.0
    assert all(share is not None and 0 < share <= 1 for _, share in told)


def test_a_contract_that_is_new_needs_a_mapping_and_no_python(tmp_path: Path) -> None:
    write_contract(tmp_path / "avro", "visit_counted")
    text = 'event = "visit_counted"\n[fields]\n'
    text += 'occurred_at = { column = "Lúc" }\nsource = { value = "H22" }\nsynthetic = { value = true }\n'
    text += 'place = { column = "Nơi" }\nvisitors = { column = "Khách" }\n'
    mapping: FileMapping = mapping_of(text)
    path = write_csv(tmp_path / "f.csv", [["Nơi", "Khách", "Lúc"], ["Lũng Cú", "1.250", "23/06/2021 08:00"]])
    tally = Tally()
    check_file(prepare_import(path, mapping, load_catalog(tmp_path / "avro")), tally, lambda _rows, _share: None)
    assert (tally.events, tally.examples) == (1, [])


def test_the_worked_example_gives_what_its_readme_says() -> None:
    tally, problems = judged(SAMPLES / "khach_du_lich.csv")
    assert (tally.rows, tally.events, tally.bad_rows) == (5, 3, 2)
    assert {(each.row, each.column) for each in problems} == {
        (7, "Mã xã"),
        (8, "Ngày"),
        (8, "Loại khách"),
        (8, "Số lượt khách"),
        (8, "Số lượt lưu trú"),
    }
    orders = events_in(SAMPLES / "don_hang_voso.csv", "voso")
    assert [(order["order_id"], len(order["lines"])) for order in orders] == [("VS210623001", 2), ("VS210623002", 1)]
