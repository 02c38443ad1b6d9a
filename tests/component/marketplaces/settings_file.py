"""The file of marketplaces that the tests use."""

from __future__ import annotations

from pathlib import Path

from producers.marketplaces.shops import Marketplaces, load_marketplaces
from tests.component.marketplaces import accounts
from tests.component.marketplaces.accounts import KEY, SECRET
from tests.component.marketplaces.pushes import CALLBACK

SHOPS = {
    "shopee": (accounts.SHOPEE_SHOP, 'refresh_token = "shopee-refresh"'),
    "lazada": (accounts.LAZADA_SELLER, 'refresh_token = "lazada-refresh"'),
    "tiktok": (accounts.TIKTOK_SHOP, f'refresh_token = "tiktok-refresh"\nshop_cipher = "{accounts.TIKTOK_CIPHER}"'),
    "tiki": (accounts.TIKI_SELLER, f'queue = "{accounts.TIKI_QUEUE}"'),
    "sendo": (accounts.SENDO_SHOP, ""),
}


def text_of(url: str, *platforms: str) -> str:
    return "\n".join(_app(url, platform) for platform in platforms or SHOPS)


def write_marketplaces(path: Path, url: str, *platforms: str) -> Marketplaces:
    path.write_text(text_of(url, *platforms), encoding="utf-8")
    path.chmod(0o600)
    return load_marketplaces(path)


def _app(url: str, platform: str) -> str:
    shop_id, extra = SHOPS[platform]
    rest = "/rest" if platform == "lazada" else ""
    push_key = 'push_key = "sendo-push-key"' if platform == "sendo" else ""
    return f"""
[[apps]]
platform = "{platform}"
key = "{KEY}"
secret = "{SECRET}"
callback_url = "{CALLBACK}{platform}"
api_url = "{url}{rest}"
calls_per_second = 1000.0
{push_key}
[[apps.shops]]
shop_id = "{shop_id}"
commune_code = "00715"
synthetic = true
{extra}
"""
