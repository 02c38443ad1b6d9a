"""Tells Airflow that an event has landed. A hint only: a lost one costs time, never data, so nothing waits for it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import httpx

from infra.settings import Airflow

log = logging.getLogger(__name__)

_TIMEOUT_S = 5.0
# An event is announced at most so often; what lands in between is covered by the next announcement.
_INTERVAL_S = 0.2
_RETRY_S = 3.0
_CLOSE_S = 2.0


def asset_uri(event: str) -> str:
    """URI of the asset that stands for what has landed of an event; dags/ defines the same."""
    return f"hagiang://landing/{event}"


class AirflowAssets:
    """The part of Airflow's REST API that makes asset events; raises httpx.HTTPError. Logs in again when refused."""

    def __init__(self, airflow: Airflow) -> None:
        self._airflow = airflow
        self._client = httpx.Client(base_url=airflow.url.rstrip("/"), timeout=_TIMEOUT_S)
        self._token: str | None = None
        self._ids: dict[str, int] = {}

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def create_event(self, event: str, extra: Mapping[str, Any]) -> None:
        """An asset event for the event's landed asset; raises LookupError while Airflow knows no such asset."""
        body = {"asset_id": self._asset_id(event), "extra": dict(extra)}
        response = self._ask("POST", "/api/v2/assets/events", json=body)
        if response.status_code == httpx.codes.NOT_FOUND:
            del self._ids[event]
        response.raise_for_status()

    def _asset_id(self, event: str) -> int:
        if event not in self._ids:
            response = self._ask("GET", "/api/v2/assets", params={"uri_pattern": asset_uri(event), "limit": 100})
            assets = response.raise_for_status().json()["assets"]
            ids = [asset["id"] for asset in assets if asset["uri"].rstrip("/") == asset_uri(event)]
            if not ids:
                raise LookupError(f"Airflow knows no asset {asset_uri(event)} yet")
            self._ids[event] = ids[0]
        return self._ids[event]

    def _ask(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        response = self._client.request(method, path, headers=self._headers(), **arguments)
        if response.status_code == httpx.codes.UNAUTHORIZED:
            self._token = None
            response = self._client.request(method, path, headers=self._headers(), **arguments)
        return response

    def _headers(self) -> dict[str, str]:
        if self._token is None:
            login = {"username": self._airflow.landing.user, "password": self._airflow.landing.password}
            answer = self._client.post("/auth/token", json=login).raise_for_status()
            self._token = str(answer.json()["access_token"])
        return {"Authorization": f"Bearer {self._token}"}


class Announcer:
    """Announces from a thread of its own; of an event at most one announcement waits at a time."""

    def __init__(self, assets: AirflowAssets, interval_s: float = _INTERVAL_S) -> None:
        self._assets = assets
        self._interval_s = interval_s
        self._waiting: dict[str, dict[str, Any]] = {}
        self._changed = threading.Condition()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="announcer", daemon=True)
        self._thread.start()
        self.sent = 0
        self.failed = 0

    def announce(self, event: str, **extra: Any) -> None:
        """Have the event announced soon; returns at once. Of several announcements that wait the last one is sent."""
        with self._changed:
            self._waiting[event] = extra
            self._changed.notify()

    def close(self) -> None:
        """Send what waits, for a moment, then end the thread."""
        with self._changed:
            self._closing.set()
            self._changed.notify()
        self._thread.join(_CLOSE_S)
        self._assets.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _run(self) -> None:
        while waiting := self._take():
            failed = {event: extra for event, extra in waiting.items() if not self._send(event, extra)}
            self._closing.wait(_RETRY_S if failed else self._interval_s)
            self._put_back(failed)

    def _put_back(self, failed: Mapping[str, dict[str, Any]]) -> None:
        """Let them wait again, unless something newer waits already, or this is the end."""
        with self._changed:
            if not self._closing.is_set():
                self._waiting = {**failed, **self._waiting}

    def _take(self) -> dict[str, dict[str, Any]]:
        """What waits; empty only when closing."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closing.is_set())
            waiting, self._waiting = self._waiting, {}
        return waiting

    def _send(self, event: str, extra: Mapping[str, Any]) -> bool:
        try:
            self._assets.create_event(event, extra)
        except (httpx.HTTPError, LookupError, ValueError) as error:
            self.failed += 1
            log.warning(
                "could not announce %s yet: %s",
                event,
                error,
                extra={"action": "announce_failed", "event": event, "failed": self.failed},
            )
            return False
        self.sent += 1
        return True
