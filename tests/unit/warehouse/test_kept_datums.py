"""Kept bytes become the columns that landed files become, whatever schema, partition and offsets they have."""

from __future__ import annotations

from dataclasses import replace

import pytest

from consumers.warehouse import kept_datums
from consumers.warehouse.kept_datums import KeptBytesDamaged, kept_columns
from consumers.warehouse.replay_choice import Datum
from schemas.catalog import load_catalog
from schemas.versions import load_released
from tests.landed_batches import datum
from tests.samples import dossier, order

DOSSIER = load_catalog()["dossier_status_changed"]
ORDER = load_catalog()["order_status_changed"]
OLD = load_released()[DOSSIER.event][0]


def kept(number: int, partition: int = 0, offset: int = 0, schema_id: int = 7) -> Datum:
    event, schema = dossier(number), DOSSIER.schema
    if schema_id == 3:
        schema = OLD.schema
        del event["paid_online"]
    return Datum(partition, offset, 1_624_233_600_000 + number, schema_id, datum(event, schema))


SCHEMAS = {3: OLD.schema, 7: DOSSIER.schema}


def test_each_record_keeps_its_position_time_and_schema() -> None:
    datums = [kept(1, 2, 900), kept(2, 0, 5, schema_id=3), kept(3, 0, 1_000_000), kept(4, 0, 7)]
    rows = [row for part in kept_columns(datums, DOSSIER, SCHEMAS.__getitem__) for row in part.rows.to_pylist()]
    found = {
        (row["kafka_partition"], row["kafka_offset"], row["schema_id"], row["dossier_code"][-1], row["paid_online"])
        for row in rows
    }
    assert found == {(2, 900, 7, "1", True), (0, 5, 3, "2", None), (0, 1_000_000, 7, "3", True), (0, 7, 7, "4", True)}
    assert {row["kafka_timestamp"].timestamp() * 1000 - 1_624_233_600_000 for row in rows} == {1, 2, 3, 4}


def test_lists_come_with_their_records() -> None:
    one = Datum(1, 4, 0, 7, datum(order(1, lines=2), ORDER.schema))
    (part,) = kept_columns([one], ORDER, lambda _: ORDER.schema)
    lines = [(row["kafka_partition"], row["kafka_offset"], row["line_no"]) for row in part.children[0].to_pylist()]
    assert lines == [(1, 4, 1), (1, 4, 2)]


def test_many_records_are_decoded_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_datums, "_PER_CONTAINER", 2)
    parts = list(kept_columns([kept(at, offset=at) for at in range(5)], DOSSIER, SCHEMAS.__getitem__))
    assert [part.rows.column("kafka_offset").to_pylist() for part in parts] == [[0, 1], [2, 3], [4]]


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("length", [0, 30, -1])
def test_a_datum_that_does_not_end_where_its_schema_says_is_found(place: int, length: int) -> None:
    datums = [kept(at, offset=at) for at in range(3)]
    whole = datums[place].raw
    datums[place] = replace(datums[place], raw=whole + b"\0" if length < 0 else whole[:length])
    with pytest.raises(KeptBytesDamaged, match="offsets 0 to 2"):
        list(kept_columns(datums, DOSSIER, SCHEMAS.__getitem__))


def test_a_datum_that_holds_a_whole_other_one_is_found() -> None:
    """It decodes: the seals tell that there is one more record than were kept."""
    datums = [kept(at, offset=at) for at in range(2)]
    datums[0] = replace(datums[0], raw=datums[0].raw + bytes(16) + datums[1].raw)
    with pytest.raises(KeptBytesDamaged):
        list(kept_columns(datums, DOSSIER, SCHEMAS.__getitem__))
