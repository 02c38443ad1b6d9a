"""The gateway's speeds: `python -m infra.bench.gateway` beside a running stack (HAGIANG_HOME).

A gateway process of its own is started beside the stack's, without bounds on a client's rate, with a spool of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import httpx
import orjson
import psutil
import uvloop

from infra.bench.events import good_events
from infra.bench.http_load import Load, closed_loop, open_loop, request_bytes
from infra.local.ports import choose_ports
from schemas.catalog import load_catalog
from schemas.contract import Contract
from schemas.folders import contract_folders

CLIENTS = 64
BATCH = 500
ACCEPTED = 202
UNBOUNDED = {"GATEWAY_EVENTS_PER_SECOND": "1000000", "GATEWAY_BURST_EVENTS": "100000000"}


class NotAccepted(click.ClickException):
    """A figure of refused events would tell of something else."""

    def __init__(self, statuses: Mapping[int, int]) -> None:
        super().__init__(
            f"Only {ACCEPTED} is measured, but the gateway answered {dict(statuses)}: grant the key's client the event "
            "and the sources H22* (hagiang access grant)."
        )


@dataclass(frozen=True)
class Running:
    """A gateway process that answers."""

    port: int
    process: psutil.Process


@contextmanager
def running_gateway(environ: Mapping[str, str]) -> Iterator[Running]:
    """A gateway on a free port; ended when the context ends."""
    port = choose_ports({}, {}, automatic=True)[0]["gateway"]
    command = [str(Path(sys.executable).with_name("hagiang")), "gateway", "--port", str(port)]
    with TemporaryDirectory(prefix="hagiang-bench-") as folder:
        surroundings = {**environ, **UNBOUNDED, "GATEWAY_SPOOL": folder}
        process = subprocess.Popen(command, env=surroundings, stderr=subprocess.DEVNULL)
        try:
            _await_kafka(port)
            yield Running(port, psutil.Process(process.pid))
        finally:
            process.terminate()
            process.wait(30)


def _await_kafka(port: int, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            page = httpx.get(f"http://127.0.0.1:{port}/health/ready", timeout=2)
            if page.is_success and page.json()["G002_kafka"] == "ok":
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise TimeoutError("the gateway does not reach Kafka")


def measured(gateway: Running, events: int, work: Callable[[], Awaitable[Load]]) -> dict[str, Any]:
    """Rate, latencies and the server's processor time of some requests with so many events. Raises NotAccepted."""
    before, start = gateway.process.cpu_times(), time.perf_counter()
    load = uvloop.run(_awaited(work))
    seconds, after = time.perf_counter() - start, gateway.process.cpu_times()
    if load.statuses.keys() != {ACCEPTED}:
        raise NotAccepted(load.statuses)
    cpu = after.user + after.system - before.user - before.system
    return {
        "events_per_s": round(events / seconds),
        "p50_ms": round(load.quantile(0.5) * 1000, 1),
        "p99_ms": round(load.quantile(0.99) * 1000, 1),
        "server_cpu_s_per_1000_events": round(cpu / events * 1000, 3),
    }


async def _awaited(work: Callable[[], Awaitable[Load]]) -> Load:
    return await work()


def run(gateway: Running, contract: Contract, key: str, events: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Singles as fast as 64 clients go, batches of 500, and singles at 1000 a second."""
    path = f"/events/{contract.topic}"
    singles = [request_bytes(path, key, orjson.dumps(event)) for event in events]
    chunks = [events[start : start + BATCH] for start in range(0, len(events), BATCH)]
    batches = [request_bytes(path, key, orjson.dumps(chunk)) for chunk in chunks] * 4
    port = gateway.port
    uvloop.run(closed_loop(port, singles[:2000], CLIENTS))
    return {
        "singles": measured(gateway, len(singles), lambda: closed_loop(port, singles, CLIENTS)),
        "batches_of_500": measured(gateway, BATCH * len(batches), lambda: closed_loop(port, batches, CLIENTS)),
        "singles_at_1000_per_s": measured(gateway, 10_000, lambda: open_loop(port, singles[:10_000], CLIENTS, 1000)),
    }


@click.command()
@click.option("--key", required=True, help="API key of a client that may write the event.")
@click.option("--event", default="dossier_status_changed", show_default=True)
@click.option("--events", default=20_000, show_default=True)
def main(key: str, event: str, events: int) -> None:
    """Print the figures as JSON."""
    folders = contract_folders(os.environ)
    contract = load_catalog(folders.avro)[event]
    made = good_events(contract, folders.examples, events, seed=int(time.time()))
    with running_gateway(os.environ) as gateway:
        click.echo(json.dumps(run(gateway, contract, key, made), indent=1))


if __name__ == "__main__":
    main()
