"""Airflow plugin: the Data Docs in the UI's menu, served below /data-docs/."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, ClassVar

from airflow.plugins_manager import AirflowPlugin

from infra.settings import home_of

PREFIX = "/data-docs"

Message = MutableMapping[str, Any]


class LazyApp:
    """The application, made at its first request: every Airflow process loads plugins, one of them serves."""

    def __init__(self) -> None:
        self._app: Callable[..., Awaitable[None]] | None = None

    async def __call__(
        self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
    ) -> None:
        """Answer one request (ASGI)."""
        if self._app is None:
            from infra.data_docs.app import data_docs_app

            self._app = data_docs_app(home_of(os.environ) / "data_docs")
        await self._app(scope, receive, send)


class DataDocsPlugin(AirflowPlugin):  # type: ignore[misc]
    """Adds the entry "Data Docs" to the menu."""

    name = "data_docs"
    fastapi_apps: ClassVar[list[Any]] = [{"app": LazyApp(), "url_prefix": PREFIX, "name": "Data Docs"}]
    external_views: ClassVar[list[Any]] = [
        {
            "name": "Chất lượng dữ liệu (Data Docs)",
            "href": f"{PREFIX}/index.html",
            "destination": "nav",
            "category": "browse",
            "url_route": "data_docs",
        }
    ]
