"""Mutated payloads: each is taken or refused with a reason; none makes the gateway fail or grow.

GATEWAY_FUZZ=100000 sends that many; the usual number keeps the unit tests quick.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
from collections import Counter
from typing import Any

import psutil

from schemas.catalog import load_catalog
from schemas.codec import prepare
from schemas.example_files import load_examples
from schemas.wire import frame
from tests.unit.gateway.in_memory import InMemory

COUNT = int(os.environ.get("GATEWAY_FUZZ", "600"))
EVENTS = ("dossier_status_changed", "seller_onboarded", "document_sent", "order_status_changed")
ODD: tuple[Any, ...] = (
    None,
    "",
    "\0",
    "\ud800",
    0,
    -1,
    2**63,
    2**64,
    1e308,
    -0.0,
    1e-320,
    [],
    {},
    True,
    "NaN",
    "9" * 400,
)
TOKENS = (b"null", b"NaN", b"1e999", b'"\\ud800"', b"[[", b"}}", b"\xc3\x28", b"\0", b'"\\u0000"', b"9" * 300, b"-")


def seeds() -> list[tuple[str, dict[str, Any]]]:
    catalog, examples = load_catalog(), load_examples()
    return [(catalog[event].topic, each.payload) for event in EVENTS for each in examples[event] if each.accepted]


def mutated_value(rng: random.Random, value: Any) -> Any:
    """The value with one place of it changed."""
    if isinstance(value, dict) and value and rng.random() < 0.9:
        name = rng.choice(list(value))
        changed = {each: part for each, part in value.items() if each != name or rng.random() < 0.8}
        changed[rng.choice([name, name + "x", name.upper(), ""])] = mutated_value(rng, value[name])
        return changed
    if isinstance(value, list) and value and rng.random() < 0.8:
        return [*value, mutated_value(rng, rng.choice(value))] * rng.choice([1, 1, 3])
    if isinstance(value, str) and value and rng.random() < 0.5:
        at = rng.randrange(len(value))
        return value[:at] + chr(rng.choice([0, 9, 32, 48, 0x301, 0x1F600, 0xD7FF])) + value[at + rng.randrange(2) :]
    return rng.choice([*ODD, {"clear": rng.choice([*ODD, "002199000123"])}])


def mutated_bytes(rng: random.Random, body: bytes) -> bytes:
    """The bytes with a flip, cut, doubling or foreign token somewhere."""
    at, how = rng.randrange(len(body) + 1), rng.randrange(4)
    if how == 0:
        return body[:at] + bytes([rng.randrange(256)]) + body[at + 1 :]
    if how == 1:
        return body[:at]
    if how == 2:
        return body[:at] + body[rng.randrange(len(body)) :]
    return body[:at] + rng.choice(TOKENS) + body[at:]


def request(rng: random.Random, topic: str, event: dict[str, Any], datum: bytes) -> tuple[bytes, dict[str, str]]:
    """A request with something wrong in it, of a random kind."""
    kind = rng.randrange(5)
    if kind == 0:
        number = rng.choice([103, 102, 1, 2**31])
        framed = rng.choice([datum, frame(min(number, 2**31 - 1), datum)])
        return mutated_bytes(rng, framed), {"content-type": "application/avro"}
    changed = mutated_value(rng, event)
    attributes = {"specversion": "1.0", "id": "7", "source": "H22.21", "type": topic}
    if kind == 1:
        told = mutated_value(rng, {**attributes, "data": changed})
        return written(told), {"content-type": "application/cloudevents+json"}
    if kind == 2:
        told = [mutated_value(rng, {**attributes, "data": changed}) for _ in range(3)]
        return written(told), {"content-type": "application/cloudevents-batch+json"}
    if kind == 3:
        return written(changed), {f"ce-{name}": value for name, value in attributes.items()}
    body = written(rng.choice([changed, [event, changed]]))
    return (mutated_bytes(rng, body) if rng.random() < 0.5 else body), {}


def written(value: Any) -> bytes:
    return json.dumps(value).encode()


def assert_reasoned(status: int, headers: dict[str, str], body: bytes, sent: bytes) -> None:
    assert status in (202, 207, 400, 403, 413, 422), (status, body, sent)
    told = json.loads(body)
    if status == 207:
        refused = [item for item in told["items"] if item["status"] != 202]
        assert all(error["message"] and error["message_vi"] for item in refused for error in item["errors"])
    elif status != 202:
        assert headers["content-type"] == "application/problem+json"
        assert told["detail"]
        assert status == 413 or all(error["rule"] and error["message"] for error in told["errors"])


async def run(gateway: InMemory, rng: random.Random, count: int) -> Counter[int]:
    catalog = load_catalog()
    starts = [(topic, event, prepare(catalog[topic.split(".")[1]]).encode(event)) for topic, event in seeds()]
    statuses: Counter[int] = Counter()
    for _ in range(count):
        topic, event, datum = rng.choice(starts)
        body, headers = request(rng, topic, event, datum)
        status, told, answer = await gateway.post(f"/events/{topic}", body, headers)
        assert_reasoned(status, told, answer, body)
        statuses[status] += 1
        gateway.records.clear()
    return statuses


async def run_in_halves() -> tuple[Counter[int], int]:
    """How often each status came, and the bytes that the second half has added to the process."""
    gateway, rng = InMemory(), random.Random(20210623)
    statuses = await run(gateway, rng, COUNT // 2)
    before = psutil.Process().memory_info().rss
    statuses += await run(gateway, rng, COUNT - COUNT // 2)
    return statuses, psutil.Process().memory_info().rss - before


def test_mutated_payloads_are_taken_or_refused_with_a_reason() -> None:
    statuses, grown = asyncio.run(run_in_halves())
    assert grown < 32 * 2**20
    assert statuses[422] > COUNT / 5
    assert statuses[400] > COUNT / 50
    assert statuses[202] > 0
