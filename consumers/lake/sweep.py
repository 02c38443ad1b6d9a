"""A person's records swept out of a partition's landed batches: the one thing that ever rewrites a batch.

New files first, then the manifest that names them, then the old files go: whoever dies in between leaves a batch that
is whole, and whoever sweeps again finds what is left. A reader that holds the former manifest gets ObjectMissing, which
is tried again.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from consumers.lake.batches import read_file
from consumers.lake.container import MAGIC, ContainerBroken
from consumers.lake.cut import Cut, cut, holds
from consumers.lake.keys import MANIFEST, batch_of, partition_prefix
from consumers.lake.manifest import LandedFile, Manifest
from consumers.lake.traces import Traces, anywhere
from infra.object_store import LakeStore

_WORKERS = 4


@dataclass(frozen=True)
class Swept:
    """What a sweep of a partition did.

    `erased` are all offsets that the batches now say were erased from them. `rewritten` counts batches, `deleted`
    objects. `unsettled` are files that hold the person and belong to no batch yet: landing may be about to name them.
    """

    files: int = 0
    bytes: int = 0
    rewritten: int = 0
    deleted: int = 0
    erased: frozenset[int] = frozenset()
    unsettled: tuple[str, ...] = ()

    def __add__(self, other: Swept) -> Swept:
        return Swept(
            self.files + other.files,
            self.bytes + other.bytes,
            self.rewritten + other.rewritten,
            self.deleted + other.deleted,
            self.erased | other.erased,
            self.unsettled + other.unsettled,
        )

    @property
    def changed(self) -> bool:
        """Whether anything was found."""
        return bool(self.rewritten or self.deleted)


def sweep(store: LakeStore, topic: str, partition: int, traces: Traces, published: int) -> Swept:
    """Take the persons' records out of all batches of the partition, and delete files of theirs that count for nothing.

    `published` is the watermark: what lies below it was landed for good. Raises the lake's errors; may be called again.
    """
    folders: dict[str, list[str]] = {}
    for key in store.list_after(partition_prefix(topic, partition)):
        folder, _, name = key.rpartition("/")
        folders.setdefault(folder + "/", []).append(name)
    with ThreadPoolExecutor(_WORKERS, thread_name_prefix="sweep") as pool:
        work = [pool.submit(_sweep_folder, store, *each, traces, published) for each in folders.items()]
        return sum((each.result() for each in work), Swept())


def _sweep_folder(store: LakeStore, folder: str, names: Collection[str], traces: Traces, published: int) -> Swept:
    if MANIFEST not in names:
        offsets = batch_of(folder)
        settled = offsets is not None and offsets.next_offset <= published
        return _sweep_unnamed(store, [folder + name for name in names], traces, settled=settled)
    manifest = Manifest.from_json(store.get(folder + MANIFEST))
    swept = _sweep_batch(store, manifest, traces)
    named = {MANIFEST, *(file.name for file in manifest.files)}
    unnamed = [folder + name for name in names if name not in named]
    return swept + _sweep_unnamed(store, unnamed, traces, settled=True)


def _sweep_batch(store: LakeStore, manifest: Manifest, traces: Traces) -> Swept:
    files, erased, gone = list[LandedFile](), set(manifest.erased), list[str]()
    for file in manifest.files:
        content = read_file(store, manifest, file)
        if not holds(content, traces, rejects=file.schema_id is None):
            files.append(file)
            continue
        left = cut(content, manifest, file, traces)
        erased |= set(left.offsets)
        gone.append(file.name)
        files += _put(store, manifest, file, left)
    looked_at = Swept(len(manifest.files), manifest.size, erased=frozenset(erased))
    if not gone:
        return looked_at
    rejected = sum(file.records for file in files if file.schema_id is None)
    after = replace(manifest, files=tuple(files), rejected=rejected, erased=tuple(sorted(erased)))
    store.put(after.key, after.to_json())
    _delete(store, (manifest.key_of(name) for name in gone))
    return looked_at + Swept(rewritten=1)


def _put(store: LakeStore, manifest: Manifest, file: LandedFile, left: Cut) -> list[LandedFile]:
    """What is left of a file as one with another name."""
    if left.content is None:
        return []
    stem = file.name.removesuffix(".avro").rpartition("-")[0] or file.name.removesuffix(".avro")
    made = replace(
        file,
        name=f"{stem}-{secrets.token_hex(4)}.avro",
        records=left.records,
        bytes=len(left.content),
        sha256=hashlib.sha256(left.content).hexdigest(),
    )
    store.put(manifest.key_of(made.name), left.content)
    return [made]


def _sweep_unnamed(store: LakeStore, keys: Collection[str], traces: Traces, *, settled: bool) -> Swept:
    """Files that no manifest names: of writers that died or were second, or of a batch that is being written."""
    found = [key for key in keys if _unnamed_holds(store.get(key), traces)]
    if not settled:
        return Swept(files=len(keys), unsettled=tuple(found))
    _delete(store, found)
    return Swept(files=len(keys), deleted=len(found))


def _unnamed_holds(content: bytes, traces: Traces) -> bool:
    if not content.startswith(MAGIC):
        return anywhere(content, traces)
    try:
        return holds(content, traces, rejects=True)
    except ContainerBroken:
        return anywhere(content, traces)


def _delete(store: LakeStore, keys: Iterable[str]) -> None:
    for key in keys:
        store.delete(key)
