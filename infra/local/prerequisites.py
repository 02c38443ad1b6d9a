"""What must be on the machine before the stack can start; each missing thing is one sentence with its package."""

from __future__ import annotations

import shutil
import sys

from infra.errors import OperatorError

PYTHONS = ((3, 11), (3, 12))


class PrerequisiteMissing(OperatorError):
    """Install the package named, then run the command again."""


def check_python(version: tuple[int, int] = sys.version_info[:2]) -> None:
    """Raise PrerequisiteMissing unless this Python is one that everything was tried with."""
    if version not in PYTHONS:
        found = ".".join(map(str, version))
        raise PrerequisiteMissing(f"Python 3.11 or 3.12 is needed, this is {found}: on Debian, apt-get install python3")


def find_maven(path: str | None = None) -> str:
    """Path of `mvn`, which fetches the Java servers; looked for on `path`, else on PATH."""
    maven = shutil.which("mvn", path=path)
    if maven is None:
        raise PrerequisiteMissing("Maven (mvn) is not on the PATH: on Debian, apt-get install maven")
    return maven
