"""The file of marketplaces."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from producers.marketplaces.shops import (
    Marketplaces,
    MarketplacesInvalid,
    NotPrivate,
    load_marketplaces,
    marketplaces_file,
)

GOOD = """
[[apps]]
platform = "tiktok"
key = "29a39d"
secret = "very-secret"
callback_url = "https://data.example.vn/webhooks/tiktok-shop"
max_age_minutes = 60
[[apps.shops]]
shop_id = "7494049642642441621"
commune_code = "00688"
shop_cipher = "ROW_x"
refresh_token = "TTP_secret"
"""


def written(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "marketplaces.toml"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def test_no_file_means_no_apps(tmp_path: Path) -> None:
    assert load_marketplaces(tmp_path / "none.toml") == Marketplaces()


def test_the_file_stands_in_the_state_folder_unless_a_setting_names_another(tmp_path: Path) -> None:
    assert marketplaces_file({}, tmp_path) == tmp_path / "marketplaces.toml"
    assert marketplaces_file({"HAGIANG_MARKETPLACES": "/etc/m.toml"}, tmp_path) == Path("/etc/m.toml")


def test_a_good_file_is_read(tmp_path: Path) -> None:
    (app,) = load_marketplaces(written(tmp_path, GOOD)).apps
    assert (app.platform, app.key, app.max_age) == ("tiktok", "29a39d", timedelta(hours=1))
    shop = app.shop("7494049642642441621")
    assert shop is not None
    assert (shop.source, shop.commune_code, shop.synthetic) == ("tiktok:7494049642642441621", "00688", False)
    assert dict(shop.extra) == {"shop_cipher": "ROW_x"}


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    shown = repr(load_marketplaces(written(tmp_path, GOOD)))
    assert "very-secret" not in shown
    assert "TTP_secret" not in shown
    assert "ROW_x" not in shown


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(NotPrivate, match=f"{mode:o}"):
        load_marketplaces(written(tmp_path, GOOD, mode))


@pytest.mark.parametrize(
    ("given", "changed", "named"),
    [
        ('platform = "tiktok"', 'platform = "ebay"', "platform must be one of"),
        ('key = "29a39d"', "", "apps[0].key is missing"),
        ('key = "29a39d"', "key = 5", "key must be str, is int"),
        ('secret = "very-secret"', 'secret = ""', "secret is missing"),
        ("max_age_minutes = 60", 'max_age_minutes = "60"', "max_age_minutes must be int"),
        ("max_age_minutes = 60", "max_age_minute = 60", "no setting max_age_minute"),
        ("max_age_minutes = 60", 'base_string = "{url}"', "base_string must hold {body} once"),
        ("max_age_minutes = 60", "calls_per_second = 0.0", "calls_per_second above 0"),
        ('commune_code = "00688"', 'commune_code = "688"', r"commune_code must match \d{5}"),
        ('shop_cipher = "ROW_x"', "", "shop_cipher is missing"),
        ('shop_cipher = "ROW_x"', 'shop_cipher = "ROW_x"\nqueue = "q"', "no setting queue"),
        ('shop_id = "7494049642642441621"', 'shop_id = "a b"', "shop_id must match"),
        ("[[apps]]", "[apps]", "list of [[apps]]"),
        ("[[apps]]", "x = 1\n[[apps]]", "found x"),
        ("[[apps]]", "[[apps", "marketplaces.toml"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, given: str, changed: str, named: str) -> None:
    assert given in GOOD
    with pytest.raises(MarketplacesInvalid) as raised:
        load_marketplaces(written(tmp_path, GOOD.replace(given, changed)))
    assert named in raised.value.found
    assert "very-secret" not in str(raised.value)


def test_a_shop_may_stand_there_once(tmp_path: Path) -> None:
    with pytest.raises(MarketplacesInvalid, match="twice"):
        load_marketplaces(written(tmp_path, GOOD + GOOD))
