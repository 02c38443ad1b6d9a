"""Which loopback port each part listens on: the usual one, a pinned one, or a free one, remembered in `ports.json`."""

from __future__ import annotations

import json
import random
import socket
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from infra.errors import OperatorError

HOST = "127.0.0.1"
USUAL: Mapping[str, int] = {
    "postgres": 15432,
    "kafka": 19092,
    "kafka_controller": 19093,
    "store": 19000,
    "registry": 18081,
    "registry_management": 18082,
    "airflow": 18080,
    "gateway": 18090,
    "simulated_platforms": 18095,
    "supervisor": 19001,
}
# Below the range that Linux hands to outgoing connections (from 32768 on): a port chosen here stays free while its
# part is down.
FREE_RANGE = range(20000, 32000)
# How long the threads of a killed Java server may go on holding its port after the process seems gone.
DYING_SECONDS = 5


class PortTaken(OperatorError):
    """Another program has a port that was asked for: end it, or unset the variable and `hagiang up` chooses another."""


def is_free(port: int, patience: float = 0) -> bool:
    """Whether a server can listen on the loopback port, now or within `patience` seconds."""
    deadline = time.monotonic() + patience
    while not (bindable := _bindable(port)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return bindable


def _bindable(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def pinned_ports(environ: Mapping[str, str]) -> dict[str, int]:
    """Ports asked for by `HAGIANG_PORT_<PART>`; raises PortTaken for a value that is no port."""
    pinned = {}
    for part in USUAL:
        name = f"HAGIANG_PORT_{part.upper()}"
        if value := environ.get(name):
            if not value.isdigit() or not 0 < int(value) < 65536:
                raise PortTaken(f"{name}={value} is not a port number")
            pinned[part] = int(value)
    return pinned


def free_range(environ: Mapping[str, str]) -> range:
    """Where free ports come from: FREE_RANGE, or `HAGIANG_FREE_PORTS` (first-last); raises PortTaken for another value.

    Stacks that start at the same moment may choose the same free port. Who starts several gives each a range.
    """
    asked = environ.get("HAGIANG_FREE_PORTS")
    if not asked:
        return FREE_RANGE
    first, _, last = asked.partition("-")
    if not (first.isdigit() and last.isdigit() and 0 < int(first) < int(last) < 65536):
        raise PortTaken(f"HAGIANG_FREE_PORTS={asked} is not two port numbers, first-last")
    return range(int(first), int(last) + 1)


def choose_ports(
    remembered: Mapping[str, int],
    pinned: Mapping[str, int],
    *,
    automatic: bool,
    among: range = FREE_RANGE,
    free: Callable[[int, float], bool] = is_free,
    rng: random.Random | None = None,
) -> tuple[dict[str, int], list[str]]:
    """A free port for every part, and a sentence for each part whose port was taken by another program.

    A pinned port wins over the remembered one, that over the usual one (over a random one when `automatic`); a free
    one is one of `among`.
    Raises PortTaken when a pinned port is not free.
    """
    rng = rng or random.Random()  # noqa: S311 (not for secrets)
    chosen: dict[str, int] = {}
    moved: list[str] = []
    for part, usual in USUAL.items():
        wanted = pinned.get(part) or remembered.get(part) or (0 if automatic else usual)
        patience = DYING_SECONDS if wanted == remembered.get(part) else 0
        if wanted and wanted not in chosen.values() and free(wanted, patience):
            chosen[part] = wanted
            continue
        if part in pinned:
            raise PortTaken(f"port {wanted} for {part} is not free")
        chosen[part] = _any_free(chosen, among, free, rng)
        if wanted:
            moved.append(f"port {wanted} of {part} is taken by another program: using {chosen[part]}")
    return chosen, moved


def _any_free(chosen: Mapping[str, int], among: range, free: Callable[[int, float], bool], rng: random.Random) -> int:
    sample = rng.sample(among, min(2000, len(among)))
    port = next((port for port in sample if port not in chosen.values() and free(port, 0)), None)
    if port is None:
        raise PortTaken(f"no port is free between {among.start} and {among.stop}")
    return port


def read_ports(path: Path) -> dict[str, int]:
    """The remembered ports; empty before the first start."""
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def write_ports(path: Path, ports: Mapping[str, int]) -> None:
    """Remember the ports for the next start."""
    path.write_text(json.dumps(dict(ports), indent=1) + "\n", encoding="utf-8")
