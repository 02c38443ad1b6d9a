"""The Data Docs as an application inside Airflow's API server, for whoever is logged in there.

It is imported in the API server alone: task processes must not load Airflow's security module.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from airflow.api_fastapi.core_api.security import get_user
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from expectations.data_docs import write_front

INDEX = "index.html"
LOGIN = "/api/v2/auth/login"

# Pages hold values of bad rows, which anybody may have sent: even if one were no longer escaped, it could not act.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self' 'unsafe-inline'; frame-ancestors 'self'; "
    "base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


def data_docs_app(folder: Path) -> FastAPI:
    """Serves the site in `folder`; without a login a browser is sent to Airflow's login page."""
    app = FastAPI(title="Data Docs", docs_url=None, redoc_url=None, openapi_url=None)
    site = folder.resolve()

    @app.get("/{path:path}", dependencies=[Depends(get_user)])
    def page(path: str) -> FileResponse:
        if not (site / INDEX).is_file():
            write_front(site)
        return FileResponse(_file_of(site, path), headers=HEADERS)

    @app.exception_handler(HTTPException)
    def to_login(request: Request, error: HTTPException) -> Response:
        if error.status_code in (401, 403):
            return RedirectResponse(f"{LOGIN}?next={quote(str(request.url), safe='')}", status_code=303)
        return Response(str(error.detail), error.status_code, media_type="text/plain")

    return app


def _file_of(site: Path, path: str) -> Path:
    """The file of the site that a path names; nothing outside of it, nothing hidden."""
    file = (site / (path or INDEX)).resolve()
    hidden = any(part.startswith(".") for part in Path(path).parts)
    if hidden or not file.is_relative_to(site) or not file.is_file():
        raise HTTPException(404, "Không có trang này. / There is no such page.")
    return file
