from __future__ import annotations

import pytest

from consumers.landing.limits import LandingLimits
from consumers.landing.records import OpenBatch
from tests.unit.landing.made_batches import TOPIC, record

LIMITS = LandingLimits(batch_records=3, batch_bytes=100, batch_age_s=1.0)


def opened() -> OpenBatch:
    return OpenBatch(TOPIC, 0, from_offset=10, next_offset=10, opened_at=50.0)


def test_the_range_reaches_to_the_position_and_not_to_the_last_record() -> None:
    batch = opened()
    batch.add([record(12, b"v"), record(13, None)], next_offset=15)
    assert (batch.range.from_offset, batch.range.next_offset) == (10, 15)
    assert (batch.offsets, batch.timestamps, batch.values, batch.bytes) == ([12, 13], [120, 130], [b"v", None], 1)


@pytest.mark.parametrize(
    ("values", "now", "due"),
    [
        pytest.param([b"x"], 50.9, False, id="young and small"),
        pytest.param([b"x"], 51.0, True, id="old"),
        pytest.param([b"x"] * 3, 50.0, True, id="many records"),
        pytest.param([b"x" * 100], 50.0, True, id="many bytes"),
    ],
)
def test_a_batch_is_due_by_records_bytes_or_age(values: list[bytes], now: float, due: bool) -> None:
    batch = opened()
    batch.add([record(10 + at, value) for at, value in enumerate(values)], next_offset=20)
    assert batch.is_due(LIMITS, now) is due
