"""All makers of the baseline, each with the number of histories it makes when the baseline is whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from random import Random

from producers.simulator.baseline import (
    agencies,
    business_events,
    classes,
    directives,
    documents,
    health,
    indicators,
    listings,
    meeting_points,
    network,
    ocop,
    portals,
    procedures,
    projects,
    promotion,
    sellers,
    tourism,
    training,
)
from producers.simulator.baseline.history import Maker
from producers.simulator.places import Places
from producers.simulator.record import Record

LEAST = 4
"""So many histories each group has at least, that one of each trouble can be made from them."""


@dataclass(frozen=True)
class Group:
    """A maker and how many histories it makes for the whole baseline."""

    histories: int
    make: Maker


GROUPS = (
    Group(agencies.HISTORIES, agencies.agency_entries),
    Group(procedures.HISTORIES, procedures.procedure_offers),
    Group(documents.HISTORIES, documents.documents),
    Group(portals.HISTORIES, portals.portal_checks),
    Group(meeting_points.HISTORIES, meeting_points.meeting_point_checks),
    Group(directives.HISTORIES, directives.directive_reports),
    Group(indicators.HISTORIES, indicators.indicator_reports),
    Group(network.HISTORIES, network.coverage_reports),
    Group(health.HISTORIES, health.consultation_summaries),
    Group(classes.HISTORIES, classes.class_summaries),
    Group(ocop.HISTORIES, ocop.ocop_ratings),
    Group(tourism.HISTORIES, tourism.june_visits),
    Group(promotion.HISTORIES, promotion.campaign_readings),
    Group(sellers.HISTORIES, sellers.shop_histories),
    Group(listings.HISTORIES, listings.listings),
    Group(training.HISTORIES, training.training_sessions),
    Group(business_events.HISTORIES, business_events.business_events),
    Group(projects.HISTORIES, projects.project_reports),
)


def baseline_records(rng: Random, places: Places, share: float = 1.0) -> Iterator[Record]:
    """The records of the baseline, group by group; of each group about `share` of its histories, from the first on."""
    for group in GROUPS:
        wanted = max(LEAST, round(group.histories * share))
        for history in islice(group.make(rng, places), wanted):
            yield from history
