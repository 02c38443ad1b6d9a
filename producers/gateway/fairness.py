"""Each client's share: events a second, requests and bytes at once."""

from __future__ import annotations

import asyncio
import math
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field

from producers.gateway.limits import GatewayLimits
from producers.gateway.problems import Problem

_CLIENTS_KEPT = 10_000
# Bodies of so many bytes hold some fifty events, and are worked on in more than one turn of the loop.
_LARGE = 64 * 1024
_AT_ONCE = nullcontext()


@dataclass
class _Share:
    tokens: float
    as_of: float
    requests: int = 0
    bytes: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Fairness:
    """Token buckets by client, for the event loop's thread alone. `clock` gives seconds."""

    def __init__(self, limits: GatewayLimits, clock: Callable[[], float]) -> None:
        self._limits, self._clock = limits, clock
        self._shares: OrderedDict[str, _Share] = OrderedDict()

    @contextmanager
    def admitted(self, client: str) -> Iterator[None]:
        """Count a request of the client while it lasts; raises Problem 429 with Retry-After."""
        share = self._share(client)
        if share.tokens < 1:
            rate = self._limits.events_per_second
            detail = f"You may send {rate:g} events a second on average; wait as long as Retry-After says."
            detail_vi = f"Bạn được gửi trung bình {rate:g} sự kiện mỗi giây; chờ theo Retry-After rồi gửi lại."
            headers = _retry_after((1 - share.tokens) / rate)
            raise Problem(429, "too-many", detail, headers=headers, detail_vi=detail_vi)
        if share.requests >= self._limits.requests_at_once:
            detail = f"You may have {self._limits.requests_at_once} requests open at once; wait for their answers."
            detail_vi = (
                f"Bạn được mở tối đa {self._limits.requests_at_once} yêu cầu cùng lúc; chờ trả lời rồi gửi tiếp."
            )
            raise Problem(429, "too-many", detail, headers=_retry_after(1), detail_vi=detail_vi)
        share.tokens -= 1
        share.requests += 1
        try:
            yield
        finally:
            share.requests -= 1

    def charge(self, client: str, events: int) -> None:
        """Count further events of a request; they are taken, and later requests wait for it."""
        self._share(client).tokens -= events

    @contextmanager
    def holding(self, client: str) -> Iterator[Callable[[int], None]]:
        """Gives a function that counts bytes of a body and raises Problem 429; they are given back at the end."""
        share = self._share(client)
        held = 0

        def hold(size: int) -> None:
            nonlocal held
            if share.bytes + size > self._limits.bytes_at_once:
                detail = f"You may have {self._limits.bytes_at_once} bytes open at once; wait for the answers."
                detail_vi = f"Bạn được mở tối đa {self._limits.bytes_at_once} byte cùng lúc; chờ trả lời rồi gửi tiếp."
                headers = {**_retry_after(1), "Connection": "close"}
                raise Problem(429, "too-many", detail, headers=headers, detail_vi=detail_vi)
            share.bytes += size
            held += size

        try:
            yield hold
        finally:
            share.bytes -= held

    def turn(self, client: str, size: int) -> AbstractAsyncContextManager[None]:
        """While it lasts, a body of so many bytes is worked on; of a client's large ones one after the other.

        If all were worked on at once, each would be done when the last is, and the events of all would fill the memory.
        """
        return self._share(client).turn if size >= _LARGE else _AT_ONCE

    def _share(self, client: str) -> _Share:
        now = self._clock()
        share = self._shares.get(client)
        if share is None:
            share = self._shares[client] = _Share(self._limits.burst_events, now)
            if len(self._shares) > _CLIENTS_KEPT:
                self._shares.popitem(last=False)
        gained = (now - share.as_of) * self._limits.events_per_second
        share.tokens, share.as_of = min(self._limits.burst_events, share.tokens + gained), now
        return share


def _retry_after(seconds: float) -> dict[str, str]:
    return {"Retry-After": str(max(1, math.ceil(seconds)))}
