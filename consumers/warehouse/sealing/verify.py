"""Proves a receipt with nothing but the public key: no settings, no server."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from consumers.warehouse.sealing.keys import key_id_of
from consumers.warehouse.sealing.leaf import SALT_BYTES
from consumers.warehouse.sealing.merkle import root_from
from consumers.warehouse.sealing.receipt import Receipt
from consumers.warehouse.sealing.seal import holds


def failures_of(receipt: Receipt, key: Ed25519PublicKey, datum: bytes | None = None) -> Iterator[str]:
    """What does not hold, in words; nothing when the receipt is proven. `datum` is compared with it if given."""
    yield from _of_seal(receipt, key)
    yield from _of_place(receipt)
    if datum is not None and sha256(datum).hexdigest() != receipt.leaf.datum_sha256:
        yield "The datum given is not the one that was received: its SHA-256 is another."


def _of_seal(receipt: Receipt, key: Ed25519PublicKey) -> Iterator[str]:
    statement = receipt.seal.statement
    if statement.key_id != key_id_of(key):
        yield f"The seal names the key {statement.key_id}; the key given is {key_id_of(key)}."
    elif not holds(receipt.seal, key):
        yield "The signature does not hold: the seal was changed after it was signed, or another key signed it."
    if not statement.balanced:
        yield "The counts of the seal do not add up to what was consumed."


def _of_place(receipt: Receipt) -> Iterator[str]:
    leaf, statement = receipt.leaf, receipt.seal.statement
    if (leaf.topic, leaf.partition) != (statement.topic, statement.partition):
        yield "The seal is one of another topic or partition than the record's."
    if not statement.from_offset <= leaf.offset < statement.next_offset:
        yield f"The offset {leaf.offset} does not lie in the sealed batch."
    found = root_from(leaf.hashed(receipt.salt), receipt.index, statement.leaves, receipt.path)
    if len(receipt.salt) != SALT_BYTES or found is None or found.hex() != statement.root:
        yield "The record is not among the sealed ones: its hash, salt and path do not lead to the root of the seal."
