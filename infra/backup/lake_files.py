"""The lake's objects as files: each content once, under its SHA-256, and an index of which key had which."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import uuid4

from infra.backup.books import LAKE, BackupDamaged, sha256_of
from infra.object_store import LakeStore, ObjectExists, ObjectMissing, StoredObject

_AT_ONCE = 8


@dataclass(frozen=True)
class Kept:
    """An object as it was: `etag` tells whether the store has another content under the key today."""

    key: str
    etag: str
    size: int
    sha256: str


def save_lake(store: LakeStore, folder: Path, name: str, known: Mapping[str, Kept]) -> tuple[list[Kept], int]:
    """Copy all objects but those that an earlier backup of the folder holds (`known`, by key) and write the index; both
    are returned, the index and how many were copied.

    Whoever deletes objects (retention, erasures) has put what stands for them before, perhaps behind the listing: when
    any is gone before it is copied, all are listed once more, until none is.
    """
    index, whole = _copied(store, folder, known)
    while not whole:
        index, whole = _copied(store, folder, {**known, **{each.key: each for each in index}})
    with (folder / name / LAKE).open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in index)
    return index, sum(each is not known.get(each.key) for each in index)


def _copied(store: LakeStore, folder: Path, known: Mapping[str, Kept]) -> tuple[list[Kept], bool]:
    """What the store lists, and whether it still had all of it when it was to be copied."""

    def kept(found: StoredObject) -> Kept | None:
        before = known.get(found.key)
        if before and before.etag == found.etag:
            return before
        return _copy(store, folder, found)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = list(pool.map(kept, store.objects("")))
    index = [each for each in found if each]
    return index, len(index) == len(found)


def read_index(folder: Path, name: str) -> Iterator[Kept]:
    """The objects of a backup; raises BackupDamaged."""
    path = folder / name / LAKE
    try:
        with path.open(encoding="utf-8") as file:
            for line in file:
                yield Kept(**json.loads(line))
    except (OSError, ValueError, TypeError) as error:
        raise BackupDamaged(f"{path}: {error}") from error


def contents_in(folder: Path) -> Iterator[Path]:
    """Every content, and drafts of such as never became one."""
    return (path for path in (folder / "objects").rglob("*") if path.is_file())


def check_files(folder: Path, index: Iterable[Kept]) -> None:
    """Raises BackupDamaged for the first content that is missing or is not what it was."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for kept, found in pool.map(lambda each: (each, sha256_of(_file(folder, each.sha256))), index):
            if found != kept.sha256:
                raise BackupDamaged(f"{_file(folder, kept.sha256)}, which is {kept.key}")


def put_back(store: LakeStore, folder: Path, index: Iterable[Kept]) -> int:
    """Put what the lake lacks; what it has, of whatever content, stays. Returns how many were put.

    A batch's manifest comes after its data, as landing writes it: what dies in between is not taken for a batch.
    """
    there = set(store.list_after(""))
    lacking = [each for each in index if each.key not in there]
    batches = [each for each in lacking if each.key.endswith(".json")]
    others = [each for each in lacking if not each.key.endswith(".json")]
    return sum(_put(store, folder, some) for some in (others, batches))


def _put(store: LakeStore, folder: Path, index: list[Kept]) -> int:
    def put(kept: Kept) -> bool:
        try:
            store.put(kept.key, _file(folder, kept.sha256).read_bytes(), if_absent=True)
        except ObjectExists:
            return False
        return True

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return sum(pool.map(put, index))


def _copy(store: LakeStore, folder: Path, found: StoredObject) -> Kept | None:
    draft = folder / "objects" / f".{uuid4().hex}"
    draft.parent.mkdir(exist_ok=True)
    try:
        with draft.open("wb") as file:
            etag = store.download(found.key, file)
            os.fsync(file.fileno())
    except ObjectMissing:
        draft.unlink()
        return None
    kept = Kept(found.key, etag, draft.stat().st_size, sha256_of(draft))
    path = _file(folder, kept.sha256)
    path.parent.mkdir(exist_ok=True)
    draft.rename(path)
    return kept


def _file(folder: Path, sha256: str) -> Path:
    return folder / "objects" / sha256[:2] / sha256
