"""The percentages that the province published on 2021-06-23, as they were written.

Source: the seminar's report, see the domain's facts. Only percentages were published; the counts that the simulator
makes for them are fits.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

PUBLISHED_2021 = Path(__file__).with_name("published_2021.csv")


@dataclass(frozen=True)
class Published:
    """A figure by its key in `mart.kpi`; `text` is the percentage with a decimal comma, at the published precision."""

    key: str
    text: str

    @property
    def decimals(self) -> int:
        """Digits behind the comma: what was not published is not compared."""
        return len(self.text.partition(",")[2])

    def at_this_precision(self, numerator: Decimal | int, denominator: Decimal | int | None) -> str | None:
        """A computed percentage as it would have been published; None without a denominator."""
        if not denominator:
            return None
        percent = 100 * Decimal(numerator) / Decimal(denominator)
        return str(percent.quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP)).replace(".", ",")


def published_figures(path: Path = PUBLISHED_2021) -> list[Published]:
    """In the order of the report."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Published(row["key"], row["published"]) for row in csv.DictReader(file)]
