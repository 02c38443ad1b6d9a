"""The gateway as an ASGI application."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.routing import Route

from producers.gateway.events import EventsEndpoint
from producers.gateway.health import health_routes
from producers.gateway.intakes import Intakes
from producers.gateway.pages import page_routes
from producers.gateway.problems import PROBLEM_JSON, Problem
from producers.gateway.surroundings import Surroundings


def create_app(given: Surroundings) -> FastAPI:
    """Events, health, figures and documentation, and what the given routers add. Starts and closes nothing."""
    app = FastAPI(title="Hà Giang gateway", docs_url=None, redoc_url=None, openapi_url=None)
    intakes = Intakes(given.catalog, given.released, given.ids, given.producer.encoder, given.pseudonym_keys)
    app.router.routes.append(Route("/events/{name}", EventsEndpoint(given, intakes), methods=["POST"]))
    app.include_router(health_routes(given))
    app.include_router(page_routes(given))
    for router in given.routers:
        app.include_router(router)
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http_error)
    return app


async def _problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 (what it is registered for)
    return Response(error.body(), error.status, error.headers, PROBLEM_JSON)


async def _http_error(request: Request, error: Exception) -> Response:
    """Starlette's own refusals as problems."""
    assert isinstance(error, HTTPException)  # noqa: S101 (what it is registered for)
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "")
        problem = Problem(405, "method", f"Use {allowed} here.", headers=error.headers)
    else:
        problem = Problem(error.status_code, "not-found", "Events are posted to /events/<domain>.<event>; see /docs.")
    return await _problem(request, problem)
