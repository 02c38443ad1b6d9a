"""The router in an app of its own, under real uvicorn on loopback."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn
from fastapi import FastAPI

from producers.marketplaces.raw_store import Store
from producers.marketplaces.routes import OnDenied, PushLimits, marketplace_routes, nobody_asks
from producers.marketplaces.shops import Marketplaces
from tests.component.marketplaces.pushes import SignedPush


@contextmanager
def serving(
    marketplaces: Marketplaces, store: Store, limits: PushLimits, on_denied: OnDenied = nobody_asks
) -> Iterator[httpx.Client]:
    """A client of the running app."""
    app = FastAPI()
    app.include_router(marketplace_routes(marketplaces, store, limits=limits, on_denied=on_denied))
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=10) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


def post(client: httpx.Client, push: SignedPush) -> httpx.Response:
    return client.post(f"/webhooks/{push.path}", content=push.body, headers={"Authorization": push.authorization})
