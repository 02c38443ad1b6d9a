"""What the gateway answers when a body was read: all taken, some taken, none taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from infra.errors import OperatorError
from producers.acknowledged import Outcome, Spooled
from producers.client import Sent
from producers.gateway.items import FORBIDDEN, INVALID, Refused
from producers.gateway.problems import Problem, error_of
from producers.spool.spool import SpoolFull

ACCEPTED, MULTI = 202, 207
NO_ROOM, UNAVAILABLE = 507, 503
_RETRY = {"Retry-After": "5"}

Result = Outcome | Refused
"""Of each event of a request, in their order."""

_DETAILS: Mapping[int, tuple[str, str, str]] = {
    INVALID: (
        "event-invalid",
        "Nothing was taken: mend what `errors` names and send again.",
        "Chưa nhận dữ liệu nào: sửa những gì `errors` nêu rồi gửi lại.",
    ),
    FORBIDDEN: (
        "not-granted",
        "Nothing was taken: write for your own sources, or ask the operator for the grant.",
        "Chưa nhận dữ liệu nào: chỉ gửi cho nguồn của mình, hoặc đề nghị quản trị hệ thống cấp quyền.",
    ),
    NO_ROOM: (
        "spool-full",
        "Kafka is away and the spool is full: nothing was taken, send again later.",
        "Kafka đang mất kết nối và bộ đệm đã đầy: chưa nhận dữ liệu nào, gửi lại sau.",
    ),
    UNAVAILABLE: (
        "unavailable",
        "The event could not be handed over: send again with the same event_id.",
        "Chưa chuyển được sự kiện: gửi lại với cùng event_id.",
    ),
}


@dataclass(frozen=True)
class Answer:
    """Status and JSON body."""

    status: int
    body: bytes


def answer_to(results: Sequence[Result], *, single: bool, detailed: bool) -> Answer:
    """202 when all events were taken, 207 when some were; raises Problem when none was.

    `detailed` adds topic, partition and offset; an event in the spool has `spooled` in their place.
    """
    taken = [each for each in results if isinstance(each, Sent | Spooled)]
    if len(taken) == len(results):
        told: dict[str, Any] = {"accepted": len(taken), "event_ids": [each.event_id for each in taken]}
        if detailed:
            told["records"] = [_place(each) for each in taken]
        return Answer(ACCEPTED, orjson.dumps(told))
    if not taken:
        raise _problem(results, single=single)
    items = [_item(number, each, detailed=detailed) for number, each in enumerate(results)]
    told = {"accepted": len(taken), "rejected": len(results) - len(taken), "items": items}
    return Answer(MULTI, orjson.dumps(told))


def not_ready() -> Problem:
    """The answer while a server that is needed was never reached."""
    return Problem(
        UNAVAILABLE,
        "unavailable",
        "The platform is not ready: send the same again later, as Retry-After says.",
        headers=_RETRY,
        detail_vi="Hệ thống chưa sẵn sàng: gửi lại sau theo Retry-After.",
    )


def status_of(result: Result) -> int:
    """What an event alone would be answered with."""
    if isinstance(result, Refused):
        return result.status
    if isinstance(result, OperatorError):
        return NO_ROOM if isinstance(result, SpoolFull) else UNAVAILABLE
    return ACCEPTED


def _problem(results: Sequence[Result], *, single: bool) -> Problem:
    """The most frequent status speaks for all; each error tells its own event."""
    (status, _), *_ = Counter(map(status_of, results)).most_common(1)
    kind, detail, detail_vi = _DETAILS[status]
    errors = [error for number, each in enumerate(results) for error in _errors(each, None if single else number)]
    headers = _RETRY if status in (NO_ROOM, UNAVAILABLE) else None
    return Problem(status, kind, detail, errors, headers, detail_vi=detail_vi)


def _errors(result: Result, number: int | None) -> list[dict[str, Any]]:
    return [error_of(each, number) for each in result.violations] if isinstance(result, Refused) else []


def _item(number: int, result: Result, *, detailed: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"item": number, "status": status_of(result)}
    if isinstance(result, Sent | Spooled):
        return told | (_place(result) if detailed else {"event_id": result.event_id})
    if isinstance(result, Refused):
        return told | {"errors": [error_of(each) for each in result.violations]}
    _, detail, detail_vi = _DETAILS[told["status"]]
    return told | {"detail": detail, "detail_vi": detail_vi}


def _place(taken: Sent | Spooled) -> dict[str, Any]:
    if isinstance(taken, Spooled):
        return {"event_id": taken.event_id, "topic": taken.topic, "spooled": True}
    return {
        "event_id": taken.event_id,
        "topic": taken.topic,
        "partition": taken.partition,
        "offset": taken.offset,
    }
