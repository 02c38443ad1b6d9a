"""June 2021 in the province as a list of records, with a known number of every trouble mixed in.

Everything is drawn from one seeded generator: the same seed and size give the same records, ids included.

The baseline (producers/simulator/baseline) has a fixed size: it holds the counts behind the published figures. It is
whole from WHOLE_BASELINE records on, and the month of dossiers, ratings, orders and cooperation tasks fills what is
left. A smaller scenario has of each group of the baseline the same part as of the whole size, so that it has every
event and every trouble but not the published figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from random import Random

from producers.simulator import cooperation, dossiers, orders, ratings
from producers.simulator.baseline.groups import baseline_records
from producers.simulator.places import Places
from producers.simulator.record import Event, Record
from producers.simulator.take import take
from producers.simulator.troubles import (
    USUAL_SHARES,
    Shares,
    TroubleCounts,
    count_troubles,
    delay,
    mark_old_version,
    with_troubles,
)
from schemas.catalog import load_catalog

Source = Callable[[Random, Places], Iterator[list[Event]]]

SOURCES: Mapping[str, tuple[float, Source]] = {
    dossiers.EVENT: (0.6, dossiers.dossier_events),
    orders.EVENT: (0.32, orders.order_events),
    cooperation.EVENT: (0.04, cooperation.cooperation_events),
}
"""Events of the month that need no others, with their share of it."""
RATINGS = 0.04
"""The ratings' share of the month; they are of its finished dossiers."""

WHOLE_BASELINE = 60_000
SMALLEST = 1_000


def make_scenario(seed: int, size: int, places: Places, shares: Shares = USUAL_SHARES) -> list[Record]:
    """`size` records, at least SMALLEST, in the order they are to be published.

    Events of one key are in order save the late ones.
    """
    rng = Random(seed)  # noqa: S311  a simulation must be repeatable
    fixed = list(baseline_records(rng, places, min(1.0, size / WHOLE_BASELINE)))
    troubles = count_troubles(shares, size, _expected_counts(fixed, size))
    month = _month(rng, places, size - len(fixed) - troubles.total)
    return publish_order(rng, [*fixed, *month], troubles, shares)


def publish_order(rng: Random, good: list[Record], troubles: TroubleCounts, shares: Shares) -> list[Record]:
    """The good records as they happened, save those that come late, with the troubles among them."""
    size = len(good) + troubles.total
    stream = sorted(good, key=lambda record: (record.body["occurred_at"], record.body["event_id"]))
    stream = mark_old_version(rng, stream, round(size * shares.old_version))
    stream = delay(rng, stream, _keys(), round(size * shares.late))
    return with_troubles(rng, stream, troubles)


def _expected_counts(fixed: list[Record], size: int) -> Mapping[str, float]:
    """About how many records of each event there will be."""
    left = size - len(fixed)
    month = {event: left * share for event, (share, _) in SOURCES.items()}
    return {**Counter(record.event for record in fixed), **month, ratings.EVENT: left * RATINGS}


def _month(rng: Random, places: Places, size: int) -> list[Record]:
    """So many good records of the month."""
    rated = round(size * RATINGS)
    found: list[Record] = []
    for event, (share, source) in SOURCES.items():
        wanted = size - rated - len(found) if event == cooperation.EVENT else round(size * share)
        found += [Record(event, body) for body in take(source(rng, places), wanted)]
    steps = [record.body for record in found if record.event == dossiers.EVENT]
    return found + [Record(ratings.EVENT, body) for body in take(ratings.rating_events(rng, steps), rated)]


def _keys() -> Mapping[str, str]:
    return {event: contract.key for event, contract in load_catalog().items()}
