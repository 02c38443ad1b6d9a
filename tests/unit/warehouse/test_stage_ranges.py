"""What a load of several batches means to publish of each partition."""

from __future__ import annotations

from collections import Counter

from consumers.lake.manifest import Manifest
from consumers.warehouse.copying import REJECT, ROW
from consumers.warehouse.ledger import LoadRange
from consumers.warehouse.plan import Take
from consumers.warehouse.stage import ranges_of


def take(partition: int, from_offset: int, next_offset: int) -> Take:
    manifest = Manifest("t", partition, from_offset, next_offset, 0, 0, (), None, None, "", "test")
    return Take(manifest, from_offset)


def test_ranges_span_the_batches_and_count_rows_and_rejects() -> None:
    takes = [take(0, 3, 10), take(0, 10, 14), take(2, 0, 5)]
    copied = Counter({(0, ROW): 9, (0, REJECT): 2, (2, ROW): 5})
    assert ranges_of(takes, copied) == [LoadRange(0, 3, 14, 11, 2), LoadRange(2, 0, 5, 5, 0)]


def test_a_range_without_records_is_a_range() -> None:
    assert ranges_of([take(1, 7, 8)], Counter()) == [LoadRange(1, 7, 8, 0, 0)]
