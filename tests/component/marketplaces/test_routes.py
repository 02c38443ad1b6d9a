"""Pushes over real HTTP."""

from __future__ import annotations

import json
import logging
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from infra.object_store import StoreUnavailable
from producers.marketplaces.routes import PushLimits
from producers.marketplaces.shops import Marketplaces
from tests.component.marketplaces import pushes, sold
from tests.component.marketplaces.pushes import SignedPush
from tests.component.marketplaces.serving import post, serving
from tests.component.marketplaces.settings_file import write_marketplaces
from tests.unit.marketplaces.memory_store import MemoryStore

LIMITS = PushLimits(max_bytes=4096, max_seconds=1.0)
GOOD = (
    pushes.shopee_push("A1", "SHIPPED", 1_700_000_000),
    pushes.lazada_push("26", "27", "shipped", 1_700_000_000),
    pushes.tiktok_push("5764", "CANCEL", 1_700_000_000),
    pushes.sendo_push(sold.sendo_order("16", 6, 1_700_000_000)),
)


@pytest.fixture
def marketplaces(tmp_path: Path) -> Marketplaces:
    return write_marketplaces(tmp_path / "marketplaces.toml", "http://127.0.0.1:1")


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def client(marketplaces: Marketplaces, store: MemoryStore) -> Iterator[httpx.Client]:
    with serving(marketplaces, store, LIMITS) as client:
        yield client


@pytest.mark.parametrize("push", GOOD, ids=lambda push: push.path)
def test_a_push_signed_as_documented_is_durable_when_it_is_answered(
    client: httpx.Client, store: MemoryStore, push: SignedPush
) -> None:
    answer = post(client, push)
    assert (answer.status_code, answer.content) == (200, b"")
    assert len(store.under("pending/")) == 1


@pytest.mark.parametrize("push", GOOD, ids=lambda push: push.path)
def test_a_forged_push_is_refused_in_few_words(
    client: httpx.Client, store: MemoryStore, push: SignedPush, caplog: pytest.LogCaptureFixture
) -> None:
    forged = replace(push, path=push.path.replace("key=", "key=x"), authorization="0" * 64)
    answer = post(client, forged)
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    assert (answer.json()["type"], len(answer.content) < 500) == ("/docs/problems#not-signed", True)
    assert ("?key=" in answer.json()["detail"]) == ("sendo" in push.path)
    assert [record.__dict__["action"] for record in caplog.records if hasattr(record, "action")] == [
        "push_bad_signature"
    ]
    assert store.objects == {}


def test_a_push_without_any_signature_is_refused(client: httpx.Client) -> None:
    assert client.post("/webhooks/shopee", content=GOOD[0].body).status_code == 401
    assert client.post("/webhooks/sendo", content=GOOD[3].body).status_code == 401


def test_a_stale_push_is_refused(client: httpx.Client) -> None:
    old = pushes.tiktok_push("5764", "UNPAID", 1_700_000_000, sent=time.time() - 17 * 3600)
    assert post(client, old).status_code == 401


def test_whose_pushes_are_refused_is_told_to_the_audit(marketplaces: Marketplaces, store: MemoryStore) -> None:
    denied: list[tuple[str, str, str]] = []
    foreign = json.loads(GOOD[0].body) | {"shop_id": 99}
    with serving(marketplaces, store, LIMITS, lambda *told: denied.append(told)) as client:
        assert post(client, GOOD[0]).status_code == 200
        assert post(client, replace(GOOD[0], authorization="0" * 64)).status_code == 401
        assert post(client, pushes.tiktok_push("5764", "UNPAID", 1, sent=time.time() - 17 * 3600)).status_code == 401
        assert post(client, pushes.sign_shopee(json.dumps(foreign).encode())).status_code == 200
    assert denied == [
        ("unknown", "/webhooks/shopee", "bad_signature"),
        ("tiktok", "/webhooks/tiktok-shop", "stale"),
        ("shopee", "/webhooks/shopee", "shop_not_configured"),
    ]


def test_a_signed_body_of_another_form_is_a_bad_request(client: httpx.Client) -> None:
    answer = post(client, pushes.sign_lazada(b'{"message_type": 0}'))
    assert (answer.status_code, answer.json()["type"]) == (400, "/docs/problems#unreadable")


def test_a_body_beyond_the_limit_is_cut_off(client: httpx.Client, store: MemoryStore) -> None:
    assert post(client, pushes.sign_shopee(b" " * 5000)).status_code == 413
    chunks = (b" " * 1000 for _ in range(9))
    assert client.post("/webhooks/shopee", content=chunks).status_code == 413
    assert store.objects == {}


def test_a_body_that_does_not_come_is_not_waited_for(client: httpx.Client) -> None:
    host, port = client.base_url.host, client.base_url.port or 0
    with socket.create_connection((host, port), timeout=5) as slow:
        slow.sendall(b"POST /webhooks/shopee HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        began = time.monotonic()
        assert slow.recv(100).startswith(b"HTTP/1.1 408")
        assert time.monotonic() - began < 3
    assert post(client, GOOD[0]).status_code == 200


def test_a_client_that_goes_away_is_no_error_of_ours(client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_connection((client.base_url.host, client.base_url.port or 0), timeout=5) as gone:
        gone.sendall(b"POST /webhooks/shopee HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        time.sleep(0.2)
    for _ in range(5):
        assert post(client, GOOD[0]).status_code == 200
        time.sleep(0.1)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_while_the_object_store_is_away_the_platform_is_asked_to_come_again(marketplaces: Marketplaces) -> None:
    class Away(MemoryStore):
        def put(self, key: str, body: bytes, *, if_absent: bool = False) -> None:
            raise StoreUnavailable(key)

    with serving(marketplaces, Away(), LIMITS) as client:
        answer = post(client, GOOD[0])
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")


def test_without_configured_apps_every_address_is_closed() -> None:
    with serving(Marketplaces(), MemoryStore(), LIMITS) as client:
        assert [post(client, push).status_code for push in GOOD] == [401] * 4
