"""What a backup says of itself: `<folder>/<name>/backup.json`, written last, so that one without it does not count."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from infra.errors import OperatorError

_BOOK, LAKE, _ERASURES = "backup.json", "lake.jsonl", "erasures.json"
WAREHOUSE = "warehouse"


class BackupMissing(OperatorError):
    """There is no such backup: `hagiang backup list FOLDER` shows those there are. One cut short does not count."""


class BackupDamaged(OperatorError):
    """The backup is not what was written: take an older one, or a copy from another place."""


@dataclass(frozen=True)
class Backup:
    """`dumps` are the SHA-256 of each database's dump, by the database's name. `watermarks` are [topic, partition, next
    offset] of the warehouse's. `objects` and `object_bytes` are of the lake.

    `erasures` are all requests to erase a person by then, as rows of `ledger.erasure`: whoever restores an older backup
    carries those that had begun out again.
    """

    name: str
    made_at: str
    dumps: Mapping[str, str]
    dump_bytes: int
    watermarks: Sequence[Sequence[Any]]
    objects: int
    object_bytes: int
    copied_objects: int
    erasures: Sequence[Mapping[str, Any]]


def dump_file(folder: Path, name: str, database: str) -> Path:
    """Where a backup has the dump of a database."""
    return folder / name / f"{database}.dump"


def write_book(folder: Path, backup: Backup) -> None:
    """Let the backup count."""
    _write(folder / backup.name / _BOOK, asdict(backup))


def uncount(folder: Path, name: str) -> None:
    """Let the backup count no more, before its files go."""
    (folder / name / _BOOK).unlink()


def keep_erasures(folder: Path, erasures: Sequence[Mapping[str, Any]]) -> None:
    """Note requests in the folder before the warehouse, or the backup, that knows them is gone."""
    _write(folder / _ERASURES, list(erasures))


def furthest(*groups: Iterable[Mapping[str, Any]]) -> dict[int, Mapping[str, Any]]:
    """Of each request, by its number, the word in which it has come furthest: begun or done is never taken back."""
    known: dict[int, Mapping[str, Any]] = {}
    for each in chain(*groups):
        before = known.get(each["erasure_id"])
        if before is None or _progress(each) >= _progress(before):
            known[each["erasure_id"]] = each
    return known


def _progress(request: Mapping[str, Any]) -> list[bool]:
    return [request.get(time) is not None for time in ("done_at", "started_at", "approved_at")]


def kept_erasures(folder: Path) -> list[Mapping[str, Any]]:
    """What an earlier restore or prune has noted; raises BackupDamaged."""
    path = folder / _ERASURES
    try:
        found: list[Mapping[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    except ValueError as error:
        raise BackupDamaged(f"{path}: {error}") from error
    return found


def backups_in(folder: Path) -> list[Backup]:
    """All whole backups, the oldest first; raises BackupDamaged for a book that cannot be read."""
    return [_read(path) for path in sorted(folder.glob(f"*/{_BOOK}"))]


def backup_named(folder: Path, name: str | None) -> Backup:
    """The backup of that name, or the newest; raises BackupMissing, BackupDamaged."""
    found = [each for each in backups_in(folder) if name in (None, each.name)]
    if not found:
        raise BackupMissing(f"{folder}: {name or 'no backup at all'}")
    return found[-1]


def sha256_of(path: Path) -> str:
    """Of a file's content, as hexadecimal digits; raises BackupMissing."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise BackupMissing(str(path)) from None


def _write(path: Path, value: Any) -> None:
    """Whole or not at all."""
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")
    draft.rename(path)


def _read(path: Path) -> Backup:
    try:
        return Backup(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise BackupDamaged(f"{path}: {error}") from error
