"""Signatures against the examples that the platforms' documentations give."""

from __future__ import annotations

import pytest

from producers.marketplaces import lazada_orders, shopee_orders, tiktok_shop_orders
from producers.marketplaces.signing import base_string, check_template, hmac_hex, matches


def test_lazada_call_as_in_its_documentation() -> None:
    parameters = {
        "app_key": "123456",
        "access_token": "test",
        "timestamp": "1517820392000",
        "sign_method": "sha256",
        "order_id": "1234",
    }
    documented = "4190D32361CFB9581350222F345CB77F3B19F0E31D162316848A2C1FFD5FAB4A"
    assert lazada_orders.sign("helloworld", "/order/get", parameters) == documented


def test_tiktok_call_as_in_its_documentation() -> None:
    parameters = {"app_key": "29a39d", "timestamp": "1623812664"}
    documented = "b596b73e0cc6de07ac26f036364178ab16b0a907af13d43f0a0cd2345f582dc8"
    path = "/authorization/202309/shops"
    assert tiktok_shop_orders.sign("e59af819cc", path, parameters) == documented
    assert tiktok_shop_orders.sign("e59af819cc", path, {**parameters, "sign": "x", "access_token": "y"}) == documented


def test_tiktok_signs_the_body_too() -> None:
    assert tiktok_shop_orders.sign("s", "/p", {}, b"{}") != tiktok_shop_orders.sign("s", "/p", {}, b"{ }")


def test_shopee_signs_the_base_string_of_its_documentation() -> None:
    base = b"2001887/api/v2/shop/get_shop_info165571443159777174636562737266615546704c6d14701711"
    token = "59777174636562737266615546704c6d"
    signed = shopee_orders.sign("key", "2001887", "/api/v2/shop/get_shop_info", 1655714431, token, "14701711")
    assert signed == hmac_hex("key", base)


@pytest.mark.parametrize(
    ("template", "wanted"),
    [
        ("{url}|{body}", b'https://a/b|{"x":"{url}"}'),
        ("{app_key}{body}", b'77{"x":"{url}"}'),
        ("{body}", b'{"x":"{url}"}'),
    ],
)
def test_a_base_string_is_filled_once_and_the_body_is_left_as_it_came(template: str, wanted: bytes) -> None:
    assert base_string(template, url="https://a/b", app_key="77", body=b'{"x":"{url}"}') == wanted


@pytest.mark.parametrize("template", ["{url}", "{body}{body}", "{body}{secret}", "{body}{", ""])
def test_a_template_that_cannot_be_used_is_named(template: str) -> None:
    assert check_template(template)


def test_signatures_match_whatever_their_case() -> None:
    assert matches("AB12", " ab12 ")
    assert not matches("ab12", "ab13")
    assert not matches("ab12", "")
    assert not matches("ab12", "ab1２")
