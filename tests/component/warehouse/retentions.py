"""A history whose terms end step by step, and what retention takes out of it."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine

from consumers.warehouse.publish import publish
from consumers.warehouse.replay_choice import Choice
from consumers.warehouse.retention.going import Rows
from consumers.warehouse.retention.run import Going, remove
from consumers.warehouse.sealing.sealing import Sealer, seal_published
from consumers.warehouse.seeding import seed_dimensions
from infra.object_store import LakeStore
from schemas.contract import Contract, Keep
from tests.component.warehouse.loads import ORDER, condemn, load, stage_checked
from tests.component.warehouse.rebuilds import damage
from tests.component.warehouse.replays import replayed
from tests.landed_batches import KAFKA_TIME, Reject, land
from tests.samples import order

DAY_MS = 86_400_000
KEY = Ed25519PrivateKey.generate()
FIRST_DAY = datetime.fromtimestamp(KAFKA_TIME / 1000, UTC)
TERM = replace(ORDER, keep=Keep(lake_days=60, quarantine_days=60))
CORE_TERM = replace(ORDER, keep=Keep(lake_days=60, quarantine_days=60, core_days=60))


def on_day(day: int) -> datetime:
    """That many days after the first record."""
    return FIRST_DAY + timedelta(days=day)


def kafka_time(day: int) -> int:
    return KAFKA_TIME + day * DAY_MS


def history(engine: Engine, lake: LakeStore) -> None:
    """Orders by day and offset.

    Day 0: 0, 1 loaded, 2 repeats 0, 3 was replayed, 4 could not be decoded and was discarded, 5 was discarded, 6 is
    open. Day 100: 7 loaded, 8 repeats 0. Day 200: 9 loaded, and 0 of partition 1.
    """
    seed_dimensions(engine)
    first = [order(0), order(1), order(0), order(3), Reject("null_value", value=None), order(5), order(6)]
    land(lake, ORDER, first)
    load_id = stage_checked(engine, lake, ORDER)
    for offset, rule in ((3, "mended"), (5, "hopeless"), (6, "waiting")):
        condemn(engine, ORDER, load_id, offset, rule=rule)
    assert publish(engine, lake, ORDER, load_id).loaded == 2
    outcome = replayed(engine, lake, ORDER, Choice(rules=["mended"]))
    assert outcome is not None
    assert outcome.loaded == 1
    closed = "update quarantine.event set status = 'discarded', closed_at = now(), closed_by = 'a', close_reason = 'b'"
    damage(engine, f"{closed} where kafka_offset in (4, 5)")
    land(lake, ORDER, [order(7), order(0)], from_offset=7, kafka_time=kafka_time(100))
    assert load(engine, lake, ORDER).duplicate == 1
    land(lake, ORDER, [order(9)], from_offset=9, kafka_time=kafka_time(200))
    land(lake, ORDER, [order(10)], partition=1, kafka_time=kafka_time(200))
    assert load(engine, lake, ORDER).loaded == 2


def sealed(engine: Engine, lake: LakeStore) -> None:
    seal_published(engine, lake, Sealer(KEY, lambda: FIRST_DAY, lambda: os.urandom(32)))


def expired(engine: Engine, lake: LakeStore, day: int, contract: Contract = TERM, **how: Any) -> Going:
    """What retention took out of partition 0 on that day."""
    first, *_ = remove(engine, lake, contract, on_day(day), "test", **how)
    return first


def took(gone: Going) -> tuple[int, int, Rows]:
    """The lake's horizon, how many of its batches went, and which rows."""
    return gone.lake.next_offset, gone.lake.batches, gone.rows


def landed(lake: LakeStore) -> list[str]:
    """Objects of landed batches, without the random parts of their names."""
    return [key.removeprefix(f"landing/{ORDER.topic}/") for key in lake.list_after("landing/")]
