"""Patterns mean the same to the producer's check (Python) and to the warehouse's (PostgreSQL)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, text

from consumers.warehouse.connect import engine_for
from infra.settings import Settings
from schemas.catalog import load_catalog
from schemas.contract import Field, Rules
from schemas.example_files import load_examples
from schemas.patterns import pattern_problem
from schemas.rules import checks_of

TRICKY = [
    "",
    "\n",
    "00688\n",
    "\n00688",
    "00688\n00691",
    "１２３４５",
    "٠٠٦٨٨",
    "H22.1Ａ",
    "xã",
    "Xã",
    "a b",
    "a_b",
    "A-Z",
    "]",
]
CONSTRUCTS = [
    r"^\d{5}$",
    r"^.*$",
    r"^[^a]*$",
    r"^[\d.-]+$",
    r"^[A-Z\d]+$",
    r"^(?:H22|xã)(\.\d{1,2})?$",
    r"^(a|b)* ?b?$",
    r"^[^\]]$",
    r"^\]$",
]


@pytest.fixture(scope="module")
def warehouse(servers: Settings) -> Iterator[Connection]:
    engine = engine_for(servers.warehouse.owner_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def catalogue_patterns() -> list[str]:
    contracts = load_catalog().values()
    fields = [field for each in contracts for field in (*each.fields, *(f for c in each.children for f in c.fields))]
    return sorted({field.rules.pattern for field in fields if field.rules.pattern})


def texts(value: Any) -> Iterator[str]:
    """Every text inside a JSON value."""
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts(part)


def samples() -> list[str]:
    found = {text for examples in load_examples().values() for each in examples for text in texts(each.payload)}
    return sorted({*TRICKY, *found, *(f"{value}\n" for value in found)})


@pytest.mark.parametrize("pattern", [*CONSTRUCTS, *catalogue_patterns()])
def test_python_and_postgresql_take_the_same_values(warehouse: Connection, pattern: str) -> None:
    assert pattern_problem(pattern) is None
    (check,) = checks_of(Field("f", "string", False, "", "", "none", rules=Rules(pattern=pattern)))
    rows = warehouse.execute(
        text("SELECT value, value ~ :pattern FROM unnest(CAST(:samples AS text[])) AS value"),
        {"pattern": pattern, "samples": samples()},
    )
    assert [value for value, taken in rows if taken == check.breaks(value)] == []
