"""What the agency reads about a file it dropped: a JSON record, and its bad rows as CSV."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha1
from typing import Any, Literal

import orjson

from infra.object_store import StoredObject
from producers.files.tally import Tally

DROPPED = "drop/"
CLIENTS = "clients/"
RESULTS = "drop-results/"
_NAME_BYTES = 120

Outcome = Literal["imported", "partly", "nothing_good", "refused"]


@dataclass(frozen=True)
class DropResult:
    """`message` says what to mend when the whole file was refused; `report` is the key of the bad rows, if any."""

    key: str
    etag: str
    size: int
    mapping: str
    outcome: Outcome
    started_at: datetime
    finished_at: datetime
    event: str = ""
    read_as: str = ""
    rows: int = 0
    events: int = 0
    bad_rows: int = 0
    message: str = ""
    message_vi: str = ""
    report: str | None = None
    unused_columns: tuple[str, ...] = ()
    by_rule: list[dict[str, Any]] = field(default_factory=list)
    examples: list[dict[str, Any]] = field(default_factory=list)

    def to_json(self) -> bytes:
        """Indented, for people."""
        return orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def mapping_in(key: str) -> str:
    """The folder names the mapping: `drop/tourism/june.xlsx`, `clients/so-vhttdl/tourism/june.xlsx`; empty without."""
    within = key.removeprefix(DROPPED)
    if key.startswith(CLIENTS):
        _, _, within = key.removeprefix(CLIENTS).partition("/")
    folder, slash, _ = within.partition("/")
    return folder if slash else ""


def client_in(key: str) -> str | None:
    """The client whose folder the file is in; None for `drop/`, which is the platform's own."""
    return key.removeprefix(CLIENTS).partition("/")[0] if key.startswith(CLIENTS) else None


def result_key(dropped: StoredObject) -> str:
    """Key of the record: another one for each content, so that a file that was replaced is imported anew."""
    return f"{_beside(dropped)}.json"


def report_key(dropped: StoredObject) -> str:
    """Key of the bad rows."""
    return f"{_beside(dropped)}.bad-rows.csv"


def counted(tally: Tally) -> dict[str, Any]:
    """What a result takes from a tally."""
    outcome: Outcome = "imported" if not tally.bad_events else "partly" if tally.events else "nothing_good"
    return {
        "outcome": outcome,
        "read_as": tally.described,
        "rows": tally.rows,
        "events": tally.events,
        "bad_rows": tally.bad_rows,
        "unused_columns": tally.header.unused if tally.header else (),
        "by_rule": [{"column": at, "rule": rule, "count": n} for (at, rule), n in tally.by_rule.most_common()],
        "examples": [asdict(problem) for problem in tally.examples],
    }


def _beside(dropped: StoredObject) -> str:
    folder, _, name = dropped.key.removeprefix(DROPPED).rpartition("/")
    short = name.encode()[:_NAME_BYTES].decode(errors="ignore")
    mark = sha1(f"{dropped.key}\0{dropped.etag}".encode(), usedforsecurity=False).hexdigest()[:12]
    return f"{RESULTS}{folder}/{short}.{mark}" if folder else f"{RESULTS}{short}.{mark}"
