"""Requests to the gateway in a client's name, and what became of their items."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from infra.demo.ways.way import Desk, Handed, NotHandedOver

TIMEOUT_S = 60.0
_TAKEN, _TAKEN_IN_PART = 202, 207
# What a sender has to mend himself: unreadable, not granted, breaks its contract.
_REFUSED = (400, 403, 422)


@contextmanager
def gateway_as(desk: Desk) -> Iterator[httpx.Client]:
    """An HTTP client of the gateway that sends the API key of the way's client."""
    key = {"authorization": f"Bearer {desk.credentials['HAGIANG_API_KEY']}"}
    # The embedded gateway listens on loopback; with TLS its certificate is the stack's own.
    with httpx.Client(base_url=desk.settings.gateway.url, headers=key, timeout=TIMEOUT_S, verify=False) as http:  # noqa: S501
        yield http


def post(http: httpx.Client, path: str, body: bytes, media_type: str, given: int = 1, **query: str) -> Handed:
    """Hands over `given` items in one request; raises NotHandedOver when the gateway could not judge them."""
    try:
        answer = http.post(path, content=body, headers={"content-type": media_type}, params={"wait": "true", **query})
    except httpx.TransportError as error:
        raise NotHandedOver(f"gateway {path}: {type(error).__name__}") from error
    if answer.status_code == _TAKEN:
        return Handed(int(answer.json()["accepted"]))
    if answer.status_code == _TAKEN_IN_PART:
        told = answer.json()
        return Handed(int(told["accepted"]) + int(told["rejected"]), int(told["rejected"]))
    if answer.status_code in _REFUSED:
        return Handed(given, given)
    raise NotHandedOver(f"gateway {path}: status {answer.status_code} {answer.text[:200]}")
