from __future__ import annotations

import pytest

from consumers.lake.batches import LakeHole, chain
from consumers.lake.keys import BatchRange, after_watermark, batch_prefix, range_of
from consumers.lake.manifest import Manifest, ManifestBroken
from tests.unit.lake.made_files import manifest_of


def ranges(*pairs: tuple[int, int]) -> list[BatchRange]:
    return sorted(BatchRange(next_offset=to, from_offset=start) for start, to in pairs)


def chained(*pairs: tuple[int, int], watermark: int = 0) -> list[tuple[int, int]]:
    return [(offsets.from_offset, offsets.next_offset) for offsets in chain(ranges(*pairs), watermark)]


def test_batches_chain_in_order_of_their_end() -> None:
    assert chained((10, 20), (0, 10), (20, 21)) == [(0, 10), (10, 20), (20, 21)]


def test_an_overlapping_batch_that_reaches_further_is_taken() -> None:
    assert chained((0, 100), (50, 150), (100, 200)) == [(0, 100), (50, 150), (100, 200)]


def test_batches_that_add_nothing_are_passed_over() -> None:
    assert chained((0, 100), (30, 100), (0, 60), (100, 200)) == [(0, 60), (0, 100), (100, 200)]


def test_a_batch_that_begins_too_late_waits_for_one_that_covers_it() -> None:
    assert chained((100, 150), (0, 200)) == [(0, 200)]


def test_a_watermark_within_a_batch_starts_with_that_batch() -> None:
    assert chained((0, 100), (100, 200), watermark=40) == [(0, 100), (100, 200)]


def test_a_hole_is_loud_and_what_precedes_it_is_given() -> None:
    carried_on = chain(ranges((0, 10), (11, 20)), 0)
    assert next(carried_on).next_offset == 10
    with pytest.raises(LakeHole, match="from offset 10 on"):
        next(carried_on)


def test_keys_sort_by_next_so_that_a_listing_can_start_at_the_watermark() -> None:
    start_after = after_watermark("a.b", 3, 100)
    beyond = [batch_prefix("a.b", 3, offsets) for offsets in ranges((0, 101), (99, 1000))]
    below = [batch_prefix("a.b", 3, offsets) for offsets in ranges((0, 100), (99, 100))]
    assert all(key > start_after for key in beyond)
    assert all(key + "batch.json" < start_after for key in below)


def test_only_manifest_keys_have_a_range() -> None:
    offsets = BatchRange(next_offset=7, from_offset=5)
    prefix = batch_prefix("a.b", 0, offsets)
    assert range_of(prefix + "batch.json") == offsets
    assert range_of(prefix + "schema-1.avro") is None
    assert range_of("landing/a.b/0/notes/batch.json") is None


def test_a_manifest_survives_json() -> None:
    manifest = manifest_of(b"x", records=1, seal_base=2**62 - 1, from_offset=1, next_offset=2)
    assert Manifest.from_json(manifest.to_json()) == manifest
    assert str(2**62 - 1) not in manifest.to_json().decode()


@pytest.mark.parametrize("text", [b"", b"{}", b'{"files": []}', b"\xff", b'{"files": [{"seal_base": "zz"}]}', b"[1]"])
def test_a_damaged_manifest_is_refused(text: bytes) -> None:
    with pytest.raises(ManifestBroken):
        Manifest.from_json(text)
