"""Properties files carry any path."""

from __future__ import annotations

from infra.local.properties import render_properties


def test_plain_values_stay_readable() -> None:
    assert render_properties({"node.id": "1", "log.dirs": "/var/kafka data"}) == "node.id=1\nlog.dirs=/var/kafka data\n"


def test_vietnamese_letters_become_escapes() -> None:
    assert render_properties({"dir": "/Hà Giang/Đồng"}) == "dir=/H\\u00e0 Giang/\\u0110\\u1ed3ng\n"


def test_backslash_is_doubled_and_a_rare_letter_becomes_two_units() -> None:
    assert render_properties({"a": "b\\n\U0001f33e"}) == "a=b\\\\n\\ud83c\\udf3e\n"
