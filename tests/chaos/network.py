"""A relay between the run's processes and each server, and what happens to it: cut, silence, delay."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from random import Random
from typing import Any
from urllib.parse import urlsplit

from infra.settings import Settings
from tests.relay import Relay, relay_to

SERVERS = ("kafka", "postgres", "store")
_KAFKA = "CHAOS_KAFKA_RELAY"


@contextmanager
def relays(settings: Settings) -> Iterator[Mapping[str, Relay]]:
    """One for each server, by its name."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(relay_to("127.0.0.1", _port(settings, name))) for name in SERVERS}


def through(network: Mapping[str, Relay], settings: Settings, environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of a process whose way to each server leads through its relay."""
    store = f"http://127.0.0.1:{network['store'].port}"
    urls = {
        name: _with_port(url, network["postgres"].port)
        for name, url in {
            "WAREHOUSE_URL": environment["WAREHOUSE_URL"],
            "LANDING_DATABASE_URL": settings.access.landing_url,
        }.items()
    }
    kafka = f"{_port(settings, 'kafka')},{network['kafka'].port}"
    return {**environment, **urls, "AWS_ENDPOINT_URL_S3": store, _KAFKA: kafka}


def take_kafkas_relay(environment: Mapping[str, str]) -> None:
    """Lead this process's connections to the broker through its relay, where the run has one.

    The broker tells its clients its own port, so that an address in the settings would not do.
    """
    if _KAFKA not in environment:
        return
    broker, relay = map(int, environment[_KAFKA].split(","))
    connect = {name: getattr(socket.socket, name) for name in ("connect", "connect_ex")}

    def led(name: str) -> Callable[[socket.socket, Any], Any]:
        def connected(self: socket.socket, address: Any) -> Any:
            if isinstance(address, tuple) and address[1] == broker:
                address = (address[0], relay, *address[2:])
            return connect[name](self, address)

        return connected

    for name in connect:
        setattr(socket.socket, name, led(name))


def cut(relay: Relay, rng: Random) -> None:
    """Connections break, and new ones are refused for some seconds."""
    relay.cut()
    time.sleep(rng.uniform(0.1, 5))
    relay.mend()


def silence(relay: Relay, rng: Random) -> None:
    """Nothing passes for some seconds, then all of it."""
    relay.silence()
    time.sleep(rng.uniform(1, 8))
    relay.mend()


def half_open(relay: Relay, rng: Random) -> None:
    """Nothing passes, then what stood is broken: who had sent cannot know whether it arrived."""
    relay.silence()
    time.sleep(rng.uniform(0.5, 4))
    relay.cut()
    relay.mend()


def delay(relay: Relay, rng: Random) -> None:
    """Everything comes late for some seconds."""
    relay.delay = rng.uniform(0.05, 0.6)
    time.sleep(rng.uniform(1, 5))
    relay.mend()


HARMS: Mapping[str, Callable[[Relay, Random], None]] = {
    "cut": cut,
    "silent": silence,
    "half open": half_open,
    "slow": delay,
}


def _port(settings: Settings, name: str) -> int:
    addresses = {
        "kafka": f"//{settings.kafka.bootstrap_servers}",
        "postgres": settings.warehouse.owner_url,
        "store": settings.lake.endpoint_url,
    }
    port = urlsplit(addresses[name]).port
    assert port is not None
    return port


def _with_port(url: str, port: int) -> str:
    parts = urlsplit(url)
    login, _, address = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{login}@{address.rpartition(':')[0]}:{port}").geturl()
