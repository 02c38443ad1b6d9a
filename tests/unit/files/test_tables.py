"""Files as tables: every row, delimiters, header rows, and workbooks that must not be opened."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from producers.files import xlsx_table
from producers.files.csv_table import guess_delimiter, open_csv
from producers.files.headers import find_header
from producers.files.opening import open_table
from producers.files.refusal import FileRefused
from tests.unit.files.written_files import TOURISM, import_of, judged, mapping_of, visit, write_csv, write_xlsx

SMALL = mapping_of('event = "tourism_visit_reported"\n[fields.place_code]\ncolumn = ["Mã điểm"]\n')


def numbers(path: Path) -> list[int]:
    with open_table(path, SMALL) as table:
        return [row.number for row in table.rows]


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_no_row_is_lost_however_many_there_are(tmp_path: Path, write: object) -> None:
    for count in (1, 29, 30, 31, 32, 500):
        path = write(tmp_path / f"{count}", [[f"cell {number}"] for number in range(count)])  # type: ignore[operator]
        assert numbers(path) == list(range(1, count + 1))


@pytest.mark.parametrize(
    ("lines", "delimiter"),
    [
        (["a,b,c"], ","),
        (["a;b;c", "1,5;2;3"], ";"),
        (["a\tb\tc"], "\t"),
        (["Báo cáo, quý 2", "a;b;c;d"], ";"),
        (['"a;b;c;d;e",f'], ","),
        (["alone"], ","),
        ([], ","),
    ],
)
def test_the_delimiter_is_guessed_from_the_first_lines(lines: list[str], delimiter: str) -> None:
    assert guess_delimiter(lines) == delimiter


def test_excels_own_hint_of_the_delimiter_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text('sep=;\r\na,b,c;d\r\n"x\r\ny";2\r\nz;3\r\n', encoding="utf-8")
    with open_csv(path) as table:
        rows = list(table.rows)
    assert [(row.number, list(row.cells)) for row in rows] == [
        (2, ["a,b,c", "d"]),
        (3, ["x\r\ny", "2"]),
        (5, ["z", "3"]),
    ]


def test_a_quotation_mark_that_is_never_closed_is_named_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("a;b\n1;2\n" + '3;"x\n' + "4;5\n" * 100_000, encoding="utf-8")
    with pytest.raises(FileRefused, match=r"line 3: .*quotation mark"):
        numbers(path)


def test_a_header_below_title_lines_is_found_and_columns_are_matched_without_marks(tmp_path: Path) -> None:
    titles = [["UBND TỈNH HÀ GIANG"], ["Mã điểm và số khách"], []]
    header = ["MA DIEM DU LICH " if title == "Mã điểm du lịch" else title.upper() for title in TOURISM]
    tally, problems = judged(write_csv(tmp_path / "f.csv", [*titles, [*header, "Thời tiết"], visit()]))
    assert problems == []
    assert tally.header is not None
    assert (tally.header.row, tally.header.unused, tally.events) == (4, ("Thời tiết",), 1)


def test_a_header_that_names_no_column_is_refused_with_what_is_wanted(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "f.csv", [["a", "b"], ["1", "2"]])
    with pytest.raises(FileRefused, match=r"columns Ngày, Mã điểm.*row 1 is a, b .* không thấy dòng tiêu đề"):
        judged(path)


def test_a_missing_column_is_named_with_its_field_and_the_unused_ones(tmp_path: Path) -> None:
    header = ["Luot" if title == "Số lượt khách" else title for title in TOURISM]
    with pytest.raises(FileRefused, match=r"no column Số lượt khách \(visits\); unused are Luot.*thiếu cột"):
        judged(write_csv(tmp_path / "f.csv", [header, visit()]))


def test_a_column_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="Mã xã is there 2 times"):
        judged(write_csv(tmp_path / "f.csv", [[*TOURISM, "Mã xã"], [*visit(), "00715"]]))


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="has no rows"):
        judged(write_csv(tmp_path / "f.csv", []))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"PK\x03\x04 and then nothing", "no readable Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old kind"),
    ],
)
def test_what_excel_did_not_write_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "f.xlsx"
    path.write_bytes(content)
    with pytest.raises(FileRefused, match=why):
        numbers(path)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/sharedStrings.xml", bytes(xlsx_table.PART_LIMIT + 1))
    assert path.stat().st_size < 100_000
    with pytest.raises(FileRefused, match="unpacks to 48 MB"):
        numbers(path)


def test_entities_in_a_workbook_are_not_expanded(tmp_path: Path) -> None:
    good = write_xlsx(tmp_path / "good.xlsx", [["Mã điểm"], ["x"]])
    path = tmp_path / "f.xlsx"
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    with zipfile.ZipFile(good) as parts, zipfile.ZipFile(path, "w") as out:
        for name in parts.namelist():
            text = parts.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                text = bomb + text.replace("<sheetData>", "<sheetData><!-- &b; -->")
            out.writestr(name, text)
    with pytest.raises(FileRefused, match="no readable Excel workbook"):
        numbers(path)


def test_what_a_workbook_says_of_its_own_size_is_not_believed(tmp_path: Path) -> None:
    good = write_xlsx(tmp_path / "good.xlsx", [["Mã điểm", "x"], ["a", "b"], ["c", "d"]])
    path = tmp_path / "f.xlsx"
    with zipfile.ZipFile(good) as parts, zipfile.ZipFile(path, "w") as out:
        for name in parts.namelist():
            out.writestr(name, parts.read(name).replace(b'ref="A1:B3"', b'ref="A1"'))
    with open_table(path, SMALL) as table:
        assert [list(row.cells) for row in table.rows] == [["Mã điểm", "x"], ["a", "b"], ["c", "d"]]


def test_another_sheet_may_be_named_and_a_missing_one_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "f.xlsx", [["Mã điểm"]])
    named = mapping_of('event = "tourism_visit_reported"\nsheet = "Tháng 6"\n[fields.place_code]\ncolumn = "Mã điểm"\n')
    with pytest.raises(FileRefused, match="no sheet 'Tháng 6'; there are Sheet"), open_table(path, named):
        pass


def test_looking_for_the_header_keeps_the_rows_below_it(tmp_path: Path) -> None:
    rows = [["Tiêu đề"], ["Mã điểm"], *[[f"D{number}"] for number in range(100)]]
    with open_table(write_csv(tmp_path / "f.csv", rows), SMALL) as table:
        header, below = find_header(table, SMALL)
        assert header.row == 2
        assert [row.cells[0] for row in below] == [f"D{number}" for number in range(100)]


def test_the_import_is_prepared_without_reading_the_file(tmp_path: Path) -> None:
    assert import_of(tmp_path / "not there").contract.event == "tourism_visit_reported"
