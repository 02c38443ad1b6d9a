"""Other systems' formats over HTTP: a body becomes events, these are held to rights and contracts, and answered for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from infra.errors import OperatorError
from producers.gateway.adapted_records import Adapt, AdaptedRecords, Posted
from producers.gateway.answers import Result, answer_to, not_ready
from producers.gateway.bodies.receiving import ClientGone, read_body
from producers.gateway.callers import Caller, caller_of, only_source
from producers.gateway.documentation.documented import SYNTHETIC, WAIT, Documented, WayIn, operation
from producers.gateway.documentation.openapi import answers_of_bodies
from producers.gateway.documentation.told_answers import answers_told
from producers.gateway.fairness import Fairness
from producers.gateway.intakes import Intakes
from producers.gateway.items import Refused
from producers.gateway.limits import GatewayLimits
from producers.gateway.outbox import Outbox
from producers.gateway.problems import Problem
from producers.gateway.query_flags import flag
from producers.gateway.query_names import query_of
from producers.gateway.surroundings import Surroundings
from producers.records import Record
from schemas.contract import Contract

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Adapter:
    """A path and what is made of the bodies that are posted to it; `events` are those that may come of it.

    `single`: a body is one item, never a list.
    """

    path: str
    title: str
    media_type: str
    events: Sequence[str]
    adapt: Adapt
    single: bool
    documented: Documented
    body_bytes: int | None = None

    @property
    def query(self) -> frozenset[str]:
        """The names that its address's query may hold: those that are documented."""
        return frozenset(each.name for each in (*self.documented.parameters, SYNTHETIC, WAIT) if each.place == "query")


class _Endpoint:
    """Takes the bodies of one adapter."""

    def __init__(self, given: Surroundings, intakes: Intakes, fairness: Fairness, adapter: Adapter) -> None:
        self._given, self._fairness, self._adapter = given, fairness, adapter
        self._maker = AdaptedRecords(given, intakes, adapter.adapt)
        self._limits: GatewayLimits = given.limits
        if adapter.body_bytes is not None:
            self._limits = replace(given.limits, body_bytes=max(adapter.body_bytes, given.limits.body_bytes))

    async def take(self, request: Request) -> Response:
        """The answer to a request; raises Problem."""
        caller = self._caller(request)
        headers = dict(request.scope["headers"])
        query = query_of(request.scope["query_string"], self._adapter.query)
        detailed = flag(query, "wait")
        try:
            with self._fairness.admitted(caller.name), self._fairness.holding(caller.name) as hold:
                body = await read_body(request.receive, headers, self._limits, hold)
                posted = Posted(body, query, query.get("source") or only_source(caller))
                made = await run_in_threadpool(self._maker.records, caller, posted)
                self._fairness.charge(caller.name, len(made) - 1)
                answer = answer_to(await self._results(made), single=self._adapter.single, detailed=detailed)
        except ClientGone:
            return Response(status_code=400)
        except OperatorError as error:
            log.warning("Unavailable", extra={"action": "unavailable", "kind": type(error).__name__})
            raise not_ready() from error
        return Response(answer.body, answer.status, media_type="application/json")

    def _caller(self, request: Request) -> Caller:
        path = self._adapter.path
        caller = caller_of(dict(request.scope["headers"]), self._given.access, self._given.refusals, path)
        if not any(caller.may_write(event) for event in self._adapter.events):
            self._given.refusals.refused(caller.name, path, "event_not_granted")
            wanted = ", ".join(self._adapter.events)
            raise Problem(
                403,
                "not-granted",
                f"Ask the platform's operator to grant {caller.name} one of {wanted}.",
                detail_vi=f"Đề nghị quản trị hệ thống cấp cho {caller.name} quyền gửi một trong {wanted}.",
            )
        return caller

    async def _results(self, made: Sequence[Record | Refused]) -> list[Result]:
        records = [each for each in made if isinstance(each, Record)]
        outcomes = iter(await self._acknowledged(records) if records else [])
        results: list[Result] = [each if isinstance(each, Refused) else next(outcomes) for each in made]
        self._count(made, results)
        return results

    def _count(self, made: Sequence[Record | Refused], results: Sequence[Result]) -> None:
        for each, result in zip(made, results, strict=True):
            if isinstance(each, Refused):
                self._given.metrics.refused(self._adapter.path, each.violations[0].rule)
            elif not isinstance(result, OperatorError):
                self._given.metrics.accepted(each.topic.partition(".")[2], 1)

    async def _acknowledged(self, records: Sequence[Record]) -> Sequence[Result]:
        outbox = Outbox(asyncio.get_running_loop(), self._given.producer.submit, self._limits.answer_seconds)
        return await outbox.hand_over(records)


def adapter_ways(adapters: Sequence[Adapter], catalog: Mapping[str, Contract]) -> dict[str, WayIn]:
    """What documentation says of them, by path."""
    return {each.path: _way(each, catalog) for each in adapters}


def _way(adapter: Adapter, catalog: Mapping[str, Contract]) -> WayIn:
    events, told, several = tuple(adapter.events), adapter.documented, not adapter.single
    name = f"post_{adapter.path.strip('/').replace('/', '_').replace('-', '_')}"
    topic = next((catalog[event].topic for event in events if event in catalog), events[0])
    return WayIn(
        adapter.path,
        adapter.media_type,
        events,
        told,
        (*told.parameters, SYNTHETIC, WAIT),
        answers_told(topic, several=several),
        operation(name, adapter.media_type, events, told, answers_of_bodies(several=several)),
    )


def adapter_routes(given: Surroundings, adapters: Sequence[Adapter]) -> APIRouter:
    """A POST route for each adapter; a client's rights and share hold for them all."""
    intakes = Intakes(given.catalog, given.released, given.ids, given.producer.encoder, given.pseudonym_keys)
    fairness = Fairness(given.limits, given.clock)
    router = APIRouter()
    for adapter in adapters:
        endpoint = _Endpoint(given, intakes, fairness, adapter)
        router.add_api_route(adapter.path, endpoint.take, methods=["POST"], name=adapter.title, response_model=None)
    return router
