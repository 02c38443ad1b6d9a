"""Prints what the run found, expected beside found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass

from rich.console import Console
from rich.table import Table

from consumers.warehouse.reconcile import PartitionBalance
from infra.demo.figures import KpiRow
from infra.demo.path_table import STATIONS, PathRow, PathTable
from infra.demo.ways_table import WaysTable
from producers.simulator.figures import Figure

FIGURE_STATE = ("expected", "complete", "open quarantine", "as of")
OUTCOMES = ("loaded", "duplicate", "quarantined", "rejected", "erased")


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


def compare_pair(expected: tuple[object, ...], found: tuple[object, ...]) -> Tally:
    """A numerator and its denominator are one figure."""
    return Tally(1, int(expected != found))


def print_path(console: Console, expected: PathTable, found: PathTable) -> Tally:
    """One line for each event and station, then the causes; returns how the cells compare."""
    table = table_titled("The path of the events", "event", "station", "expected", "found")
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


def print_ways(console: Console, expected: WaysTable, found: WaysTable) -> Tally:
    """One line for each way in; nothing is printed when the events took no ways."""
    table = table_titled("The ways in, expected / found", "way", "handed over", "refused there", "arrived in core")
    total = Tally()
    for way, wanted in expected.items():
        cells = list(zip(astuple(wanted), astuple(found[way]), strict=True))
        tallies = [compare(*cell) for cell in cells]
        total += sum(tallies, Tally())
        table.add_row(
            way, *(f"{want:,} / {_mark(got, tally)}" for (want, got), tally in zip(cells, tallies, strict=True))
        )
    if expected:
        console.print(table)
    return total


def print_balances(console: Console, balances: Iterable[PartitionBalance]) -> Tally:
    """One line for each partition since its first offset; a partition whose books do not agree says why."""
    table = table_titled("Conservation since the first offset", "topic", "consumed", *OUTCOMES, "in Kafka", "agrees")
    total = Tally()
    faults: list[str] = []
    for balance in balances:
        tally = Tally(1, int(bool(balance.faults)))
        total += tally
        counts = [f"{getattr(balance, name):,}" for name in ("consumed", *OUTCOMES, "end")]
        table.add_row(f"{balance.topic} {balance.partition}", *counts, "✗" if tally.different else "✓")
        faults += [f"{balance.topic} {balance.partition}: {fault}" for fault in balance.faults]
    console.print(table, *faults, sep="\n")
    return total


def print_figures(console: Console, figures: Iterable[KpiRow], expected: Mapping[str, Figure]) -> Tally:
    """The KPI table; expected numerators and denominators are compared where there are any, and must all be there."""
    columns = (
        "figure",
        "numerator",
        "denominator",
        "value",
        "unit",
        "expected",
        "complete",
        "open quarantine",
        "as of",
    )
    table = table_titled("Key figures (mart.kpi)", *columns)
    rows = list(figures)
    missing = sorted(set(expected) - {row.key for row in rows})
    total = Tally(len(missing), len(missing))
    for row in rows:
        wanted = expected.get(row.key)
        tally = Tally() if wanted is None else compare_pair(wanted, (row.numerator, row.denominator))
        total += tally
        agrees = "–" if wanted is None else _ratio(*wanted) + (" ✗" if tally.different else " ✓")
        table.add_row(
            f"{row.name_vi}{' *' if row.synthetic else ''}",
            f"{row.numerator:,.0f}",
            "–" if row.denominator is None else f"{row.denominator:,.0f}",
            "N/A" if row.value is None else f"{row.value:,}",
            row.unit,
            agrees,
            "–" if row.completeness is None else f"{row.completeness:.2%}",
            f"{row.open_quarantine:,}",
            "–" if row.as_of is None else f"{row.as_of:%Y-%m-%d %H:%M}",
        )
    console.print(table, "* synthetic data: for demonstration only / dữ liệu minh họa", sep="\n")
    for key in missing:
        console.print(f"[bold red]mart.kpi has no row {key} ✗[/]")
    return total


def _ratio(numerator: int, denominator: int | None) -> str:
    return f"{numerator:,}" if denominator is None else f"{numerator:,}/{denominator:,}"


def table_titled(title: str, *columns: str) -> Table:
    """An empty table; names stand left, numbers right."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for name in columns:
        right = name not in ("event", "station", "topic", "figure", "unit", "way")
        table.add_column(name, justify="right" if right else "left", no_wrap=True)
    return table
