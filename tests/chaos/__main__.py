"""`python -m tests.chaos --seeds N`: runs on a stack of its own; ends with 1 when anything is wrong."""

from __future__ import annotations

import json
import logging
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from infra.settings import Settings
from tests.chaos.aimed import AIMED
from tests.chaos.drive import NEEDED, Plan, Report, run_seed
from tests.chaos.faults import FAULTS
from tests.local_stack import running_stack


@click.command()
@click.option("--seeds", default=3, show_default=True, help="How many runs.")
@click.option("--first", default=1, show_default=True, help="The first seed.")
@click.option("--records", default=1500, show_default=True, help="Published in each run.")
@click.option("--rate", default=60, show_default=True, help="Records published in a second.")
@click.option("--batches", default=4, show_default=True, help="The most batches of the lake in one load.")
@click.option("--pause", default=1.5, show_default=True, help="Seconds from one fault to the next, on average.")
@click.option("--fault", "faults", multiple=True, type=click.Choice(list(FAULTS)), help="Only these; several times.")
@click.option(
    "--mutants",
    is_flag=True,
    help="Each broken build until a seed catches it, at most that many seeds; first its plan with the build whole.",
)
@click.option("--mutant", "only", multiple=True, type=click.Choice(list(AIMED)), help="Only these; several times.")
def main(
    seeds: int,
    first: int,
    records: int,
    rate: int,
    batches: int,
    pause: float,
    faults: tuple[str, ...],
    mutants: bool,
    only: tuple[str, ...],
) -> None:
    """Print a line of JSON for each run, and the sum at the end."""
    logging.basicConfig(level=logging.WARNING)
    numbers = range(first, first + seeds)
    plan = Plan(records=records, per_second=rate, batches=batches, pause=pause, faults=faults or tuple(FAULTS))
    with (
        TemporaryDirectory(prefix="hagiang-chaos-") as folder,
        running_stack(Path(folder) / "stack", NEEDED) as servers,
    ):
        if mutants or only:
            sys.exit(_mutants(servers, Path(folder), numbers, only or tuple(AIMED)))
        reports = [_told(run_seed(servers, Path(folder) / str(seed), seed, plan)) for seed in numbers]
    click.echo(json.dumps(_sum(reports)))
    sys.exit(any(report.found for report in reports))


def _mutants(servers: Settings, folder: Path, numbers: Sequence[int], names: Iterable[str]) -> bool:
    """Whether any broken build went through all seeds, or its plan finds something wrong with the whole build too."""
    caught_by: dict[str, int | None] = {}
    for name in names:
        whole = replace(AIMED[name], mutant="")
        if _told(run_seed(servers, folder / f"{name}-whole", numbers[0], whole), f"{name}: its plan, whole").found:
            caught_by[name] = None
            continue
        runs = ((seed, run_seed(servers, folder / f"{name}-{seed}", seed, AIMED[name])) for seed in numbers)
        caught_by[name] = next((seed for seed, report in runs if _told(report, name).found), None)
    click.echo(json.dumps({"caught_by": caught_by}))
    return None in caught_by.values()


def _told(report: Report, mutant: str = "") -> Report:
    click.echo(json.dumps({**({"mutant": mutant} if mutant else {}), **asdict(report)}, ensure_ascii=False))
    return report


def _sum(reports: Sequence[Report]) -> dict[str, object]:
    faults: Counter[str] = Counter()
    homes: Counter[str] = Counter()
    for report in reports:
        faults.update(report.faults)
        homes.update(report.homes)
    return {
        "runs": len(reports),
        "records": sum(report.records for report in reports),
        "faults": faults.total(),
        "deaths": sum(report.deaths for report in reports),
        "homes": homes,
        "wrong": sum(bool(report.found) for report in reports),
        "by_fault": faults,
    }


if __name__ == "__main__":
    main()
