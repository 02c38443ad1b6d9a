"""Bytes of bad rows, fetched from the lake as their producers sent them."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial

from sqlalchemy import Connection, select

from consumers.lake.batches import read_file
from consumers.lake.datum import datum_bytes
from consumers.lake.manifest import Manifest
from consumers.warehouse.faults import CRITICAL
from consumers.warehouse.landed import LakeCorrupt
from consumers.warehouse.tables.staging import StagingTables
from infra.object_store import LakeStore

Datums = Mapping[tuple[int, int], bytes]

_READERS = 2


@dataclass(frozen=True)
class BadRows:
    """Rows with a critical verdict: their offsets by partition, and their bytes by partition and offset."""

    offsets: Mapping[int, frozenset[int]]
    datums: Datums = field(default_factory=dict)

    def count(self, partition: int) -> int:
        """Bad rows of a partition."""
        return len(self.offsets.get(partition, ()))

    def fetched_from(self, store: LakeStore, manifest_keys: list[str]) -> BadRows:
        """With the bytes of all of them; raises LakeCorrupt if the batches do not hold one, and the lake's errors."""
        datums = fetch_datums(store, manifest_keys, self.offsets)
        missing = [(p, o) for p, offsets in self.offsets.items() for o in offsets if (p, o) not in datums]
        if missing:
            raise LakeCorrupt(f"no datum at partition {missing[0][0]}, offset {missing[0][1]}")
        return replace(self, datums=datums)


def bad_rows(connection: Connection, staging: StagingTables) -> BadRows:
    """The rows with a critical verdict, their bytes not fetched yet."""
    verdict = staging.verdict.c
    query = select(verdict.kafka_partition, verdict.kafka_offset).where(verdict.severity == CRITICAL).distinct()
    found: dict[int, set[int]] = {}
    for partition, offset in connection.execute(query):
        found.setdefault(partition, set()).add(offset)
    return BadRows({partition: frozenset(offsets) for partition, offsets in found.items()})


def fetch_datums(store: LakeStore, manifest_keys: list[str], bad: Mapping[int, frozenset[int]]) -> Datums:
    """The datums at those offsets; only data files of batches that may hold one of them are read."""
    with ThreadPoolExecutor(_READERS, thread_name_prefix="datums") as pool:
        found = pool.map(partial(_datums_of_batch, store, bad), manifest_keys if bad else ())
        return {at: datum for datums in found for at, datum in datums.items()}


def _datums_of_batch(store: LakeStore, bad: Mapping[int, frozenset[int]], manifest_key: str) -> Datums:
    manifest = Manifest.from_json(store.get(manifest_key))
    wanted = {offset for offset in bad.get(manifest.partition, ()) if offset in _span(manifest)}
    datums: dict[tuple[int, int], bytes] = {}
    for file in manifest.files if wanted else ():
        if file.schema_id is not None:
            found = datum_bytes(read_file(store, manifest, file), manifest, file, wanted)
            datums |= {(manifest.partition, offset): datum for offset, datum in found.items()}
    return datums


def _span(manifest: Manifest) -> range:
    return range(manifest.from_offset, manifest.next_offset)
