from __future__ import annotations

import pytest

from schemas.catalog import load_catalog
from schemas.patterns import pattern_problem


@pytest.mark.parametrize(
    "pattern",
    [
        r"^\d{5}$",
        r"^[A-Z]\d{2}(\.\d{1,3}){0,3}$",
        "^(?:a|b)+$",
        r"^fpt(:[a-z0-9_-]{1,40})?$",
        r"^\d+ ?[^\]x]*$",
        "^Hồ sơ$",
    ],
)
def test_a_pattern_of_the_common_language_is_taken(pattern: str) -> None:
    assert pattern_problem(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        (r"^(\d{5}$", "does not compile"),
        (r"\d{5}", "begin with ^ and end with $"),
        (r"^cost\$", "begin with ^ and end with $"),
        (r"^a|b$", "outside of a group"),
        (r"^\d+?$", "differently"),
        (r"^(?=a)a$", "differently"),
        (r"^(?P<n>a)$", "differently"),
        (r"^(?i)a$", "differently"),
        (r"^\bword\b$", "differently"),
        (r"^\w+$", "differently"),
        (r"^[\s]$", "differently"),
        (r"^\Aword$", "differently"),
        (r"^[[:alpha:]]$", "differently"),
        (r"^a{1,300}$", "255"),
        (r"^a$b$", "differently"),
    ],
)
def test_a_pattern_that_postgresql_reads_otherwise_is_refused(pattern: str, problem: str) -> None:
    assert problem in (pattern_problem(pattern) or "")


def test_every_pattern_of_the_catalogue_is_of_the_common_language() -> None:
    contracts = load_catalog().values()
    fields = [field for each in contracts for field in (*each.fields, *(f for c in each.children for f in c.fields))]
    patterns = [field.rules.pattern for field in fields if field.rules.pattern]
    assert len(patterns) >= 10
    assert [pattern for pattern in patterns if pattern_problem(pattern)] == []
