"""What replaces objects while a backup runs is in it, however the listing and the deletion meet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from consumers.lake.batches import chain, ranges_after
from consumers.lake.expire import drop_below
from infra.backup.lake_files import put_back, save_lake
from infra.object_store import LakeStore, StoredObject
from tests.component.backup.losses import empty_lake
from tests.component.warehouse.loads import ORDER
from tests.component.warehouse.retentions import kafka_time, on_day
from tests.landed_batches import land
from tests.samples import order


class Listed(LakeStore):
    """A store whose oldest batches go right after it was listed for the first time."""

    def objects(self, prefix: str) -> Iterator[StoredObject]:
        found = list(super().objects(prefix))
        drop_below(self, ORDER.topic, 0, 2, on_day(0))
        yield from found


def test_a_backup_has_the_mark_of_batches_that_went_while_it_copied(lake: LakeStore, tmp_path: Path) -> None:
    for number in range(3):
        land(lake, ORDER, [order(number)], from_offset=number, kafka_time=kafka_time(number))
    (tmp_path / "one").mkdir()
    index, copied = save_lake(Listed(lake.bucket, lake.client), tmp_path, "one", {})
    assert copied == len(index) == 3
    empty_lake(lake)
    put_back(lake, tmp_path, index)
    assert [each.next_offset for each in chain(ranges_after(lake, ORDER.topic, 0, 0), 0)] == [2, 3]
