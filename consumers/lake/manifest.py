"""`batch.json`: what a landed batch holds. A file counts only when a manifest names it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from consumers.lake.keys import MANIFEST, BatchRange, batch_prefix
from infra.errors import OperatorError


class ManifestBroken(OperatorError):
    """A batch.json cannot be read: it was changed by hand or the store is damaged; restore it from a backup."""


@dataclass(frozen=True)
class LandedFile:
    """One object of a batch.

    `schema_id` is the writer schema of all its records, None for the rejects. `seal_base` (below 2**63) is the secret
    from which the file's seals count: a record's seal is the pair of eight-byte big-endian integers
    (seal_base + offset - from_offset, Kafka timestamp in ms); 0 for the rejects, which carry no seal.
    """

    name: str
    schema_id: int | None
    records: int
    bytes: int
    sha256: str
    seal_base: int = 0


@dataclass(frozen=True)
class Manifest:
    """A batch: what the consumer read of one partition between two of its positions.

    `records` counts all its records, `rejected` those of them that are in the rejects file. Kafka timestamps are in
    milliseconds, None when the range holds no record at all (transaction markers only). `writer` tells which process
    wrote it and when, in UTC. `lost` marks a range that Kafka deleted before landing had read it: it holds no record.
    `clients` counts the records whose signature proves who wrote them, as `name`, or `name via platform` for those that
    came in by the platform's own gateway. `erased` are offsets, in order, of records that an erasure took out of its
    files: they count in `records`, and no file holds them. `expired` marks a range whose batches were removed when
    their term had ended (expire.py): it begins at 0, holds no record, and does not say how many there were.
    `compacted_at` is when the batch was merged from smaller ones (compact.py), None for one as it landed.
    """

    topic: str
    partition: int
    from_offset: int
    next_offset: int
    records: int
    rejected: int
    files: tuple[LandedFile, ...]
    first_timestamp: int | None
    last_timestamp: int | None
    created_at: str
    writer: str
    lost: bool = False
    clients: Mapping[str, int] = field(default_factory=dict)
    erased: tuple[int, ...] = ()
    expired: bool = False
    compacted_at: str | None = None

    @property
    def size(self) -> int:
        """Size of its files."""
        return sum(file.bytes for file in self.files)

    @property
    def offsets(self) -> BatchRange:
        """The range of offsets."""
        return BatchRange(next_offset=self.next_offset, from_offset=self.from_offset)

    @property
    def key(self) -> str:
        """Key of this manifest in the store."""
        return self.key_of(MANIFEST)

    def key_of(self, name: str) -> str:
        """Key of the batch's object of that name."""
        return batch_prefix(self.topic, self.partition, self.offsets) + name

    def to_json(self) -> bytes:
        """UTF-8 JSON; `seal_base` is written in hexadecimal, since many JSON readers round such integers."""
        files = [{**asdict(file), "seal_base": f"{file.seal_base:016x}"} for file in self.files]
        return json.dumps({**asdict(self), "files": files}, indent=1, ensure_ascii=False).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Manifest:
        """Raises ManifestBroken."""
        try:
            values = json.loads(text)
            files = tuple(_landed_file(file) for file in values["files"])
            return cls(**{**values, "files": files, "erased": tuple(values.get("erased", ()))})
        except (ValueError, KeyError, TypeError) as error:
            raise ManifestBroken(f"{type(error).__name__} {error}") from error


def _landed_file(values: dict[str, Any]) -> LandedFile:
    return LandedFile(**{**values, "seal_base": int(values["seal_base"], 16)})
