"""What a leaf of a seal stands for, and its hash."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from consumers.warehouse.sealing.merkle import LEAF

FORMAT = "hagiang-leaf-v1"
SALT_BYTES = 32


@dataclass(frozen=True)
class Leaf:
    """A record at its place; `event_id` is empty for one that could not be decoded, `datum_sha256` hexadecimal.

    The datum is what follows the Confluent header, or all of the Kafka value when the record could not be decoded.
    """

    topic: str
    partition: int
    offset: int
    event_id: str
    datum_sha256: str

    def canonical(self) -> bytes:
        """One line for each value; none of them can hold a line break."""
        values = (FORMAT, self.topic, self.partition, self.offset, self.event_id, self.datum_sha256)
        return "\n".join(map(str, values)).encode()

    def hashed(self, salt: bytes) -> bytes:
        """The leaf of the tree: without the salt nobody can try out what a record may have said."""
        return sha256(LEAF + salt + self.canonical()).digest()
