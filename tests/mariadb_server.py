"""A MariaDB server of the tests' own: binaries from Maven Central, a data folder and a free port, ended by its pid."""

from __future__ import annotations

import os
import pwd
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pymysql

from infra.local.jars import ensure_jars

POM = Path(__file__).parent / "mariadb" / "pom.xml"
HOST = "127.0.0.1"
START_S = 60.0
# A bootstrap reads one statement a line; `root` may then come in from this machine without a password.
BEFORE = "create database mysql;\nuse mysql;\nset @auth_root_socket=NULL;\nset @skip_auth_anonymous=1;\n"
SYSTEM_TABLES = ("mariadb_system_tables.sql", "mariadb_performance_tables.sql", "mariadb_system_tables_data.sql")


@dataclass
class MariaDb:
    """A server that may be stopped and started again with the same data and port."""

    program: Path
    data: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """SQLAlchemy's URL of the server, without a database."""
        return f"mariadb+pymysql://root@{HOST}:{self.port}/"

    def start(self) -> None:
        """Begin to serve, and wait until it does; raises AssertionError with the end of its log."""
        options = [f"--bind-address={HOST}", f"--port={self.port}", f"--socket={self.data / 'socket'}"]
        with self._log.open("ab") as log:
            self.process = subprocess.Popen([*_command(self.program, self.data), *options], stdout=log, stderr=log)
        deadline = time.monotonic() + START_S
        while not self._serves():
            said = self._log.read_text(errors="replace")[-2000:]
            assert self.process.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.05)

    def stop(self) -> None:
        """End it, if it runs, and wait."""
        if self.process:
            self.process.terminate()
            self.process.wait(30)

    @property
    def _log(self) -> Path:
        return self.data.parent / "mariadb.log"

    def _serves(self) -> bool:
        try:
            pymysql.connect(host=HOST, port=self.port, user="root").close()
        except pymysql.OperationalError:
            return False
        return True


@contextmanager
def mariadb(folder: Path) -> Iterator[MariaDb]:
    """A new server in an empty folder; raises JarsNotFetched when it cannot be had."""
    program = _program()
    data = folder / "data"
    data.mkdir()
    _bootstrap(program, data)
    server = MariaDb(program, data, _free_port())
    try:
        server.start()
        yield server
    finally:
        server.stop()


@contextmanager
def own_mariadb_database(server: MariaDb) -> Iterator[str]:
    """The URL of a new database, dropped at the end."""
    name = f"test_{uuid4().hex[:10]}"
    with pymysql.connect(host=HOST, port=server.port, user="root", autocommit=True) as connection:
        connection.cursor().execute(f"create database {name} character set utf8mb4")
    yield server.url + name
    with pymysql.connect(host=HOST, port=server.port, user="root", autocommit=True) as connection:
        connection.cursor().execute(f"drop database {name}")


def _program() -> Path:
    (binary,) = ensure_jars(os.environ, POM).folder.glob("mariadb/**/bin/mariadbd")
    binary.chmod(binary.stat().st_mode | stat.S_IXUSR)
    return binary.parents[1]


def _command(program: Path, data: Path) -> list[str]:
    # Without TLS: it would spend its first ten seconds on making a key.
    return [
        str(program / "bin" / "mariadbd"),
        "--no-defaults",
        f"--basedir={program}",
        f"--datadir={data}",
        f"--lc-messages-dir={program / 'share'}",
        f"--user={pwd.getpwuid(os.getuid()).pw_name}",
        "--innodb-log-file-size=16M",
        "--innodb-buffer-pool-size=128M",
        "--skip-ssl",
    ]


def _bootstrap(program: Path, data: Path) -> None:
    tables = [(program / "share" / name).read_text(encoding="utf-8") for name in SYSTEM_TABLES]
    said = subprocess.run(
        [*_command(program, data), "--bootstrap"],
        input="".join([BEFORE, *tables]).encode(),
        capture_output=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr.decode()[-2000:]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
