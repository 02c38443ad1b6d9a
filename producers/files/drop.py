"""The drop folder: files in the drop bucket are imported, once each.

`clients/<client>/<mapping>/` is where a client drops files; they are held to its rights. `drop/<mapping>/` is the
operator's: whoever may put files there speaks for the source that the mapping gives.

A file is done when its result is there; the result is written last. A crash in the middle leaves none, the file is
imported again, and its rows count once, since their ids are the same.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from infra.access.clients import Client
from infra.errors import OperatorError
from infra.object_store import LakeStore, ObjectMissing, StoredObject, open_lake
from infra.settings import Lake
from producers.client import Delivery
from producers.files.drop_results import (
    CLIENTS,
    DROPPED,
    RESULTS,
    DropResult,
    client_in,
    counted,
    mapping_in,
    report_key,
    result_key,
)
from producers.files.importing import Import, Send, prepare_import, send_file
from producers.files.mapping import find_mapping
from producers.files.opening import LARGEST_FILE, refuse_too_large
from producers.files.refusal import FileRefused
from producers.files.report import open_report
from producers.files.rights import OnDenied, known_client, sending_as
from producers.files.tally import Tally
from producers.presend_checks import PresendCheck, no_check
from schemas.contract import Contract

_LOG = logging.getLogger(__name__)

SendWithHeaders = Callable[..., Delivery]
"""A producer's `send`: name, event, headers."""


def _nobody(_name: str) -> Client | None:
    """For a desk without an access list: no client is known."""


def _nobody_asks(_client: str, _event: str, _reason: str) -> None:
    """For a desk without an audit."""


class DropRefused(OperatorError):
    """Files were dropped of which nothing could be imported; each has a result in `drop-results/` that says why. Tell
    the agency, which drops a mended file; nothing has to be done here unless a mapping is missing.
    """


@dataclass(frozen=True)
class Desk:
    """What dropped files are worked on with; `mappings`: a folder of the province's own ones, before those shipped.

    `client_named` gives who may write what; `on_denied` hears of what was refused to a client; `presend` finds what is
    wrong with an event beside what the contract says.
    """

    store: LakeStore
    catalog: Mapping[str, Contract]
    mappings: Path | None
    now: Callable[[], datetime]
    client_named: Callable[[str], Client | None] = _nobody
    on_denied: OnDenied = _nobody_asks
    presend: PresendCheck = no_check


def open_drop(lake: Lake) -> LakeStore:
    """The bucket for dropped files."""
    return open_lake(replace(lake, bucket=lake.drop_bucket))


def waiting_files(store: LakeStore) -> list[StoredObject]:
    """Dropped files without a result, by key; two requests when there are no files."""
    listed = [*store.objects(DROPPED), *store.objects(CLIENTS)]
    dropped = [found for found in listed if not found.key.endswith("/")]
    done = set(store.list_after(RESULTS)) if dropped else set()
    return [found for found in dropped if result_key(found) not in done]


def import_dropped(desk: Desk, files: Iterable[StoredObject], send: SendWithHeaders) -> list[DropResult]:
    """Import each file and write its result.

    Raises at once what waiting mends (store or Kafka away); the rest is imported at the next call. A file that is
    refused holds up no other: DropRefused, or the first unforeseen error, is raised when all have been worked on.
    """
    results: list[DropResult] = []
    broken: list[Exception] = []
    for dropped in files:
        try:
            results.append(_import(desk, dropped, send))
        except ObjectMissing:
            _LOG.info("a dropped file was taken away again", extra={"action": "drop_gone", "key": dropped.key})
        except Exception as error:
            if isinstance(error, OperatorError) and error.retriable:
                raise
            _LOG.exception("a dropped file broke its import", extra={"action": "drop_broken", "key": dropped.key})
            broken.append(error)
    if broken:
        raise broken[0]
    refused = [result for result in results if result.outcome in ("refused", "nothing_good")]
    if refused:
        raise DropRefused("; ".join(f"{result.key}: {result.message or 'no row is good'}" for result in refused))
    return results


def _import(desk: Desk, dropped: StoredObject, send: SendWithHeaders) -> DropResult:
    started = desk.now()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        found = _fetch(desk.store, dropped, path)
        report = Path(folder) / "bad-rows.csv"
        told = _outcome(desk, found, path, report, send)
        if told.get("bad_rows"):
            desk.store.put(report_key(found), report.read_bytes())
            told["report"] = report_key(found)
    result = DropResult(
        key=found.key,
        etag=found.etag,
        size=found.size,
        mapping=mapping_in(found.key),
        started_at=started,
        finished_at=desk.now(),
        **told,
    )
    desk.store.put(result_key(found), result.to_json())
    _LOG.info("a dropped file was worked on", extra={"action": f"drop_{result.outcome}", "key": result.key})
    return result


def _fetch(store: LakeStore, dropped: StoredObject, path: Path) -> StoredObject:
    """The file as it is now, which may be newer than the listing."""
    with path.open("wb") as file:
        if dropped.size > LARGEST_FILE:
            return dropped
        etag = store.download(dropped.key, file)
        return StoredObject(dropped.key, etag, file.tell())


def _outcome(desk: Desk, dropped: StoredObject, path: Path, report: Path, send: SendWithHeaders) -> dict[str, Any]:
    """The part of the result that tells what became of the file; raises what is not the file's fault."""
    with open_report(report) as on_problem:
        tally = Tally(on_problem)
        try:
            event = _publish(desk, dropped, path, tally, send)
        except FileRefused as error:
            return {**counted(tally), **_refused(error.found_en, error.found_vi)}
        except OperatorError as error:
            if error.retriable:
                raise
            return _refused(str(error), "Tệp ánh xạ thiếu hoặc sai; hãy báo quản trị hệ thống.")
    return {**counted(tally), "event": event}


def _refused(message: str, message_vi: str) -> dict[str, Any]:
    return {"outcome": "refused", "message": message, "message_vi": message_vi}


def _publish(desk: Desk, dropped: StoredObject, path: Path, tally: Tally, send: SendWithHeaders) -> str:
    """Send the file's good rows; returns the name of their event."""
    refuse_too_large(dropped.key, dropped.size)
    named = path.rename(path.with_name(_plain_name(dropped.key)))
    mapping = find_mapping(mapping_in(dropped.key), desk.mappings)
    work = prepare_import(named, mapping, desk.catalog, desk.presend)
    send_file(work, _send_for(desk, dropped, work, send), tally, lambda _rows, _share: None)
    return work.contract.event


def _send_for(desk: Desk, dropped: StoredObject, work: Import, send: SendWithHeaders) -> Send:
    """As whoever's folder the file is in; raises FileRefused."""
    name = client_in(dropped.key)
    if name is None:
        return send
    client = known_client(name, desk.client_named, desk.on_denied)
    return sending_as(client, work.contract.event, send, desk.on_denied)


def _plain_name(key: str) -> str:
    """A file name for messages, whatever the key holds."""
    name = key.rpartition("/")[2].replace("\0", "")
    return f"_{name}"[:80] if name in ("", ".", "..", "bad-rows.csv") else name.encode()[:200].decode(errors="ignore")
