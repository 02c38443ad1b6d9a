"""What an operator may ask for: refused with a reason before anything is changed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from infra.access.clients import ANY
from infra.errors import OperatorError
from infra.settings import Kafka
from schemas.catalog import contract_named
from schemas.contract import Contract

KINDS = ("agency", "fpt", "marketplace")
_NAME = re.compile(r"[a-z][a-z0-9-]{1,47}")
# What a shell takes unquoted, since a client's file lists its sources (decision 0610).
_SOURCE = re.compile(r"[\w.:/@+-]+\*?")


class NameNotAllowed(OperatorError):
    """A client's name has 2 to 48 small letters, digits and hyphens, begins with a letter, and is no user of ours."""


class EventNotForKind(OperatorError):
    """An event is written by the kinds of producers that its contract lists: choose another, or change the contract."""


class SourceNotAllowed(OperatorError):
    """A source is a value of the events' field `source`, as H22.05, or its beginning with * at the end, as shopee:*."""


class WishIncomplete(OperatorError):
    """Say for a new client --organisation and --kind, and at least one --event and one --source."""


@dataclass(frozen=True)
class Wish:
    """What is to be granted; `organisation` and `kind` are None when the client has them already."""

    name: str
    organisation: str | None
    kind: str | None
    events: Sequence[str]
    sources: Sequence[str]


def missing_in(wish: Wish) -> list[str]:
    """The options that a new client needs beside those that were given."""
    given = {"organisation": wish.organisation, "kind": wish.kind, "event": wish.events, "source": wish.sources}
    return [f"--{name}" for name, value in given.items() if not value]


def check_name(name: str, kafka: Kafka) -> None:
    """Raises NameNotAllowed."""
    if not _NAME.fullmatch(name):
        raise NameNotAllowed(f"{name!r} cannot be a name")
    if name in {kafka.admin.user, kafka.landing.user, kafka.publisher.user, "platform"}:
        raise NameNotAllowed(f"{name} is a user of the platform's own")


def check_sources(sources: Sequence[str]) -> None:
    """Raises SourceNotAllowed."""
    for source in sources:
        if source in ("", ANY):
            raise SourceNotAllowed(f"{source!r} would speak for everybody")
        if not _SOURCE.fullmatch(source):
            raise SourceNotAllowed(
                f"{source!r} has a *, a blank, a comma or another sign where none may be; give --source once for each"
            )


def contracts_for(catalog: Mapping[str, Contract], kind: str, events: Sequence[str]) -> list[Contract]:
    """The events' contracts; raises UnknownEvent, EventNotForKind."""
    contracts = [contract_named(catalog, event) for event in events]
    for contract in contracts:
        if kind not in contract.producers:
            open_to = sorted(each.event for each in catalog.values() if kind in each.producers)
            raise EventNotForKind(
                f"{contract.event} is written by {' or '.join(contract.producers)}, not by {kind} ({kind} may write "
                f"{', '.join(open_to)})"
            )
    return contracts
