"""The addresses that platforms push to, as a router for the gateway.

200 (empty): the push is durable, or a repeat, or about something else. Others are short problems: 401 signature or
time is wrong; 400 signed, but not as documented; 408 and 413 too slow or too large; 503 the object store is away:
pushed again later.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from infra.errors import OperatorError
from producers.gateway.problems import PROBLEM_JSON, Problem
from producers.marketplaces.accept import Push, Verdict, accept
from producers.marketplaces.platforms import PUSHED, Platform
from producers.marketplaces.raw_store import Store
from producers.marketplaces.shops import Marketplaces

log = logging.getLogger(__name__)

STATUS = {
    Verdict.ACCEPTED: 200,
    Verdict.REPEATED: 200,
    Verdict.NOT_OURS: 200,
    Verdict.FOREIGN_SHOP: 200,
    Verdict.BAD_SIGNATURE: 401,
    Verdict.STALE: 401,
    Verdict.UNREADABLE: 400,
}

_REASONS: Mapping[Verdict, tuple[str, str, str]] = {
    Verdict.BAD_SIGNATURE: (
        "not-signed",
        "The header Authorization is not the signature of an app that is known here.",
        "Tiêu đề Authorization không phải chữ ký của ứng dụng đã khai báo ở đây.",
    ),
    Verdict.STALE: (
        "not-signed",
        "The push was signed too long ago, or ahead of our clock.",
        "Thông báo được ký quá lâu trước đây, hoặc sớm hơn đồng hồ của hệ thống.",
    ),
    Verdict.UNREADABLE: (
        "unreadable",
        "The push is signed, but not written as the platform documents it.",
        "Thông báo có chữ ký đúng nhưng nội dung không theo tài liệu của sàn.",
    ),
}
_WRONG_KEY = ("?key= in the address is not the key of an app that is known here.", "?key= không đúng khóa đã khai báo.")
_TOO_LARGE = (Problem(413, "too-large", "The push is too large.", detail_vi="Thông báo quá lớn."), "push_too_large")
_TOO_SLOW = (
    Problem(408, "body-too-slow", "The push did not arrive in time.", detail_vi="Thông báo không đến kịp thời hạn."),
    "push_too_slow",
)
_AWAY = (
    Problem(
        503,
        "unavailable",
        "Nothing can be kept now: push again later.",
        headers={"Retry-After": "30"},
        detail_vi="Hiện chưa lưu được: gửi lại sau.",
    ),
    "push_unavailable",
)

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
        """Empty answer to what is taken, else a problem."""
        try:
            async with asyncio.timeout(limits.max_seconds):
                body = await read_bounded(request, limits.max_bytes)
        except TooLarge:
            return _refused(platform, *_TOO_LARGE)
        except TimeoutError:
            return _refused(platform, *_TOO_SLOW)
        except ClientDisconnect:
            return Response(status_code=400)
        push = Push(body, _proof(request, platform))
        try:
            verdict = await run_in_threadpool(judge, push)
        except OperatorError:
            return _refused(platform, *_AWAY)
        return _told(verdict, signed=platform.base_string is not None)

    return take_push


def _refused(platform: Platform, problem: Problem, action: str) -> Response:
    log.warning("Push of %s: %s", platform.name, problem, extra={"action": action, "platform": platform.name})
    return Response(problem.body(), problem.status, problem.headers, PROBLEM_JSON)


def _told(verdict: Verdict, *, signed: bool) -> Response:
    """Why a push was refused; `accept` has written it into the log."""
    if STATUS[verdict] == 200:
        return Response(status_code=200)
    kind, said, said_vi = _REASONS[verdict]
    if verdict is Verdict.BAD_SIGNATURE and not signed:
        said, said_vi = _WRONG_KEY
    problem = Problem(STATUS[verdict], kind, said, detail_vi=said_vi)
    return Response(problem.body(), problem.status, media_type=PROBLEM_JSON)


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
