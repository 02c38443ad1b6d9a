"""The gateway as an ASGI application."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from producers.gateway.addresses import nothing_at
from producers.gateway.documentation.pages import page_routes
from producers.gateway.events import EventsEndpoint
from producers.gateway.health import health_routes
from producers.gateway.intakes import Intakes
from producers.gateway.problems import PROBLEM_JSON, Problem
from producers.gateway.surroundings import Surroundings

EVENTS = "/events/"


class GatewayApp(FastAPI):
    """FastAPI, which events pass by: its middlewares and its search for a route would take as long as an event does."""

    def __init__(self, events: EventsEndpoint) -> None:
        # A redirect to the address without its last slash would lose the body of a POST.
        super().__init__(
            title="Hà Giang gateway", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False
        )
        self._events = events
        self.router.routes.append(Route(EVENTS + "{name}", events, methods=["POST"]))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if name := _posted_event(scope):
            scope["path_params"] = {"name": name}
            await self._events(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def _posted_event(scope: Scope) -> str:
    """The name in the address of a POST to /events/<name>, else nothing."""
    if scope["type"] != "http" or scope["method"] != "POST" or not scope["path"].startswith(EVENTS):
        return ""
    name: str = scope["path"][len(EVENTS) :]
    return "" if "/" in name else name


def create_app(given: Surroundings) -> FastAPI:
    """Events, health, figures and documentation, and what the given routers add. Starts and closes nothing."""
    intakes = Intakes(given.catalog, given.released, given.ids, given.producer.encoder, given.pseudonym_keys)
    app = GatewayApp(EventsEndpoint(given, intakes))
    app.include_router(health_routes(given))
    app.include_router(page_routes(given))
    for router in given.routers:
        app.include_router(router)
    app.add_exception_handler(Problem, _problem)
    topics = (f"{EVENTS}{contract.topic}" for contract in given.catalog.values())
    known = {"/openapi.json", "/docs", "/docs/problems", "/health/live", "/health/ready", "/metrics", *given.further}
    app.add_exception_handler(HTTPException, _http_errors(frozenset([*known, *topics])))
    return app


async def _problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 (what it is registered for)
    return Response(error.body(), error.status, error.headers, PROBLEM_JSON)


def _http_errors(known: frozenset[str]) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Starlette's own refusals as problems; `known` are the addresses that there are."""

    async def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 (what it is registered for)
        if error.status_code == 405:
            return await _problem(request, _method((error.headers or {}).get("Allow", ""), error.headers))
        return await _problem(request, nothing_at(request.url.path, known))

    return http_error


def _method(allowed: str, headers: Mapping[str, str] | None) -> Problem:
    return Problem(
        405, "method", f"Use {allowed} here.", headers=headers, detail_vi=f"Dùng phương thức {allowed} ở địa chỉ này."
    )
