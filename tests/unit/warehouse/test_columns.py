"""A contract's fields as columns."""

from __future__ import annotations

from sqlalchemy.dialects import postgresql

from consumers.warehouse.tables.columns import column_type, field_comment
from consumers.warehouse.tables.core import event_tables
from consumers.warehouse.tables.staging import staging_tables
from schemas.contract import Field
from tests.everything import EVERYTHING


def test_every_kind_has_a_type() -> None:
    dialect = postgresql.dialect()
    spelt = {field.name: column_type(field).compile(dialect) for field in EVERYTHING.fields}
    assert spelt == {
        "event_id": "UUID",
        "occurred_at": "TIMESTAMP WITH TIME ZONE",
        "source": "TEXT",
        "synthetic": "BOOLEAN",
        "code": "TEXT",
        "other_id": "UUID",
        "small": "INTEGER",
        "big": "BIGINT",
        "share": "DOUBLE PRECISION",
        "amount": "NUMERIC(6, 2)",
        "seen_on": "DATE",
        "seen_at": "TIMESTAMP WITH TIME ZONE",
        "flag": "BOOLEAN",
        "colour": "TEXT",
        "note": "TEXT",
    }


def test_the_comment_gives_the_unit_between_the_languages() -> None:
    field = Field("fee", "long", True, "The fee.", "Lệ phí.", "none", unit="VND")
    assert field_comment(field) == "The fee. (VND) / Lệ phí."


def test_staging_has_the_event_s_columns_all_nullable() -> None:
    staging, core = staging_tables(EVERYTHING, 12), event_tables(EVERYTHING)
    assert staging.rows.fullname == "staging.everything_measured__12"
    assert set(core.rows.columns.keys()) - set(staging.rows.columns.keys()) == {"load_id"}
    assert all(staging.rows.columns[field.name].nullable for field in EVERYTHING.fields)
    assert set(core.children[0].columns.keys()) <= set(staging.children[0].columns.keys())
