"""Who is calling, and what it may do: API keys, events and sources."""

from __future__ import annotations

from typing import Protocol

from producers.gateway.bodies.content import Headers
from producers.gateway.problems import Problem
from schemas.contract import Contract

NO_EVENT = "no event of ours"
"""The subject of a refusal at an address that names no event: what a stranger put there is not written down."""
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="hagiang"'}


class Caller(Protocol):
    """A client as the access list knows it (infra/access/clients.py)."""

    @property
    def name(self) -> str:
        """Its unique name."""

    @property
    def sources(self) -> tuple[str, ...]:
        """Values of `source`, exact or beginnings that end in `*`."""

    def may_write(self, event: str) -> bool:
        """Whether it may write events of that name."""

    def may_speak_for(self, source: str) -> bool:
        """Whether it may write events with that `source`."""


class Access(Protocol):
    """The access list as of now (infra/access/view.py)."""

    def client_of_api_key(self, api_key: str) -> Caller | None:
        """The client whose key this is; None for an unknown or revoked key."""


class Refusals(Protocol):
    """Where refused requests are written down for good."""

    def refused(self, actor: str, subject: str, reason: str) -> None:
        """Take note and return at once."""


def caller_of(headers: Headers, access: Access, refusals: Refusals, subject: str) -> Caller:
    """The client that the request's key names; raises Problem 401, which is audited as being about the subject."""
    try:
        return _caller(headers, access)
    except Problem as problem:
        refusals.refused("unknown", subject, problem.kind)
        raise


def _caller(headers: Headers, access: Access) -> Caller:
    key = _key_in(headers)
    if not key:
        detail = "Send your API key in the header `Authorization: Bearer <key>` or `X-API-Key: <key>`."
        detail_vi = "Gửi khóa API trong tiêu đề `Authorization: Bearer <khóa>` hoặc `X-API-Key: <khóa>`."
        raise Problem(401, "no-key", detail, headers=_CHALLENGE, detail_vi=detail_vi)
    caller = access.client_of_api_key(key)
    if caller is None:
        detail = "The API key is unknown or was revoked: ask the platform's operator for a new one."
        detail_vi = "Khóa API không tồn tại hoặc đã bị thu hồi: đề nghị quản trị hệ thống cấp khóa mới."
        raise Problem(401, "no-key", detail, headers=_CHALLENGE, detail_vi=detail_vi)
    return caller


def hold_to_grant(caller: Caller, contract: Contract, refusals: Refusals) -> None:
    """Raises Problem 403, which is audited, for a client that may not write the contract's events."""
    if caller.may_write(contract.event):
        return
    refusals.refused(caller.name, contract.topic, "event_not_granted")
    raise Problem(
        403,
        "not-granted",
        f"Ask the platform's operator to grant {caller.name} the event {contract.event}.",
        detail_vi=f"Đề nghị quản trị hệ thống cấp cho {caller.name} quyền gửi sự kiện {contract.event}.",
    )


def only_source(caller: Caller) -> str | None:
    """The one source that the client may speak for; None when there are several, or a beginning."""
    return caller.sources[0] if len(caller.sources) == 1 and not caller.sources[0].endswith("*") else None


def _key_in(headers: Headers) -> str:
    scheme, _, key = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    if scheme.lower() == "bearer":
        return key.strip()
    return headers.get(b"x-api-key", b"").decode("latin-1").strip()
