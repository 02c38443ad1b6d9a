"""Nothing of a buyer is kept."""

from __future__ import annotations

import json

import pytest

from producers.marketplaces.change import PushUnreadable
from producers.marketplaces.redact import REMOVED, without_personal


@pytest.mark.parametrize(
    "name",
    "buyer_id buyer_user_id buyer_phone buyerAddress customer recipient_address receiver_name phone phone2 email "
    "first_name last_name user_name full_name passport_no identify_no buyer_note address_shipping user_id".split(),
)
def test_a_field_of_a_buyer_is_removed_wherever_it_stands(name: str) -> None:
    body = json.dumps({"a": [{"b": {name: "Nguyễn"}}], "ordersn": "X"}).encode()
    clean = json.loads(without_personal(body))
    assert clean == {"a": [{"b": {name: REMOVED}}], "ordersn": "X"}


@pytest.mark.parametrize(
    "name", "ordersn shop_id seller_id order_number name product_name tts_notification_id update_time completed".split()
)
def test_a_field_of_the_order_stays_and_so_does_every_byte(name: str) -> None:
    body = b'{"data" :\t{"' + name.encode() + b'":  "x\\u1ea5"}}\n'
    assert without_personal(body) == body


@pytest.mark.parametrize("body", [b"\xff", b"", b"[" * 100_000, b'{"a":' * 700 + b"1" + b"}" * 700])
def test_what_is_no_json_or_too_deep_cannot_be_kept(body: bytes) -> None:
    with pytest.raises(PushUnreadable):
        without_personal(body)


def test_half_a_surrogate_does_no_harm() -> None:
    assert b"removed" in without_personal(b'{"phone": "x", "y": "\\ud800"}')
