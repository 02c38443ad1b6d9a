"""Dimensions hold what the reference lists say, whichever state they were in."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine, text

from consumers.warehouse.seeding import seed_dimensions
from consumers.warehouse.tables.dimensions import dim_admin_unit
from tests.component.warehouse.loads import rows_of


def units(engine: Engine, on: date) -> dict[str, str]:
    """Names of the communes of a day, by code."""
    return {
        row["code"]: row["name"]
        for row in rows_of(engine, dim_admin_unit, "code")
        if row["valid_from"] <= on <= (row["valid_to"] or date.max) and row["kind"] in ("xa", "phuong", "thi_tran")
    }


def test_each_day_has_the_communes_of_its_time(engine: Engine) -> None:
    seed_dimensions(engine)
    before, after = units(engine, date(2025, 6, 30)), units(engine, date(2025, 7, 1))
    assert (len(before), len(after)) == (193, 124)
    assert (before["00691"], after["00691"]) == ("Phường Trần Phú", "Phường Hà Giang 2")


def test_seeding_again_mends_and_changes_nothing_else(engine: Engine) -> None:
    counts = {"dim_admin_unit": 330, "dim_admin_unit_change": 208, "dim_agency": 226, "dim_procedure": 62}
    for _ in range(2):
        seed_dimensions(engine)
        with engine.begin() as connection:
            found = {
                name: connection.execute(text(f"select count(*) from core.{name}")).scalar_one() for name in counts
            }
            connection.execute(text("delete from core.dim_agency where code = 'H22'"))
            connection.execute(
                text(
                    "insert into core.dim_agency select 'X', valid_from, null, 'x', 'x', level, null, null,"
                    " true from core.dim_agency limit 1"
                )
            )
        assert found == counts


def test_what_a_list_leaves_empty_is_null(engine: Engine) -> None:
    seed_dimensions(engine)
    with engine.connect() as connection:
        empty = "select count(*) from core.dim_admin_unit where parent_code = ''"
        provinces = "select code from core.dim_admin_unit where parent_code is null order by code"
        abolished = "select count(*) from core.dim_admin_unit_change where new_code is null"
        assert connection.execute(text(empty)).scalar_one() == 0
        assert connection.execute(text(provinces)).scalars().all() == ["02", "08"]
        assert connection.execute(text(abolished)).scalar_one() == 11
