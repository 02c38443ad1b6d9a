"""What a sender is told of an event beside what its contract says, before anything is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from infra.access.clients import Client
from infra.errors import OperatorError
from schemas.catalog import contract_named
from schemas.codec import EventCodec, EventInvalid, prepare
from schemas.contract import Contract
from schemas.record_rules import RecordRules
from schemas.rules import Violation, show

PresendCheck = Callable[[str, Mapping[str, Any]], list[Violation]]
"""What is wrong with an event of that name; events that break their contract are given too."""
Sent = TypeVar("Sent")

_ANY_ID = "00000000-0000-7000-8000-000000000000"


class EventNotGranted(OperatorError):
    """HAGIANG_EVENTS, in the file that `hagiang access grant` wrote, names what may be written: send one of these
    events, or ask the platform's operator for the other one, and put what the grant prints into the file.
    """


def no_check(_name: str, _event: Mapping[str, Any]) -> list[Violation]:
    """For whoever is judged later."""
    return []


def all_checks(*checks: PresendCheck) -> PresendCheck:
    """All of them, one after the other."""
    return lambda name, event: [found for check in checks for found in check(name, event)]


def rights_check(client: Client | None) -> PresendCheck:
    """Whether the client may write the event, and for its source; nothing when there is no client to go by."""
    if client is None:
        return no_check

    def check(name: str, event: Mapping[str, Any]) -> list[Violation]:
        short, source = name.rpartition(".")[2], event.get("source")
        found = [] if client.may_write(short) else [_foreign_event(short, client)]
        if isinstance(source, str) and not client.may_speak_for(source):
            found.append(_foreign_source(source, client))
        return found

    return check


def rules_check(
    catalog: Mapping[str, Contract], rules_of: Callable[[Contract], RecordRules], now: Callable[[], datetime]
) -> PresendCheck:
    """Whether the warehouse's rules of a record by itself would keep the event out; `rules_of` is asked once each."""
    known: dict[str, RecordRules] = {}

    def check(name: str, event: Mapping[str, Any]) -> list[Violation]:
        rules = known.get(name) or known.setdefault(name, rules_of(contract_named(catalog, name)))
        return rules.check(event, now())

    return check


def require_granted(client: Client | None, event: str) -> None:
    """Raises EventNotGranted: for whoever sends events of one name alone."""
    if client is not None and not client.may_write(event):
        raise EventNotGranted(f"{client.name} may not write {event}, but {', '.join(sorted(client.events))}")


def refusing(
    check: PresendCheck, catalog: Mapping[str, Contract], send: Callable[[str, Mapping[str, Any]], Sent]
) -> Callable[[str, Mapping[str, Any]], Sent]:
    """A way to send that raises EventInvalid when the check finds something; the contract's own findings come first."""
    codecs: dict[str, EventCodec] = {}

    def send_if_good(name: str, event: Mapping[str, Any]) -> Sent:
        found = check(name, event)
        if not found:
            return send(name, event)
        codec = codecs.get(name) or codecs.setdefault(name, prepare(contract_named(catalog, name)))
        raise EventInvalid([*codec.check({"event_id": _ANY_ID, **event}), *found])

    return send_if_good


def _foreign_event(event: str, client: Client) -> Violation:
    may = ", ".join(sorted(client.events))
    return Violation(
        "",
        "event_not_granted",
        event,
        f"{client.name} may not write {event} (granted: {may}): ask the platform's operator for "
        f"`hagiang access grant {client.name} --event {event}`, and put what it prints into your file",
        f"{client.name} chưa được cấp quyền gửi {event} (đã cấp: {may}): hãy đề nghị quản trị hệ thống cấp quyền, "
        "rồi cập nhật HAGIANG_EVENTS trong tệp của mình",
    )


def _foreign_source(source: str, client: Client) -> Violation:
    may = ", ".join(client.sources)
    shown = show(source)
    return Violation(
        "source",
        "source_not_granted",
        shown,
        f"source {shown} is not one that {client.name} may speak for (granted: {may}): name one of these, or ask the "
        f"platform's operator for `hagiang access grant {client.name} --source ...`, and put what it prints into your "
        "file",
        f"{client.name} không được đại diện cho nguồn {shown} (đã cấp: {may}): hãy sửa nguồn, hoặc đề nghị quản trị hệ "
        "thống cấp thêm rồi cập nhật HAGIANG_SOURCES trong tệp của mình",
    )
