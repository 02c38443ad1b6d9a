"""The marts' files: what they say about themselves, and that they say all that makes them out of date."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from consumers.warehouse.marts.files import MartFile, MartInvalid, load_marts, parse_mart, whole_fill
from consumers.warehouse.marts.inputs import WATCHED

VISITS = """-- from: visit_reported, place_named
-- after: dim_place
-- watch: day
--
-- Visits.
CREATE TABLE IF NOT EXISTS mart.visits (day date, visits bigint);

-- changed: day
-- The days of the new reports.
CREATE TEMPORARY TABLE changed ON COMMIT DROP AS SELECT 1;

-- fill:
INSERT INTO mart.visits
SELECT day, count(*) FROM core.visit_reported
WHERE day IN (SELECT day FROM changed) -- changed only
GROUP BY day;
"""
MARTS = load_marts()


def names(marts: list[MartFile]) -> list[str]:
    return [mart.name for mart in marts]


def code(mart: MartFile) -> str:
    """The file without its comments, those on tables and columns included."""
    return re.sub(r"--[^\n]*|^COMMENT ON .*?';$", "", mart.sql, flags=re.MULTILINE | re.DOTALL)


def test_a_head_says_what_the_mart_is_made_from() -> None:
    mart = parse_mart("visits", VISITS)
    assert (mart.events, mart.after, mart.watch) == (("visit_reported", "place_named"), ("dim_place",), ("day",))


def test_a_whole_build_leaves_out_what_is_for_changes() -> None:
    mart = parse_mart("visits", VISITS)
    assert mart.changed is not None
    assert "changed" not in whole_fill(mart.changed)
    assert whole_fill(mart.changed).split() == (
        "INSERT INTO mart.visits SELECT day, count(*) FROM core.visit_reported GROUP BY day;".split()
    )
    assert "WHERE day IN (SELECT day FROM changed)" in mart.changed.fill
    assert mart.table.rstrip().endswith("visits bigint);")


def test_a_mart_by_day_tells_the_days_itself() -> None:
    mart = parse_mart("visits", VISITS)
    assert mart.changed is not None
    assert (mart.changed.key, mart.changed.days) == (("day",), "SELECT day FROM changed")
    by_place = parse_mart("visits", VISITS.replace("-- changed: day", "-- changed: place, kind"))
    assert by_place.changed is not None
    assert (by_place.changed.key, by_place.changed.days) == (("place", "kind"), None)


def test_a_mart_without_sections_is_its_whole_file() -> None:
    mart = parse_mart("visits", VISITS.partition("-- changed:")[0])
    assert mart.changed is None
    assert mart.table == mart.sql


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ("-- from: visit_reported, place_named\n-- after: dim_place\n", "", "what it is made from"),
        ("-- fill:", "", "no section `-- fill:`"),
        ("-- changed: day", "-- changed:", "say the columns"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(wrong: str, right: str, said: str) -> None:
    with pytest.raises(MartInvalid, match=said):
        parse_mart("visits", VISITS.replace(wrong, right))


def test_marts_are_built_behind_those_they_read(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text("-- after: b\n")
    (tmp_path / "b.sql").write_text("-- from: x\n")
    assert names(load_marts(tmp_path)) == ["b", "a"]
    (tmp_path / "b.sql").write_text("-- after: a\n")
    with pytest.raises(MartInvalid, match="wait for each other"):
        load_marts(tmp_path)


@pytest.mark.parametrize(
    ("reads", "watched"),
    [
        (r"hagiang\.now|\bcurrent_(date|time|timestamp)\b|\blocaltime|\bnow\(|clock_timestamp", "day"),
        (r"core\.dim_(?!date)|mart\.admin_unit_in_2025", "reference_lists"),
        (r"\bquarantine\.", "quarantine"),
        (r"\bledger\.", "loads"),
    ],
)
def test_what_a_mart_reads_beyond_events_it_watches(reads: str, watched: str) -> None:
    readers = [mart.name for mart in MARTS if re.search(reads, code(mart), re.IGNORECASE)]
    assert readers
    assert [mart.name for mart in MARTS if watched in mart.watch] == readers


def test_a_mart_names_all_events_and_marts_that_it_reads() -> None:
    for mart in MARTS:
        read = set(re.findall(r"(?:FROM|JOIN) (core|mart)\.(\w+)", code(mart)))
        lists = {"document_sent_signatures", "admin_unit_in_2025", mart.name}
        events = {name for schema, name in read if schema == "core" and not name.startswith("dim_")} - lists
        marts = {name for schema, name in read if schema == "mart"} - lists
        assert (events, marts) == (set(mart.events), set(mart.after)), mart.name


def test_whatever_is_watched_can_be_asked_for() -> None:
    assert {name for mart in MARTS for name in mart.watch} == {path.stem for path in WATCHED.glob("*.sql")}


def test_marts_by_day_are_filled_for_the_days_that_changed() -> None:
    daily = [mart for mart in MARTS if "_daily" in mart.name]
    assert len(daily) >= 6
    assert [mart.name for mart in daily if mart.changed is None] == []
