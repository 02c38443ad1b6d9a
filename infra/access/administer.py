"""Grants, revokes and rotates: in the database, in Kafka, and in the audit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import timedelta

from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError
from sqlalchemy import Connection, Engine

from infra.access import audit, grants
from infra.access.clients import Client
from infra.access.credentials import ClientCredentials, made_for
from infra.access.granted_sources import require_possible
from infra.access.read import read_rights
from infra.access.wishes import Wish, WishIncomplete, check_name, check_sources, contracts_for, missing_in
from infra.errors import OperatorError
from infra.kafka.rights import remove_user, set_passwords, set_writable
from infra.settings import Login, Settings
from schemas.contract import Contract


class NoSuchClient(OperatorError):
    """No client of that name may write: `hagiang access list` shows who may."""


class KindStays(OperatorError):
    """A client keeps its kind as long as it may write: revoke it first, or grant another name."""


class KafkaNotAsked(OperatorError):
    """Kafka does not answer, and nothing was changed: see `hagiang status`, then run the same command again."""


class KafkaBehind(OperatorError):
    """The database has the change and Kafka has not: run the same command again once Kafka answers.

    Landing and the gateway go by the database, so that nothing wrongly written gets further than the quarantine.
    """


@dataclass(frozen=True)
class Office:
    """Where rights are administered, and by whom."""

    engine: Engine
    settings: Settings
    catalog: Mapping[str, Contract]
    open_admin: Callable[[], AbstractContextManager[KafkaAdminClient]]
    actor: str


def grant(office: Office, wish: Wish) -> ClientCredentials | None:
    """Give a client rights; a new one, or one that was revoked, gets credentials too.

    Nothing is changed when it raises: NameNotAllowed, WishIncomplete, EventNotForKind, SourceNotAllowed, UnknownEvent,
    KindStays, RightsNotSet, KafkaNotAsked.
    """
    check_name(wish.name, office.settings.kafka)
    check_sources(wish.sources)
    with office.engine.begin() as connection:
        grants.lock_rights(connection)
        made = _admit(office, connection, wish)
        events = _events(office, connection, wish)
        grants.add_rights(connection, wish.name, events, wish.sources)
        require_possible(wish.sources, _contracts(office, connection, wish.name))
        made = made and replace(made, rights=_rights_now(connection, wish.name))
        _tell_kafka(office, connection, wish.name, made)
        detail = {"events": events, "sources": list(wish.sources), "credentials": _public(made)}
        audit.record(connection, office.actor, audit.GRANT, wish.name, detail)
    return made


def revoke(office: Office, name: str, events: Iterable[str] = (), sources: Iterable[str] = ()) -> bool:
    """Take single rights away, or everything when none is named; False when there was nothing to take.

    Holds for open connections too. Raises NoSuchClient, and KafkaBehind when only the database has it.
    """
    events = [_short_name(office, event) for event in events]
    taken = {"events": events, "sources": list(sources)}
    with office.engine.begin() as connection:
        grants.lock_rights(connection)
        entry = grants.client_entry(connection, name)
        if entry is None:
            raise NoSuchClient(name)
        is_whole = not any(taken.values())
        changed = not entry.is_revoked if is_whole else grants.end_rights(connection, name, events, sources) > 0
        if is_whole and changed:
            grants.end_client(connection, name)
        if changed:
            audit.record(connection, office.actor, audit.REVOKE, name, taken if not is_whole else {"everything": True})
    _take_from_kafka(office, name)
    return changed


def rotate(office: Office, name: str, overlap: timedelta) -> ClientCredentials:
    """New credentials; the old API key and signing key hold for `overlap` more, the old Kafka password not.

    Raises NoSuchClient, RightsNotSet, KafkaNotAsked, and has changed nothing then.
    """
    check_name(name, office.settings.kafka)
    with office.engine.begin() as connection:
        grants.lock_rights(connection)
        entry = grants.client_entry(connection, name)
        if entry is None or entry.is_revoked:
            raise NoSuchClient(name)
        keys = grants.new_keys(connection, name, max(overlap, grants.AHEAD))
        made = replace(made_for(office.settings, name, *keys), rights=_rights_now(connection, name))
        _tell_kafka(office, connection, name, made)
        detail = {"credentials": _public(made), "old_hold_hours": overlap.total_seconds() / 3600}
        audit.record(connection, office.actor, audit.ROTATE, name, detail)
    return made


def has_keys(office: Office, name: str) -> bool:
    """Whether there is such a client that may write, so that a grant makes no keys for it."""
    with office.engine.connect() as connection:
        entry = grants.client_entry(connection, name)
    return entry is not None and not entry.is_revoked


def rights_now(office: Office, name: str) -> Client | None:
    """What the client may do now; None when it may do nothing. Raises NoSuchClient."""
    with office.engine.connect() as connection:
        if grants.client_entry(connection, name) is None:
            raise NoSuchClient(name)
        return _rights_now(connection, name)


def _rights_now(connection: Connection, name: str) -> Client | None:
    return read_rights(connection)[name].now()


def _admit(office: Office, connection: Connection, wish: Wish) -> ClientCredentials | None:
    """Make the client and its keys, unless it may write already."""
    entry = grants.client_entry(connection, wish.name)
    if entry and not entry.is_revoked:
        if wish.kind not in (None, entry.kind):
            raise KindStays(f"{wish.name} is of kind {entry.kind}")
        grants.put_client(connection, wish.name, wish.organisation or entry.organisation, entry.kind)
        return None
    if not (wish.organisation and wish.kind and wish.events and wish.sources):
        was = "is new" if entry is None else "was revoked"
        raise WishIncomplete(f"{wish.name} {was}, and {' and '.join(missing_in(wish))} is missing")
    grants.put_client(connection, wish.name, wish.organisation, wish.kind)
    return made_for(office.settings, wish.name, *grants.new_keys(connection, wish.name))


def _events(office: Office, connection: Connection, wish: Wish) -> list[str]:
    """The wished events by their names, allowed for the client's kind."""
    entry = grants.client_entry(connection, wish.name)
    kind = entry.kind if entry else ""
    return [contract.event for contract in contracts_for(office.catalog, kind, wish.events)]


def _short_name(office: Office, name: str) -> str:
    """The event of a topic's name; what is no topic stays, since a right may be older than its contract's end."""
    return next((each.event for each in office.catalog.values() if each.topic == name), name)


def _tell_kafka(office: Office, connection: Connection, name: str, made: ClientCredentials | None) -> None:
    """Bring Kafka's rights of the client in line with the database's, and set its password when it has a new one."""
    kafka = office.settings.kafka
    try:
        with office.open_admin() as admin:
            set_writable(admin, name, _topics(office, connection, name))
            if made:
                set_passwords(admin, kafka.sasl_mechanism, [Login(made.kafka_user, made.kafka_password)])
    except KafkaError as error:
        raise KafkaNotAsked(f"{name}: {error}") from error


def _take_from_kafka(office: Office, name: str) -> None:
    """Leave a client the topics it may still write; one without access loses its user as well."""
    try:
        with office.engine.connect() as connection, office.open_admin() as admin:
            if _rights_now(connection, name):
                set_writable(admin, name, _topics(office, connection, name))
            else:
                remove_user(admin, office.settings.kafka.sasl_mechanism, name)
    except KafkaError as error:
        raise KafkaBehind(f"{name}: {error}") from error


def _topics(office: Office, connection: Connection, name: str) -> list[str]:
    """Topics that the client may write; an event whose contract is gone has none."""
    return [contract.topic for contract in _contracts(office, connection, name)]


def _contracts(office: Office, connection: Connection, name: str) -> list[Contract]:
    client = _rights_now(connection, name)
    return [contract for contract in office.catalog.values() if client and client.may_write(contract.event)]


def _public(made: ClientCredentials | None) -> str | None:
    """What tells credentials apart and is no secret."""
    return made.client if made else None
