"""A hundred thousand good rows behind a bad rule, loaded once it is mended: `python -m tests.benchmarks.repairing`.

On a stack of its own, landed without Kafka: the breaker opens, the rows are let into the quarantine, and after a dry
run and the word of two persons all of them are replayed.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from sqlalchemy import Engine

from consumers.warehouse.breaker import BreakerOpen
from consumers.warehouse.check import check
from consumers.warehouse.openings import resume
from consumers.warehouse.publish import publish
from consumers.warehouse.rehearsal import rehearse
from consumers.warehouse.repair import ask, carry_out, decide
from consumers.warehouse.replay_choice import Choice
from consumers.warehouse.stage import stage
from consumers.warehouse.tables import ledger, repairs
from infra.object_store import LakeStore
from schemas.catalog import load_catalog
from schemas.codec import prepare
from schemas.contract import Contract
from schemas.folders import contract_folders
from tests.benchmarks.own_warehouse import own_warehouse
from tests.benchmarks.timed import timed
from tests.component.warehouse.replays import CLOSING, desk
from tests.landed_batches import Written, land
from tests.samples import event_id

CATALOG = load_catalog()
EVENT = "service_rated"
GOOD = CATALOG[EVENT]
_BATCH = 10_000


@click.command()
@click.option("--events", default=100_000, show_default=True)
def main(events: int) -> None:
    """Print seconds and counts as JSON; ends with 1 unless every event is loaded in the end."""
    with own_warehouse() as (engine, lake), TemporaryDirectory(prefix="hagiang-bench-") as folder:
        figures = _measured(engine, lake, events, _with_bad_rule(Path(folder)))
    click.echo(json.dumps(figures, indent=1))
    sys.exit(figures["result"]["loaded"] != events)


def _measured(engine: Engine, lake: LakeStore, events: int, bad: Contract) -> dict[str, Any]:
    _land(lake, events)
    keeping_out, kept_out = timed(lambda: _quarantine(engine, lake, bad))
    table = desk(engine, lake, GOOD)
    dry_run, rehearsal = timed(lambda: rehearse(table, GOOD, Choice(), "bench", CATALOG, lambda: datetime.now(UTC)))
    repair_id = ask(engine, EVENT, repairs.REPLAY, rehearsal, CLOSING, "bench")
    decide(engine, repair_id, "somebody else", "looked at it", approved=True)
    repair, result = timed(lambda: carry_out(table, GOOD, repair_id, "bench"))
    return {
        "events": events,
        "quarantined": kept_out,
        "quarantine_s": keeping_out,
        "dry_run_s": dry_run,
        "dry_run_tried": rehearsal.tried,
        "repair_s": repair,
        "result": dict(result),
    }


def _land(lake: LakeStore, events: int) -> None:
    codec = prepare(GOOD)
    model = json.loads((contract_folders({}).examples / EVENT / "satisfied.accepted.json").read_text(encoding="utf-8"))
    model["occurred_at"] = "2021-06-21T08:00:00+07:00"  # before `land` says that Kafka had them
    for start in range(0, events, _BATCH):
        numbers = range(start, min(events, start + _BATCH))
        batch = [Written(codec.encode({**model, "event_id": event_id(each)}), GOOD.schema) for each in numbers]
        land(lake, GOOD, batch, from_offset=start)


def _quarantine(engine: Engine, lake: LakeStore, bad: Contract) -> int:
    """Loads all with the bad rule; how many rows were kept out."""
    kept_out = 0
    while (load_id := stage(engine, lake, bad, run_id="bench")) is not None:
        try:
            check(engine, lake, bad, load_id)
        except BreakerOpen:
            resume(engine, EVENT, how=ledger.WITH_QUARANTINE, by=CLOSING.by, why=CLOSING.reason)
            continue
        kept_out += publish(engine, lake, bad, load_id).quarantined
    return kept_out


def _with_bad_rule(folder: Path) -> Contract:
    """The contract with a rule that no event keeps."""
    schema = json.loads(json.dumps(GOOD.schema))
    (field,) = [each for each in schema["fields"] if each["name"] == "dossier_code"]
    field["rules"]["max_length"] = 5
    path = folder / "avro" / GOOD.domain / f"{EVENT}.avsc"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(schema, ensure_ascii=False), encoding="utf-8")
    return load_catalog(folder / "avro")[EVENT]


if __name__ == "__main__":
    main()
