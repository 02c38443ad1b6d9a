"""Whatever is refused, wherever: in English without words of Python, and in Vietnamese without words of English."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from itertools import starmap
from typing import Any

import pytest

from producers.client import NotAcknowledged
from producers.gateway.answers import answer_to, not_ready
from producers.gateway.bodies.receiving import read_body
from producers.gateway.fairness import Fairness
from producers.gateway.limits import GatewayLimits
from producers.gateway.mending import MENDS
from producers.gateway.problems import TITLES, TITLES_VI, Problem
from producers.spool.spool import SpoolFull
from schemas.catalog import load_catalog
from schemas.codec import prepare
from schemas.example_files import load_examples
from tests.edxml_samples import DOCUMENT, STATUS
from tests.sync_records import sync_record
from tests.unit.gateway.in_memory import InMemory

PYTHON = re.compile(
    r"NoneType|\bNone\b|\bTrue\b|\bFalse\b|\bdict\b|\btuple\b|\bstr\b|\bbool\b|Decimal\(|\w+Error\b|<class|object at 0x"
)
ENGLISH = re.compile(
    r"\b(must|is|the|or|and|send|has|have|not|such|missing|unknown|an object|a list|text|value|number|with|your|you|"
    r"of|than|for|this|that|beyond|bytes|characters|levels|elements)\b",
    re.IGNORECASE,
)
# Quoted values, and what is the same in every language: media types, paths, names of fields and topics.
NAMED = re.compile(r"'[^']*'|`[^`]*`|<[^<>]*>|\S+[/._+-]\S+")
ODD: tuple[Any, ...] = (
    None,
    True,
    7,
    7.5,
    "",
    "x",
    " ONLINE",
    "2021-02-30",
    "2021-06-21 08:00",
    [],
    [1],
    {},
    {"a": 1},
    "x" * 5000,
)
EVENTS = ("dossier_status_changed", "document_sent", "seller_onboarded")
TEXTS = (
    b"",
    b" ",
    b"{",
    b"7",
    b"[]",
    b"[7]",
    b"{}{}",
    b"'{}'",
    b"{a:1}",
    b"a=1",
    b"x.json",
    b"\xff",
    b"\xff\xfe1",
    b"<x/>",
    b"[" * 5000,
)


def requests() -> Iterator[tuple[str, bytes, dict[str, str]]]:
    """Bad requests to every path, of every kind."""
    catalog, examples = load_catalog(), load_examples()
    for event in EVENTS:
        path = f"/events/{catalog[event].topic}"
        good = next(each.payload for each in examples[event] if each.accepted)
        for name in (*good, "nguon"):
            yield path, json.dumps([{**good, name: odd} for odd in ODD]).encode(), {}
        datum = prepare(catalog[event]).encode(good)
        for body in (datum[:-1], datum + b"1", b"\0", b"\0\0\0\0\1", b"Obj\x01", json.dumps(good).encode(), *TEXTS):
            yield path, body, {"content-type": "application/avro"}
        for kind in ("application/cloudevents+json", "application/cloudevents-batch+json"):
            envelope = {"specversion": "1.0", "id": "1", "source": "H22", "type": catalog[event].topic, "data": good}
            for name in envelope:
                for odd in ODD:
                    changed = {**envelope, name: odd}
                    yield path, json.dumps([changed] if "batch" in kind else changed).encode(), {"content-type": kind}
            yield path, json.dumps([good]).encode(), {"content-type": kind}
            yield path, json.dumps({**envelope, "data_base64": "x"}).encode(), {"content-type": kind}
    path = "/events/government.dossier_status_changed"
    for text in TEXTS:
        yield path, text, {}
        yield "/dossier-sync", text, {}
        yield "/partners/fpt/programme", text, {}
        yield "/edxml", text, {}
    for name in sync_record():
        yield "/dossier-sync", json.dumps([sync_record(**{name: odd}) for odd in ODD]).encode(), {}
        yield (
            "/dossier-sync",
            json.dumps({key: value for key, value in sync_record().items() if key != name}).encode(),
            {},
        )
    for status in range(12):
        gone = dict.fromkeys(("NgayTiepNhan", "NgayNopHoSo", "NgayTra", "NgayKetThucXuLy", "NgayTuChoi"))
        yield "/dossier-sync", json.dumps(sync_record(TrangThaiHoSo=str(status), **gone)).encode(), {}
    yield "/dossier-sync?commune=x&applicants=1", b"{}", {}
    for odd in ODD:
        yield "/partners/fpt/programme", json.dumps([odd, {"event": odd}]).encode(), {}
    for message in (DOCUMENT, STATUS):
        for old in set(re.findall(r">([^<>\s][^<>]*)<", message)):
            for new in ("", "x", "2021/02/30 01:00:00"):
                yield "/edxml", message.replace(f">{old}<", f">{new}<").encode(), {}
        for tag in set(re.findall(r"<(edXML:\w+|\w+)[ >]", message)):
            yield "/edxml", message.replace(f"<{tag}", "<y").replace(f"</{tag}", "</y").encode(), {}
    yield "/edxml", b"<!DOCTYPE x><x/>", {}
    yield "/edxml", b'<?xml version="1.0" encoding="latin-1"?><x/>', {}
    yield "/edxml", b"<x>" * 30, {}
    yield "/edxml", b"<x>" + b"9" * 100_001 + b"</x>", {}
    yield "/edxml", b"<x " + b" ".join(b'a%d=""' % number for number in range(31)) + b"/>", {}
    yield "/edxml", b"<x>" + b"<y/>" * 20_001, {}
    for headers in (
        {"authorization": ""},
        {"authorization": "Bearer x"},
        {"content-type": ""},
        {"content-type": "text/plain"},
        {"content-type": "application/json; charset=utf-16"},
        {"content-encoding": "br"},
        {"idempotency-key": ""},
        {"idempotency-key": "x" * 256},
        {"ce-id": "1"},
        {"ce-specversion": "1.0"},
        {"content-length": "999999999"},
    ):
        yield path, b"{}", headers
    yield path, b"[" + b"{}," * 5000 + b"{}]", {}
    yield "/dossier-sync", b"[" + b"{}," * 5000 + b"{}]", {}
    for query in ("wiat=1", "wait=maybe", "wait=1&wait=1"):
        yield f"{path}?{query}", b"{}", {}
    for address in ("/events/x", "/events/x/", "/webhooks/x", "/dosier-sync", "/x"):
        yield address, b"{}", {}


def problems() -> Iterator[Problem]:
    """Refusals that no single request leads to."""
    yield not_ready()
    limits = GatewayLimits(burst_events=1, events_per_second=1e-9, requests_at_once=0, bytes_at_once=0, body_seconds=0)
    fairness = Fairness(limits, lambda: 0.0)

    async def never() -> Any:
        await asyncio.sleep(9)

    async def slow() -> None:
        await read_body(never, {}, limits, lambda _size: None)

    def tokens() -> None:
        fairness.charge("b", 2)
        with fairness.admitted("b"):
            pass

    def at_once() -> None:
        with fairness.admitted("a"):
            pass

    def held() -> None:
        with fairness.holding("a") as hold:
            hold(1)

    for refuse in (tokens, at_once, held, lambda: asyncio.run(slow())):
        with pytest.raises(Problem) as refused:
            refuse()
        yield refused.value
    for error in (SpoolFull("x"), NotAcknowledged("x")):
        with pytest.raises(Problem) as refused:
            answer_to([error], single=True, detailed=False)
        yield refused.value


def texts_of(told: Any) -> Iterator[tuple[str, str]]:
    """Name and text of everything in an answer that is for people."""
    if isinstance(told, list):
        for each in told:
            yield from texts_of(each)
    elif isinstance(told, dict):
        for name, each in told.items():
            if name.removesuffix("_vi") in ("title", "detail", "message"):
                yield name, each
            elif name != "value":
                yield from texts_of(each)


def faults_of(told: Any) -> list[str]:
    found = list(texts_of(told))
    names = [name for name, _ in found]
    wrong = [
        f"{name} alone" for name in ("title", "detail", "message") if names.count(name) != names.count(f"{name}_vi")
    ]
    for name, text in found:
        bare = NAMED.sub("", text)
        if PYTHON.search(bare) or (name.endswith("_vi") and ENGLISH.search(bare)):
            wrong.append(f"{name}: {text[:300]}")
    return wrong


async def refusals_told() -> list[bytes]:
    gateway, asked = InMemory(), list(requests())
    found = []
    for start in range(0, len(asked), 100):
        some = asked[start : start + 100]
        for sent, (status, _, answer) in zip(some, await asyncio.gather(*starmap(gateway.post, some)), strict=True):
            assert status < 500, (sent, answer)
            if status != 202:
                found.append(answer)
    return found


def test_no_refusal_speaks_python_and_none_in_vietnamese_speaks_english() -> None:
    answers = asyncio.run(refusals_told())
    wrong = {fault for answer in answers for fault in faults_of(json.loads(answer))}
    for problem in problems():
        wrong |= set(faults_of(json.loads(problem.body())))
    assert len(answers) > 400
    assert sorted(wrong) == []


def test_every_kind_has_a_title_and_an_advice_in_both_languages() -> None:
    assert TITLES.keys() == TITLES_VI.keys() == MENDS.keys()
    told = {"detail": "x", "message": "x"}
    for kind in TITLES:
        assert faults_of({**told, "message_vi": TITLES_VI[kind], "detail_vi": MENDS[kind].vi}) == []
