"""Files in the drop folder, which the DAG `import_files` publishes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

import httpx
import orjson

from infra.demo.ways.way import SPOILED, Desk, Handed, HandOver, NotHandedOver
from infra.object_store import LakeStore
from infra.settings import Airflow
from producers.files.drop import open_drop, waiting_files
from producers.files.drop_results import DROPPED, result_key
from producers.files.mapping import find_mapping
from producers.simulator.foreign.files import Row, csv_of, xlsx_of
from producers.simulator.foreign.message import Message

DAG = "import_files"
PATIENCE_S, POLL_S = 600.0, 1.0


def dropped(mapping: str, ending: str) -> HandOver:
    """Drops files of that kind for a shipped mapping; the spoiled rows tell a time that is none."""
    write = {"csv": csv_of, "xlsx": xlsx_of}[ending]
    return partial(_drop, mapping, ending, write)


def _drop(
    mapping: str, ending: str, write: Callable[[Iterable[Row]], bytes], desk: Desk, messages: Sequence[Message]
) -> Handed:
    store = open_drop(desk.settings.lake)
    keys = set()
    for number, rows in enumerate(_files(mapping, messages), 1):
        key = f"{DROPPED}{mapping}/{desk.run}-{number}.{ending}"
        store.put(key, write(rows))
        keys.add(key)
        desk.on_message(len(rows))
    _run_dag(desk.settings.airflow)
    return sum(_results(store, keys), Handed())


def _files(mapping: str, messages: Sequence[Message]) -> Iterator[list[Row]]:
    """Two files: a row that stood twice in one would be two reports, in another file it is the same one again."""
    seen: set[str] = set()
    first: list[Row] = []
    again: list[Row] = []
    for message in messages:
        known = message.record.body["event_id"] in seen
        (again if known else first).append(message.content)
        seen.add(message.record.body["event_id"])
    title = find_mapping(mapping).fields["occurred_at"].columns[0]
    yield first + [{**row, title: "hôm qua"} for row in first[:SPOILED]]
    if again:
        yield again


def _run_dag(airflow: Airflow) -> None:
    """Have the dropped files imported now; the DAG's own schedule would come to it within five minutes.

    A run that is queued has not looked yet, and will find them.
    """
    login = {"username": airflow.admin.user, "password": airflow.admin.password}
    try:
        token = httpx.post(f"{airflow.url}/auth/token", json=login, timeout=60).raise_for_status().json()
        headers = {"Authorization": f"Bearer {token['access_token']}"}
        with httpx.Client(base_url=f"{airflow.url}/api/v2/dags/{DAG}/", headers=headers, timeout=60) as api:
            queued = api.get("dagRuns", params={"state": "queued"}).raise_for_status().json()
            if not queued["total_entries"]:
                api.post("dagRuns", json={"logical_date": None}).raise_for_status()
    except httpx.HTTPError as error:
        raise NotHandedOver(f"airflow, {DAG}: {type(error).__name__}") from error


def _results(store: LakeStore, keys: set[str]) -> Iterator[Handed]:
    """What the importer says of each file, when it has worked on all of them."""
    deadline = time.monotonic() + PATIENCE_S
    while any(found.key in keys for found in waiting_files(store)):
        if time.monotonic() > deadline:
            raise NotHandedOver(f"airflow, {DAG}: no result for {', '.join(sorted(keys))}")
        time.sleep(POLL_S)
    for found in store.objects(DROPPED):
        if found.key in keys:
            result = orjson.loads(store.get(result_key(found)))
            yield Handed(result["rows"], result["bad_rows"])
