"""A person whose records are everywhere, and how tests erase and look for him."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, inspect, text

from consumers.lake.container import MAGIC, blocks_of
from consumers.lake.traces import trace_of
from consumers.warehouse.erasure.requests import Request, approve, ask
from consumers.warehouse.erasure.run import run
from consumers.warehouse.publish import publish
from consumers.warehouse.replay_choice import Choice
from consumers.warehouse.seeding import seed_dimensions
from infra.object_store import LakeStore
from tests.component.warehouse.loads import CATALOG, batches, condemn, core_rows, load, stage_checked
from tests.component.warehouse.replays import example, replayed
from tests.landed_batches import Reject, Written, land

SELLER = CATALOG["seller_onboarded"]
GONE, STAYS = "01" + "ab" * 31, "01" + "cd" * 31
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def seller(number: int, pseudonym: str = GONE, **changes: Any) -> Written:
    return example(SELLER, "household", number, seller_pseudonym=pseudonym, opened_on="2021-06-01", **changes)


def clock() -> datetime:
    return NOW


def approved(engine: Engine, pseudonym: str = GONE) -> int:
    request = ask(engine, "12/2026", [trace_of(pseudonym)], "thu", NOW)
    return approve(engine, request.erasure_id, "lan").erasure_id


def erased(engine: Engine, lake: LakeStore, number: int, **how: Any) -> Request:
    return run(engine, lake, CATALOG, number, clock, **how)


def past(engine: Engine, lake: LakeStore) -> None:
    """Loaded, repeated, quarantined, replayed, rejected, and not yet loaded; of two persons."""
    seed_dimensions(engine)
    reject = Reject("not_confluent_framed", value=b"{" + GONE.encode() + b"}")
    first = [seller(1), seller(2, STAYS), seller(1), seller(3), seller(4), reject, Reject("null_value", value=None)]
    land(lake, SELLER, first)
    load_id = stage_checked(engine, lake, SELLER)
    condemn(engine, SELLER, load_id, 3, rule="one")
    condemn(engine, SELLER, load_id, 4, rule="other")
    assert publish(engine, lake, SELLER, load_id).counts() == {
        "consumed": 7,
        "loaded": 2,
        "duplicate": 1,
        "quarantined": 2,
        "rejected": 2,
        "erased": 0,
    }
    outcome = replayed(engine, lake, SELLER, Choice(rules=["one"]))
    assert outcome is not None
    assert outcome.loaded == 1
    land(lake, SELLER, [seller(5, STAYS), seller(6)], partition=1)
    assert load(engine, lake, SELLER).loaded == 2
    land(lake, SELLER, [seller(7), seller(8, STAYS)], from_offset=7)


def objects_naming(lake: LakeStore, pseudonym: str) -> list[str]:
    return [key for key in lake.list_after("") if pseudonym.encode() in _clear(lake.get(key))]


def _clear(content: bytes) -> bytes:
    return b"".join(block.payload for block in blocks_of(content)) if content.startswith(MAGIC) else content


def tables_naming(engine: Engine, pseudonym: str) -> list[str]:
    found = []
    with engine.connect() as connection:
        for schema in ("core", "quarantine", "mart", "staging", "ledger", "access"):
            for name in inspect(connection).get_table_names(schema):
                query = f'select count(*) from {schema}."{name}" t where t::text ~ :text'
                bytes_of = pseudonym.encode().hex()
                if connection.execute(text(query), {"text": f"{pseudonym}|{bytes_of}"}).scalar_one():
                    found.append(f"{schema}.{name}")
    return found


def sums(engine: Engine) -> Mapping[str, int]:
    names = ("consumed", "loaded", "duplicate", "quarantined", "rejected", "erased")
    return {name: sum(row[name] for row in batches(engine)) for name in names}


def left(engine: Engine) -> list[tuple[int, int]]:
    return [(row["kafka_partition"], row["kafka_offset"]) for row in core_rows(engine, SELLER)]
