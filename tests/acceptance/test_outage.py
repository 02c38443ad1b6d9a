"""Kafka is stopped for some seconds while 64 clients post: every event that the gateway has taken is in core, once."""

from __future__ import annotations

import json

from infra.bench.events import good_events
from infra.bench.gateway_outage import Drill, run_drill
from schemas.catalog import load_catalog
from schemas.folders import contract_folders
from tests.acceptance.platform import Platform

EVENT = "dossier_status_changed"


def test_every_202_is_in_core_after_an_outage_of_kafka(platform: Platform) -> None:
    words = ("--organisation", "Đơn vị thử", "--kind", "agency", "--event", EVENT, "--source", "H22*", "--json")
    granted = platform.hagiang("access", "grant", "so-mat-ket-noi", *words)
    assert granted.returncode == 0, granted.stderr
    folders, drill = contract_folders(platform.environ), Drill(before=1, outage=5, after=2, rate=50)
    contract = load_catalog(folders.avro)[EVENT]
    events = good_events(contract, folders.examples, drill.events, seed=77)
    figures = run_drill(platform.settings, contract, json.loads(granted.stdout)["HAGIANG_API_KEY"], events, drill)
    assert figures["missing_in_core"] == 0
    assert figures["events_taken"] == drill.events, figures
    assert figures["during"]["statuses"] == {202: figures["during"]["statuses"][202]}
    conserved = "SELECT bool_and(consumed = loaded + duplicate + quarantined + rejected + erased) FROM ledger.batch"
    assert platform.sql(conserved) == [(True,)]
