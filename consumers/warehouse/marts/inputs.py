"""What a mart is made from right now: loads, its file, the migration, and what it watches."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from sqlalchemy import ARRAY, Connection, Text, cast, column, func, select, table, text, tuple_

from consumers.warehouse.marts.files import MartFile, MartInvalid
from consumers.warehouse.marts.plan import Inputs
from consumers.warehouse.tables import ledger
from consumers.warehouse.tables.erasure import erased_record
from consumers.warehouse.tables.rebuild import SWAPPED, rebuild

WATCHED = Path(__file__).parent / "watched"
_MIGRATION = table("alembic_version", column("version_num", Text), schema="public")


def inputs_of(connection: Connection, mart: MartFile, events: Collection[str]) -> Inputs:
    """`events` are all that the mart is made from; raises MartInvalid when it watches what there is not."""
    other = {"file": mart.digest, "migration": str(connection.execute(select(_MIGRATION)).scalar_one())}
    other |= _swaps(connection, events) | _erasures(connection, events)
    other |= {name: str(connection.execute(text(_watched(mart, name))).scalar_one()) for name in mart.watch}
    return Inputs(_publications(connection, events), other)


def loads_of(connection: Connection, publications: Mapping[str, int]) -> dict[str, int]:
    """The load of each of these publications."""
    load = ledger.load.c
    these = tuple_(load.event, load.publication).in_(list(publications.items()))
    return dict(connection.execute(select(load.event, load.load_id).where(these)).all())


def loads_since(connection: Connection, publications: Mapping[str, int]) -> list[int]:
    """Loads of these events that were published after the given number of each."""
    load, found = ledger.load.c, list[int]()
    for event, publication in publications.items():
        query = select(load.load_id).where(load.event == event, load.publication > publication)
        found += connection.execute(query).scalars()
    return found


def _publications(connection: Connection, events: Collection[str]) -> dict[str, int]:
    """One look into the index for each event: the ledger grows with every load."""
    load, asked = ledger.load.c, func.unnest(cast(list(events), ARRAY(Text))).column_valued("asked")
    latest = select(func.max(load.publication)).where(load.event == asked).scalar_subquery()
    found = connection.execute(select(asked, latest))
    return {event: publication for event, publication in found if publication is not None}


def _swaps(connection: Connection, events: Collection[str]) -> dict[str, str]:
    """The last rebuild that was swapped into one of these events, by which rows came and went without a load."""
    of = rebuild.c
    query = select(func.max(of.rebuild_id)).where(of.event.in_(events), of.state == SWAPPED)
    last = connection.execute(query).scalar_one()
    return {} if last is None else {"swapped": str(last)}


def _erasures(connection: Connection, events: Collection[str]) -> dict[str, str]:
    """How many records of these events were erased from what was loaded."""
    of = erased_record.c
    query = select(func.count()).where(of.event.in_(events), of.outcome.is_not(None))
    count = connection.execute(query).scalar_one()
    return {"erased": str(count)} if count else {}


def _watched(mart: MartFile, name: str) -> str:
    path = WATCHED / f"{name}.sql"
    if not path.is_file():
        known = ", ".join(sorted(each.stem for each in WATCHED.glob("*.sql")))
        raise MartInvalid(f"{mart.name}.sql watches {name}; what can be watched: {known}")
    return path.read_text(encoding="utf-8")
