"""Files that a client of its own has dropped are held to what it may write (infra/access)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from infra.access.clients import Client
from producers.client import Delivery
from producers.files.importing import Send
from producers.files.refusal import FileRefused
from schemas.codec import EventInvalid
from schemas.rules import Violation
from schemas.signature import ON_BEHALF_HEADER

OnDenied = Callable[[str, str, str], None]
"""Hears the client, the event and the reason."""


def sending_as(client: Client, event_name: str, send: Callable[..., Delivery], on_denied: OnDenied) -> Send:
    """A way to send events of that name for the client; raises FileRefused when it may not write them at all.

    An event for a source that is not the client's raises EventInvalid, which makes its row a bad one.
    """
    if not client.may_write(event_name):
        on_denied(client.name, event_name, "event_not_granted")
        raise FileRefused(
            f"{client.name} may not write {event_name}: ask the platform's operator for the grant",
            f"{client.name} chưa được cấp quyền gửi {event_name}: hãy đề nghị quản trị hệ thống cấp quyền",
        )
    on_behalf = partial(send, headers=((ON_BEHALF_HEADER, client.name.encode()),))

    def send_as(name: str, event: Mapping[str, Any]) -> Delivery:
        source = event.get("source")
        if isinstance(source, str) and not client.may_speak_for(source):
            on_denied(client.name, event_name, "source_not_granted")
            raise EventInvalid([_foreign(source, client.name)])
        return on_behalf(name, event)

    return send_as


def known_client(name: str, client_named: Callable[[str], Client | None], on_denied: OnDenied) -> Client:
    """The client of that name; raises FileRefused when there is none, or it was revoked."""
    client = client_named(name)
    if client is None:
        on_denied(name, "clients/", "unknown_client")
        raise FileRefused(
            f"there is no client {name}, or it was revoked: see `hagiang access list`",
            f"không có bên gửi {name}, hoặc đã bị thu hồi quyền",
        )
    return client


def _foreign(source: str, name: str) -> Violation:
    return Violation(
        "source",
        "source_not_granted",
        source,
        f"source {source} is not one that {name} may speak for",
        f"{name} không được đại diện cho nguồn {source}",
    )
