"""The figures as a dashboard reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Engine, text

from infra.demo.sql import query


@dataclass(frozen=True)
class KpiRow:
    """A row of mart.kpi."""

    key: str
    name_vi: str
    numerator: Decimal
    denominator: Decimal | None
    value: Decimal | None
    unit: str
    as_of: datetime | None
    completeness: Decimal | None
    open_quarantine: int
    synthetic: bool


def kpi_rows(engine: Engine) -> list[KpiRow]:
    """All figures, read through the dashboards' role if the engine is that role's."""
    with engine.connect() as connection:
        return [KpiRow(*row) for row in connection.execute(text(query("kpi")))]
