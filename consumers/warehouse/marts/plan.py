"""What has to be done to a mart: nothing, filling what changed, or filling it whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from consumers.warehouse.marts.builds import Build
from consumers.warehouse.marts.files import MartFile
from consumers.warehouse.tables.marts import CHANGED, UNCHANGED, WHOLE


@dataclass(frozen=True)
class Inputs:
    """What a mart is made from, as one snapshot of the database shows it.

    `publications` counts the published loads of each event, through other marts too; an event without one is left out.
    `other` is its file, the migration, and what it watches.
    """

    publications: Mapping[str, int]
    other: Mapping[str, str]


@dataclass(frozen=True)
class Plan:
    """`kind` is WHOLE, CHANGED or UNCHANGED.

    For CHANGED, `since` is the publication of each of its events that the mart has, and `days` are those on which the
    marts it reads have changed.
    """

    kind: str
    since: Mapping[str, int]
    days: frozenset[date] = frozenset()


def plan_of(mart: MartFile, last: Build | None, now: Inputs, read_since: Sequence[Build]) -> Plan:
    """`last` is the mart's latest build, None when there is no table; `read_since` are later ones of marts it reads."""
    if last is None or dict(last.inputs) != dict(now.other):
        return Plan(WHOLE, {})
    since = {event: last.publications.get(event, 0) for event in mart.events}
    has_loads = any(now.publications.get(event, 0) != count for event, count in since.items())
    touched = [build for build in read_since if build.touched]
    if not has_loads and not touched:
        return Plan(UNCHANGED, since)
    if mart.changed is None or any(build.days is None for build in touched):
        return Plan(WHOLE, {})
    return Plan(CHANGED, since, frozenset(day for build in touched for day in build.days or ()))
