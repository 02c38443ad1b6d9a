"""`hagiang gateway`: everything that a gateway stands on, put together from the settings."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial

from fastapi import APIRouter

from infra.access.connect import AccessUnavailable, open_access
from infra.access.refusals import RefusalLog, audit_writer
from infra.access.view import open_view
from infra.settings import Settings
from producers.dossier_sync.routes import dossier_sync_adapter
from producers.edxml.routes import edxml_adapter
from producers.encoder import EventEncoder
from producers.gateway.access import ReadAccess
from producers.gateway.adapters import adapter_routes, adapter_ways
from producers.gateway.app import create_app
from producers.gateway.callers import Refusals
from producers.gateway.documentation.documented import WayIn
from producers.gateway.event_state import event_state
from producers.gateway.event_state_route import event_state_routes
from producers.gateway.limits import GatewayLimits
from producers.gateway.serve import Listen, serve
from producers.gateway.surroundings import Surroundings
from producers.kafka_connection import connect_impatiently
from producers.partners.routes import programme_adapter
from producers.pseudonyms import FollowedKeys
from producers.schema_ids import KeptIds, KnownIds
from producers.signing import signing_as
from producers.spool.spool import Spool, SpoolLimits
from producers.spooled import SpooledProducer
from schemas.contract import Contract
from schemas.example_files import Example
from schemas.record_rules import RecordRules
from schemas.registry import Registry, RegistryUnavailable
from schemas.usage.warehouse_rules import WarehouseRule
from schemas.versions import Released

log = logging.getLogger(__name__)

AGAIN_SECONDS = 1.0
REGISTRY_SECONDS = 3.0


@dataclass(frozen=True)
class Contracts:
    """What may be posted, in which versions, with which examples; the rules between an event's fields (`rules`), and
    all that the warehouse judges (`later`)."""

    catalog: Mapping[str, Contract]
    released: Released
    examples: Mapping[str, tuple[Example, ...]]
    later: Mapping[str, tuple[WarehouseRule, ...]] = field(default_factory=dict)
    rules: Mapping[str, RecordRules] = field(default_factory=dict)


def run_gateway(
    settings: Settings,
    contracts: Contracts,
    limits: GatewayLimits,
    listen: Listen,
    routers: Sequence[Callable[[Refusals], APIRouter]] = (),
    further: Mapping[str, WayIn] | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT, the given routes too, each of which is told where refusals are written down.

    `further` is what documentation says of those routes, by path.

    Raises SpoolInUse, PseudonymKeysMissing; no server need be there yet.
    """
    with gateway_surroundings(settings, contracts, limits) as surroundings:
        log.info("The gateway listens", extra={"action": "listen", "host": listen.host, "port": listen.port})
        others = [router(surroundings.refusals) for router in routers]
        others.append(event_state_routes(surroundings, partial(event_state, open_access(settings.access.gateway_url))))
        app = create_app(with_adapters(replace(surroundings, routers=others, further=further or {})))
        serve(app, listen, header_seconds=limits.header_seconds)


def with_adapters(given: Surroundings) -> Surroundings:
    """The surroundings with the routes of other formats: edXML, dossier sync, FPT's programme."""
    adapters = (edxml_adapter(given.pseudonym_keys.pseudonym), dossier_sync_adapter(), programme_adapter(given.catalog))
    routers = (*given.routers, adapter_routes(given, adapters))
    return replace(given, routers=routers, further={**adapter_ways(adapters, given.catalog), **given.further})


@contextmanager
def gateway_surroundings(settings: Settings, contracts: Contracts, limits: GatewayLimits) -> Iterator[Surroundings]:
    """The surroundings, with threads that hear of schema ids and rights until both are known."""
    folder = settings.gateway.spool
    ids = KeptIds(Registry(settings.registry_url, timeout_s=REGISTRY_SECONDS), folder / "schema-ids.json")
    encoder = EventEncoder(contracts.catalog, KnownIds(ids), signing_as(settings.signer))
    keys = FollowedKeys(settings.gateway.pseudonym_keys)
    view = open_view(settings.access.gateway_url, with_api_keys=True)
    access, refusals = ReadAccess(view), RefusalLog(audit_writer(open_access(settings.access.gateway_url), "gateway"))
    spool = Spool(folder, SpoolLimits(max_bytes=settings.gateway.spool_bytes))
    topics = [each.topic for each in contracts.catalog.values()]
    producer = SpooledProducer(encoder, spool, partial(connect_impatiently, settings.kafka), topics)
    stop = threading.Event()
    _until_done(stop, access.read_first, AccessUnavailable)
    _until_done(stop, partial(_hear, ids, contracts, encoder), RegistryUnavailable)
    with view:
        try:
            yield Surroundings(
                contracts.catalog,
                contracts.released,
                contracts.examples,
                producer,
                ids,
                access,
                refusals,
                keys,
                limits,
                ready=lambda: access.known,
                later=contracts.later,
                rules=contracts.rules,
            )
        finally:
            stop.set()
            producer.close()
            refusals.close()


def _hear(ids: KeptIds, contracts: Contracts, encoder: EventEncoder) -> None:
    """Ask for the ids of all versions, the older ones first."""
    for contract in contracts.catalog.values():
        ids.hear([*contracts.released.get(contract.event, ()), contract])
    if ids.changed:
        log.warning("The registry gives other ids than before", extra={"action": "schema_ids_changed"})
        encoder.forget()


def _until_done(stop: threading.Event, work: Callable[[], None], away: type[Exception]) -> None:
    """Do the work in a thread, again and again while a server is away."""

    def run() -> None:
        while not stop.is_set():
            try:
                work()
            except away as error:
                log.warning("A server is away", extra={"action": "gateway_waits", "found": str(error)})
                stop.wait(AGAIN_SECONDS)
            else:
                return

    threading.Thread(target=run, daemon=True).start()
