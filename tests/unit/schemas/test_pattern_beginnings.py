"""What can begin a text of a pattern: held against all beginnings of texts that match."""

from __future__ import annotations

import re
from itertools import product

import pytest

from schemas.catalog import load_catalog
from schemas.pattern_beginnings import can_begin

SOURCES = sorted({contract.field("source").rules.pattern or "" for contract in load_catalog().values()})
AGENCIES, SHOPS, FPT = r"^[A-Z]\d{2}(\.\d{1,3}){0,3}$", "^[a-z]+:[A-Za-z0-9_-]{1,40}$", r"^fpt(:[a-z0-9_-]{1,40})?$"


@pytest.mark.parametrize(
    ("pattern", "beginnings", "others"),
    [
        (
            AGENCIES,
            ("", "H", "H22", "H22.", "H22.07", "H22.07.", "H22.7.7.7"),
            ("h22", "HH", "H22.07.1.1.", "H22.0700"),
        ),
        (SHOPS, ("s", "shopee", "shopee:", "shopee:1"), ("Shopee", ":", "shopee:a:", "shopee:" + "a" * 41)),
        (FPT, ("f", "fpt", "fpt:", "fpt:x"), ("fptx", "g", "fpt:X")),
        (r"^(x|a:[0-9]{12})$", ("a:", "a:123", "x"), ("b", "a:1234567890123", "xx")),
        (r"^(?:[^a-c]|.b)+$", ("d", "ab", "abd", "dab"), ("aa",)),
    ],
)
def test_beginnings_are_told_from_what_begins_nothing(
    pattern: str, beginnings: tuple[str, ...], others: tuple[str, ...]
) -> None:
    assert [each for each in beginnings if not can_begin(pattern, each)] == []
    assert [each for each in others if can_begin(pattern, each)] == []


@pytest.mark.parametrize("pattern", [*SOURCES, r"^a*b+c?(d|ef){1,2}$", r"^((ab)*c|a)$"])
def test_whatever_matches_begins_as_it_does(pattern: str) -> None:
    texts = ("".join(text) for size in range(7) for text in product("abcdef", repeat=size))
    matching = [text for text in texts if re.fullmatch(pattern, text)]
    matching += [each for each in ("H22.05.1", "shopee:1", "fpt:a") if re.fullmatch(pattern, each)]
    assert matching
    assert all(can_begin(pattern, text[:size]) for text in matching for size in range(len(text) + 1))
