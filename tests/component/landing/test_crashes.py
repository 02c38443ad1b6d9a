from __future__ import annotations

from datetime import UTC, datetime

import pytest

from consumers.landing.records import OpenBatch
from consumers.landing.write import COMMITTED, DATA_PUT, MANIFEST_PUT, batch_files, manifest_of, store_batch
from consumers.landing.writer_schemas import TopicSchemas
from schemas.registry import Registry
from tests.component.landing.place import Place, wait_until
from tests.component.landing.running import land_and_die, land_until, landing_thread

COUNT = 40


@pytest.mark.parametrize(("step", "times"), [(DATA_PUT, 2), (MANIFEST_PUT, 2), (COMMITTED, 1)])
def test_landing_killed_between_two_steps_neither_loses_nor_doubles(place: Place, step: str, times: int) -> None:
    for partition in (0, 1):
        place.send_good(COUNT, partition)
    land_and_die(place, step, times)
    durable = sum(batch.records for partition in (0, 1) for batch in place.batches(partition))
    assert 0 < durable <= 2 * COUNT
    if step == COMMITTED:
        assert any(place.committed(partition) for partition in (0, 1))

    place.send_good(5, partition=0, start=COUNT)
    left = 2 * COUNT + 5 - durable
    assert land_until(place, left).records == left

    for partition, total in ((0, COUNT + 5), (1, COUNT)):
        batches = place.batches(partition)
        assert [batch.from_offset for batch in batches] == [0, *(batch.next_offset for batch in batches[:-1])]
        assert place.landed(partition) == list(range(total))


def test_two_landings_that_do_not_know_of_each_other_do_no_harm(place: Place) -> None:
    place.send_good(300)
    with (
        landing_thread(place, group=place.group + "-a", batch_records=70, poll_records=35),
        landing_thread(place, group=place.group + "-b", batch_records=50, poll_records=25),
    ):
        wait_until(lambda: len(place.landed()) == 300)
        place.send_good(200, start=300)
        wait_until(lambda: len(place.landed()) >= 500)
    assert place.landed() == list(range(500))


def test_the_first_manifest_of_a_range_stands(place: Place) -> None:
    batch = OpenBatch(place.topic, 0, 0, 0, 0.0)
    batch.values, batch.offsets, batch.timestamps, batch.keys = [place.value(0)], [0], [0], [None]
    batch.next_offset = 1
    with Registry(place.settings.registry_url) as registry:
        for writer in ("first", "second"):
            made = batch_files(batch, TopicSchemas(registry, place.topic), None)
            manifest = manifest_of(batch, made, writer, datetime.now(UTC))
            standing = store_batch(place.lake, manifest, made.files, lambda _: None)
            assert standing.writer == "first"
    assert place.landed() == [0]
