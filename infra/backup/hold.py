"""One command at a time works on a folder of backups."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from infra.errors import OperatorError


class FolderBusy(OperatorError):
    """Another backup, restore or prune works on this folder: try again when it has ended."""

    retriable: ClassVar[bool] = True


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """The folder, which must be there, for this process alone; raises FolderBusy."""
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderBusy(str(folder)) from None
        yield
