"""Landed files of consecutive batches joined into one; datums stay byte for byte, behind seals of the new batch."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from consumers.lake.container import SYNC_SIZE, blocks_of, container_block, header_of
from consumers.lake.datum import sealed_datums
from consumers.lake.manifest import LandedFile, Manifest
from consumers.lake.seals import SEAL, fresh_seal_base
from infra.errors import OperatorError

BLOCK_RECORDS = 5_000


class MergeMiscounted(OperatorError):
    """A landed file holds another number of records than its manifest says, and nothing was merged.

    `hagiang rebuild` names what differs: restore the batch from a backup.
    """


@dataclass
class JoinedFile:
    """A file that grows by the files of batches that follow one another from `from_offset` on."""

    header: bytes
    schema_id: int | None
    from_offset: int
    seal_base: int = field(default_factory=fresh_seal_base)
    sync: bytes = field(default_factory=lambda: secrets.token_bytes(SYNC_SIZE))
    records: int = 0
    parts: list[bytes] = field(default_factory=list)
    waiting: list[bytes] = field(default_factory=list)

    def add(self, content: bytes, manifest: Manifest, file: LandedFile) -> None:
        """Append a file's records; raises ContainerBroken, MergeMiscounted."""
        before = self.records
        if self.schema_id is None:
            self._add_rejects(content)
        else:
            for record in self._sealed_anew(content, manifest, file):
                self.waiting.append(record)
                self.records += 1
                if len(self.waiting) == BLOCK_RECORDS:
                    self._flush()
        if self.records - before != file.records:
            raise MergeMiscounted(f"{manifest.key_of(file.name)}: {self.records - before}, not {file.records}")

    def finished(self) -> tuple[LandedFile, bytes]:
        """The file's entry in the manifest, and its content."""
        self._flush()
        content = b"".join((self.header, self.sync, *self.parts))
        stem = "rejects" if self.schema_id is None else f"schema-{self.schema_id}"
        entry = LandedFile(
            name=f"{stem}-{secrets.token_hex(4)}.avro",
            schema_id=self.schema_id,
            records=self.records,
            bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            seal_base=0 if self.schema_id is None else self.seal_base,
        )
        return entry, content

    def _sealed_anew(self, content: bytes, manifest: Manifest, file: LandedFile) -> Iterator[bytes]:
        """Each record with a seal of this file: its place from here on, and the timestamp it had."""
        span, shift = manifest.next_offset - manifest.from_offset, manifest.from_offset - self.from_offset
        for block in blocks_of(content):
            for delta, start, end in sealed_datums(block, file.seal_base, span):
                _, timestamp = SEAL.unpack_from(block.payload, start)
                seal = SEAL.pack(self.seal_base + shift + delta, timestamp)
                yield seal + block.payload[start + SEAL.size : end]

    def _add_rejects(self, content: bytes) -> None:
        """They carry their offsets themselves."""
        for block in blocks_of(content):
            self.parts.append(container_block(block.records, block.payload, self.sync))
            self.records += block.records

    def _flush(self) -> None:
        if self.waiting:
            self.parts.append(container_block(len(self.waiting), b"".join(self.waiting), self.sync))
            self.waiting.clear()


def joined(files: Sequence[tuple[Manifest, LandedFile, bytes]], from_offset: int) -> list[tuple[LandedFile, bytes]]:
    """The files of consecutive batches, in their order, as one file of each writer schema, rejects last.

    Raises ContainerBroken, MergeMiscounted.
    """
    made: dict[tuple[bool, int, bytes], JoinedFile] = {}
    for manifest, file, content in files:
        header = header_of(content)[:-SYNC_SIZE]
        kind = (file.schema_id is None, file.schema_id or 0, header)
        made.setdefault(kind, JoinedFile(header, file.schema_id, from_offset)).add(content, manifest, file)
    return [made[kind].finished() for kind in sorted(made)]
