"""A line of a file that is published."""

from __future__ import annotations

import pytest

from producers.json_lines import LineInvalid, parse_line


def test_a_line_is_an_object() -> None:
    assert parse_line('{"status": 2}\n') == {"status": 2}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{status: 2}", "column 2"),
        ("[1]", "JSON object"),
        ("2021-06-23", "not JSON at column 5"),
        ('{"a":' * 200_000, "nested too deeply"),
        ('{"a": ' + "1" * 5000 + "}", "too many digits"),
    ],
)
def test_any_other_line_says_what_is_wrong(line: str, said: str) -> None:
    with pytest.raises(LineInvalid, match=said):
        parse_line(line)
