"""A seal: what is signed of one published batch, and the chain that seals of a partition make."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from consumers.warehouse.sealing.keys import key_id_of

FORMAT = "hagiang-seal-v1"
NO_SEAL = "0" * 64
"""What stands for the seal before a partition's first one."""


@dataclass(frozen=True)
class Statement:
    """What is signed. Hashes are hexadecimal, `sealed_at` is UTC with microseconds and a Z.

    The counts are the ledger's of the moment of sealing; `leaves` are the records the lake held then, in the order of
    their offsets. `previous` is the hash of the partition's seal before.
    """

    topic: str
    partition: int
    from_offset: int
    next_offset: int
    leaves: int
    consumed: int
    loaded: int
    duplicate: int
    quarantined: int
    rejected: int
    erased: int
    root: str
    previous: str
    sealed_at: str
    key_id: str
    format: str = FORMAT

    def canonical(self) -> bytes:
        """JSON with sorted names, no spaces, ASCII alone."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":")).encode("ascii")

    @property
    def hash(self) -> str:
        """By which the next seal names this one."""
        return sha256(self.canonical()).hexdigest()

    @property
    def balanced(self) -> bool:
        """Whether the outcomes add up to what was consumed, and no more leaves stand in it than offsets."""
        outcomes = self.loaded + self.duplicate + self.quarantined + self.rejected + self.erased
        fits = self.consumed - self.erased <= self.leaves <= self.consumed
        return self.consumed == outcomes and fits and self.consumed <= self.next_offset - self.from_offset


@dataclass(frozen=True)
class Seal:
    """A statement with its Ed25519 signature."""

    statement: Statement
    signature: bytes


def signed(statement: Statement, key: Ed25519PrivateKey) -> Seal:
    """The seal of a statement, whose key id must be the key's."""
    return Seal(statement, key.sign(statement.canonical()))


def holds(seal: Seal, key: Ed25519PublicKey) -> bool:
    """Whether the key's owner signed exactly this statement."""
    try:
        key.verify(seal.signature, seal.statement.canonical())
    except InvalidSignature:
        return False
    return seal.statement.key_id == key_id_of(key)


def breaks_of(seals: Iterable[Seal], key: Ed25519PublicKey) -> Iterator[str]:
    """What does not hold in seals that are in the order of topic, partition and offset; nothing when all is well."""
    before: Statement | None = None
    for seal in seals:
        now = seal.statement
        where = f"{now.topic}, partition {now.partition}, offsets {now.from_offset} to {now.next_offset - 1}"
        follows = before is not None and (before.topic, before.partition) == (now.topic, now.partition)
        expected = (before.hash, before.next_offset) if before is not None and follows else (NO_SEAL, 0)
        if not holds(seal, key):
            yield f"{where}: the signature is not by the key given, or what was signed has been changed"
        if (now.previous, now.from_offset) != expected:
            yield f"{where}: the chain is cut, since it does not carry on from the seal before it"
        if not now.balanced:
            yield f"{where}: the counts do not add up"
        before = now
