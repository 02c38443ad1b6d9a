"""Backups whose time is over: they still hold persons who were erased since."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from infra.backup.books import Backup, backups_in, furthest, keep_erasures, kept_erasures, uncount
from infra.backup.hold import held
from infra.backup.lake_files import contents_in, read_index

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pruned:
    """`backups` are those that are too many, `unfinished` what is left of such as never came to their end.

    `contents` are files of the lake that no backup names any more, `bytes` their size.
    """

    backups: Sequence[str]
    unfinished: Sequence[str]
    contents: int
    bytes: int


def prune(folder: Path, keep: int, *, apply: bool) -> Pruned:
    """Remove all but the `keep` newest backups of the folder, at least one, and what only they needed.

    Nothing is removed unless `apply`. What they knew of erasures is kept. May die anywhere and be called again. Raises
    FolderBusy, BackupDamaged with nothing removed.
    """
    if keep < 1:
        raise ValueError("the newest backup is kept")
    with held(folder):
        whole = backups_in(folder)
        old, kept = whole[:-keep], whole[-keep:]
        unfinished = sorted(_folders(folder) - {each.name for each in whole})
        idle = list(_unnamed(folder, kept))
        found = Pruned(
            [each.name for each in old], unfinished, len(idle), sum(content.stat().st_size for content in idle)
        )
        if apply:
            _remove(folder, old, unfinished, idle)
            log.info("Pruned %d backups", len(old), extra={"action": "prune", "contents": len(idle)})
    return found


def _remove(folder: Path, old: Sequence[Backup], unfinished: Sequence[str], idle: Sequence[Path]) -> None:
    known = furthest(kept_erasures(folder), *(backup.erasures for backup in old))
    keep_erasures(folder, list(known.values()))
    for backup in old:
        uncount(folder, backup.name)
    for name in (*(backup.name for backup in old), *unfinished):
        shutil.rmtree(folder / name)
    for content in idle:
        content.unlink()


def _folders(folder: Path) -> set[str]:
    """Names of all that are backups, or would have become one."""
    return {path.name for path in folder.iterdir() if path.is_dir() and path.name != "objects"}


def _unnamed(folder: Path, kept: Sequence[Backup]) -> Iterator[Path]:
    named = {each.sha256 for backup in kept for each in read_index(folder, backup.name)}
    return (path for path in contents_in(folder) if path.name not in named)
