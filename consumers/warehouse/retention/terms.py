"""From when on each store keeps an event, by its contract."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from consumers.warehouse.marts.files import MartFile
from infra.errors import OperatorError
from schemas.contract import Contract


class MartsNeedCore(OperatorError):
    """A contract has a term for core (`core_days`), and marts are made from the event: their figures would change.

    Nothing was removed. Leave `core_days` out, or take the event out of these marts first.
    """


@dataclass(frozen=True)
class Terms:
    """What Kafka took before these moments goes from the store; None: all is kept. In this order, none is later."""

    lake: datetime | None
    quarantine: datetime | None
    core: datetime | None


def terms_of(contract: Contract, now: datetime) -> Terms:
    """The terms of today."""
    keep = contract.keep
    return Terms(*(_before(days, now) for days in (keep.lake_days, keep.quarantine_days, keep.core_days)))


def refuse_mart_sources(contracts: Iterable[Contract], marts: Iterable[MartFile]) -> None:
    """Raises MartsNeedCore. The linter says so too, where a contract is written."""
    readers = list(marts)
    for contract in contracts:
        names = [mart.name for mart in readers if contract.event in mart.events]
        if contract.keep.core_days is not None and names:
            raise MartsNeedCore(f"{contract.topic}: {', '.join(sorted(names))}")


def _before(days: int | None, now: datetime) -> datetime | None:
    return None if days is None else now - timedelta(days=days)
