"""The addresses that platforms push to, as a router for the gateway.

Answers are empty: 200 the push is durable, or a repeat, or about something else; 401 signature or time is wrong;
400 signed, but not as documented; 408 and 413 too slow or too large; 503 the object store is away: pushed again later.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from infra.errors import OperatorError
from producers.marketplaces.accept import Push, Verdict, accept
from producers.marketplaces.platforms import PUSHED, Platform
from producers.marketplaces.raw_store import Store
from producers.marketplaces.shops import Marketplaces

STATUS = {
    Verdict.ACCEPTED: 200,
    Verdict.REPEATED: 200,
    Verdict.NOT_OURS: 200,
    Verdict.FOREIGN_SHOP: 200,
    Verdict.BAD_SIGNATURE: 401,
    Verdict.STALE: 401,
    Verdict.UNREADABLE: 400,
}

# Verdicts about who has pushed, for the audit: whether the signature has proven that it was the platform.
DENIALS = {Verdict.BAD_SIGNATURE: False, Verdict.STALE: True, Verdict.FOREIGN_SHOP: True}

OnDenied = Callable[[str, str, str], None]
"""Hears the platform (or `unknown`), the address and the reason."""

ANSWERS: dict[int | str, dict[str, Any]] = {
    400: {"description": "Signed, but not as documented"},
    401: {"description": "The signature or the signed time is wrong"},
    408: {"description": "The body did not come in time"},
    413: {"description": "The body is too large"},
    503: {"description": "Nothing can be kept now; push again later"},
}


@dataclass(frozen=True)
class PushLimits:
    """How large and how slow a push may be."""

    max_bytes: int = 64 * 1024
    max_seconds: float = 10.0


DEFAULT_LIMITS = PushLimits()


def nobody_asks(_actor: str, _address: str, _reason: str) -> None:
    """For routes without an audit."""


class TooLarge(Exception):
    """The body goes on beyond the limit."""


def marketplace_routes(
    marketplaces: Marketplaces,
    store: Store,
    *,
    limits: PushLimits = DEFAULT_LIMITS,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    on_denied: OnDenied = nobody_asks,
) -> APIRouter:
    """`POST /webhooks/<platform>` for every platform that pushes; without apps each answers 401."""
    router = APIRouter(prefix="/webhooks", tags=["marketplaces"])
    for platform in PUSHED:
        router.add_api_route(
            f"/{platform.path}",
            _endpoint(_judge(platform, marketplaces, store, now, on_denied), platform, limits),
            methods=["POST"],
            name=f"push_{platform.name}",
            response_class=Response,
            responses=ANSWERS,
            summary=f"Order states pushed by {platform.name}",
        )
    return router


def _judge(
    platform: Platform, marketplaces: Marketplaces, store: Store, now: Callable[[], datetime], on_denied: OnDenied
) -> Callable[[Push], Verdict]:
    def judge(push: Push) -> Verdict:
        verdict = accept(push, platform, marketplaces, store, now())
        if verdict in DENIALS:
            actor = platform.name if DENIALS[verdict] else "unknown"
            on_denied(actor, f"/webhooks/{platform.path}", verdict.value)
        return verdict

    return judge


def _endpoint(judge: Callable[[Push], Verdict], platform: Platform, limits: PushLimits) -> Callable[..., object]:
    async def take_push(request: Request) -> Response:
        """Empty answer; the status tells."""
        try:
            async with asyncio.timeout(limits.max_seconds):
                body = await read_bounded(request, limits.max_bytes)
        except TooLarge:
            return Response(status_code=413)
        except TimeoutError:
            return Response(status_code=408)
        except ClientDisconnect:
            return Response(status_code=400)
        push = Push(body, _proof(request, platform))
        try:
            verdict = await run_in_threadpool(judge, push)
        except OperatorError:
            return Response(status_code=503, headers={"Retry-After": "30"})
        return Response(status_code=STATUS[verdict])

    return take_push


async def read_bounded(request: Request, max_bytes: int) -> bytes:
    """The raw body; raises TooLarge as soon as it is, whatever Content-Length says."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > max_bytes:
            raise TooLarge
    return bytes(body)


def _proof(request: Request, platform: Platform) -> str:
    if platform.base_string is None:
        return request.query_params.get("key", "")
    return request.headers.get("authorization", "")
