"""Who reads a field: found in the SQL of marts and in expectations written by hand, by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.cli.contract_readers import reader_folders
from schemas.catalog import load_catalog
from schemas.contract import Contract
from schemas.impact import impact
from schemas.usage.fields import field_paths, paths_lost
from schemas.usage.marts import load_marts
from schemas.usage.readers import NO_READERS, Readers, figures_behind, readers_of, uses_of
from tests.unit.schemas.reader_files import write_readers
from tests.unit.schemas.small_contract import avro_field, child_list, contract_with

NUMBER = ["null", "long"]
FIELDS = [
    *(
        avro_field(name, NUMBER)
        for name in ("amount", "state", "note", "height", "weight", "colour", "total", "remark")
    ),
    child_list("parts", avro_field("quantity", "int"), default=[]),
]
THING = contract_with(*FIELDS)


@pytest.fixture
def readers(tmp_path: Path) -> Readers:
    return readers_of(THING, write_readers(tmp_path))


def places(readers: Readers, field: str) -> list[str]:
    return [f"{use.path.name}:{use.line}" for use in uses_of(readers, "thing_happened", field)]


@pytest.mark.parametrize(
    ("field", "found"),
    [
        ("source", ["thing_daily.sql:7"]),
        ("amount", ["thing_happened.json:21", "thing_daily.sql:7"]),
        ("state", ["thing_happened.json:20", "thing_happened.json:21", "thing_daily.sql:9"]),
        ("note", ["thing_daily.sql:7"]),
        ("event_id", ["part_count.sql:3"]),
        ("parts.quantity", ["thing_happened.json:34", "part_count.sql:2"]),
        ("parts", ["thing_happened.json:34", "part_count.sql:3"]),
    ],
)
def test_a_read_is_found_by_file_and_line(readers: Readers, field: str, found: list[str]) -> None:
    assert places(readers, field) == found


@pytest.mark.parametrize("field", ["height", "weight", "colour", "total", "remark"])
def test_what_another_table_a_string_a_comment_or_an_alias_names_is_no_read(readers: Readers, field: str) -> None:
    assert places(readers, field) == []


def test_a_query_that_takes_all_columns_hands_them_on(tmp_path: Path) -> None:
    folders = write_readers(tmp_path)
    sql = "WITH step AS (SELECT * FROM core.thing_happened)\nSELECT 2 * step.weight,\nheight FROM step"
    (tmp_path / "marts" / "thing_daily.sql").write_text(sql, encoding="utf-8")
    found = readers_of(THING, folders)
    assert places(found, "weight") == ["thing_daily.sql:2"]
    assert places(found, "height") == ["thing_daily.sql:3"]


@pytest.mark.parametrize(
    ("sql", "field", "found"),
    [
        ("INSERT INTO mart.thing_daily (height)\nSELECT amount FROM core.thing_happened", "height", []),
        ("INSERT INTO mart.thing_daily (height)\nSELECT height FROM core.thing_happened", "height", [2]),
        ("SELECT b.weight FROM core.thing_happened AS a JOIN core.something_else AS b ON TRUE", "weight", []),
        ("SELECT\na.weight FROM core.thing_happened AS a, core.something_else AS b", "weight", [2]),
        ("SELECT\nthing_happened.weight FROM core.thing_happened", "weight", [2]),
        ("SELECT weight(amount), amount::weight FROM core.thing_happened", "weight", []),
        ('SELECT "weight" FROM core."thing_happened"', "weight", [1]),
        ("SELECT 1 FROM core.something_else WHERE weight IN (SELECT amount FROM core.thing_happened)", "weight", []),
        ("SELECT WEIGHT FROM core.thing_happened; SELECT weight FROM core.something_else", "weight", [1]),
    ],
)
def test_a_column_is_told_from_what_only_looks_like_one(tmp_path: Path, sql: str, field: str, found: list[int]) -> None:
    folders = write_readers(tmp_path)
    (tmp_path / "marts" / "thing_daily.sql").write_text(sql, encoding="utf-8")
    assert places(readers_of(THING, folders), field) == [f"thing_daily.sql:{line}" for line in found]


def test_a_multiplication_is_not_taken_for_all_columns(tmp_path: Path) -> None:
    folders = write_readers(tmp_path)
    sql = "WITH step AS (SELECT sum(amount) * 2 FROM core.thing_happened)\nSELECT height FROM core.b"
    (tmp_path / "marts" / "thing_daily.sql").write_text(sql, encoding="utf-8")
    assert places(readers_of(THING, folders), "height") == []


def test_figures_are_found_through_the_marts_they_are_made_from(readers: Readers, tmp_path: Path) -> None:
    assert [mart.table for mart in readers.marts] == ["mart.part_count", "mart.thing_daily", "mart.kpi"]
    ((kpi, figure),) = readers.figures
    assert (figure.key, figure.name_vi, figure.line) == ("things_done", "Việc đã xong", 6)
    assert figure.tables == {"mart.thing_daily"}
    (behind,) = figures_behind(readers, uses_of(readers, "thing_happened", "amount"))
    assert str(behind) == f"{kpi.path}:6: figure things_done (Things done) is made from it"
    assert figures_behind(readers, uses_of(readers, "thing_happened", "parts.quantity")) == []


def test_comments_of_a_mart_are_read_with_their_quotes(tmp_path: Path) -> None:
    comments = {mart.name: dict(mart.comments) for mart in load_marts(write_readers(tmp_path).marts)}
    assert comments["thing_daily"][""] == "The province's things by day. / Việc theo ngày."
    assert comments["thing_daily"]["amount"] == "Sum of amounts. / Tổng."


def test_without_folders_nobody_reads(tmp_path: Path) -> None:
    assert readers_of(THING, NO_READERS) == Readers((), (), ())


def test_lost_are_fields_that_are_gone_renamed_or_of_another_type() -> None:
    assert field_paths(THING)[-2:] == ["parts", "parts.quantity"]
    assert paths_lost(THING, without("note")) == ["note"]
    assert paths_lost(THING, without("parts")) == ["parts", "parts.quantity"]
    renamed = contract_with(*(field | {"name": "rest"} if field["name"] == "note" else field for field in FIELDS))
    assert paths_lost(THING, renamed) == ["note"]
    retyped = contract_with(avro_field("amount", ["null", "int"]), *FIELDS[1:])
    assert paths_lost(THING, retyped) == ["amount"]


def test_the_impact_names_rule_mart_and_figure(tmp_path: Path) -> None:
    found = impact(without("amount"), [THING], write_readers(tmp_path))
    assert [(use.path.name, use.line) for use in found] == [
        ("thing_happened.json", 21),
        ("thing_daily.sql", 7),
        ("kpi.sql", 6),
    ]
    assert impact(without("weight"), [THING], write_readers(tmp_path / "more")) == []


def without(*names: str) -> Contract:
    return contract_with(*(field for field in FIELDS if field["name"] not in names))


def test_the_project_s_own_sql_is_seen_through() -> None:
    """The search must see through the project's own SQL: the dossier's channel feeds the figure of online dossiers."""
    readers = readers_of(load_catalog()["dossier_status_changed"], reader_folders())
    uses = uses_of(readers, "dossier_status_changed", "channel")
    assert [use.path.name for use in uses] == ["dossier.sql"]
    assert "dossiers_online" in " ".join(map(str, figures_behind(readers, uses)))
