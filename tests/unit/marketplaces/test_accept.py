"""What becomes of a push."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from producers.marketplaces import raw_store
from producers.marketplaces.accept import Push, Verdict
from producers.marketplaces.change import Change
from producers.marketplaces.platforms import PLATFORMS
from producers.marketplaces.shops import Marketplaces
from tests.unit.marketplaces.given import NOW, SECONDS, SHOP_IDS, SIGNED, app_of, content, judge, push_of, signed
from tests.unit.marketplaces.memory_store import MemoryStore

PUSHED = tuple(SHOP_IDS)


@pytest.mark.parametrize("platform", PUSHED)
def test_a_signed_push_is_kept_and_owed(platform: str) -> None:
    store = MemoryStore()
    assert judge(push_of(platform), platform, store) is Verdict.ACCEPTED
    (pending,) = raw_store.pending_of(store, platform)
    assert pending.raw_key.startswith(f"raw/marketplace/{platform}/2026/03/01/")
    assert pending.raw_key in store.objects


@pytest.mark.parametrize("platform", SIGNED)
def test_the_kept_payload_is_the_raw_body(platform: str) -> None:
    store, push = MemoryStore(), push_of(platform)
    judge(push, platform, store)
    (pending,) = raw_store.pending_of(store, platform)
    assert store.get(pending.raw_key) == push.body


@pytest.mark.parametrize("platform", PUSHED)
@pytest.mark.parametrize("proof", ["", "0" * 64, "secret", "é"])
def test_a_wrong_signature_is_refused_before_anything_is_read(platform: str, proof: str) -> None:
    read: list[bytes] = []

    def reading(body: bytes | str) -> Change | None:
        read.append(bytes(body))  # type: ignore[arg-type]
        return PLATFORMS[platform].read_push(body)

    store, watched = MemoryStore(), replace(PLATFORMS[platform], read_push=reading)
    push = push_of(platform)
    assert judge(Push(push.body, proof), watched, store) is Verdict.BAD_SIGNATURE
    assert read == []
    assert store.objects == {}
    assert judge(push, watched, store) is Verdict.ACCEPTED
    assert len(read) == 1


@pytest.mark.parametrize("platform", SIGNED)
def test_the_signature_holds_the_body_byte_for_byte(platform: str) -> None:
    push = push_of(platform)
    assert judge(Push(push.body + b" ", push.proof), platform) is Verdict.BAD_SIGNATURE


def test_without_an_app_nothing_is_accepted() -> None:
    assert judge(push_of("shopee"), "shopee", marketplaces=Marketplaces()) is Verdict.BAD_SIGNATURE


def test_an_unsigned_platform_without_a_key_is_closed() -> None:
    apps = Marketplaces((replace(app_of("sendo"), push_key=None),))
    assert judge(Push(push_of("sendo").body, ""), "sendo", marketplaces=apps) is Verdict.BAD_SIGNATURE


def test_each_app_of_a_platform_is_tried() -> None:
    apps = Marketplaces((app_of("shopee", "another"), app_of("shopee")))
    assert judge(push_of("shopee"), "shopee", marketplaces=apps) is Verdict.ACCEPTED


def test_a_base_string_of_the_settings_replaces_the_platforms() -> None:
    app = app_of("shopee", base_string="{body}")
    body = json.dumps(content("shopee")).encode()
    assert judge(signed("shopee", body, app), "shopee", marketplaces=Marketplaces((app,))) is Verdict.ACCEPTED
    assert judge(signed("shopee", body), "shopee", marketplaces=Marketplaces((app,))) is Verdict.BAD_SIGNATURE


@pytest.mark.parametrize(("platform", "hours"), [("shopee", 3.6), ("lazada", 6.2), ("tiktok", 15.6)])
def test_the_platforms_own_last_retry_is_still_taken(platform: str, hours: float) -> None:
    sent = SECONDS - int(hours * 3600)
    assert judge(push_of(platform, sent=sent, updated=sent), platform) is Verdict.ACCEPTED


@pytest.mark.parametrize(("platform", "hours"), [("shopee", 4.1), ("lazada", 7.1), ("tiktok", 16.1)])
def test_an_older_push_is_stale(platform: str, hours: float) -> None:
    store = MemoryStore()
    assert judge(push_of(platform, sent=SECONDS - int(hours * 3600)), platform, store) is Verdict.STALE
    assert store.objects == {}


def test_a_push_from_the_future_is_stale() -> None:
    assert judge(push_of("shopee", sent=SECONDS + 240), "shopee") is Verdict.ACCEPTED
    assert judge(push_of("shopee", sent=SECONDS + 600), "shopee") is Verdict.STALE


def test_the_age_is_a_setting() -> None:
    apps = Marketplaces((app_of("lazada", max_age=timedelta(minutes=5)),))
    assert judge(push_of("lazada", sent=SECONDS - 600), "lazada", marketplaces=apps) is Verdict.STALE


@pytest.mark.parametrize("platform", PUSHED)
def test_a_replay_after_delivery_leaves_nothing_to_deliver(platform: str) -> None:
    store = MemoryStore()
    judge(push_of(platform), platform, store)
    (pending,) = raw_store.pending_of(store, platform)
    raw_store.mark_delivered(store, pending.event_id, pending.raw_key, pending)
    assert judge(push_of(platform), platform, store) is Verdict.REPEATED
    assert list(raw_store.pending_of(store, platform)) == []


def test_a_retry_signed_anew_is_the_same_event() -> None:
    store = MemoryStore()
    judge(push_of("tiktok", sent=SECONDS - 120), "tiktok", store)
    judge(push_of("tiktok", sent=SECONDS), "tiktok", store)
    assert len(list(raw_store.pending_of(store, "tiktok"))) == 1


@pytest.mark.parametrize(
    ("platform", "other"), [("shopee", {"code": 10}), ("lazada", {"message_type": 14}), ("tiktok", {"type": 5})]
)
def test_what_is_not_about_an_orders_state_is_thanked_for_and_not_kept(platform: str, other: dict[str, int]) -> None:
    store, body = MemoryStore(), json.dumps(content(platform) | other | {"data": {"message": "buyer's words"}}).encode()
    assert judge(signed(platform, body), platform, store) is Verdict.NOT_OURS
    assert store.objects == {}


def test_a_push_of_a_shop_that_is_not_configured_is_kept_with_the_reason() -> None:
    store, body = MemoryStore(), json.dumps(content("shopee") | {"shop_id": 99}).encode()
    assert judge(signed("shopee", body), "shopee", store) is Verdict.FOREIGN_SHOP
    (refused,) = raw_store.refused_of(store, "shopee")
    assert "shop 99" in refused.reason


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"{}", b'{"code": true}', b"\xff\xfe", b"[" * 60000])
@pytest.mark.parametrize("platform", PUSHED)
def test_a_signed_push_of_another_form_is_unreadable(platform: str, body: bytes) -> None:
    assert judge(signed(platform, body), platform) is Verdict.UNREADABLE


def test_a_signed_push_of_another_form_is_kept_without_the_buyer() -> None:
    store, body = MemoryStore(), json.dumps(content("shopee") | {"data": {"ordersn": 5, "buyer": "Lan"}}).encode()
    assert judge(signed("shopee", body), "shopee", store) is Verdict.UNREADABLE
    (refused,) = raw_store.refused_of(store, "shopee")
    assert "status must be a text" in refused.reason
    assert json.loads(store.get(refused.raw_key))["data"] == {"ordersn": 5, "buyer": "[removed]"}


def test_what_was_refused_can_be_owed_again() -> None:
    store, body = MemoryStore(), json.dumps(content("shopee") | {"shop_id": 99}).encode()
    judge(signed("shopee", body), "shopee", store)
    assert raw_store.retry_refused(store, "shopee", NOW) == 1
    assert [pending.platform for pending in raw_store.pending_of(store, "shopee")] == ["shopee"]
    assert list(raw_store.refused_of(store, "shopee")) == []


def test_the_day_of_a_kept_payload_is_that_of_vietnam() -> None:
    store, late = MemoryStore(), NOW.replace(hour=18)
    judge(push_of("shopee", sent=int(late.timestamp())), "shopee", store, now=late)
    assert store.under("shopee/2026/03/02/")


def test_a_buyer_in_a_push_is_not_kept() -> None:
    store = MemoryStore()
    judge(push_of("sendo"), "sendo", store)
    assert not [key for key, body in store.objects.items() if b"0912345678" in body]
    assert [key for key, body in store.objects.items() if b"[removed]" in body]
