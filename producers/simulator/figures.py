"""The figures a scenario must give, counted from the simulated events themselves and not by the warehouse's SQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from producers.simulator.counting import (
    agencies,
    documents,
    dossiers,
    economy,
    orders,
    procedures,
    programme,
    ratings,
    society,
)
from producers.simulator.counting.loaded import Count, Figure, loaded_events
from producers.simulator.record import Record
from schemas.catalog import load_catalog

__all__ = ["COUNTS", "Figure", "expected_figures"]

COUNTS: Mapping[str, Count] = {
    **procedures.FIGURES,
    **documents.FIGURES,
    **agencies.FIGURES,
    **dossiers.FIGURES,
    **ratings.FIGURES,
    **society.FIGURES,
    **economy.FIGURES,
    **orders.FIGURES,
    **programme.FIGURES,
}
"""How each figure is counted, by its key in `mart.kpi`."""


def expected_figures(records: Iterable[Record]) -> Mapping[str, Figure]:
    """Figures by their key in `mart.kpi`, for a warehouse that holds these records and no others."""
    loaded = loaded_events(records, load_catalog())
    return {key: count(loaded) for key, count in COUNTS.items()}
