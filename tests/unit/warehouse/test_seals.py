"""Seals, paths and receipts: whatever is changed afterwards is found, by the public key alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from consumers.warehouse.sealing.keys import key_id_of
from consumers.warehouse.sealing.leaf import Leaf
from consumers.warehouse.sealing.merkle import path_to, root_from, root_of
from consumers.warehouse.sealing.receipt import Receipt, ReceiptUnreadable
from consumers.warehouse.sealing.seal import NO_SEAL, Seal, Statement, breaks_of, signed
from consumers.warehouse.sealing.verify import failures_of

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key()
TOPIC, EVENT_ID = "government.dossier_status_changed", "6f1c2c30-7d0a-4a41-8a14-2a5f0a3d9a01"
DATUM = b"what was sent"


def leaf(offset: int, datum: bytes = DATUM) -> Leaf:
    return Leaf(TOPIC, 0, offset, EVENT_ID, sha256(datum).hexdigest())


def salt(offset: int) -> bytes:
    return sha256(f"salt {offset}".encode()).digest()


def sealed(first: int, records: int, previous: str = NO_SEAL) -> tuple[Seal, list[bytes]]:
    hashes = [leaf(offset).hashed(salt(offset)) for offset in range(first, first + records)]
    statement = Statement(
        topic=TOPIC,
        partition=0,
        from_offset=first,
        next_offset=first + records,
        leaves=records,
        consumed=records,
        loaded=records - 1,
        duplicate=1,
        quarantined=0,
        rejected=0,
        erased=0,
        root=root_of(hashes).hex(),
        previous=previous,
        sealed_at="2021-06-21T00:00:00.000000Z",
        key_id=key_id_of(PUBLIC),
    )
    return signed(statement, KEY), hashes


def receipt(index: int = 2, records: int = 5) -> Receipt:
    seal, hashes = sealed(0, records)
    return Receipt(leaf(index), salt(index), index, tuple(path_to(hashes, index)), seal, {"outcome": "loaded"})


def test_roots_are_those_of_the_rfc() -> None:
    """Roots of RFC 6962's own test leaves, as its reference implementation publishes them."""
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    leaves = [sha256(b"\0" + bytes.fromhex(each)).digest() for each in inputs]
    assert root_of([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert root_of(leaves[:1]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert root_of(leaves[:3]).hex() == "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"
    assert root_of(leaves).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@pytest.mark.parametrize("size", range(1, 34))
def test_every_path_leads_to_the_root_and_no_other_does(size: int) -> None:
    leaves = [sha256(bytes([number])).digest() for number in range(size)]
    root = root_of(leaves)
    for index, each in enumerate(leaves):
        path = path_to(leaves, index)
        assert root_from(each, index, size, path) == root
        assert root_from(each, (index + 1) % size, size, path) != root or size == 1
        assert root_from(each, index, size, [*path, each]) is None
        assert root_from(leaves[index - 1], index, size, path) != root or size == 1
        assert not path or root_from(each, index, size, path[:-1]) != root
    assert root_from(leaves[0], size, size, []) is None


@pytest.mark.parametrize("records", [1, 2, 5, 8])
def test_a_receipt_holds_for_each_record_and_survives_being_written(records: int) -> None:
    for index in range(records):
        given = receipt(index, records)
        assert list(failures_of(Receipt.from_json(given.to_json()), PUBLIC, DATUM)) == []


def changed(**values: Any) -> Callable[[Receipt], Receipt]:
    return lambda given: replace(given, seal=replace(given.seal, statement=replace(given.seal.statement, **values)))


TAMPERED: list[tuple[str, Callable[[Receipt], Receipt], str]] = [
    ("datum", lambda r: replace(r, leaf=replace(r.leaf, datum_sha256="0" * 64)), "not among the sealed ones"),
    ("event id", lambda r: replace(r, leaf=replace(r.leaf, event_id="")), "not among the sealed ones"),
    ("salt", lambda r: replace(r, salt=bytes(32)), "not among the sealed ones"),
    ("neighbour", lambda r: replace(r, index=3), "not among the sealed ones"),
    ("swapped path", lambda r: replace(r, path=r.path[::-1]), "not among the sealed ones"),
    ("offset moved", lambda r: replace(r, leaf=replace(r.leaf, offset=3)), "not among the sealed ones"),
    ("offset outside", lambda r: replace(r, leaf=replace(r.leaf, offset=9)), "does not lie in the sealed batch"),
    ("topic", lambda r: replace(r, leaf=replace(r.leaf, topic="x.y")), "another topic or partition"),
    ("counts moved", changed(loaded=5, duplicate=0), "signature does not hold"),
    ("counts raised", changed(loaded=5), "do not add up"),
    ("root", changed(root="0" * 64), "signature does not hold"),
    ("time", changed(sealed_at="2021-06-20T00:00:00.000000Z"), "signature does not hold"),
    ("chain", changed(previous="1" * 64), "signature does not hold"),
    ("signature", lambda r: replace(r, seal=replace(r.seal, signature=bytes(64))), "signature does not hold"),
]


@pytest.mark.parametrize(("change", "told"), [each[1:] for each in TAMPERED], ids=[each[0] for each in TAMPERED])
def test_whatever_is_changed_is_told(change: Callable[[Receipt], Receipt], told: str) -> None:
    found = list(failures_of(Receipt.from_json(change(receipt()).to_json()), PUBLIC))
    assert any(told in failure for failure in found), found


def test_swapped_leaves_give_another_root() -> None:
    _, hashes = sealed(0, 5)
    assert root_of([hashes[1], hashes[0], *hashes[2:]]) != root_of(hashes)


def test_a_foreign_key_proves_nothing_even_under_the_same_name() -> None:
    foreign = Ed25519PrivateKey.generate()
    assert "names the key" in next(failures_of(receipt(), foreign.public_key()))
    forged = signed(receipt().seal.statement, foreign)
    assert "signature does not hold" in next(failures_of(replace(receipt(), seal=forged), PUBLIC))


def test_another_datum_is_not_the_one_received() -> None:
    assert "not the one that was received" in next(failures_of(receipt(), PUBLIC, b"something else"))


def test_what_is_only_told_is_not_part_of_the_proof() -> None:
    other = replace(receipt(), told={"outcome": "quarantined"})
    assert list(failures_of(other, PUBLIC)) == []
    assert "does not prove" in json.loads(other.to_json())["told_not_proven"]["note"]


def test_the_salt_keeps_a_guess_from_being_tried_out() -> None:
    assert leaf(0).hashed(salt(0)) != leaf(0).hashed(salt(1))


def test_a_chain_that_is_cut_or_changed_is_told() -> None:
    first, _ = sealed(0, 3)
    second, _ = sealed(3, 2, first.statement.hash)
    third, _ = sealed(5, 2, second.statement.hash)
    assert list(breaks_of([first, second, third], PUBLIC)) == []
    assert ["the chain is cut" in told for told in breaks_of([first, third], PUBLIC)] == [True]
    assert ["the chain is cut" in told for told in breaks_of([second, third], PUBLIC)] == [True]
    moved = replace(second, statement=replace(second.statement, loaded=0, duplicate=2))
    assert len(list(breaks_of([first, moved, third], PUBLIC))) == 2


@pytest.mark.parametrize(
    "damage",
    [
        {"format": "something"},
        {"leaf_index": "2"},
        {"path": ["00"]},
        {"salt": "zz"},
        {"record": {}},
        {"seal": {}},
    ],
)
def test_what_is_no_receipt_is_refused(damage: dict[str, Any]) -> None:
    with pytest.raises(ReceiptUnreadable):
        Receipt.from_json(json.dumps(json.loads(receipt().to_json()) | damage))
    with pytest.raises(ReceiptUnreadable):
        Receipt.from_json("[]")
