"""GET /events/<domain>.<event>/<event_id>: a client asks what became of an event of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from infra.access.connect import AccessUnavailable
from producers.gateway.callers import NO_EVENT, caller_of, hold_to_grant
from producers.gateway.event_state import EventState
from producers.gateway.fairness import Fairness
from producers.gateway.problems import Problem
from producers.gateway.surroundings import Surroundings
from schemas.contract import Contract

StateOf = Callable[[str, UUID], EventState | None]

_UNKNOWN = (
    "No event of yours with this event_id is in the warehouse yet. One that was answered with 202 arrives within some "
    "minutes; ask again then."
)
_UNKNOWN_VI = (
    "Kho dữ liệu chưa có sự kiện nào của bạn mang mã này. Sự kiện đã được trả lời 202 sẽ đến trong vài phút; hãy hỏi "
    "lại sau."
)
_AGAIN = {"Retry-After": "30"}


def event_state_routes(given: Surroundings, state_of: StateOf) -> APIRouter:
    """The route; `state_of` asks the warehouse (event_state.py) and may raise AccessUnavailable."""
    by_topic = {contract.topic: contract for contract in given.catalog.values()}
    fairness = Fairness(given.limits, given.clock)
    router = APIRouter()

    @router.get("/events/{topic}/{event_id:uuid}")
    async def state(request: Request, topic: str, event_id: UUID) -> Response:
        contract, headers = by_topic.get(topic), dict(request.scope["headers"])
        subject = NO_EVENT if contract is None else topic
        caller = caller_of(headers, given.access, given.refusals, subject)
        if contract is None:
            raise Problem(404, "unknown-event", "No event has that name; /docs lists all of them.")
        hold_to_grant(caller, contract, given.refusals)
        with fairness.admitted(caller.name):
            found = await run_in_threadpool(_asked, state_of, contract.event, event_id)
        foreign = found is not None and (found.source is None or not caller.may_speak_for(found.source))
        if foreign:
            given.refusals.refused(caller.name, topic, "source_not_granted")
        if found is None or foreign:
            raise Problem(404, "not-arrived", _UNKNOWN, headers=_AGAIN, detail_vi=_UNKNOWN_VI)
        return Response(orjson.dumps(told(contract, event_id, found)), media_type="application/json")

    return router


def told(contract: Contract, event_id: UUID, found: EventState) -> dict[str, Any]:
    """The answer; what does not apply is left out."""
    everything = {
        "event_id": event_id,
        "state": found.state,
        "since": found.since,
        "topic": contract.topic,
        "partition": found.kafka_partition,
        "offset": found.kafka_offset,
        "load_id": found.load_id,
        "rules": found.rules,
        "reason": found.reason_en,
        "reason_vi": found.reason_vi,
        "waits_for": found.waits_for,
        "tries": found.tries,
        "close_reason": found.close_reason,
    }
    return {name: value for name, value in everything.items() if value not in (None, [])}


def _asked(state_of: StateOf, event: str, event_id: UUID) -> EventState | None:
    try:
        return state_of(event, event_id)
    except AccessUnavailable as error:
        detail = "The warehouse does not answer now; your event is safe. Ask again later."
        detail_vi = "Kho dữ liệu hiện không trả lời; sự kiện của bạn vẫn an toàn. Hãy hỏi lại sau."
        raise Problem(503, "unavailable", detail, headers={"Retry-After": "5"}, detail_vi=detail_vi) from error
