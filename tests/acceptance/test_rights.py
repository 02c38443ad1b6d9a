"""Clients x events x sources x ways in: what is granted stands in core; all else is refused, and in the audit."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.acceptance import ways_of_writing as ways
from tests.acceptance.platform import Platform, wait_for
from tests.acceptance.ways_of_writing import CATALOG, DOCUMENTS, DOSSIER, TAKEN, TRAINING, VISITS, Cell, Client, Way

AGENCY = (DOSSIER, DOCUMENTS, VISITS)
# Client -> kind, events, sources; the last one has lost everything.
GRANTED = {
    "so-13": ("agency", AGENCY, (ways.MAPPED_SOURCE,)),
    "so-05": ("agency", AGENCY, ("H22.05",)),
    "fpt-a": ("fpt", (TRAINING,), ("fpt",)),
    "gone": ("agency", AGENCY, (ways.MAPPED_SOURCE,)),
}
SOURCES = dict.fromkeys(AGENCY, (ways.MAPPED_SOURCE, "H22.05")) | {TRAINING: ("fpt", "H22.05")}


class Row(NamedTuple):
    """A way in: what it can carry, where it is audited, and what a client is told that lacks something."""

    take: Way
    events: Sequence[str]
    audited_as: str
    no_access: str
    no_event: str
    no_source: str


QUARANTINE = "quarantine"  # Kafka takes the record, landing refuses it
BOTH = (DOSSIER, TRAINING)
HTTP = ("gateway", "no-key", "event_not_granted", "source_not_granted")
FILES = ("files", "unknown_client", "event_not_granted", "source_not_granted")
KAFKA = ("kafka", "login_refused", "denied_by_kafka", QUARANTINE)
WAYS: Mapping[str, Row] = {
    "JSON": Row(ways.by_json, BOTH, *HTTP),
    "CloudEvents": Row(ways.by_cloud_event, BOTH, *HTTP),
    "Avro": Row(ways.by_avro, BOTH, *HTTP),
    "edXML": Row(ways.by_edxml, (DOCUMENTS,), *HTTP),
    "dossier sync": Row(ways.by_dossier_sync, (DOSSIER,), *HTTP),
    "programme": Row(ways.by_programme, (TRAINING,), *HTTP),
    "Kafka": Row(ways.by_kafka, BOTH, *KAFKA),
    "outbox": Row(ways.by_outbox, BOTH, *KAFKA),
    "file": Row(ways.by_import, (VISITS,), *KAFKA),
    "drop folder": Row(
        ways.by_dropping, (VISITS,), "files", "unknown_client", "event_not_granted", "source_not_granted"
    ),
}


def cells() -> list[Cell]:
    tried = [
        (way, client, event, source)
        for way, row in WAYS.items()
        for client in GRANTED
        for event in row.events
        for source in SOURCES[event]
        if way != "drop folder" or source == ways.MAPPED_SOURCE
    ]
    return [Cell(number, *cell) for number, cell in enumerate(tried)]


def wanted(cell: Cell) -> str:
    """`core`, or what stops it."""
    _, events, sources = GRANTED[cell.client]
    row = WAYS[cell.way]
    if cell.client == "gone":
        return row.no_access
    if cell.event not in events:
        return row.no_event
    return "core" if cell.source in sources else row.no_source


CELLS = cells()


@pytest.fixture(scope="module")
def clients(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Client]:
    made = {name: granted(platform, name, tmp_path_factory.mktemp(name)) for name in GRANTED}
    assert platform.hagiang("access", "revoke", "gone").returncode == 0
    return made


def granted(platform: Platform, name: str, folder: Path) -> Client:
    kind, events, sources = GRANTED[name]
    words = ["access", "grant", name, "--organisation", "Đơn vị thử", "--kind", kind, "--json"]
    words += [word for event in events for word in ("--event", event)]
    words += [word for source in sources for word in ("--source", source)]
    done = platform.hagiang(*words)
    assert done.returncode == 0, done.stderr
    return Client(platform, json.loads(done.stdout), folder)


def test_what_is_granted_is_in_core_and_all_else_is_refused_and_audited(
    platform: Platform, clients: dict[str, Client]
) -> None:
    before = audited(platform)
    found = try_all(platform, clients)
    taken = {cell for cell, told in found.items() if told == TAKEN}
    wait_for("all that was taken", lambda: taken <= whereabouts(platform).keys())
    stands = whereabouts(platform)
    became = {cell: stands[cell] if cell in taken else told for cell, told in found.items()}
    assert table(became) == table({cell: wanted(cell) for cell in CELLS})
    # Kafka logs a login that failed once for each try to connect, not for each event.
    refusals = Counter(entry(cell) for cell in CELLS if wanted(cell) != "core")
    forbidden = Counter({each: 1 if each[2] == "login_refused" else times for each, times in refusals.items()})
    wait_for("the audit", lambda: audited(platform) - before >= forbidden, 20)
    assert stands.keys() == taken


def try_all(platform: Platform, clients: dict[str, Client]) -> dict[Cell, str]:
    """What every client is told of every cell."""
    found: dict[Cell, str] = {}
    for way, row in WAYS.items():
        for name, client in clients.items():
            found |= row.take(client, [cell for cell in CELLS if (cell.way, cell.client) == (way, name)])
    platform.run_dag("import_files", ends="failed")
    return found | ways.dropped(platform, [cell for cell in CELLS if cell.way == "drop folder"])


def whereabouts(platform: Platform) -> dict[Cell, str]:
    """`core` or `quarantine` for each cell that is there."""
    found: dict[Cell, str] = {}
    refused = platform.sql("SELECT topic, raw FROM quarantine.event WHERE rule = 'source_not_granted'")
    for event in SOURCES:
        ours = [cell for cell in CELLS if cell.event == event]
        in_core = {mark for (mark,) in platform.sql(f"SELECT {CATALOG[event].key} FROM core.{event}")}
        found |= {cell: "core" for cell in ours if cell.mark in in_core}
        raw = b"".join(bytes(value) for topic, value in refused if topic == CATALOG[event].topic)
        found |= {cell: QUARANTINE for cell in ours if cell.mark.encode() in raw}
    return found


def entry(cell: Cell) -> tuple[str, str, str]:
    """How the audit tells of a refused cell: way, actor, reason; who could not log in is unknown."""
    reason = wanted(cell)
    nobody = reason in ("no-key", "login_refused")
    told = "source_not_granted" if reason == QUARANTINE else reason
    return WAYS[cell.way].audited_as, "unknown" if nobody else cell.client, told


def audited(platform: Platform) -> Counter[tuple[str, str, str]]:
    """How often each was refused."""
    query = """SELECT detail ->> 'way', split_part(actor, ' ', 2), detail ->> 'reason', sum((detail ->> 'times')::int)
        FROM access.audit WHERE action = 'refused' GROUP BY 1, 2, 3"""
    return Counter({(way, actor, reason): int(times) for way, actor, reason, times in platform.sql(query)})


def table(outcomes: Mapping[Cell, str]) -> list[str]:
    """One line a cell, for the eye."""
    return [f"{cell} -> {outcomes[cell]}" for cell in CELLS]
