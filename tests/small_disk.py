"""A disk of a few megabytes that a test may fill: a tmpfs that only a helper process has mounted.

Needs no rights but those to a user namespace (root needs none). Others reach the disk through the helper's /proc entry.
"""

from __future__ import annotations

import pwd
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

_FOLDER = "/mnt"
_HELPER = f"""
mount -t tmpfs -o size=$0 tmpfs {_FOLDER} && chmod 755 {_FOLDER} && echo ready
while read -r told; do
    case $told in
        fill) cat /dev/zero 2>/dev/null > {_FOLDER}/ballast ;;
        free) rm -f {_FOLDER}/ballast ;;
    esac
    echo "done"
done
"""


INSIDE = Path(_FOLDER)


@dataclass(frozen=True)
class SmallDisk:
    """`folder` is its root, for this process and those it starts. Never resolve that path: it would lead elsewhere."""

    folder: Path
    _helper: subprocess.Popen[str]

    def seen_by(self, *command: str) -> list[str]:
        """The command for a server that resolves its paths: it sees the disk at INSIDE."""
        return ["nsenter", f"--target={self._helper.pid}", "--user", "--mount", "--preserve-credentials", *command]

    def fill(self) -> None:
        """Leave no byte free."""
        self._tell("fill")

    def free(self) -> None:
        """Give back what `fill` took."""
        self._tell("free")

    def _tell(self, word: str) -> None:
        assert self._helper.stdin is not None
        assert self._helper.stdout is not None
        print(word, file=self._helper.stdin, flush=True)
        assert self._helper.stdout.readline() == "done\n"


@contextmanager
def small_disk(size: str, user: str | None = None) -> Iterator[SmallDisk]:
    """A disk of that size (`8m`); with `user`, who must be started by root, it belongs to that user."""
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", _HELPER, size]
    group = pwd.getpwnam(user).pw_gid if user else None
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    others: Any = [] if user else None
    with subprocess.Popen(command, **pipes, user=user, group=group, extra_groups=others, cwd="/") as helper:
        assert helper.stdin is not None
        assert helper.stdout is not None
        if helper.stdout.readline() != "ready\n":
            pytest.fail("no small disk: let users make namespaces (kernel.apparmor_restrict_unprivileged_userns=0)")
        try:
            yield SmallDisk(Path(f"/proc/{helper.pid}/root{_FOLDER}"), helper)
        finally:
            helper.stdin.close()
