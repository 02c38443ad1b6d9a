"""Files of other systems through the command line into Kafka."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from infra.settings import Settings
from producers.pseudonyms import ensure_keys, purposes_of
from schemas.catalog import load_catalog
from tests.edxml_samples import DOCUMENT, SOAP_STATUS, STATUS
from tests.samples import task
from tests.sync_records import sync_record
from tests.topic_records import ends_of, records_since

CATALOG = load_catalog()


def hagiang(servers: Settings, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    ensure_keys(folder / "keys.json", purposes_of(CATALOG.values()))
    environment = {**os.environ, "HAGIANG_HOME": str(servers.home), "PSEUDONYM_KEYS": str(folder / "keys.json")}
    command = [str(Path(sys.executable).with_name("hagiang")), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False, cwd=folder)


def test_edxml_files_are_published_and_the_bad_ones_named(servers: Settings, tmp_path: Path) -> None:
    texts = {"sent": DOCUMENT, "status": STATUS, "soap": SOAP_STATUS, "bad": DOCUMENT.replace("08:05:00", "8h05")}
    for name, text in texts.items():
        (tmp_path / f"{name}.edxml").write_text(text, encoding="utf-8")
    before = {name: ends_of(servers, CATALOG[name]) for name in ("document_sent", "document_status_changed")}
    done = hagiang(servers, tmp_path, "import-edxml", *(f"{name}.edxml" for name in texts))
    assert done.returncode == 3, done.stderr
    assert done.stdout == "document_sent: 1 sent\ndocument_status_changed: 2 sent\n3 sent, 1 bad\n"
    assert done.stderr.startswith(
        "bad.edxml: [type] /edXML/edXMLEnvelope/edXMLHeader/TraceHeaderList/TraceHeader[2]/Timestamp"
    )
    found = {name: list(records_since(servers, CATALOG[name], starts)) for name, starts in before.items()}
    assert {name: len(records) for name, records in found.items()} == {"document_sent": 1, "document_status_changed": 2}
    # The same status in two forms is one event.
    assert len({each.event["event_id"] for each in found["document_status_changed"]}) == 1


def test_dossiers_and_the_programme_are_published_from_json(servers: Settings, tmp_path: Path) -> None:
    (tmp_path / "dossiers.json").write_text(json.dumps([sync_record(MaXa=""), {}]), encoding="utf-8")
    reports = [{"event": "cooperation_task_updated", **task(1)}, {"event": "no_such_event"}]
    (tmp_path / "programme.json").write_text(json.dumps(reports, default=str), encoding="utf-8")
    dossiers = hagiang(servers, tmp_path, "import-dossiers", "--source", "H22", "--commune", "00688", "dossiers.json")
    assert (dossiers.returncode, dossiers.stdout) == (3, "dossier_status_changed: 1 sent\n1 sent, 1 bad\n"), (
        dossiers.stderr
    )
    faults = [f"[required] {key} is missing or empty" for key in ("MaHoSo", "TrangThaiHoSo", "MaTTHC", "LoaiDoiTuong")]
    assert dossiers.stderr == f"dossiers.json item 2: {'; '.join(faults)}\n"
    programme = hagiang(servers, tmp_path, "import-programme", "programme.json")
    assert (programme.returncode, programme.stdout) == (3, "cooperation_task_updated: 1 sent\n1 sent, 1 bad\n")
    assert "item 2: [enum] event must be one of cooperation_task_updated" in programme.stderr
