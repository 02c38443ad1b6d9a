from __future__ import annotations

import signal
from pathlib import Path

import pytest
from kafka.errors import KafkaError
from kafka.producer.future import FutureRecordMetadata

from consumers.lake.batches import read_file
from consumers.lake.datum import datum_bytes
from consumers.landing.connect import NativeCrcMissing
from schemas.registry import Registry
from schemas.wire import frame
from tests.component.landing.place import Place, make_topic, wait_until, write_contract
from tests.component.landing.running import hagiang_land, land_rounds, land_until, landing_thread


def test_every_record_lands_once_in_batches_that_chain(place: Place) -> None:
    place.send_good(2500, partition=0)
    place.send_good(1500, partition=1)
    done = land_until(place, 4000, batch_records=1000, poll_records=500)
    assert (done.records, done.rejected) == (4000, 0)
    for partition, count in ((0, 2500), (1, 1500)):
        batches = place.batches(partition)
        assert len(batches) >= count // 1000
        assert [batch.from_offset for batch in batches] == [0, *(batch.next_offset for batch in batches[:-1])]
        assert batches[-1].next_offset == count
        assert place.landed(partition) == list(range(count))


def test_what_is_durable_is_committed(place: Place) -> None:
    with landing_thread(place):
        place.send_good(30)
        wait_until(lambda: place.committed() == 30)
        assert place.landed() == list(range(30))


def test_what_is_gathered_when_landing_ends_is_written(place: Place) -> None:
    place.send_good(30)
    land_rounds(place, 40, batch_age_s=3600.0)
    assert place.landed() == list(range(30))


def test_what_landed_is_what_was_sent_byte_for_byte(place: Place) -> None:
    place.send_good(100)
    land_until(place, 100)
    (manifest,) = place.batches()
    (file,) = manifest.files
    assert (file.schema_id, file.records, manifest.records) == (place.schema_id, 100, 100)
    assert place.rows(manifest)[42] == {"place": "Đồng Văn", "visitors": 42}
    found = datum_bytes(read_file(place.lake, manifest, file), manifest, file, range(100))
    assert found == {offset: place.datum(offset) for offset in range(100)}
    assert manifest.first_timestamp is not None
    assert manifest.first_timestamp > 1_700_000_000_000


def test_each_kind_of_bad_record_is_a_reject_and_its_neighbours_land(place: Place) -> None:
    with Registry(place.settings.registry_url) as registry:
        other = {**place.contract.schema, "name": "Other", "namespace": f"vn.hagiang.{place.group.replace('-', '_')}"}
        foreign_id = registry.register(f"test.{place.group}-value", other)
    bad = {
        "null_value": None,
        "not_confluent_framed": b"plain garbage",
        "unknown_schema_id": frame(2_000_000_000, place.datum(1)),
        "foreign_schema_id": frame(foreign_id, place.datum(1)),
        "undecodable_datum": place.value(1)[:-4],
    }
    good = (place.value(number) for number in range(1, 9))
    place.send([place.value(0), *(value for pair in zip(bad.values(), good, strict=False) for value in pair)])
    done = land_until(place, 11)
    assert (done.records, done.rejected) == (11, 5)
    (manifest,) = place.batches()
    rejects = place.rejects(manifest)
    assert [(row["offset"], row["reason"], row["value"]) for row in rejects] == [
        (2 * number + 1, reason, value) for number, (reason, value) in enumerate(bad.items())
    ]
    assert [row["schema_id"] for row in rejects] == [None, None, 2_000_000_000, foreign_id, place.schema_id]
    assert all(row["key"] == b"key %d" % row["offset"] for row in rejects)
    assert list(place.rows(manifest)) == [0, 2, 4, 6, 8, 10]
    assert place.landed() == list(range(11))


def test_an_older_schema_of_the_topic_has_its_own_file(place: Place) -> None:
    older = {**place.contract.schema, "fields": place.contract.schema["fields"][:-1]}
    with Registry(place.settings.registry_url) as registry:
        older_id = registry.register(place.contract.subject, older)
    assert older_id != place.schema_id
    place.send([place.value(0), frame(older_id, place.datum(1)[:-2]), place.value(2)])
    land_until(place, 3)
    (manifest,) = place.batches()
    assert {file.schema_id: file.records for file in manifest.files} == {place.schema_id: 2, older_id: 1}
    assert manifest.rejected == 0


def test_landing_goes_on_where_it_stopped(place: Place) -> None:
    place.send_good(10)
    land_until(place, 10)
    place.send_good(5, start=10)
    assert land_until(place, 5).records == 5
    assert place.landed() == list(range(15))


def is_taken(sent: FutureRecordMetadata) -> bool:
    try:
        sent.get(timeout=30)
    except KafkaError:
        return False
    return True


def test_a_contract_added_while_landing_runs_is_landed(place: Place) -> None:
    with landing_thread(place):
        place.send_good(3)
        wait_until(lambda: place.landed() == [0, 1, 2])
        (place.contracts / "society" / "half_written.avsc").write_text('{"type": "rec')
        added = write_contract(place.contracts.parent / "other", place.contract.event + "_too")
        make_topic(place.admin, place.settings, added)
        # The broker hears of the rights on a new topic a moment after they were made.
        wait_until(lambda: is_taken(place.queue(b"garbage lands too, as a reject", topic=added.topic)))
        (place.contracts / "society" / "half_written.avsc").unlink()
        write_contract(place.contracts, added.event)
        wait_until(lambda: "0" in place.lake.folders(f"landing/{added.topic}/"))
        place.send_good(2, start=3)
        wait_until(lambda: place.landed() == [0, 1, 2, 3, 4])
    place.admin.delete_topics([added.topic])


def test_sigterm_writes_what_was_gathered_and_leaves(place: Place, tmp_path: Path) -> None:
    log = tmp_path / "land.log"
    with hagiang_land(place, log) as process:
        place.send_good(3)
        wait_until(lambda: place.landed() == [0, 1, 2])
        place.send_good(4, start=3)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert place.landed() == list(range(place.committed() or 0))
    assert place.committed() in range(3, 8)
    assert '"action": "batch_landed"' in log.read_text(encoding="utf-8")
    with landing_thread(place):
        wait_until(lambda: place.landed() == list(range(7)), 10)


def test_memory_held_is_bounded_and_nothing_is_skipped(place: Place) -> None:
    place.send_good(3000, partition=0)
    place.send_good(3000, partition=1)
    land_until(place, 6000, batch_records=200, poll_records=100, held_bytes=100_000)
    assert place.landed(0) == list(range(3000))
    assert place.landed(1) == list(range(3000))


def test_landing_refuses_to_run_without_the_native_crc(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kafka.record.util.crc32c_c", None)
    with pytest.raises(NativeCrcMissing):
        land_until(place, 0)
