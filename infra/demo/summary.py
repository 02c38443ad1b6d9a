"""Everything the demo prints when the run is over."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from sqlalchemy import Engine

from consumers.warehouse.connect import open_engine
from consumers.warehouse.reconcile import PartitionBalance, reconcile
from infra.demo.figures import kpi_rows
from infra.demo.freshness import freshness
from infra.demo.given import GivenEvents
from infra.demo.made import MadeEvents
from infra.demo.published import print_published
from infra.demo.report import Tally, print_balances, print_figures, print_path, print_ways
from infra.demo.run import Outcome
from infra.settings import Settings
from producers.simulator.figures import Figure, expected_figures
from schemas.contract import Contract

_LISTED = 20


def print_summary(
    console: Console,
    settings: Settings,
    catalog: Mapping[str, Contract],
    source: MadeEvents | GivenEvents,
    outcome: Outcome,
) -> bool:
    """Path, conservation, figures and freshness; True when all that was compared agrees."""
    engine = open_engine(settings.warehouse)
    try:
        balances = reconcile(engine, catalog.values(), outcome.ends)
        _print_bad_lines(console, source)
        path = print_path(console, outcome.expected.path, outcome.found.path)
        path += print_ways(console, outcome.expected.ways, outcome.found.ways)
        books = print_balances(console, balances)
        rows = kpi_rows(engine)
        figures = print_figures(console, rows, _expected_figures(source, balances))
        if isinstance(source, MadeEvents) and source.published:
            figures += print_published(console, source.published, rows)
        _print_freshness(console, engine, outcome)
    finally:
        engine.dispose()
    agrees = path.agrees and books.agrees and not figures.different
    _print_verdict(console, path + books + figures)
    return agrees


def _expected_figures(source: MadeEvents | GivenEvents, balances: list[PartitionBalance]) -> Mapping[str, Figure]:
    """Figures can be foreseen only where core holds the made events and nothing else."""
    if not isinstance(source, MadeEvents) or sum(balance.in_core for balance in balances) != source.good:
        return {}
    return expected_figures(source.records)


def _print_bad_lines(console: Console, source: MadeEvents | GivenEvents) -> None:
    if isinstance(source, MadeEvents):
        console.print(f"{source.size:,} events of {source.title}, {source.late:,} of them published late")
        return
    for path, bad in source.bad[:_LISTED]:
        console.print(f"{path.name} {bad.place}: {bad.reason}", markup=False)
    console.print(f"{source.size:,} events, {len(source.bad):,} of them bad and not sent")


def _print_freshness(console: Console, engine: Engine, outcome: Outcome) -> None:
    found = freshness(engine, sorted(outcome.found.path), outcome.last_load)
    if found is None:
        console.print("Freshness: no row was new in this run")
    else:
        console.print(f"Freshness, from Kafka to the marts: p50 {found.p50:.1f} s, p95 {found.p95:.1f} s")


def _print_verdict(console: Console, tally: Tally) -> None:
    if tally.different:
        console.print(f"[bold red]{tally.different} of {tally.compared} compared figures differ[/]")
    else:
        console.print(f"[bold green]All {tally.compared} compared figures agree[/]")
