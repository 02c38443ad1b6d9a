"""Opens a session for a shop with everything that its platform's client needs."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx

from producers.marketplaces.calls import DEFAULT_PATIENCE, Caller, Patience, Rate
from producers.marketplaces.platforms import PLATFORMS, Platform
from producers.marketplaces.session import Session
from producers.marketplaces.shops import App, Marketplaces, Shop
from producers.marketplaces.tokens import TokenFile

TOKENS = "marketplace_tokens.json"


@dataclass(frozen=True)
class Sessions:
    """One session a shop, made at the first call; `patience` is how long a call waits for the platform."""

    marketplaces: Marketplaces
    tokens: TokenFile
    http: httpx.Client
    patience: Patience = DEFAULT_PATIENCE
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    _open: dict[str, Session] = field(default_factory=dict)

    def of(self, platform: str, shop_id: str) -> tuple[Platform, Session] | None:
        """The shop's platform and session; None for a shop that is not configured."""
        for app in self.marketplaces.of(platform):
            if shop := app.shop(shop_id):
                return PLATFORMS[platform], self._session(app, shop)
        return None

    def all(self, platform: str | None = None) -> list[tuple[Platform, Session]]:
        """Every configured shop, or those of one platform."""
        apps = [app for app in self.marketplaces.apps if platform in (None, app.platform)]
        return [(PLATFORMS[app.platform], self._session(app, shop)) for app in apps for shop in app.shops]

    def _session(self, app: App, shop: Shop) -> Session:
        made = self._open.get(shop.source)
        return made or self._open.setdefault(shop.source, self._make(app, shop))

    def _make(self, app: App, shop: Shop) -> Session:
        platform = PLATFORMS[app.platform]
        rate = Rate(app.calls_per_second, self.sleep)
        return Session(
            app=app,
            shop=shop,
            api_url=(app.api_url or platform.api_url).rstrip("/"),
            auth_url=(app.auth_url or app.api_url or platform.auth_url).rstrip("/"),
            caller=Caller(self.http, rate, self.patience, self.sleep, random.Random()),  # noqa: S311 - jitter
            tokens=self.tokens,
            refresh=platform.refresh,
            now=self.now,
        )


def open_sessions(marketplaces: Marketplaces, home: Path) -> Sessions:
    """Sessions with tokens kept in the state folder; close `http` when done."""
    # It logs whole addresses, and platforms want tokens in them.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    return Sessions(marketplaces, TokenFile(home / TOKENS, time.time), httpx.Client())
