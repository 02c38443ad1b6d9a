"""What the platforms know: orders, tokens, queues, and the faults they are told to have.

Written from the platforms' documentation; nothing of our own client is imported here or in the modules beside it.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Request:
    """An HTTP request as it came; names of headers are small letters."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """Without the query."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """Each parameter's last value."""
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))


@dataclass
class World:
    """`key` and `secret` are those of the one app that every platform has registered.

    `orders[platform][number]` is the platform's own JSON, `products` are those of Shopee; an access token is good while
    it is in `tokens`.
    """

    key: str
    secret: str = field(repr=False)
    tiktok_cipher: str = ""
    tiki_queue: str = ""
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    products: list[dict[str, Any]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    refresh_tokens: set[str] = field(default_factory=set)
    token_seconds: int = 14400
    lost: list[dict[str, Any]] = field(default_factory=list)
    confirmed: list[int] = field(default_factory=list)
    tiki_events: list[dict[str, Any]] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    faults: deque[tuple[int, dict[str, str]]] = field(default_factory=deque)
    calls: Counter[str] = field(default_factory=Counter)
    bad_signatures: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    _issued: int = 0

    def fail(self, status: int, times: int = 1, **headers: str) -> None:
        """Answer the next calls so."""
        self.faults.extend([(status, {name.replace("_", "-"): value for name, value in headers.items()})] * times)

    def issue(self) -> str:
        """A new access token."""
        with self.lock:
            self._issued += 1
            token = f"access-{self._issued}"
            self.tokens.add(token)
            return token

    def spend(self, refresh_token: str) -> str | None:
        """A refresh token is good once: the next one, None when it is not good."""
        with self.lock:
            if refresh_token not in self.refresh_tokens:
                return None
            self.refresh_tokens.discard(refresh_token)
            self.refresh_tokens.add(f"{refresh_token}'")
            return f"{refresh_token}'"

    def expire_tokens(self) -> None:
        """No access token is good any more."""
        self.tokens.clear()

    def order(self, platform: str, number: str) -> Any:
        """The platform's own JSON; None for a number that it does not know."""
        return self.orders.get(platform, {}).get(number)

    def numbers(self, platform: str) -> list[str]:
        """The orders that a list of orders has."""
        return sorted(self.orders.get(platform, {}))


def is_recent(seconds: float, minutes: int = 5) -> bool:
    """Whether a call was signed so lately that the platform takes it."""
    return abs(time.time() - seconds) <= minutes * 60
