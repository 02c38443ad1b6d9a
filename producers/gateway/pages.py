"""The documentation that the gateway serves itself: pages without scripts, that need nothing from elsewhere."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

import orjson
from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from producers.gateway.json_schema import FILLED_IN
from producers.gateway.mending import MENDS
from producers.gateway.openapi import openapi
from producers.gateway.problems import TITLES, Problem
from producers.gateway.surroundings import Surroundings
from schemas.pseudonym_fields import is_pseudonym

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
}
TEMPLATES = Path(__file__).parent / "templates"


def page_routes(given: Surroundings) -> APIRouter:
    """GET /openapi.json, /docs, /docs/problems and /docs/<domain>.<event>."""
    router = APIRouter()
    templates = Environment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=True)
    document = orjson.dumps(openapi(given.catalog, given.examples, version("hagiang"), given.further))
    by_topic = {contract.topic: contract for contract in given.catalog.values()}

    def page(name: str, **values: object) -> HTMLResponse:
        return HTMLResponse(templates.get_template(name).render(**values), headers=HEADERS)

    @router.get("/", include_in_schema=False)
    async def front() -> Response:
        return RedirectResponse("/docs")

    @router.get("/openapi.json")
    async def openapi_document() -> Response:
        return Response(document, media_type="application/json")

    @router.get("/docs")
    async def index() -> Response:
        others = [(path, told["post"]) for path, told in given.further.items()]
        return page("index.html.j2", contracts=list(by_topic.values()), others=others)

    @router.get("/docs/problems")
    async def problems() -> Response:
        return page("problems.html.j2", titles=TITLES, mends=MENDS)

    @router.get("/docs/{topic}")
    async def event(topic: str) -> Response:
        contract = by_topic.get(topic)
        if contract is None:
            raise Problem(404, "unknown-event", "No event has that name; /docs lists all of them.")
        shown = [each for each in given.examples.get(contract.event, ()) if each.accepted]
        bodies = [
            (each.name.replace("_", " "), json.dumps(each.payload, indent=2, ensure_ascii=False)) for each in shown
        ]
        defaults = {field["name"] for field in contract.schema["fields"] if "default" in field}
        values = {"examples": bodies, "is_pseudonym": is_pseudonym, "may_lack": defaults | FILLED_IN}
        return page("event.html.j2", contract=contract, **values)

    return router
