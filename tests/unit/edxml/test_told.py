"""A body that is no edXML message is told as what it is."""

from __future__ import annotations

import gzip

import pytest

from producers.edxml.faults import EdxmlInvalid
from producers.edxml.messages import translate
from producers.edxml.reading import read_elements
from tests.edxml_samples import DOCUMENT
from tests.unit.edxml.test_messages import refused


@pytest.mark.parametrize(
    ("data", "said", "said_vi"),
    [
        (b"", "the message is empty: send XML", "thông điệp đang trống: hãy gửi XML"),
        (b"\n ", "holds nothing but spaces", "chỉ có khoảng trắng"),
        (b'{"a": 1}', "is JSON: send XML", "là JSON: hãy gửi XML"),
        (gzip.compress(b"<x/>"), "is compressed (gzip): send XML as it is", "đang được nén (gzip)"),
        (b"PK\x03\x04\0", "is compressed (zip, xlsx)", "đang được nén (zip, xlsx)"),
        ("<x/>".encode("utf-16"), "is UTF-16: write it in UTF-8", "bảng mã UTF-16"),
        (b"<x>\xe9</x>", "is not UTF-8 at byte 3", "không phải UTF-8 ở byte 3"),
        (b"267.edxml", "write --data-binary @267.edxml", "viết --data-binary @267.edxml"),
        (b"hello", "is no well-formed XML at line 1, column 1: syntax error", "ở dòng 1, cột 1"),
        (b"<x><y></x>", "at line 1, column 9: mismatched tag", "ở dòng 1, cột 9"),
    ],
)
def test_what_is_no_xml_is_told_what_it_is(data: bytes, said: str, said_vi: str) -> None:
    with pytest.raises(EdxmlInvalid) as raised:
        read_elements(data)
    (fault,) = raised.value.violations
    assert said in fault.message
    assert said_vi in fault.message_vi


def test_a_mark_of_byte_order_is_taken() -> None:
    plain, marked = (translate(start + DOCUMENT.encode(), lambda *_: "ab" * 32) for start in (b"", b"\xef\xbb\xbf"))
    assert plain == marked


@pytest.mark.parametrize(
    ("time", "said", "said_vi"),
    [
        ("2021/02/30 08:05:00", "names a day or an hour that does not exist", "không có thật"),
        ("2021/06/23", "is a day without a time", "thiếu giờ"),
        ("hôm nay", "must be a time such as", "phải là thời điểm dạng"),
    ],
)
def test_a_time_that_is_none_says_why(time: str, said: str, said_vi: str) -> None:
    (fault,) = refused(DOCUMENT.replace("2021/06/23 08:05:00", time)).violations
    assert said in fault.message
    assert said_vi in fault.message_vi
