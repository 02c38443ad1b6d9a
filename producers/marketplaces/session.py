"""What a platform's order client works with: one shop, its app, its token, and the way out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from producers.marketplaces.calls import Caller, PlatformRefused
from producers.marketplaces.shops import App, Shop
from producers.marketplaces.tokens import Token, TokenFile

Json = dict[str, Any]


@dataclass(frozen=True)
class Session:
    """`api_url` and `auth_url` have no slash at the end; `refresh` asks the platform for a new token."""

    app: App
    shop: Shop
    api_url: str
    auth_url: str
    caller: Caller
    tokens: TokenFile
    refresh: Callable[[Session, str | None], Token]
    now: Callable[[], datetime]

    def timestamp(self) -> int:
        """Seconds since 1970."""
        return int(self.now().timestamp())

    def request(self, method: str, url: str, **parts: Any) -> httpx.Request:
        """A request, not yet sent."""
        return self.caller.http.build_request(method, url, timeout=self.caller.patience.timeout_s, **parts)

    def call(self, make: Callable[[str], httpx.Request], is_expired: Callable[[Json], bool]) -> Json:
        """The answer to the request that `make` builds with an access token.

        A token that the platform calls expired is refreshed, and the call made again, once.
        """
        token = self.access()
        document = self.caller.json(lambda: make(token))
        if not is_expired(document):
            return document
        fresh = self.access(spent=token)
        document = self.caller.json(lambda: make(fresh))
        if is_expired(document):
            raise PlatformRefused(f"{self.shop.source}: a token that has just been refreshed is not taken")
        return document

    def access(self, spent: str = "") -> str:
        """A usable access token of the shop."""
        return self.tokens.access(self.shop.source, self.shop.refresh_token, lambda old: self.refresh(self, old), spent)
