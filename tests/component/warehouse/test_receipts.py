"""Published batches are sealed once, and anybody proves a receipt with the public key alone."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from consumers.warehouse.publish import publish
from consumers.warehouse.sealing.books import all_seals, seal_over
from consumers.warehouse.sealing.issue import NotSealedYet, RecordChanged, receipt_of
from consumers.warehouse.sealing.keys import private_pem, public_pem
from consumers.warehouse.sealing.leaves import LeavesDiffer
from consumers.warehouse.sealing.places import EventUnknown, Place, place_of
from consumers.warehouse.sealing.receipt import Receipt
from consumers.warehouse.sealing.seal import breaks_of
from consumers.warehouse.sealing.sealing import LakeMiscounted, Sealed, Sealer, seal_published
from consumers.warehouse.sealing.told import told_of
from consumers.warehouse.sealing.verify import failures_of
from infra.cli.main import main
from infra.object_store import LakeStore
from infra.settings import Settings
from tests.component.warehouse.loads import CATALOG, DOSSIER, condemn, load, stage_checked
from tests.landed_batches import Reject, datum, land
from tests.samples import dossier, event_id

KEY = Ed25519PrivateKey.generate()
NOW = datetime(2021, 6, 21, 1, tzinfo=UTC)


def sealer() -> Sealer:
    numbers = count()
    return Sealer(KEY, lambda: NOW, lambda: os.urandom(24) + next(numbers).to_bytes(8, "big"))


@pytest.fixture
def loaded(engine: Engine, lake: LakeStore) -> Engine:
    """Offsets 0 to 4 of partition 0: loaded, loaded, duplicate; quarantined, rejected; and one of partition 1.

    The second batch overlaps the first, as a doubled landing leaves it.
    """
    land(lake, DOSSIER, [dossier(0), dossier(1), dossier(0)])
    land(lake, DOSSIER, [dossier(9)], partition=1)
    load(engine, lake, DOSSIER)
    land(lake, DOSSIER, [dossier(0), dossier(2), Reject("null_value", value=None)], from_offset=2)
    load_id = stage_checked(engine, lake, DOSSIER)
    condemn(engine, DOSSIER, load_id, 3)
    publish(engine, lake, DOSSIER, load_id)
    return engine


def given(engine: Engine, lake: LakeStore, offset: int, partition: int = 0) -> Receipt:
    place = Place(DOSSIER.topic, partition, offset)
    with engine.connect() as connection:
        return receipt_of(lake, seal_over(connection, *vars(place).values()), place)


def state(engine: Engine, lake: LakeStore) -> tuple[Any, Any]:
    with engine.connect() as connection:
        rows = connection.execute(text("select to_jsonb(s) from ledger.seal s order by 1")).scalars().all()
    return rows, [(each.key, each.etag) for each in lake.objects("receipts/")]


def test_everything_published_is_sealed_once_with_the_ledgers_counts(loaded: Engine, lake: LakeStore) -> None:
    assert seal_published(loaded, lake, sealer()) == Sealed(3, 6)
    with loaded.connect() as connection:
        seals = list(all_seals(connection))
    assert list(breaks_of(seals, KEY.public_key())) == []
    counts = [(s.from_offset, s.loaded, s.duplicate, s.quarantined, s.rejected) for s in (x.statement for x in seals)]
    assert counts == [(0, 2, 1, 0, 0), (3, 0, 0, 1, 1), (0, 1, 0, 0, 0)]


def test_sealing_again_changes_nothing(loaded: Engine, lake: LakeStore) -> None:
    seal_published(loaded, lake, sealer())
    before = state(loaded, lake)
    assert seal_published(loaded, lake, sealer()) == Sealed(0, 0)
    assert state(loaded, lake) == before


def test_several_at_once_make_one_chain(loaded: Engine, lake: LakeStore) -> None:
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: seal_published(loaded, lake, sealer()), range(3)))
    with loaded.connect() as connection:
        seals = list(all_seals(connection))
    assert len(seals) == 3
    assert list(breaks_of(seals, KEY.public_key())) == []
    assert list(failures_of(given(loaded, lake, 3), KEY.public_key())) == []


@pytest.mark.parametrize(("offset", "partition"), [(0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (0, 1)])
def test_every_record_has_a_receipt_that_holds(loaded: Engine, lake: LakeStore, offset: int, partition: int) -> None:
    seal_published(loaded, lake, sealer())
    found = Receipt.from_json(given(loaded, lake, offset, partition).to_json())
    assert list(failures_of(found, KEY.public_key())) == []
    number = {(0, 0): 0, (1, 0): 1, (2, 0): 0, (3, 0): 2, (0, 1): 9}.get((offset, partition))
    sent = b"" if number is None else datum(dossier(number), DOSSIER.schema)
    assert found.leaf.datum_sha256 == sha256(sent).hexdigest()
    assert found.leaf.event_id == ("" if number is None else event_id(number))


def test_a_run_that_died_before_it_signed_is_carried_on(loaded: Engine, lake: LakeStore) -> None:
    class Died(Exception):
        pass

    def dies() -> datetime:
        raise Died

    with pytest.raises(Died):
        seal_published(loaded, lake, Sealer(KEY, dies, sealer().salt))
    rows, objects = state(loaded, lake)
    assert (len(rows), len(objects)) == (0, 1)
    seal_published(loaded, lake, sealer())
    assert objects[0] in state(loaded, lake)[1]
    assert list(failures_of(given(loaded, lake, 1), KEY.public_key())) == []


def test_leaves_of_other_records_are_never_signed(loaded: Engine, lake: LakeStore) -> None:
    with pytest.raises(ZeroDivisionError):
        seal_published(loaded, lake, Sealer(KEY, lambda: NOW.replace(year=1 // 0), sealer().salt))
    land(lake, DOSSIER, [dossier(0), dossier(7), dossier(0)])
    with pytest.raises(LeavesDiffer):
        seal_published(loaded, lake, sealer())
    assert state(loaded, lake)[0] == []


def test_a_lake_that_lacks_a_record_is_not_sealed(loaded: Engine, lake: LakeStore) -> None:
    land(lake, DOSSIER, [dossier(0), dossier(1)], next_offset=3)
    with pytest.raises(LakeMiscounted, match="2, loaded 3"):
        seal_published(loaded, lake, sealer())


def test_a_record_that_changed_has_no_receipt_and_its_neighbours_have_theirs(loaded: Engine, lake: LakeStore) -> None:
    with pytest.raises(NotSealedYet):
        given(loaded, lake, 0)
    seal_published(loaded, lake, sealer())
    land(lake, DOSSIER, [dossier(0), dossier(7), dossier(0)])
    with pytest.raises(RecordChanged):
        given(loaded, lake, 1)
    assert list(failures_of(given(loaded, lake, 0), KEY.public_key())) == []
    assert list(failures_of(given(loaded, lake, 2), KEY.public_key())) == []


@pytest.mark.parametrize(
    "change", ["update ledger.seal set loaded = 1", "delete from ledger.seal", "truncate ledger.seal"]
)
def test_seals_are_only_added(loaded: Engine, lake: LakeStore, change: str) -> None:
    seal_published(loaded, lake, sealer())
    with pytest.raises(ProgrammingError, match="append-only"), loaded.begin() as connection:
        connection.execute(text(change))


def test_what_became_of_a_record_is_told(loaded: Engine, lake: LakeStore) -> None:
    from consumers.warehouse.marts.build import build_marts
    from consumers.warehouse.marts.files import load_marts

    seal_published(loaded, lake, sealer())
    leaves = [given(loaded, lake, offset).leaf for offset in range(5)]
    with loaded.connect() as connection:
        told = [told_of(connection, leaf, DOSSIER, load_marts(), NOW) for leaf in leaves]
    assert [each["outcome"] for each in told] == ["loaded", "loaded", "not_loaded", "quarantined", "quarantined"]
    marts = {each["mart"]: each["build_id"] for each in told[0]["marts"]}
    assert marts["mart.dossier"] is None
    build_marts(loaded, lambda: NOW, CATALOG)
    with loaded.connect() as connection:
        built = told_of(connection, given(loaded, lake, 0).leaf, DOSSIER, load_marts(), NOW)["marts"]
        first = "select min(build_id) from ledger.mart_build where mart = 'dossier'"
        assert {each["mart"]: each["build_id"] for each in built}["mart.dossier"] == connection.scalar(text(first))


def test_an_event_is_found_by_its_id(loaded: Engine) -> None:
    with loaded.connect() as connection:
        assert place_of(connection, CATALOG.values(), UUID(event_id(0))) == Place(DOSSIER.topic, 0, 0)
        assert place_of(connection, CATALOG.values(), UUID(event_id(2))) == Place(DOSSIER.topic, 0, 3)
        with pytest.raises(EventUnknown):
            place_of(connection, CATALOG.values(), UUID(int=0))


def test_a_receipt_is_had_and_proven_by_command(
    monkeypatch: pytest.MonkeyPatch, servers: Settings, loaded: Engine, lake: LakeStore, tmp_path: Path
) -> None:
    key, public, file, sent = (tmp_path / name for name in ("key", "public", "receipt", "datum"))
    key.touch(0o600)
    key.write_text(private_pem(KEY))
    sent.write_bytes(datum(dossier(1), DOSSIER.schema))
    monkeypatch.setenv("HAGIANG_HOME", str(servers.home))
    monkeypatch.setenv("WAREHOUSE_URL", loaded.url.render_as_string(hide_password=False))
    monkeypatch.setenv("LAKE_BUCKET", lake.bucket)
    monkeypatch.setenv("SEAL_KEY", str(key))
    invoke = CliRunner().invoke
    assert "3 batches, 6 records" in invoke(main, ["seal"]).output
    assert "All 3 seals hold" in invoke(main, ["seal", "--verify"]).output
    assert invoke(main, ["receipt", event_id(1), "--output", str(file)]).exit_code == 0
    assert invoke(main, ["receipt", "--public-key", "--output", str(public)]).exit_code == 0
    assert public.read_text() == public_pem(KEY.public_key())
    for name in ("HAGIANG_HOME", "WAREHOUSE_URL", "LAKE_BUCKET", "SEAL_KEY"):
        monkeypatch.setenv(name, str(tmp_path / "nothing"))
    proven = invoke(main, ["verify", str(file), "--key", str(public), "--datum", str(sent)])
    assert proven.exit_code == 0, proven.output
    assert "partition 0, offset 1" in proven.output
    file.write_text(file.read_text().replace('"loaded": 2', '"loaded": 3'))
    refused = invoke(main, ["verify", str(file), "--key", str(public), "--datum", str(public)])
    assert refused.exit_code == 3
    assert "signature does not hold" in refused.output
    assert "do not add up" in refused.output
    assert "not the one that was received" in refused.output
