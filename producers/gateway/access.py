"""The access list for the gateway: never asked for while it was never read, so that no request waits for PostgreSQL."""

from __future__ import annotations

import threading

from infra.access.clients import Client
from infra.access.connect import AccessUnavailable
from infra.access.view import AccessView


class ReadAccess:
    """Answers from the view once it has been read."""

    def __init__(self, view: AccessView) -> None:
        self._view = view
        self._read = threading.Event()

    @property
    def known(self) -> bool:
        """Whether the rights have been read."""
        return self._read.is_set()

    def client_of_api_key(self, api_key: str) -> Client | None:
        """See AccessView; raises AccessUnavailable at once as long as the rights were never read."""
        if not self._read.is_set():
            raise AccessUnavailable("the rights have never been read")
        return self._view.client_of_api_key(api_key)

    def read_first(self) -> None:
        """Read the rights; raises AccessUnavailable."""
        self._view.refresh()
        self._read.set()
