"""Serves the gateway until it is told to stop."""

from __future__ import annotations

import gc
import signal
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from producers.gateway.protocol import protocol_with

_THRESHOLDS = (20_000, 10, 20)


@dataclass(frozen=True)
class Listen:
    """Where to listen; with a certificate and its key (PEM files) by TLS."""

    host: str
    port: int
    certificate: Path | None = None
    key: Path | None = None


def collect_seldom() -> None:
    """Keep the collector of cyclic garbage from stopping all requests.

    What was made at the start (a quarter of a million objects) stays and is looked at no more, and the rest less often:
    requests leave hardly any cycles behind.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)


def serve(app: ASGIApp, listen: Listen, *, header_seconds: float) -> None:
    """Returns after SIGTERM or SIGINT, when the open requests have their answers, at most ten seconds later."""
    config = uvicorn.Config(
        app,
        host=listen.host,
        port=listen.port,
        ssl_certfile=listen.certificate,
        ssl_keyfile=listen.key,
        loop="uvloop",
        http=protocol_with(header_seconds),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=10,
        backlog=1024,
    )
    collect_seldom()
    # uvicorn raises the signal again when it is done; whoever called has work left then.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        uvicorn.Server(config).run()
    except KeyboardInterrupt:
        return
