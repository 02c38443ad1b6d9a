"""The assets by which the stages wake each other; a wake-up is a hint, never the truth."""

from __future__ import annotations

from airflow.sdk import Asset

from schemas.contract import Contract


def landed(contract: Contract) -> Asset:
    """Landing has put a new batch of the event into the lake."""
    return Asset(name=f"landing.{contract.event}", uri=f"hagiang://landing/{contract.event}")


def loaded(contract: Contract) -> Asset:
    """A load has committed rows of the event to the warehouse."""
    return Asset(name=f"core.{contract.event}", uri=f"hagiang://core/{contract.event}")
