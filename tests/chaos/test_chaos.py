"""A few minutes of what `make chaos` does at length; see README.md."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.settings import Settings
from tests.chaos.aimed import AIMED
from tests.chaos.drive import NEEDED, Plan, run_seed
from tests.local_stack import running_stack


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Servers of these tests alone, since they are killed."""
    with running_stack(tmp_path_factory.mktemp("servers"), NEEDED) as settings:
        yield settings


@pytest.mark.parametrize("seed", [1])
def test_every_record_is_accounted_for_once_whatever_hits(servers: Settings, tmp_path: Path, seed: int) -> None:
    report = run_seed(servers, tmp_path / "run", seed, Plan(records=900))
    assert report.found == []
    assert sum(report.faults.values()) + report.deaths >= 3
    assert {"loaded", "duplicate", "quarantined", "rejected"} == set(report.homes)


@pytest.mark.parametrize(("mutant", "told"), [("no_dedup", "doubled: event"), ("rejects_dropped", "lost: undecodable")])
def test_a_broken_build_is_caught(servers: Settings, tmp_path: Path, mutant: str, told: str) -> None:
    runs = (run_seed(servers, tmp_path / str(seed), seed, AIMED[mutant]) for seed in range(1, 4))
    assert any(found.startswith(told) for report in runs for found in report.found)
