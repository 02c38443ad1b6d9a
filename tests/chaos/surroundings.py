"""What the processes of a run read from their environment."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from infra.settings import Settings, load_settings
from schemas.catalog import load_catalog
from schemas.contract import Contract
from tests.chaos.dying import dying
from tests.chaos.history import Planned, SchemaIds, history
from tests.chaos.network import take_kafkas_relay


@dataclass(frozen=True)
class Surroundings:
    """The run's settings, contract and plan; see tests/chaos/ground.py."""

    settings: Settings
    contracts: Path
    contract: Contract
    folder: Path
    seed: int
    records: int
    ids: SchemaIds

    def planned(self) -> list[Planned]:
        """All that the run publishes."""
        return history(self.seed, self.records, self.contract.schema, self.ids)


def from_environment() -> Surroundings:
    """Also takes the run's way to Kafka. Raises KeyError outside of a run."""
    take_kafkas_relay(os.environ)
    folder, contracts = Path(os.environ["CHAOS_FOLDER"]), Path(os.environ["HAGIANG_CONTRACTS"])
    contract = load_catalog(contracts)[os.environ["CHAOS_EVENT"]]
    return Surroundings(
        settings=load_settings(os.environ),
        contracts=contracts,
        contract=contract,
        folder=folder,
        seed=int(os.environ["CHAOS_SEED"]),
        records=int(os.environ["CHAOS_RECORDS"]),
        ids=SchemaIds(int(os.environ["CHAOS_OLD_ID"]), int(os.environ["CHAOS_NEW_ID"])),
    )


def boundaries() -> Callable[[str], None]:
    """What befalls this process at its boundaries; `CHAOS_DYING` holds the shares of Plan, and where they count."""
    dies, stalls, at = os.environ["CHAOS_DYING"].split(",")
    return dying(lot_of_process(), float(dies), float(stalls), at)


def lot_of_process() -> Random:
    """Chance of its own for each process, from the run's seed and the process's turn."""
    return Random(f"{os.environ['CHAOS_SEED']} {os.environ['CHAOS_TURN']}")
