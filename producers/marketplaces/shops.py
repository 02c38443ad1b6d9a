"""`marketplaces.toml`: the apps registered with each platform and the shops that have authorised them.

The file holds secrets, so it must be readable by its owner alone. See README.md for an example.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from infra.errors import OperatorError
from producers.marketplaces.signing import check_template

FILE = "marketplaces.toml"
NAMES = ("shopee", "lazada", "tiktok", "tiki", "sendo")
# What the contract takes: shop_id's pattern, and the pattern of `source` without the platform.
_SHOP_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
_COMMUNE = re.compile(r"\d{5}")


class MarketplacesInvalid(OperatorError):
    """The file of marketplaces cannot be used: mend what is named; producers/marketplaces/README.md has an example."""


class NotPrivate(OperatorError):
    """The file of marketplaces holds secrets and others may read it: `chmod 600` it, and change the secrets."""


@dataclass(frozen=True)
class Shop:
    """A shop of the province. `extra` holds what one platform alone needs, as TikTok's `shop_cipher`."""

    platform: str
    shop_id: str
    commune_code: str
    refresh_token: str | None = field(default=None, repr=False)
    synthetic: bool = False
    extra: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def source(self) -> str:
        """As the contract writes it."""
        return f"{self.platform}:{self.shop_id}"


@dataclass(frozen=True)
class App:
    """An app registered with a platform: its secret signs pushes and calls for each of its shops.

    `push_key` stands at the end of the address that an unsigned platform pushes to.
    What is None is the platform's own default, see platforms.py.
    """

    platform: str
    key: str
    secret: str = field(repr=False)
    shops: tuple[Shop, ...]
    callback_url: str = ""
    push_key: str | None = field(default=None, repr=False)
    base_string: str | None = None
    api_url: str | None = None
    auth_url: str | None = None
    max_age: timedelta | None = None
    calls_per_second: float = 5.0

    def shop(self, shop_id: str) -> Shop | None:
        """The shop of that id, if it is one of this app's."""
        return next((shop for shop in self.shops if shop.shop_id == shop_id), None)


@dataclass(frozen=True)
class Marketplaces:
    """All apps, in the file's order."""

    apps: tuple[App, ...] = ()

    def of(self, platform: str) -> tuple[App, ...]:
        """The apps of one platform."""
        return tuple(app for app in self.apps if app.platform == platform)


def marketplaces_file(environ: Mapping[str, str], home: Path) -> Path:
    """HAGIANG_MARKETPLACES, else `marketplaces.toml` in the state folder; it need not exist."""
    return Path(environ.get("HAGIANG_MARKETPLACES") or home / FILE)


def load_marketplaces(path: Path) -> Marketplaces:
    """What the file says; no apps when there is no file. Raises NotPrivate, MarketplacesInvalid."""
    if not path.exists():
        return Marketplaces()
    if path.stat().st_mode & 0o077:
        raise NotPrivate(f"{path} has mode {path.stat().st_mode & 0o777:o}")
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MarketplacesInvalid(f"{path}: {error}") from error
    apps = tuple(_app(_Table(f"{path}: apps[{number}]", table)) for number, table in enumerate(_tables(document, path)))
    _check_unique(path, apps)
    return Marketplaces(apps)


class _Table:
    """One table of the file; each value is taken once, and what nobody took is an error."""

    def __init__(self, at: str, values: Any) -> None:
        if not isinstance(values, dict):
            raise MarketplacesInvalid(f"{at} must be a table")
        self.at = at
        self._left = dict(values)

    def take(self, name: str, kind: type, default: Any = None) -> Any:
        value = self._left.pop(name, default)
        if value is not None and (not isinstance(value, kind) or (kind is not bool and isinstance(value, bool))):
            raise MarketplacesInvalid(f"{self.at}.{name} must be {kind.__name__}, is {type(value).__name__}")
        return value

    def need(self, name: str, pattern: re.Pattern[str] | None = None) -> str:
        value: str | None = self.take(name, str)
        if not value:
            raise MarketplacesInvalid(f"{self.at}.{name} is missing")
        if pattern and not pattern.fullmatch(value):
            raise MarketplacesInvalid(f"{self.at}.{name} must match {pattern.pattern}")
        return value

    def end(self) -> None:
        if self._left:
            raise MarketplacesInvalid(f"{self.at} has no setting {', '.join(sorted(self._left))}")


def _tables(document: dict[str, Any], path: Path) -> list[Any]:
    apps = document.pop("apps", [])
    if document or not isinstance(apps, list):
        raise MarketplacesInvalid(f"{path}: the file is a list of [[apps]], found {', '.join(document) or 'no list'}")
    return apps


def _app(table: _Table) -> App:
    platform = table.need("platform")
    if platform not in NAMES:
        raise MarketplacesInvalid(f"{table.at}.platform must be one of {', '.join(NAMES)}, is {platform}")
    base_string = table.take("base_string", str)
    minutes = table.take("max_age_minutes", int)
    shops = enumerate(table.take("shops", list, []))
    app = App(
        platform=platform,
        key=table.need("key"),
        secret=table.need("secret"),
        shops=tuple(_shop(platform, _Table(f"{table.at}.shops[{number}]", shop)) for number, shop in shops),
        callback_url=table.take("callback_url", str, ""),
        push_key=table.take("push_key", str),
        base_string=base_string,
        api_url=table.take("api_url", str),
        auth_url=table.take("auth_url", str),
        max_age=None if minutes is None else timedelta(minutes=minutes),
        calls_per_second=float(table.take("calls_per_second", (int | float), 5.0)),  # type: ignore[arg-type]
    )
    if base_string is not None and (wrong := check_template(base_string)):
        raise MarketplacesInvalid(f"{table.at}.base_string {wrong}")
    if app.calls_per_second <= 0 or not app.shops:
        raise MarketplacesInvalid(f"{table.at} needs shops, and calls_per_second above 0")
    table.end()
    return app


def _shop(platform: str, table: _Table) -> Shop:
    shop = Shop(
        platform=platform,
        shop_id=table.need("shop_id", _SHOP_ID),
        commune_code=table.need("commune_code", _COMMUNE),
        refresh_token=table.take("refresh_token", str),
        synthetic=table.take("synthetic", bool, default=False),
        extra={name: table.need(name) for name in _EXTRA.get(platform, ())},
    )
    table.end()
    return shop


_EXTRA: Mapping[str, tuple[str, ...]] = {"tiktok": ("shop_cipher",), "tiki": ("queue",)}


def _check_unique(path: Path, apps: tuple[App, ...]) -> None:
    sources = [shop.source for app in apps for shop in app.shops]
    twice = sorted({source for source in sources if sources.count(source) > 1})
    if twice:
        raise MarketplacesInvalid(f"{path}: {', '.join(twice)} stands there twice")
