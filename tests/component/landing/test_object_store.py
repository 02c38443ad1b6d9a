from __future__ import annotations

from dataclasses import replace

import pytest

from consumers.lake.batches import FileDamaged, LakeHole, batches_after, lake_end, partitions_of, read_file
from consumers.lake.keys import BatchRange, batch_prefix
from infra.object_store import ObjectExists, ObjectMissing, StoreRefused, StoreUnavailable, open_lake
from infra.settings import Login
from tests.component.landing.place import Place
from tests.component.landing.running import land_until
from tests.unit.lake.made_files import manifest_of


def put_manifest(place: Place, from_offset: int, next_offset: int) -> None:
    manifest = replace(
        manifest_of(b"", records=1, seal_base=0, from_offset=from_offset, next_offset=next_offset), topic=place.topic
    )
    place.lake.put(manifest.key, manifest.to_json())
    place.lake.put(manifest.key_of("schema-1-aa.avro"), b"")


def test_an_object_is_put_once_when_told_so(place: Place) -> None:
    place.lake.put("a/b", b"first", if_absent=True)
    with pytest.raises(ObjectExists):
        place.lake.put("a/b", b"second", if_absent=True)
    assert place.lake.get("a/b") == b"first"
    place.lake.put("a/b", b"third")
    assert place.lake.get("a/b") == b"third"


def test_a_missing_object_is_told_apart_from_a_missing_right(place: Place) -> None:
    with pytest.raises(ObjectMissing):
        place.lake.get("nothing")
    stranger = open_lake(replace(place.settings.lake, login=Login("stranger", "wrong")))
    with pytest.raises(StoreRefused):
        stranger.get("nothing")
    place.lake.delete("nothing")


def test_a_store_that_is_away_is_unavailable(place: Place) -> None:
    nowhere = open_lake(replace(place.settings.lake, endpoint_url="http://127.0.0.1:9"))
    with pytest.raises(StoreUnavailable):
        nowhere.put("a", b"")
    with pytest.raises(StoreUnavailable):
        list(nowhere.list_after("a"))


def test_batches_are_listed_from_the_watermark_on(place: Place) -> None:
    for number in range(600, 1200):
        put_manifest(place, number * 10, number * 10 + 10)
    put_manifest(place, 5, 6_000)
    put_manifest(place, 0, 50)
    ends = [manifest.next_offset for manifest in batches_after(place.lake, place.topic, 0, 11_950)]
    assert ends == [11_960, 11_970, 11_980, 11_990, 12_000]
    assert lake_end(place.lake, place.topic, 0, 0) == 12_000
    assert list(batches_after(place.lake, place.topic, 0, 12_000)) == []


def test_a_deleted_batch_is_a_hole(place: Place) -> None:
    for start in (0, 10, 20):
        put_manifest(place, start, start + 10)
    place.lake.delete(batch_prefix(place.topic, 0, BatchRange(next_offset=20, from_offset=10)) + "batch.json")
    with pytest.raises(LakeHole, match="from offset 10 on"):
        list(batches_after(place.lake, place.topic, 0, 0))


def test_partitions_are_those_that_have_landed(place: Place) -> None:
    assert partitions_of(place.lake, place.topic) == []
    put_manifest(place, 0, 10)
    assert partitions_of(place.lake, place.topic) == [0]


def test_a_file_that_was_changed_is_refused(place: Place) -> None:
    place.send_good(3)
    land_until(place, 3)
    (manifest,) = place.batches()
    content = read_file(place.lake, manifest, manifest.files[0])
    place.lake.put(manifest.key_of(manifest.files[0].name), content[:-1] + b"?")
    with pytest.raises(FileDamaged):
        read_file(place.lake, manifest, manifest.files[0])
