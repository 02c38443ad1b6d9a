"""uvicorn's HTTP protocol with a bound on the time that a request's head may take.

Without it a client that sends its headers byte by byte holds a connection for as long as it likes.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


def protocol_with(header_seconds: float) -> type[HttpToolsProtocol]:
    """A protocol class that closes connections whose first or next head is not whole in time."""

    class BoundedHeadProtocol(HttpToolsProtocol):
        """See `protocol_with`."""

        _head_timer: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:
            """The first head is awaited from now on."""
            super().connection_made(transport)
            self._await_head()

        def on_message_begin(self) -> None:
            """A next head has begun to come in."""
            super().on_message_begin()
            if self._head_timer is None:
                self._await_head()

        def on_headers_complete(self) -> None:
            """The head is whole."""
            self._head_is_here()
            super().on_headers_complete()

        def connection_lost(self, exc: Exception | None) -> None:
            """Nothing is awaited any more."""
            self._head_is_here()
            super().connection_lost(exc)

        def _await_head(self) -> None:
            self._head_timer = self.loop.call_later(header_seconds, self.transport.abort)

        def _head_is_here(self) -> None:
            if self._head_timer is not None:
                self._head_timer.cancel()
                self._head_timer = None

    return BoundedHeadProtocol
