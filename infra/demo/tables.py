"""The tables that a run compares, expected and found."""

from __future__ import annotations

from dataclasses import dataclass, field

from infra.demo.path_table import PathTable
from infra.demo.ways_table import WaysTable


@dataclass(frozen=True)
class Tables:
    """`path` has the counts of each event at each station, `ways` those of each way in; a user's files have no ways."""

    path: PathTable
    ways: WaysTable = field(default_factory=dict)
