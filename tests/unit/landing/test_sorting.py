from __future__ import annotations

import pytest

from consumers.landing.rejects import Reason
from consumers.landing.sorting import sort_records
from schemas.registry import RegistryUnavailable
from schemas.wire import frame
from tests.unit.landing.made_batches import OLDER, OURS, THEIRS, TOPIC, batch_of, good, registry, topic_schemas


def test_a_batch_of_one_schema_is_sorted_without_rejects() -> None:
    values = [good(number) for number in range(5)]
    (datums,), rejects = sort_records(batch_of(values, from_offset=40), topic_schemas(registry()), {})
    assert rejects == []
    assert datums.schema_id == OURS
    assert datums.datums == [value[5:] for value in values]
    assert datums.offsets.tolist() == [40, 41, 42, 43, 44]
    assert datums.timestamps.tolist() == [400, 410, 420, 430, 440]


def test_datums_of_each_schema_keep_their_offsets() -> None:
    batch = batch_of([good(0), good(1, OLDER), good(2), good(3, OLDER)])
    sorted_datums, _ = sort_records(batch, topic_schemas(registry()), {})
    assert {datums.schema_id: datums.offsets.tolist() for datums in sorted_datums} == {OURS: [0, 2], OLDER: [1, 3]}


@pytest.mark.parametrize(
    ("value", "reason", "schema_id"),
    [
        (None, Reason.NULL_VALUE, None),
        (b"", Reason.NOT_FRAMED, None),
        (b"\x00\x00\x00", Reason.NOT_FRAMED, None),
        (b'{"plain": "garbage"}', Reason.NOT_FRAMED, None),
        (b"\x00\xff\xff\xff\xff????", Reason.NOT_FRAMED, None),
        (frame(999, b"x"), Reason.UNKNOWN_SCHEMA, 999),
        (frame(THEIRS, b"x"), Reason.FOREIGN_SCHEMA, THEIRS),
    ],
)
def test_a_record_without_a_schema_of_the_topic_is_a_reject(
    value: bytes | None, reason: Reason, schema_id: int | None
) -> None:
    (datums,), (reject,) = sort_records(batch_of([good(0), value, good(2)]), topic_schemas(registry()), {})
    assert (reject.reason, reject.schema_id, reject.offset, reject.value) == (reason, schema_id, 1, value)
    assert (reject.key, reject.kafka_timestamp) == (b"key 1", 10)
    assert datums.offsets.tolist() == [0, 2]


def test_known_schemas_are_not_asked_about_again() -> None:
    known = registry()
    schemas = topic_schemas(known)
    sort_records(batch_of([good(0)]), schemas, {})
    known.asked.clear()
    sort_records(batch_of([good(1), good(2)]), schemas, {})
    assert known.asked == []


def test_an_id_registered_later_is_learnt() -> None:
    known = registry()
    schemas = topic_schemas(known)
    assert len(sort_records(batch_of([good(0, 50)]), schemas, {})[1]) == 1
    known.subjects[f"{TOPIC}-value"].add(50)
    assert sort_records(batch_of([good(0, 50)]), schemas, {})[1] == []


def test_made_up_ids_do_not_make_a_request_each() -> None:
    known = registry()
    values = [frame(schema_id, b"x") for schema_id in range(1000, 6000)]
    _, rejects = sort_records(batch_of(values), topic_schemas(known), {})
    assert len(rejects) == 5000
    assert len(known.asked) < 30


def test_no_record_is_rejected_while_the_registry_is_away() -> None:
    known = registry()
    known.away = True
    with pytest.raises(RegistryUnavailable):
        sort_records(batch_of([good(0)]), topic_schemas(known), {})
