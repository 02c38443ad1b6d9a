"""Encodings: every letter comes back, the file's own encoding is found, and what is in none is refused."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from producers.files.encodings import LONGEST_LINE, decode, detect_encoding, read_lines
from producers.files.refusal import FileRefused
from producers.files.spelling import folded, is_syllable
from tests.unit.files.legacy_writers import TCVN3, VNI, to_tcvn3, to_vni

TEXT = "Mã xã;Tên điểm du lịch\r\n00715;Cột cờ Lũng Cú, thưởng ngoạn phố cổ Đồng Văn\r\n"


def cp1258(text: str) -> bytes:
    """As Windows writes it: base letter, then the tone as a sign of its own."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    out = ""
    for sign in text:
        apart = unicodedata.normalize("NFD", sign)
        tone = "".join(mark for mark in apart if mark in tones)
        out += unicodedata.normalize("NFC", "".join(mark for mark in apart if mark not in tones)) + tone
    return out.encode("cp1258")


WRITTEN = {
    "utf-8": TEXT.encode(),
    "utf-8 with mark": TEXT.encode("utf-8-sig"),
    "utf-8 in combining signs": unicodedata.normalize("NFD", TEXT).encode(),
    "utf-16 with mark": TEXT.encode("utf-16"),
    "utf-16-le": TEXT.encode("utf-16-le"),
    "utf-16-be": TEXT.encode("utf-16-be"),
    "windows-1258": cp1258(TEXT),
    "tcvn3": to_tcvn3(TEXT),
    "vni": to_vni(TEXT),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_file_is_read_as_it_was_written(tmp_path: Path, name: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(WRITTEN[name])
    found = detect_encoding(path)
    assert found == name.split(" ")[0]
    with path.open("rb") as file:
        assert "".join(read_lines(file, found, path)) == TEXT


def test_tcvn3_bytes_known_from_its_table() -> None:
    assert decode(bytes.fromhex("4d b7 20 78 b7"), "tcvn3") == "Mã xã"
    assert decode(bytes.fromhex("a7 ae ca d6 f9"), "tcvn3") == "Đđấệự"


def test_vni_bytes_known_from_its_table() -> None:
    assert decode(b"Ma\xf5 xa\xf5", "vni") == "Mã xã"
    assert decode(b"\xd1o\xe0ng Va\xean \xf1\xf6\xf4\xefc", "vni") == "Đồng Văn được"


def test_every_letter_of_the_legacy_encodings_comes_back() -> None:
    assert len(TCVN3) == 74
    assert len(VNI) == 134
    assert [sign for sign in TCVN3 if decode(to_tcvn3(sign), "tcvn3") != sign] == []
    assert [sign for sign in VNI if decode(to_vni(sign), "vni") != sign] == []


def test_one_bad_byte_at_the_end_does_not_pass_for_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"a;b\n" * 600_000 + to_tcvn3("Lũng Cú;Đồng Văn"))
    assert detect_encoding(path) == "tcvn3"


def test_what_is_in_no_encoding_is_refused_with_the_ones_there_are(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes("Größe;Übermaß\n".encode("latin-1"))
    with pytest.raises(FileRefused, match=r"file\.csv: in no encoding .*tcvn3.* / .*không nhận ra"):
        detect_encoding(path)


def test_a_few_words_that_happen_to_be_syllables_are_not_enough(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(to_tcvn3("bạ;") + "Größe;Übermaß\n".encode("latin-1"))
    with pytest.raises(FileRefused, match="in no encoding"):
        detect_encoding(path)


def test_a_wrong_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"a;b\n1;2\n" + to_tcvn3("Lũng;Cú\n"))
    with path.open("rb") as file, pytest.raises(FileRefused, match="not utf-8"):
        list(read_lines(file, "utf-8", path))


def test_a_line_without_end_is_refused_and_not_held_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"x" * (LONGEST_LINE + 10))
    with path.open("rb") as file, pytest.raises(FileRefused, match="longer than"):
        list(read_lines(file, "utf-8", path))


@pytest.mark.parametrize("word", "nghiêng Đồng quốc tuyết Hà thuyền ở ý gìn KHUYẾN".split())
def test_vietnamese_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", "Größe năäm ñoà éà mäc ắng̀".split())
def test_no_vietnamese_syllables(word: str) -> None:
    assert not is_syllable(word)


def test_folding_leaves_letters_and_digits_alone() -> None:
    assert folded("  Mã  SẢN-phẩm (đồng)*\n") == "ma san pham dong"
