"""The documentation that the gateway serves itself: pages without scripts, that need nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from typing import Any

import orjson
from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from producers.gateway.documentation.event_page import event_page
from producers.gateway.documentation.openapi import openapi
from producers.gateway.documentation.page_templates import page_templates
from producers.gateway.mending import MENDS
from producers.gateway.problems import TITLES, TITLES_VI, Problem
from producers.gateway.surroundings import Surroundings
from schemas.contract import Contract

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
}
READ = ["GET", "HEAD"]


def page_routes(given: Surroundings) -> APIRouter:
    """/openapi.json, /docs, /docs/problems, /docs/<domain>.<event> and /docs/<path of another format>, to be read."""
    router = APIRouter()
    templates = page_templates()
    document = orjson.dumps(openapi(given.catalog, given.examples, version("hagiang"), given.further))
    by_topic = {contract.topic: contract for contract in given.catalog.values()}

    @cache
    def rendered(path: str) -> str:
        """A page's text. It never changes, and to make an event's takes as long as to take hundreds of events."""
        template, values = _page(path, given, by_topic)
        return templates.get_template(template).render(**values)

    def page(path: str) -> HTMLResponse:
        return HTMLResponse(rendered(path), headers=HEADERS)

    @router.api_route("/", methods=READ, include_in_schema=False)
    async def front() -> Response:
        return RedirectResponse("/docs")

    @router.api_route("/openapi.json", methods=READ)
    async def openapi_document() -> Response:
        return Response(document, media_type="application/json")

    @router.api_route("/docs", methods=READ)
    @router.api_route("/docs/", methods=READ, include_in_schema=False)
    async def index() -> Response:
        return page("")

    @router.api_route("/docs/{path:path}", methods=READ)
    async def described(path: str) -> Response:
        return page(path)

    return router


def _page(path: str, given: Surroundings, by_topic: Mapping[str, Contract]) -> tuple[str, dict[str, Any]]:
    """The template of the page below /docs and its values; raises Problem 404."""
    if not path:
        return "index.html.j2", {"contracts": list(by_topic.values()), "others": list(given.further.values())}
    if path == "problems":
        return "problems.html.j2", {"titles": TITLES, "titles_vi": TITLES_VI, "mends": MENDS}
    if contract := by_topic.get(path):
        return "event.html.j2", event_page(contract, given)
    if way := given.further.get(f"/{path}"):
        topics = [given.catalog[event].topic for event in way.events if event in given.catalog]
        return "way.html.j2", {"way": way, "topics": topics}
    raise Problem(404, "unknown-event", "No event or format has that name; /docs lists all of them.")
