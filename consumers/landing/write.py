"""One batch written to the lake: files first, the manifest last."""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from consumers.lake.manifest import LandedFile, Manifest
from consumers.lake.seals import fresh_seal_base, seal_pairs
from consumers.landing.authors import AuthorCheck, Authors
from consumers.landing.records import OpenBatch
from consumers.landing.rejects import OF_RIGHTS, Reason, Reject, rejects_container
from consumers.landing.sealed import SealedRows, landed_container
from consumers.landing.sorting import Datums, reject_of, sort_records
from consumers.landing.verify import Proven, proven
from consumers.landing.writer_schemas import Refusal, TopicSchemas
from infra.access.refusals import UNKNOWN
from infra.access.refusals import Refusal as Denied
from infra.object_store import LakeStore, ObjectExists

# Names of the boundaries between steps, in their order.
DATA_PUT, MANIFEST_PUT, COMMITTED = "data_put", "manifest_put", "committed"

OnStep = Callable[[str], None]


@dataclass(frozen=True)
class Written:
    """A file's content beside its entry in the manifest."""

    entry: LandedFile
    content: bytes


@dataclass(frozen=True)
class BatchFiles:
    """The files of a batch, how many of its records are rejects, and how many each client wrote (proven ones only).

    `denied` counts the rejects whose author had no right to them, for the audit.
    """

    files: Sequence[Written]
    rejected: int
    clients: Mapping[str, int]
    denied: Mapping[Denied, int]


def batch_files(batch: OpenBatch, schemas: TopicSchemas, check: AuthorCheck | None) -> BatchFiles:
    """The files of a batch, each proven to decode and to be written by who might; whoever may be when `check` is None.

    Raises RegistryUnavailable, AccessUnavailable, DecoderFailed; nothing is stored yet.
    """
    authors = check.authors_of(batch, schemas.event) if check else None
    sorted_datums, rejects = sort_records(batch, schemas, authors.refused if authors else {})
    files = []
    for datums in sorted_datums:
        file, faulty = _data_file(batch, datums, schemas, authors)
        rejects += faulty
        files += [file] if file else []
    if rejects:
        files.append(_rejects_file(sorted(rejects, key=lambda reject: reject.offset)))
    denied = Counter(
        Denied(reject.author or UNKNOWN, batch.topic, reject.reason.value)
        for reject in rejects
        if reject.reason in OF_RIGHTS
    )
    return BatchFiles(files, len(rejects), authors.clients if authors else {}, denied)


def manifest_of(batch: OpenBatch, made: BatchFiles, writer: str, now: datetime) -> Manifest:
    """The manifest of a batch with these files; `writer` names the process."""
    return Manifest(
        topic=batch.topic,
        partition=batch.partition,
        from_offset=batch.from_offset,
        next_offset=batch.next_offset,
        records=len(batch.values),
        rejected=made.rejected,
        files=tuple(file.entry for file in made.files),
        first_timestamp=min(batch.timestamps, default=None),
        last_timestamp=max(batch.timestamps, default=None),
        created_at=now.isoformat(timespec="milliseconds"),
        writer=writer,
        clients=dict(made.clients),
    )


def store_batch(store: LakeStore, manifest: Manifest, files: Sequence[Written], on_step: OnStep) -> Manifest:
    """Put the files, then the manifest; gives the manifest that stands. Raises StoreUnavailable; may be tried again.

    When a manifest of the same range is there already, another writer has landed the range, or this one has and did
    not hear of it: then the range is durable either way, and the files put here count for nothing.
    """
    for file in files:
        store.put(manifest.key_of(file.entry.name), file.content)
    on_step(DATA_PUT)
    try:
        store.put(manifest.key, manifest.to_json(), if_absent=True)
    except ObjectExists:
        manifest = Manifest.from_json(store.get(manifest.key))
    on_step(MANIFEST_PUT)
    return manifest


def _data_file(
    batch: OpenBatch, datums: Datums, schemas: TopicSchemas, authors: Authors | None
) -> tuple[Written | None, list[Reject]]:
    """The datums as one file without the faulty ones, which are rejects; no file when all are faulty."""
    seal_base = fresh_seal_base()
    seals = seal_pairs(datums.offsets, datums.timestamps, seal_base, batch.from_offset)
    found = proven(SealedRows(schemas.schema_of(datums.schema_id), seals, datums.datums))
    faults = {row: Refusal(datums.schema_id, Reason.UNDECODABLE, fault) for row, fault in found.faults.items()}
    good, foreign = _own_sources(found, datums, authors) if authors else (found.rows, {})
    rejects = [reject_of(batch, datums.rows[row], refusal) for row, refusal in {**faults, **foreign}.items()]
    if not len(good):
        return None, rejects
    content = landed_container(good, secrets.token_bytes(16))
    return _written(f"schema-{datums.schema_id}", content, datums.schema_id, len(good), seal_base), rejects


def _own_sources(found: Proven, datums: Datums, authors: Authors) -> tuple[SealedRows, Mapping[int, Refusal]]:
    """The proven rows whose author may speak for their source; by place in `datums`, what is wrong with the others."""
    if found.table is None:
        return found.rows, {}
    places = np.asarray(found.places)
    foreign = authors.foreign_sources(np.asarray(datums.rows)[places], datums.timestamps[places], found.table)
    if not foreign:
        return found.rows, {}
    refusals = {
        found.places[row]: Refusal(
            datums.schema_id, Reason.SOURCE_NOT_GRANTED, f"{name} may not speak for {source!r}", name
        )
        for row, (name, source) in foreign.items()
    }
    return found.rows.pick([row for row in range(len(found.rows)) if row not in foreign]), refusals


def _rejects_file(rejects: Sequence[Reject]) -> Written:
    return _written("rejects", rejects_container(rejects, secrets.token_bytes(16)), None, len(rejects), 0)


def _written(stem: str, content: bytes, schema_id: int | None, records: int, seal_base: int) -> Written:
    """The random part of the name keeps another writer's file of the same range apart from this one."""
    entry = LandedFile(
        name=f"{stem}-{secrets.token_hex(4)}.avro",
        schema_id=schema_id,
        records=records,
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        seal_base=seal_base,
    )
    return Written(entry, content)
