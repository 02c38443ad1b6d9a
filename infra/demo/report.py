"""Prints what the run found, expected beside found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from infra.demo.path_table import STATIONS, PathRow, PathTable


@dataclass(frozen=True)
class Tally:
    """Counts the cells that were compared and those that differ."""

    compared: int = 0
    different: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.compared + other.compared, self.different + other.different)

    @property
    def agrees(self) -> bool:
        """Whether something was compared and nothing differs."""
        return self.compared > 0 and self.different == 0


def compare(expected: float | None, found: float | None) -> Tally:
    """An expectation of None says nothing about the figure."""
    return Tally() if expected is None else Tally(1, int(expected != found))


def print_path(console: Console, expected: PathTable, found: PathTable) -> Tally:
    """One line for each event and station, then the causes; returns how the cells compare."""
    table = _table("The path of the events", "event", "station", "expected", "found")
    total = Tally()
    for event in found:
        for station, cause, wanted, got in _cells(expected[event], found[event]):
            tally = compare(wanted, got)
            total += tally
            label = f"  {station}: {cause}" if cause else station
            table.add_row("" if cause or station != "published" else event, label, _count(wanted), _mark(got, tally))
        table.add_section()
    console.print(table)
    return total


def _cells(expected: PathRow, found: PathRow) -> Iterable[tuple[str, str, int | None, int]]:
    for station in STATIONS:
        yield station, "", expected.stations.get(station), found.stations[station]
        wanted, got = _causes(expected, station), _causes(found, station)
        for cause in sorted({*wanted, *got}):
            # What the maker of the events did not foresee at all is not compared; a made scenario foresees everything.
            known = expected.stations.get(station) is not None
            yield station, cause, wanted.get(cause, 0) if known else None, got.get(cause, 0)


def _causes(row: PathRow, station: str) -> Mapping[str, int]:
    return {"quarantined": row.quarantined_by, "rejected": row.rejected_by}.get(station, {})


def _count(number: int | None) -> str:
    return "–" if number is None else f"{number:,}"


def _mark(number: int, tally: Tally) -> str:
    return f"[bold red]{number:,} ✗[/]" if tally.different else f"{number:,}"


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for name in columns:
        right = name not in ("event", "station", "topic", "figure", "unit", "as of", "")
        table.add_column(name, justify="right" if right else "left", no_wrap=True)
    return table
