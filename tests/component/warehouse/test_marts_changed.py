"""Marts built for what changed are those built from everything, whatever came in, and are left alone otherwise."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import Engine, text

from consumers.warehouse.marts.files import load_marts
from consumers.warehouse.seeding import seed_dimensions
from infra.settings import Settings
from tests.component.warehouse.mart_history import FIRST, History, begin, finish
from tests.component.warehouse.mart_rows import built
from tests.databases import own_database

DAY = timedelta(days=1)
SEED = int(os.environ.get("SEED", "1"))
MARTS = load_marts()
BY_CHANGES = [each.name for each in MARTS if each.changed is not None]


@pytest.fixture
def other(servers: Settings, migrated: str) -> Iterator[Engine]:
    """A second warehouse."""
    with own_database(servers, template=migrated) as engine:
        yield engine


def contents(engine: Engine) -> dict[str, list[str]]:
    """Every row of every mart."""
    with engine.connect() as connection:
        query = "select m::text from mart.{} as m order by 1"
        return {each.name: list(connection.execute(text(query.format(each.name))).scalars()) for each in MARTS}


def test_marts_built_for_what_changed_are_those_built_from_everything(engine: Engine, other: Engine) -> None:
    history, kinds = History(Random(SEED)), set[tuple[str, str]]()
    for warehouse in (engine, other):
        seed_dimensions(warehouse)
    for round_of in range(5):
        at = FIRST + round_of * DAY
        begun = [(load, begin(engine, load.contract), begin(other, load.contract)) for load in history.loads()]
        history.random.shuffle(begun)
        for load, here, there in begun:
            finish(engine, load.contract, here, load.events)
            finish(other, load.contract, there, load.events)
            if history.random.random() < 0.2:
                kinds |= {(name, each.kind) for name, each in built(engine, at, whole=False).items()}
        kinds |= {(name, each.kind) for name, each in built(engine, at, whole=False).items()}
        built(other, at)
        assert contents(engine) == contents(other), f"round {round_of}"
    assert kinds >= {(name, "changed") for name in BY_CHANGES}
