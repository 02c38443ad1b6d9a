"""The path's table: how many events reached each station, expected and found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from producers.simulator.record import DUPLICATE, LOADED, Outcome, Record

STATIONS = ("published", "landed", "loaded", "duplicate", "quarantined", "rejected")


@dataclass(frozen=True)
class PathRow:
    """One event's counts by station, and the causes of those quarantined and rejected."""

    stations: Mapping[str, int]
    quarantined_by: Mapping[str, int] = field(default_factory=dict)
    rejected_by: Mapping[str, int] = field(default_factory=dict)


PathTable = Mapping[str, PathRow]


def expected_path(records: Iterable[Record], known: Collection[str]) -> PathTable:
    """What must become of the records, when the warehouse holds the event ids `known` already."""
    outcomes: dict[str, Counter[Outcome]] = {}
    for record in records:
        outcome = DUPLICATE if record.outcome == LOADED and record.body["event_id"] in known else record.outcome
        outcomes.setdefault(record.event, Counter())[outcome] += 1
    return {event: _row(counts) for event, counts in sorted(outcomes.items())}


def _row(counts: Counter[Outcome]) -> PathRow:
    by_fate: Counter[str] = Counter()
    for outcome, number in counts.items():
        by_fate[outcome.fate] += number
    total = counts.total()
    return PathRow(
        stations={"published": total, "landed": total, **{station: by_fate[station] for station in STATIONS[2:]}},
        quarantined_by=_causes(counts, "quarantined"),
        rejected_by=_causes(counts, "rejected"),
    )


def _causes(counts: Counter[Outcome], fate: str) -> dict[str, int]:
    causes: Counter[str] = Counter()
    for outcome, number in counts.items():
        if outcome.fate == fate:
            causes[outcome.reason] += number
    return dict(sorted(causes.items()))
