"""Signed pushes of marketplaces; a running part completes each by the platform's order call and publishes it."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import replace

import httpx
import orjson

from infra.demo.ways.http import TIMEOUT_S
from infra.demo.ways.way import SPOILED, Desk, Handed, NotHandedOver
from infra.local.simulated_platforms import ORDERS, simulated_app
from infra.object_store import LakeStore, open_lake
from producers.marketplaces.raw_store import is_delivered
from producers.simulator.foreign.message import Message
from producers.simulator.platforms.pushes import Pusher, SignedPush

PATIENCE_S, POLL_S = 600.0, 0.5
_TAKEN, _BAD_SIGNATURE = 200, 401


def pushes(desk: Desk, messages: Sequence[Message]) -> Handed:
    """A push a state; the spoiled ones are signed by somebody else.

    A repeat is taken with thanks and published once: it counts as refused.
    """
    store = open_lake(desk.settings.lake)
    ids = {message.record.body["event_id"] for message in messages}
    waiting = {each for each in ids if not is_delivered(store, each)}
    _tell_orders(desk, messages)
    signed = [_signed(desk, message) for message in messages]
    signed += [replace(push, authorization="0" * 64) for push in signed[:SPOILED]]
    refused = 0
    with httpx.Client(base_url=desk.settings.gateway.url, timeout=TIMEOUT_S, verify=False) as http:  # noqa: S501
        for push in signed:
            refused += not _is_taken(http, push)
            desk.on_message(1)
    _wait_until_delivered(store, waiting)
    return Handed(len(signed), refused + len(messages) - len(waiting))


def _tell_orders(desk: Desk, messages: Sequence[Message]) -> None:
    """The platform knows the orders before it tells of them."""
    by_platform: dict[str, dict[str, object]] = {}
    for message in messages:
        told = message.content
        by_platform.setdefault(told.platform, {})[told.number] = told.order
    for platform, orders in by_platform.items():
        path = desk.settings.home / ORDERS / f"{platform}.json"
        known = orjson.loads(path.read_bytes()) if path.exists() else {}
        path.write_bytes(orjson.dumps({**known, **orders}))


def _signed(desk: Desk, message: Message) -> SignedPush:
    app = simulated_app(desk.settings.home)
    pushed: SignedPush = message.content.pushed_by(Pusher(app.key, app.secret, message.content.shop, time.time()))
    return pushed


def _is_taken(http: httpx.Client, push: SignedPush) -> bool:
    headers = {"authorization": push.authorization, "content-type": "application/json"}
    try:
        answer = http.post(f"/webhooks/{push.path}", content=push.body, headers=headers)
    except httpx.TransportError as error:
        raise NotHandedOver(f"gateway /webhooks/{push.path}: {type(error).__name__}") from error
    if answer.status_code not in (_TAKEN, _BAD_SIGNATURE):
        raise NotHandedOver(f"gateway /webhooks/{push.path}: status {answer.status_code}")
    return answer.status_code == _TAKEN


def _wait_until_delivered(store: LakeStore, ids: Collection[str]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    for each in ids:
        while not is_delivered(store, each):
            if time.monotonic() > deadline:
                raise NotHandedOver(f"marketplaces: the push of event {each} is not delivered")
            time.sleep(POLL_S)
