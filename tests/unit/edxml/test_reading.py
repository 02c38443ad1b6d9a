"""Hostile XML is refused before it costs anything."""

from __future__ import annotations

from dataclasses import replace

import pytest

from producers.edxml.faults import EdxmlInvalid
from producers.edxml.reading import DEFAULT_LIMITS, read_elements

BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
FILE_READER = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>'


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (BOMB.encode(), "doctype"),
        (FILE_READER.encode(), "doctype"),
        (b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><x/>', "doctype"),
        (b"<x>&undeclared;</x>", "well_formed"),
        ('<?xml version="1.0" encoding="UTF-16"?><x/>'.encode("utf-16"), "encoding"),
        (b'<?xml version="1.0" encoding="UTF-7"?><x>+ADw-</x>', "encoding"),
        (b'<?xml version="1.0" encoding="iso-8859-1"?><x>\xe9</x>', "encoding"),
        (b"<x>\xc0\xbc</x>", "encoding"),
        (b"<x>\xed\xa0\x80</x>", "encoding"),
        (b"<x>" * 25 + b"</x>" * 25, "too_large"),
        (b"<x>" + b"<y/>" * 20_000 + b"</x>", "too_large"),
        (b"<x>" + b"a" * 100_001 + b"</x>", "too_large"),
        (b"<x " + b" ".join(b'a%d=""' % n for n in range(31)) + b"/>", "too_large"),
        (b"<x><y></x>", "well_formed"),
        (b"<x/><x/>", "well_formed"),
        (b'<x a="1" a="2"/>', "well_formed"),
        (b"<x>\0</x>", "well_formed"),
        (b"", "well_formed"),
        (b"\xef\xbb\xbf{}", "well_formed"),
    ],
)
def test_it_is_refused_with_a_rule(data: bytes, rule: str) -> None:
    with pytest.raises(EdxmlInvalid) as refused:
        read_elements(data)
    assert [each.rule for each in refused.value.violations] == [rule]


def test_a_message_is_refused_for_its_size_before_it_is_read() -> None:
    with pytest.raises(EdxmlInvalid, match="goes beyond 10 bytes"):
        read_elements(b"<" * 11, replace(DEFAULT_LIMITS, bytes=10))


def test_a_fault_says_where() -> None:
    with pytest.raises(EdxmlInvalid, match=r"/a/b\[2\] goes beyond 5 characters"):
        read_elements(b"<a><b/><b>123456</b></a>", replace(DEFAULT_LIMITS, text=5))


def test_comments_and_cdata_do_not_split_a_value() -> None:
    root = read_elements(b"<a><b>0<!-- x -->1<![CDATA[2]]></b></a>")
    assert root.value("b") == "012"


def test_of_a_file_only_its_hash_is_kept() -> None:
    file = read_elements(b"<a><ContentTransferEncoded> aGVs\nbG8= </ContentTransferEncoded></a>").need(
        "ContentTransferEncoded"
    )
    assert file.text == ""
    assert file.sha256 == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    assert read_elements(b"<a><ContentTransferEncoded>%%</ContentTransferEncoded></a>").children[0].sha256 is None
