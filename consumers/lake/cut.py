"""Records taken out of a landed file; the others stay byte for byte, behind the seals they had."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

import fastavro

from consumers.lake.container import SYNC_SIZE, Block, blocks_of, container_block, header_of
from consumers.lake.datum import sealed_datums
from consumers.lake.manifest import LandedFile, Manifest
from consumers.lake.traces import Traces, anywhere, in_datums
from schemas.contract import Json


@dataclass(frozen=True)
class Cut:
    """What is left of a file: `content` is None when that is nothing. `offsets` are those of the records taken out."""

    content: bytes | None
    records: int
    offsets: tuple[int, ...]


def holds(container: bytes, traces: Traces, *, rejects: bool) -> bool:
    """Whether a record of the file names one of these persons; raises ContainerBroken."""
    found = anywhere if rejects else in_datums
    return any(found(block.payload, traces) for block in blocks_of(container))


def cut(container: bytes, manifest: Manifest, file: LandedFile, traces: Traces) -> Cut:
    """The file without the records that name one of these persons; raises ContainerBroken."""
    head = header_of(container)
    sync = head[-SYNC_SIZE:]
    rejects = file.schema_id is None
    found = anywhere if rejects else in_datums
    schema = fastavro.block_reader(io.BytesIO(container)).writer_schema if rejects else None
    kept, offsets, parts = 0, list[int](), [head]
    for block in blocks_of(container):
        rest = list[bytes]()
        for offset, record in _records(block, manifest, file, schema):
            if found(record, traces):
                offsets.append(offset)
            else:
                rest.append(record)
        kept += len(rest)
        parts += [container_block(len(rest), b"".join(rest), sync)] if rest else []
    return Cut(b"".join(parts) if kept else None, kept, tuple(offsets))


def _records(block: Block, manifest: Manifest, file: LandedFile, schema: Json | None) -> Iterator[tuple[int, bytes]]:
    """Offset and bytes of each record, its seal included."""
    if schema is not None:
        yield from _rejects(block, schema)
        return
    span = manifest.next_offset - manifest.from_offset
    for delta, start, end in sealed_datums(block, file.seal_base, span):
        yield manifest.from_offset + delta, block.payload[start:end]


def _rejects(block: Block, schema: Json) -> Iterator[tuple[int, bytes]]:
    stream, parsed, start = io.BytesIO(block.payload), fastavro.parse_schema(schema), 0
    for _ in range(block.records):
        reject = fastavro.schemaless_reader(stream, parsed, None)
        end = stream.tell()
        yield reject["offset"], block.payload[start:end]
        start = end
