"""Reads a request's body, with a bound on its size and on the time it may take."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from producers.gateway.bodies.content import Headers
from producers.gateway.limits import GatewayLimits
from producers.gateway.problems import Problem

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
_CLOSE = {"Connection": "close"}


class ClientGone(Exception):
    """The client has closed the connection; nobody waits for an answer."""


async def read_body(receive: Receive, headers: Headers, limits: GatewayLimits, hold: Callable[[int], None]) -> bytes:
    """The whole body; `hold` is told the size of each part. Raises Problem 408, 413, what `hold` raises, ClientGone."""
    told = headers.get(b"content-length", b"")
    if told.isdigit() and int(told) > limits.body_bytes:
        raise _too_large(limits)
    try:
        async with asyncio.timeout(limits.body_seconds):
            return await _read(receive, limits, hold)
    except TimeoutError as error:
        detail = f"The body must arrive within {limits.body_seconds:g} s: send smaller batches."
        detail_vi = f"Nội dung phải đến trong vòng {limits.body_seconds:g} giây: gửi từng lô nhỏ hơn."
        raise Problem(408, "body-too-slow", detail, headers=_CLOSE, detail_vi=detail_vi) from error


async def _read(receive: Receive, limits: GatewayLimits, hold: Callable[[int], None]) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        part = message.get("body", b"")
        size += len(part)
        if size > limits.body_bytes:
            raise _too_large(limits)
        hold(len(part))
        parts.append(part)
        if not message.get("more_body", False):
            return parts[0] if len(parts) == 1 else b"".join(parts)


def _too_large(limits: GatewayLimits) -> Problem:
    return Problem(
        413,
        "too-large",
        f"Send at most {limits.body_bytes} bytes in one request.",
        headers=_CLOSE,
        detail_vi=f"Mỗi yêu cầu chỉ gửi tối đa {limits.body_bytes} byte.",
    )
