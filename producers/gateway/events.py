"""POST /events/<domain>.<event>: from a request to acknowledged events.

A plain ASGI application: what a framework does for each request would cost more than the request itself.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Mapping, MutableMapping, Sequence
from functools import partial
from typing import Any

from starlette.types import Receive, Scope, Send

from infra.errors import OperatorError
from producers.acknowledged import Outcome
from producers.gateway.answers import Answer, Result, answer_to, not_ready
from producers.gateway.bodies.cloudevents import binary_event_of, event_of, is_envelope, sent_as_plain
from producers.gateway.bodies.content import Content, Headers, content_of
from producers.gateway.bodies.json_bodies import cloud_events_in, events_in, parse_json
from producers.gateway.bodies.receiving import ClientGone, read_body
from producers.gateway.callers import Caller, caller_of, hold_to_grant
from producers.gateway.fairness import Fairness
from producers.gateway.idempotency import IdempotencyKeys
from producers.gateway.intakes import Intake, Intakes
from producers.gateway.items import INVALID, Judge, Refused, no_rules
from producers.gateway.outbox import Outbox
from producers.gateway.problems import PROBLEM_JSON, Problem
from producers.gateway.query_flags import flag
from producers.gateway.query_names import query_of
from producers.gateway.surroundings import Surroundings
from producers.mistaken_bodies import BOM
from producers.records import Record
from schemas.codec import EventInvalid
from schemas.signature import ON_BEHALF_HEADER

log = logging.getLogger(__name__)

# How many events are checked before other requests get their turn on the loop: a few milliseconds.
TURN = 50
# What the address's query may hold.
QUERY = ("wait",)

Waiting = asyncio.Future[list[Outcome]]


class EventsEndpoint:
    """Shares one event loop with all other requests; nothing here waits but for bodies and acknowledgements."""

    def __init__(self, surroundings: Surroundings, intakes: Intakes) -> None:
        self._given, self._intakes = surroundings, intakes
        self._fairness = Fairness(surroundings.limits, surroundings.clock)
        self._keys = IdempotencyKeys()
        self._outbox: Outbox | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        start = self._given.clock()
        try:
            answer, kind, extra = await self._answered(scope, receive), "application/json", {}
        except ClientGone:
            return
        except Problem as problem:
            answer, kind, extra = Answer(problem.status, problem.body()), PROBLEM_JSON, problem.headers
        await respond(send, answer, kind, extra)
        self._given.metrics.answered(answer.status, self._given.clock() - start)

    async def _answered(self, scope: Scope, receive: Receive) -> Answer:
        try:
            return await self._take(scope, receive)
        except (Problem, ClientGone):
            raise
        except OperatorError as error:
            log.warning("Unavailable", extra={"action": "unavailable", "kind": type(error).__name__})
            raise not_ready() from error
        except Exception as error:
            # Neither the message nor the values of the frames: they may hold what the client sent.
            at = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-3:]]
            log.error("The gateway failed", extra={"action": "failed", "kind": type(error).__name__, "at": at})  # noqa: TRY400
            raise Problem(
                500,
                "internal",
                "The operator finds the reason in the gateway's log.",
                detail_vi="Quản trị hệ thống tìm thấy nguyên nhân trong nhật ký của cổng tiếp nhận.",
            ) from error

    async def _take(self, scope: Scope, receive: Receive) -> Answer:
        headers: Headers = dict(scope["headers"])
        name = scope["path_params"]["name"]
        given, subject = self._given, self._intakes.known_name(name)
        caller = caller_of(headers, given.access, given.refusals, subject)
        intake = self._intakes.named(name)
        hold_to_grant(caller, intake.contract, given.refusals)
        content, detailed = content_of(headers), _wants_details(scope["query_string"])
        with self._fairness.admitted(caller.name), self._fairness.holding(caller.name) as hold:
            body = await read_body(receive, headers, self._given.limits, hold)
            return await self._publish(caller, intake, content, headers, body, detailed)

    async def _publish(
        self, caller: Caller, intake: Intake, content: Content, headers: Headers, body: bytes, detailed: bool
    ) -> Answer:
        body = body.removeprefix(BOM)
        seed = self._keys.seed_of(headers, caller.name, intake.contract.topic, body)
        async with self._fairness.turn(caller.name, len(body)):
            found = self._found(intake, content, headers, body)
            self._fairness.charge(caller.name, len(found) - 1)
            made, waiting = await self._handed_over(caller, intake, found, seed)
        results = await _results(made, waiting)
        self._count(caller, intake, results)
        single = content not in (Content.CLOUD_EVENTS, Content.JSON) or body.lstrip()[:1] == b"{"
        return answer_to(results, single=single, detailed=detailed)

    def _found(self, intake: Intake, content: Content, headers: Headers, body: bytes) -> Sequence[Any]:
        """The body's events as they were sent; one that cannot be read is an EventInvalid in its place."""
        if content is Content.JSON:
            found = events_in(body, intake.contract, self._given.limits.batch_events)
            return [sent_as_plain() if is_envelope(each) else each for each in found]
        if content is Content.CLOUD_EVENTS:
            envelopes = cloud_events_in(body, self._given.limits.batch_events)
            return [_or_invalid(lambda each=each: event_of(each, intake.contract, intake.avro)) for each in envelopes]
        return [_or_invalid(lambda: self._single(intake, content, headers, body))]

    def _single(self, intake: Intake, content: Content, headers: Headers, body: bytes) -> Any:
        if content is Content.AVRO:
            return intake.avro.event_in(body)
        if content is Content.CLOUD_EVENT:
            return event_of(parse_json(body), intake.contract, intake.avro)
        as_avro = content is Content.BINARY_AVRO
        return binary_event_of(headers, body, intake.contract, intake.avro, as_avro=as_avro)

    async def _handed_over(
        self, caller: Caller, intake: Intake, found: Sequence[Any], seed: str | None
    ) -> tuple[list[Record | Refused], list[Waiting]]:
        """What became of each event, and what to wait for, in the order of the records."""
        behalf, judge = ((ON_BEHALF_HEADER, caller.name.encode()),), self._judge(intake)
        made: list[Record | Refused] = []
        waiting: list[Waiting] = []
        for start in range(0, len(found), TURN):
            if start:
                await asyncio.sleep(0)
            turn = found[start : start + TURN]
            some = [
                Refused(INVALID, each.violations)
                if isinstance(each, EventInvalid)
                else intake.maker.record(each, caller, seed, start + number, behalf, judge)
                for number, each in enumerate(turn)
            ]
            made += some
            if records := [each for each in some if isinstance(each, Record)]:
                waiting.append(self._sent(records))
        return made, waiting

    def _judge(self, intake: Intake) -> Judge:
        """The event's rules as of now."""
        rules = self._given.rules.get(intake.contract.event)
        return no_rules if rules is None else partial(rules.check, now=self._given.now())

    def _sent(self, records: Sequence[Record]) -> Waiting:
        if self._outbox is None:
            patience = self._given.limits.answer_seconds
            self._outbox = Outbox(asyncio.get_running_loop(), self._given.producer.submit, patience)
        return self._outbox.hand_over(records)

    def _count(self, caller: Caller, intake: Intake, results: Sequence[Result]) -> None:
        event, refused = intake.contract.event, [each for each in results if isinstance(each, Refused)]
        taken = sum(not isinstance(each, Refused | OperatorError) for each in results)
        if taken:
            self._given.metrics.accepted(event, taken)
        for each in refused:
            rule = each.violations[0].rule
            self._given.metrics.refused(event, rule)
            if rule == "source_not_granted":
                self._given.refusals.refused(caller.name, intake.contract.topic, rule)


async def _results(made: Sequence[Record | Refused], waiting: Sequence[Waiting]) -> list[Result]:
    outcomes = iter([outcome for part in waiting for outcome in await part])
    return [each if isinstance(each, Refused) else next(outcomes) for each in made]


def _or_invalid(read: Any) -> Any:
    try:
        return read()
    except EventInvalid as error:
        return error


async def respond(send: Send, answer: Answer, kind: str, extra: Mapping[str, str]) -> None:
    """One answer with its headers."""
    headers = [
        (b"content-type", kind.encode()),
        (b"content-length", str(len(answer.body)).encode()),
        (b"cache-control", b"no-store"),
        *((name.lower().encode(), value.encode()) for name, value in extra.items()),
    ]
    start: MutableMapping[str, Any] = {"type": "http.response.start", "status": answer.status, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": answer.body})


def _wants_details(query: bytes) -> bool:
    """`?wait=true`; most requests have no query at all."""
    return bool(query) and flag(query_of(query, QUERY), "wait")
