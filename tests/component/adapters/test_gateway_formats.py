"""Bodies of other systems through the gateway into Kafka."""

from __future__ import annotations

import json
from typing import Any

import pytest

from infra.settings import Settings
from schemas.catalog import load_catalog
from tests.component.adapters.gateway import Gateway
from tests.edxml_samples import DOCUMENT, DOCUMENT_ID, STATUS
from tests.samples import task
from tests.sync_records import sync_record
from tests.topic_records import ends_of, records_since

CATALOG = load_catalog()
OFFICE, PROVINCE, FPT = "key-of-department-5", "key-of-province", "key-of-fpt"


def report(number: int, **changes: Any) -> dict[str, Any]:
    return {"event": "cooperation_task_updated", **json.loads(json.dumps(task(number), default=str)), **changes}


def test_a_document_reaches_its_topic_once_for_each_posting(servers: Settings, gateway: Gateway) -> None:
    contract = CATALOG["document_sent"]
    before = ends_of(servers, contract)
    first = gateway.post("/edxml?synthetic=true", DOCUMENT, OFFICE)
    again = gateway.post("/edxml?synthetic=true", DOCUMENT, OFFICE)
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json()
    found = list(records_since(servers, contract, before))
    assert [each.key for each in found] == [DOCUMENT_ID] * 2
    assert {each.event["event_id"] for each in found} == set(first.json()["event_ids"])
    (signature,) = found[0].event["signatures"]
    assert (signature["validity"], len(signature["certificate_pseudonym"])) == ("unknown", 64)
    assert found[0].headers["hg-on-behalf-of"] == b"so-05"
    assert found[0].event["synthetic"] is True


def test_a_status_is_written_by_the_receiver_alone(servers: Settings, gateway: Gateway) -> None:
    before = ends_of(servers, CATALOG["document_status_changed"])
    refused = gateway.post("/edxml", STATUS, OFFICE)  # comes from H22.07
    assert (refused.status_code, refused.json()["errors"][0]["rule"]) == (403, "source_not_granted")
    assert gateway.refusals.found[-1] == ("so-05", "source_not_granted")
    assert gateway.post("/edxml", STATUS, PROVINCE).status_code == 202
    (found,) = records_since(servers, CATALOG["document_status_changed"], before)
    assert (found.event["source"], found.event["status_code"]) == ("H22.07", "03")


def test_a_message_that_cannot_be_taken_names_the_element(gateway: Gateway) -> None:
    answer = gateway.post("/edxml", DOCUMENT.replace("08:05:00", "25:05:00"), OFFICE)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    (error,) = answer.json()["errors"]
    assert error["field"].endswith("/TraceHeaderList/TraceHeader[2]/Timestamp")
    broken = gateway.post("/edxml", DOCUMENT.replace("267/STP-VP</edXML:DocumentId>", "x</edXML:DocumentId>"), OFFICE)
    assert broken.json()["errors"][0]["field"].endswith("/MessageHeader/DocumentId")
    bomb = gateway.post("/edxml", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', OFFICE)
    assert (bomb.status_code, bomb.json()["errors"][0]["rule"]) == (422, "doctype")


def test_a_batch_of_dossiers_is_answered_for_each(servers: Settings, gateway: Gateway) -> None:
    contract = CATALOG["dossier_status_changed"]
    before = ends_of(servers, contract)
    batch = [sync_record(), sync_record(NgayTiepNhan="21/06/2021"), sync_record(MaHoSo="H22.05-210621-000002"), 7]
    answer = gateway.post("/dossier-sync?wait=true", json.dumps(batch), OFFICE)
    assert answer.status_code == 207
    items = answer.json()["items"]
    assert [each["status"] for each in items] == [202, 422, 202, 422]
    assert items[1]["errors"][0]["field"] == "NgayTiepNhan"
    assert [each.event["dossier_code"] for each in records_since(servers, contract, before)] != []
    assert sum(1 for _ in records_since(servers, contract, before)) == 2


def test_reports_of_the_programme_are_held_to_what_the_partner_may_write(servers: Settings, gateway: Gateway) -> None:
    contract = CATALOG["cooperation_task_updated"]
    before = ends_of(servers, contract)
    training = {"event": "training_session_held", "session_code": "DT-2021-001"}
    batch = [report(1), report(1, report_version=2), report(2, source="fpt:other"), training, report(3, item=9)]
    answer = gateway.post("/partners/fpt/programme", json.dumps(batch), FPT)
    assert [each["status"] for each in answer.json()["items"]] == [202, 202, 403, 403, 422]
    found = [(each.key, each.event["report_version"]) for each in records_since(servers, contract, before)]
    assert found == [("HT1-001", 1), ("HT1-001", 2)]


@pytest.mark.parametrize(
    ("path", "body", "key", "status"),
    [
        ("/edxml", DOCUMENT, None, 401),
        ("/edxml", DOCUMENT, "no such key", 401),
        ("/edxml", DOCUMENT, FPT, 403),
        ("/partners/fpt/programme", "[]", OFFICE, 403),
        ("/partners/fpt/programme", "[]", FPT, 400),
        ("/partners/fpt/programme", "[{]", FPT, 400),
        ("/dossier-sync", "7", OFFICE, 400),
        ("/dossier-sync", json.dumps([{}] * 5_001), OFFICE, 413),
        ("/dossier-sync", " " * (4 * 2**20 + 1), OFFICE, 413),
        ("/dossier-sync?applicants=1:king", "{}", OFFICE, 400),
    ],
)
def test_every_refusal_is_a_problem(gateway: Gateway, path: str, body: str, key: str | None, status: int) -> None:
    answer = gateway.post(path, body, key)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["detail"]
