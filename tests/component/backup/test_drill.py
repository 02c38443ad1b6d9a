"""Everything is lost and restored from a backup that is older: nothing is lost by that, and nothing counts twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from infra.backup.books import BackupDamaged, BackupMissing, backups_in
from infra.backup.dumps import empty_warehouse
from infra.backup.make import make_backup, watermarks_of
from infra.backup.restore import Restored, WarehouseIsNewer, restore_backup
from infra.local.postgres_place import programs
from infra.settings import Settings
from schemas.catalog import load_catalog
from tests.chaos.checker.topic import Topic, read_topic
from tests.chaos.checker.verdict import found_wrong, homes
from tests.chaos.drive import evidence_of
from tests.chaos.ground import Ground, new_ground
from tests.component.backup.drill import lake_of, landed, loaded, lose_in_kafka, published
from tests.component.backup.losses import empty_lake
from tests.databases import own_database

NOW = datetime(2026, 11, 27, 3, tzinfo=UTC)
RECORDS = 240


@pytest.fixture
def ground(servers: Settings, tmp_path: Path) -> Iterator[Ground]:
    with new_ground(servers, tmp_path, seed=7, records=RECORDS) as ground:
        yield ground


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


def backed_up(ground: Ground, folder: Path, hours: int = 0) -> str:
    made = make_backup(programs(), ground.engine, lake_of(ground), folder, NOW + timedelta(hours=hours))
    return made.name


def restored(ground: Ground, folder: Path, name: str | None = None, *, replace: bool = False) -> Restored:
    catalog = load_catalog(ground.contracts)
    return restore_backup(
        programs(), ground.engine, lake_of(ground), catalog, folder, lambda: NOW, name=name, replace=replace
    )


def past(ground: Ground, folder: Path) -> None:
    """Half of the records are loaded at the time of the backup, a quarter more has landed, the rest comes after it."""
    planned = ground.planned()
    published(ground, planned[: RECORDS // 2])
    landed(ground)
    assert loaded(ground) > 0
    published(ground, planned[RECORDS // 2 : 3 * RECORDS // 4])
    landed(ground)
    backed_up(ground, folder)
    published(ground, planned[3 * RECORDS // 4 :])
    landed(ground)
    assert loaded(ground) > 0


def assert_all_accounted_for(ground: Ground, topic: Topic | None = None) -> None:
    """`topic` is what Kafka held before it lost some of it."""
    evidence = evidence_of(ground)
    evidence = evidence if topic is None else replace(evidence, topic=topic)
    assert found_wrong(evidence) == []
    assert Counter(homes(evidence).values()).total() == RECORDS


def test_a_warehouse_that_is_restored_goes_on_with_nothing_lost_or_twice(ground: Ground, folder: Path) -> None:
    past(ground, folder)
    assert_all_accounted_for(ground)
    empty_warehouse(ground.engine)
    found = restored(ground, folder)
    assert found.objects_put == 0
    assert 0 < sum(offset for _, _, offset in found.watermarks) < RECORDS
    assert loaded(ground) > 0
    assert_all_accounted_for(ground)


def test_lake_and_warehouse_are_restored_and_kafka_has_only_what_came_later(ground: Ground, folder: Path) -> None:
    past(ground, folder)
    topic = read_topic(ground.settings, ground.contract.topic)
    empty_warehouse(ground.engine)
    empty_lake(lake_of(ground))
    (backup,) = backups_in(folder)
    lose_in_kafka(ground, backup.watermarks)
    found = restored(ground, folder)
    assert (found.objects_put, found.watermarks) == (backup.objects, backup.watermarks)
    landed(ground)
    assert loaded(ground) > 0
    assert_all_accounted_for(ground, topic)


def test_a_restore_can_be_said_again_and_takes_nothing_away_unless_told_to(ground: Ground, folder: Path) -> None:
    past(ground, folder)
    whole = watermarks_of(ground.engine)
    with pytest.raises(WarehouseIsNewer):
        restored(ground, folder)
    assert watermarks_of(ground.engine) == whole
    first = restored(ground, folder, replace=True)
    assert restored(ground, folder).watermarks == first.watermarks
    loaded(ground)
    assert watermarks_of(ground.engine) == whole
    assert_all_accounted_for(ground)


def test_a_second_backup_copies_what_is_new_alone(ground: Ground, folder: Path) -> None:
    past(ground, folder)
    backed_up(ground, folder, hours=1)
    old, new = backups_in(folder)
    assert 0 < new.copied_objects < new.objects
    assert new.objects == old.objects + new.copied_objects
    empty_warehouse(ground.engine)
    empty_lake(lake_of(ground))
    assert restored(ground, folder).objects_put == new.objects
    assert_all_accounted_for(ground)


def test_another_database_is_in_it_too(ground: Ground, folder: Path) -> None:
    with own_database(ground.settings) as registry:
        with registry.begin() as connection:
            connection.execute(text("create table numbers as select 7 as id"))
        others = {"registry": registry.url}
        store = lake_of(ground)
        make_backup(programs(), ground.engine, store, folder, NOW, others)
        with registry.begin() as connection:
            connection.execute(text("update numbers set id = 1"))
        registry.dispose()
        catalog = load_catalog(ground.contracts)
        restore_backup(programs(), ground.engine, store, catalog, folder, lambda: NOW, others=others)
        with registry.connect() as connection:
            assert connection.execute(text("select id from numbers")).scalars().all() == [7]


def test_a_damaged_backup_changes_nothing(ground: Ground, folder: Path) -> None:
    with pytest.raises(BackupMissing):
        restored(ground, folder)
    past(ground, folder)
    content = next(each for each in sorted(folder.glob("objects/*/*")) if each.stat().st_size)
    content.write_bytes(content.read_bytes()[:-1])
    with pytest.raises(BackupDamaged):
        restored(ground, folder, replace=True)
    (dump,) = folder.glob("*/warehouse.dump")
    dump.write_bytes(dump.read_bytes()[:-1])
    with pytest.raises(BackupDamaged):
        restored(ground, folder, replace=True)
    assert_all_accounted_for(ground)
