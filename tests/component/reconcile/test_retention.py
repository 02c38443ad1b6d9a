"""What went at the end of its term, or was merged, is no gap for survey and landing, and real gaps are still named."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from consumers.warehouse.compaction import compact_event
from consumers.warehouse.retention.run import remove
from consumers.warehouse.sealing.sealing import Sealer, seal_published
from schemas.contract import Keep
from tests.component.reconcile.ground import AT_ONCE, Ground

LATER = timedelta(days=61)


def expire(ground: Ground) -> list[int]:
    """How far each partition's lake has gone in two months."""
    now = datetime.now(UTC)
    sealer = Sealer(Ed25519PrivateKey.generate(), lambda: now, lambda: os.urandom(32))
    seal_published(ground.engine, ground.place.lake, sealer)
    contract = replace(ground.place.contract, keep=Keep(lake_days=60))
    gone = remove(ground.engine, ground.place.lake, contract, now + LATER, "test")
    return [each.lake.next_offset for each in gone]


def test_what_went_at_the_end_of_its_term_is_no_finding(ground: Ground) -> None:
    assert expire(ground) == [3, 3]
    assert ground.found(AT_ONCE, LATER) == []
    ground.place.send_good(2, start=3)
    ground.land(2)
    ground.load()
    assert ground.found(AT_ONCE, LATER) == []
    assert [batch.offsets.from_offset for batch in ground.place.batches()] == [0, 3]
    ground.place.lake.delete(ground.place.batches()[1].key)
    assert "missing_in_lake 0 [3, 5)" in ground.found(AT_ONCE, LATER)


def test_a_lake_that_lost_its_mark_is_a_finding(ground: Ground) -> None:
    expire(ground)
    ground.place.lake.delete(ground.place.batches()[0].key)
    assert "missing_in_lake 0 [0, 3)" in ground.found(AT_ONCE, LATER)


def test_merged_batches_are_no_finding(ground: Ground) -> None:
    ground.place.send_good(2, start=3)
    ground.land(2)
    ground.load()
    for day, found in ((2, (1, 2, 0)), (3, (0, 0, 4))):
        later = datetime.now(UTC) + timedelta(days=day)
        done = compact_event(ground.engine, ground.place.lake, ground.place.contract, later)
        assert tuple(vars(done).values()) == found
        assert ground.found(AT_ONCE, timedelta(days=day)) == []
    ground.place.send_good(2, start=5)
    ground.land(2)
    ground.load()
    assert ground.place.landed() == list(range(7))
    assert ground.found(AT_ONCE, LATER) == []
