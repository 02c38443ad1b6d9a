"""infra/FAULTS.md: every row names a test, and every test it names is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "infra" / "FAULTS.md"
HEAD = "| failure | stage | what it does | seen as | afterwards | test |"
NAMED = re.compile(r"`(tests/[\w/]+\.py|…)::(test_\w+)`")
DEPENDENCIES = {"Kafka", "Schema registry", "Object store", "PostgreSQL", "Airflow", "Clocks", "The process itself"}


def rows() -> Iterator[list[str]]:
    """The cells of each row of the tables of failures."""
    in_table = False
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        in_table = line == HEAD or (in_table and line.startswith("|"))
        if in_table and line != HEAD and not line.startswith("|---"):
            yield [cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|")]


def named_tests() -> Iterator[tuple[str, str]]:
    """File and function of every test that the document names."""
    file = ""
    for found in NAMED.finditer(TABLE.read_text(encoding="utf-8")):
        file = file if found[1] == "…" else found[1]
        yield file, found[2]


def test_every_row_names_a_test_and_is_whole() -> None:
    assert len(list(rows())) > 90
    for cells in rows():
        assert len(cells) == 6, cells
        assert all(cells[place] for place in (0, 1, 2)), cells
        assert NAMED.fullmatch(cells[5]), cells


def test_every_test_that_is_named_is_there() -> None:
    missing = [
        f"{file}::{name}"
        for file, name in named_tests()
        if not (ROOT / file).is_file() or f"def {name}(" not in (ROOT / file).read_text(encoding="utf-8")
    ]
    assert missing == []


def test_every_dependency_has_a_table() -> None:
    headings = set(re.findall(r"^## (.+)$", TABLE.read_text(encoding="utf-8"), re.MULTILINE))
    assert headings >= DEPENDENCIES


def test_newcomers_find_it() -> None:
    for page in ("README.md", "CONTRIBUTING.md", "infra/local/README.md"):
        assert "FAULTS.md" in (ROOT / page).read_text(encoding="utf-8"), page
