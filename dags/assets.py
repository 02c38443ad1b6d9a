"""The assets by which the stages wake each other; a wake-up is a hint, never the truth."""

from __future__ import annotations

from airflow.sdk import Asset, AssetAlias

from schemas.contract import Contract

# Airflow has to know outlets before a task runs; through an alias a task names the asset of whichever event it served.
REPLAYED = AssetAlias("replayed")
RESUMED = AssetAlias("resumed")


def landed(contract: Contract) -> Asset:
    """Landing has put a new batch of the event into the lake."""
    return Asset(name=f"landing.{contract.event}", uri=f"hagiang://landing/{contract.event}")


def loaded(contract: Contract) -> Asset:
    """A load has committed rows of the event to the warehouse."""
    return Asset(name=f"core.{contract.event}", uri=f"hagiang://core/{contract.event}")
