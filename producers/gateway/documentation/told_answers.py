"""What the gateway answers to bodies of events, for the pages: examples are made by the code that answers."""

from __future__ import annotations

import json
from collections.abc import Sequence

from producers.client import Sent
from producers.gateway.answers import Result, answer_to
from producers.gateway.documentation.documented import Answer
from producers.gateway.documentation.openapi import REFUSALS
from producers.gateway.items import INVALID, Refused
from producers.gateway.mending import MENDS
from producers.gateway.problems import TITLES, TITLES_VI, Problem, about
from schemas.site.bilingual import Bilingual

DURABLE = Bilingual(
    "Every event is durable. With wait=true it looks like this, without it `records` is left out; "
    '`"spooled": true` in place of partition and offset: it goes to Kafka as soon as Kafka is back.',
    "Mọi sự kiện đã được lưu bền vững. Với wait=true câu trả lời như sau; không có wait thì không có `records`.",
)
PARTLY = Bilingual(
    "Some events are durable, the others are listed with their errors: mend and send only those again.",
    "Một phần đã được lưu; phần còn lại được liệt kê kèm lỗi: sửa và chỉ gửi lại phần đó.",
)
ANYWHERE = ("query",)
OF_EVENTS = (*ANYWHERE, "unknown-event", "media-type", "idempotency", "idempotency-key")
_REFUSED = Refused(INVALID, [about("occurred_at", "required", "null", "must have a value", "phải có giá trị")])
_EVENT_ID = "017a366f-4620-7c38-81e2-feb8414c343c"


def answers_told(topic: str, *, several: bool, also: Sequence[str] = ANYWHERE) -> list[Answer]:
    """By status; `several`: in one body, so that some may be taken and others not. `also` are kinds of problems beside
    those of REFUSALS."""
    sent = Sent(topic, 1, 60002, _EVENT_ID)
    found = [Answer("202", DURABLE, body=_shown([sent], several=several))]
    if several:
        found.append(Answer("207", PARTLY, body=_shown([sent, _REFUSED], several=True)))
    kinds = {**{kind: status for status, kind in REFUSALS.items()}, **{kind: MENDS[kind].status for kind in also}}
    refused = [Answer(status, _mend(kind), kind) for kind, status in sorted(kinds.items(), key=lambda each: each[1])]
    return found + [_with_example(each, several) if each.kind == "event-invalid" else each for each in refused]


def _mend(kind: str) -> Bilingual:
    return Bilingual(f"{TITLES[kind]}. {MENDS[kind].en}", f"{TITLES_VI[kind]}. {MENDS[kind].vi}")


def _with_example(answer: Answer, several: bool) -> Answer:
    try:
        answer_to([_REFUSED], single=not several, detailed=False)
    except Problem as problem:
        return Answer(answer.status, answer.words, answer.kind, _pretty(problem.body()))
    raise AssertionError("a refusal is a problem")


def _shown(results: list[Result], *, several: bool) -> str:
    return _pretty(answer_to(results, single=not several, detailed=True).body)


def _pretty(body: bytes) -> str:
    return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
