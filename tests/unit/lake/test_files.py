from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from consumers.lake.container import ContainerBroken, blocks_of, container_block, decode_long, encode_long
from consumers.lake.datum import datum_bytes
from consumers.lake.decode import NotDecodable, NoTemporaryFile, SchemaNotReadable, to_arrow
from consumers.lake.seals import fresh_seal_base, seals_of
from tests.unit.lake.made_files import SYNC, container_of, encoded, manifest_of, visit

FROM, NEXT = 40, 100
BASE = 3_000_000_000_000_000_000
DATUMS = {offset: encoded(visit(offset)) for offset in (41, 42, 50, 77, 99)}
CONTAINER = container_of(DATUMS, seal_base=BASE, from_offset=FROM)
MANIFEST = manifest_of(CONTAINER, records=5, seal_base=BASE, from_offset=FROM, next_offset=NEXT)


@pytest.mark.parametrize("number", [0, -1, 1, 63, 64, -64, -65, 2**31, 2**63 - 1, -(2**63)])
def test_longs_survive_encoding(number: int) -> None:
    encoding = encode_long(number)
    assert decode_long(b"?" + encoding + b"!", 1) == (number, 1 + len(encoding))


def test_a_file_decodes_into_columns_with_offsets_and_timestamps() -> None:
    table = to_arrow(CONTAINER)
    offsets, timestamps = seals_of(table, BASE, FROM)
    assert offsets.tolist() == list(DATUMS)
    assert timestamps.tolist() == [offset * 10 for offset in DATUMS]
    assert table.column_names == ["_seal", "event_id", "place", "visitors"]
    assert table.column("visitors").to_pylist() == list(DATUMS)


def test_seals_of_a_slice_are_those_of_the_slice() -> None:
    offsets, _ = seals_of(to_arrow(CONTAINER).slice(1, 3), BASE, FROM)
    assert offsets.tolist() == [42, 50, 77]


def test_seals_of_no_rows_are_none() -> None:
    empty = container_of({}, seal_base=BASE, from_offset=FROM)
    assert [len(part) for part in seals_of(to_arrow(empty), BASE, FROM)] == [0, 0]


def test_seal_bases_differ_and_leave_room_for_any_offset() -> None:
    bases = {fresh_seal_base() for _ in range(1000)}
    assert len(bases) == 1000
    assert max(bases) + 2**62 < 2**63


def test_datums_are_found_byte_for_byte() -> None:
    found = datum_bytes(CONTAINER, MANIFEST, MANIFEST.files[0], [41, 50, 99, 60])
    assert found == {offset: DATUMS[offset] for offset in (41, 50, 99)}


def test_datums_are_found_on_both_sides_of_a_change_of_the_highest_byte() -> None:
    base = (42 << 56) - 5
    container = container_of(DATUMS, seal_base=base, from_offset=FROM)
    manifest = manifest_of(container, records=5, seal_base=base, from_offset=FROM, next_offset=NEXT)
    assert datum_bytes(container, manifest, manifest.files[0], range(FROM, NEXT)) == DATUMS


def test_a_datum_that_holds_a_seal_lookalike_is_returned_whole() -> None:
    lookalike = encoded(visit(1, place="x" * 3 + "\u0001" * 40))
    container = container_of({40: lookalike, 41: DATUMS[41]}, seal_base=BASE, from_offset=FROM)
    assert datum_bytes(container, MANIFEST, MANIFEST.files[0], [40]) == {40: lookalike}


def test_blocks_give_back_what_was_joined() -> None:
    assert [block.records for block in blocks_of(CONTAINER)] == [2, 2, 1]


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"nonsense", id="nonsense"),
        pytest.param(CONTAINER[:-1], id="cut in sync"),
        pytest.param(CONTAINER[:-40], id="cut in block"),
        pytest.param(CONTAINER + b"\x02", id="half a block more"),
        pytest.param(CONTAINER + container_block(1, b"x", b"y" * 16), id="foreign sync"),
    ],
)
def test_damaged_files_are_refused(broken: bytes) -> None:
    with pytest.raises(ContainerBroken):
        list(blocks_of(broken))


def test_a_block_with_another_number_of_seals_is_refused() -> None:
    with pytest.raises(ContainerBroken, match="seals in a block"):
        datum_bytes(CONTAINER + container_block(1, b"no seal", SYNC), MANIFEST, MANIFEST.files[0], [41])


def test_an_undecodable_datum_makes_the_file_undecodable() -> None:
    container = container_of({**DATUMS, 100: DATUMS[99][:-1]}, seal_base=BASE, from_offset=FROM)
    with pytest.raises(NotDecodable):
        to_arrow(container)


def test_a_schema_the_decoder_cannot_use_is_told_apart() -> None:
    with pytest.raises(SchemaNotReadable):
        to_arrow(CONTAINER.replace(b'"string"', b'"strinG"'))


def test_a_temporary_file_that_is_lost_is_nobodys_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """As when a cleaner has removed it, or the process has too many files open: records must not be refused for it."""
    monkeypatch.setattr(Path, "write_bytes", lambda *_: 0)
    with pytest.raises(NoTemporaryFile) as raised:
        to_arrow(CONTAINER)
    assert raised.value.retriable


def test_rows_of_many_blocks_keep_the_file_order() -> None:
    datums = {offset: encoded(visit(offset)) for offset in range(20_000)}
    container = container_of(datums, seal_base=BASE, from_offset=0, block_records=500)
    offsets, _ = seals_of(to_arrow(container), BASE, 0)
    assert np.array_equal(offsets, np.arange(20_000))
