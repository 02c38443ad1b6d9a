"""2021 to 2025 as a list of records: a part of the baseline, then growth and seasons up to the end of 2025."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from random import Random

from producers.simulator import cooperation, dossiers, orders, ratings
from producers.simulator.baseline import ocop, procedures, tourism
from producers.simulator.baseline.groups import baseline_records
from producers.simulator.baseline.history import split
from producers.simulator.growth.economy import MOST_VISIT_REPORTS, order_records, renewed_certificates, visit_reports
from producers.simulator.growth.merger import Borders, load_borders, register_entries
from producers.simulator.growth.months import dossiers_factor, months, weights
from producers.simulator.growth.procedures import later_offers
from producers.simulator.growth.society import coverage_of_2025, yearly_figures
from producers.simulator.places import Places
from producers.simulator.record import Record
from producers.simulator.scenario import WHOLE_BASELINE, publish_order
from producers.simulator.take import take
from producers.simulator.troubles import USUAL_SHARES, Shares, count_troubles

SMALLEST_GROWTH = 10_000
PART_OF_BASELINE = 0.2
"""Of the baseline in a scenario of WHOLE_BASELINE records: what follows needs the room."""
SHARES = {tourism.EVENT: 0.3, dossiers.EVENT: 0.27, ratings.EVENT: 0.03, cooperation.EVENT: 0.02, orders.EVENT: 0.38}
"""Of what is left beside that; orders fill it up."""


def make_growth(seed: int, size: int, places: Places, shares: Shares = USUAL_SHARES) -> list[Record]:
    """`size` records, at least SMALLEST_GROWTH, in the order they are to be published.

    The same seed and size give the same ones.
    """
    rng = Random(seed)  # noqa: S311  a simulation must be repeatable
    borders = load_borders(places)
    fixed = _fixed(rng, borders, size)
    left = size - len(fixed)
    expected = Counter(record.event for record in fixed)
    troubles = count_troubles(
        shares, size, expected + Counter({event: left * share for event, share in SHARES.items()})
    )
    flows = _flows(rng, borders, left - troubles.total)
    return publish_order(rng, [*fixed, *flows], troubles, shares)


def _fixed(rng: Random, borders: Borders, size: int) -> list[Record]:
    """What there is of in any size: a part of the baseline and what became of it."""
    baseline = list(baseline_records(rng, borders.before, PART_OF_BASELINE * min(1.0, size / WHOLE_BASELINE)))
    offers = [record.body for record in baseline if record.event == procedures.EVENT]
    certificates = [record.body for record in baseline if record.event == ocop.EVENT]
    later = (
        *register_entries(rng, borders),
        *later_offers(rng, offers, borders.new_agency),
        *renewed_certificates(rng, certificates),
        *coverage_of_2025(rng, borders),
        *yearly_figures(rng),
    )
    return [*baseline, *chain.from_iterable(later)]


def _flows(rng: Random, borders: Borders, size: int) -> list[Record]:
    """So many records of what goes on all the time, month by month."""
    wanted = {event: round(size * share) for event, share in SHARES.items()}
    wanted[tourism.EVENT] = min(wanted[tourism.EVENT], MOST_VISIT_REPORTS)
    found = list(chain.from_iterable(visit_reports(rng, borders, wanted[tourism.EVENT])))
    found += _dossiers_and_ratings(rng, borders, wanted[dossiers.EVENT], wanted[ratings.EVENT])
    tasks = take(cooperation.cooperation_events(rng, borders.before), wanted[cooperation.EVENT])
    found += [Record(cooperation.EVENT, body) for body in tasks]
    return found + order_records(rng, borders, size - len(found))


def _dossiers_and_ratings(rng: Random, borders: Borders, steps: int, rated: int) -> list[Record]:
    found: list[Record] = []
    factors = weights(dossiers_factor)
    for month, step_count, rated_count in zip(months(), split(steps, factors), split(rated, factors), strict=True):
        bodies = take(dossiers.dossier_events(rng, borders.on(month.first), month), step_count)
        found += [Record(dossiers.EVENT, body) for body in bodies]
        found += [
            Record(ratings.EVENT, body) for body in take(ratings.rating_events(rng, bodies, month.end), rated_count)
        ]
    return found
