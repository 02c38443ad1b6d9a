"""Mutated pushes: no crash, nothing unverified read, and what is read keeps the contract or is named.

MARKETPLACES_FUZZ sets how many bodies are tried for each platform; 100 000 take about a minute each.
"""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from collections.abc import Callable

import pytest

from producers.marketplaces.accept import Push, Verdict
from producers.marketplaces.change import Change, PushUnreadable
from producers.marketplaces.orders import Line, Order, event_of
from producers.marketplaces.platforms import PLATFORMS
from producers.marketplaces.shops import Shop
from schemas.catalog import load_catalog
from schemas.codec import prepare
from tests.unit.marketplaces.given import SHOP_IDS, SIGNED, content, judge, signed
from tests.unit.marketplaces.memory_store import MemoryStore

TRIES = int(os.environ.get("MARKETPLACES_FUZZ", "400"))
VALUES = (
    None,
    True,
    -1,
    0,
    10**40,
    1e308,
    float("nan"),
    "",
    "x" * 5000,
    "\u0000",
    "\ud800",
    [],
    {},
    [[]],
    "2026",
    "é",
    -(10**18),
)
CODEC = prepare(load_catalog()["order_status_changed"])


def mutated_bytes(rng: random.Random, body: bytes) -> bytes:
    """A few bytes changed, removed or doubled."""
    made = bytearray(body)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(made) or 1)
        kind = rng.randrange(4)
        if kind == 0 and made:
            made[at] = rng.randrange(256)
        elif kind == 1:
            made[at:at] = bytes([rng.randrange(256)])
        elif kind == 2:
            del made[at : at + rng.randint(1, 20)]
        else:
            made[at:at] = made[at : at + rng.randint(1, 40)]
    return bytes(made)


def mutated_values(rng: random.Random, body: bytes) -> bytes:
    """A value replaced or removed, or a name doubled."""
    document = json.loads(body)
    at = rng.choice([document, *(part for part in document.values() if isinstance(part, dict))])
    name = rng.choice(list(at))
    if rng.random() < 0.2:
        del at[name]
    else:
        at[name] = rng.choice(VALUES)
    return json.dumps(document).encode()


MUTATIONS: tuple[Callable[[random.Random, bytes], bytes], ...] = (mutated_bytes, mutated_values)


@pytest.mark.parametrize("platform", SHOP_IDS)
def test_mutated_pushes_are_judged_and_never_crash(platform: str) -> None:
    rng, verdicts = random.Random(f"marketplaces {platform}"), Counter[Verdict]()
    body = json.dumps(content(platform)).encode()
    for number in range(TRIES):
        mutant = MUTATIONS[number % 2](rng, body)
        store = MemoryStore()
        verdict = judge(signed(platform, mutant), platform, store)
        verdicts[verdict] += 1
        if verdict is Verdict.ACCEPTED:
            _deliverable(platform, store)
    assert set(verdicts) >= {Verdict.UNREADABLE, Verdict.ACCEPTED}, verdicts
    assert Verdict.BAD_SIGNATURE not in verdicts


@pytest.mark.parametrize("platform", SIGNED)
def test_a_mutant_under_the_old_signature_is_never_read(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("producers.marketplaces.reading.json.loads", _must_not_be_called)
    rng, body = random.Random(f"forged {platform}"), json.dumps(content(platform)).encode()
    proof = signed(platform, body).proof
    forged = 0
    for _ in range(TRIES):
        mutant = mutated_bytes(rng, body)
        if mutant != body:
            assert judge(Push(mutant, proof), platform) is Verdict.BAD_SIGNATURE
            forged += 1
    assert forged > TRIES // 2


def _must_not_be_called(*_: object) -> None:
    raise AssertionError("an unverified body was parsed")


def _deliverable(platform: str, store: MemoryStore) -> None:
    """What was accepted can be read again, and its event is encoded or its violations are named."""
    (raw_key,) = store.under(f"{platform}/")
    try:
        change = PLATFORMS[platform].read_push(store.get(raw_key))
    except PushUnreadable:
        pytest.fail("the kept payload cannot be read again")
    assert isinstance(change, Change)
    shop = Shop(platform, change.shop_id, "00688")
    event = event_of(change, Order((Line("A", "a", 1, 1),), 1, 0), shop, PLATFORMS[platform].states)
    CODEC.check(event)
