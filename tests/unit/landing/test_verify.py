from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest

from consumers.lake.container import encode_long
from consumers.lake.decode import to_arrow
from consumers.lake.seals import SEAL, seal_pairs, seals_of
from consumers.landing import verify
from consumers.landing.framing import framing_faults
from consumers.landing.sealed import SealedRows, landed_container
from consumers.landing.verify import SEAL_MISMATCH, fault_of, faulty_rows, proven
from tests.unit.lake.made_files import SCHEMA, SYNC, encoded, visit

GOOD = [encoded(visit(number, place="Đồng Văn" * (number % 5))) for number in range(40)]


def rows_of(datums: Sequence[bytes], seal_base: int = 2**60) -> SealedRows:
    offsets = np.arange(len(datums), dtype=np.int64)
    return SealedRows(SCHEMA, seal_pairs(offsets, offsets * 10, seal_base, 0), datums)


def replaced(number: int, datum: bytes) -> SealedRows:
    return rows_of([*GOOD[:number], datum, *GOOD[number + 1 :]])


def test_good_rows_are_proven_whole() -> None:
    rows = rows_of(GOOD)
    found = proven(rows)
    assert (found.rows, found.faults) == (rows, {})
    assert len(found.table) == len(GOOD)


def test_no_rows_are_proven() -> None:
    assert faulty_rows(rows_of([])) == {}
    assert proven(rows_of([])).table is None


@pytest.mark.parametrize("place", [0, 17, 39], ids=["first", "within", "last"])
@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(b"", id="empty"),
        pytest.param(GOOD[3][:-1], id="a byte short"),
        pytest.param(GOOD[3][:20], id="cut"),
        pytest.param(GOOD[3] + b"\x00", id="a byte long"),
        pytest.param(GOOD[3] + bytes(300), id="very long"),
        pytest.param(encoded({**visit(1), "place": ""})[:37] + b"\x04\xff\xfe\x00", id="no UTF-8"),
        pytest.param(b"\x08text" + GOOD[3][37:], id="no UUID"),
        pytest.param(GOOD[3] + SEAL.pack(2**59, 10) + GOOD[4], id="a forged neighbour"),
        pytest.param((GOOD[3] + bytes(16)) * 5 + GOOD[4], id="five forged neighbours"),
        pytest.param(GOOD[3][:-2] + b"\x02" + encode_long(2**40), id="int too large"),
        pytest.param(GOOD[3][:37] + encode_long(2**62), id="length too large"),
        pytest.param(GOOD[3][:37] + encode_long(-5) + b"abcde\x00", id="negative length"),
    ],
)
def test_the_bad_datum_alone_is_blamed(place: int, bad: bytes) -> None:
    rows = replaced(place, bad)
    found = proven(rows)
    good = found.rows
    assert list(found.faults) == [place]
    assert list(found.places) == [number for number in range(len(GOOD)) if number != place]
    assert len(found.table) == len(GOOD) - 1
    assert good.datums == [datum for number, datum in enumerate(GOOD) if number != place]
    assert np.array_equal(good.seals, np.delete(rows.seals, place, axis=0))


def test_neighbours_that_mend_each_other_are_both_blamed() -> None:
    """The second begins with the byte that the first lacks: together they decode, had they no seals between them."""
    rows = rows_of([*GOOD[:5], GOOD[5][:-1], GOOD[5][-1:] + GOOD[6], *GOOD[7:]])
    assert sorted(faulty_rows(rows)) == [5, 6]


def test_even_a_true_seal_in_a_datum_shows_in_what_follows() -> None:
    base = 2**60
    forged = GOOD[7] + SEAL.pack(base + 8, 80) + GOOD[1]
    rows = rows_of([*GOOD[:7], forged, *GOOD[8:]], seal_base=base)
    assert fault_of(rows) == SEAL_MISMATCH
    assert list(faulty_rows(rows)) == [7]


def test_a_block_of_nothing_but_bad_datums_is_sorted_out() -> None:
    found = proven(rows_of([datum + b"!" for datum in GOOD]))
    assert len(found.rows) == 0
    assert found.table is None
    assert len(found.faults) == len(GOOD)


def test_rows_of_a_schema_the_decoder_cannot_read_are_all_blamed() -> None:
    unreadable = {**SCHEMA, "fields": [{"name": "x", "type": "nonsense"}]}
    rows = rows_of(GOOD)
    assert len(faulty_rows(SealedRows(unreadable, rows.seals, rows.datums))) == len(GOOD)


def test_every_cut_of_a_datum_is_seen_without_the_columnar_decoder() -> None:
    datum = encoded(visit(1000))
    cuts = [datum[:length] for length in range(len(datum))] + [datum + b"\x00"]
    assert len(framing_faults(SCHEMA, cuts)) == len(cuts)
    assert framing_faults(SCHEMA, [datum]) == {}


def mutated(datum: bytes, rng: random.Random) -> bytes:
    """A datum with one of the damages that happen, or that someone may do on purpose."""
    at = rng.randrange(len(datum))
    number = encode_long(rng.choice([2**31, -(2**31) - 1, 2**62, -1, -(2**63), 2**40]))
    return rng.choice(
        [
            datum[:at],
            datum + rng.randbytes(rng.randrange(1, 30)),
            datum[:at] + bytes([rng.randrange(256)]) + datum[at + 1 :],
            datum[:at] + datum[at + 1 :],
            datum[:at] + rng.randbytes(1) + datum[at:],
            datum[:at] + b"\xff" * 9 + b"\x01" + datum[at + 10 :],
            datum[:at] + number + datum[at + 1 :],
            rng.randbytes(rng.randrange(200)),
        ]
    )


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_damaged_every_good_neighbour_survives(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "BLOCK_RECORDS", 50)
    monkeypatch.setattr("consumers.landing.sealed.BLOCK_RECORDS", 50)
    rng = random.Random(seed)
    datums = [encoded(visit(number, place=rng.choice(["", "Mèo Vạc", "x" * 200]))) for number in range(200)]
    damaged = set(rng.sample(range(200), 12))
    sent = [mutated(datum, rng) if number in damaged else datum for number, datum in enumerate(datums)]
    rows = rows_of(sent)

    found = proven(rows)
    good, faults = found.rows, found.faults

    undecodable = {number for number in damaged if fault_of(rows.pick([number])) is not None}
    invalid = {number for number in damaged if framing_faults(SCHEMA, [sent[number]])}
    assert undecodable <= set(faults) <= undecodable | invalid
    offsets, _ = seals_of(to_arrow(landed_container(good, SYNC)), 2**60, 0)
    kept = [number for number in range(200) if number not in faults]
    assert offsets.tolist() == kept
    assert good.datums == [sent[number] for number in kept]
