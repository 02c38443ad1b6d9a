"""Each way to write an event in HTTP gives the same record in Kafka."""

from __future__ import annotations

import base64
import json
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

import httpx
import pytest
from kafka import TopicPartition

from schemas.catalog import load_catalog
from schemas.codec import prepare
from schemas.registry import Registry
from schemas.signature import verified
from schemas.versions import load_released
from schemas.wire import frame
from tests.component.gateway.running import EVENT, SOURCE, TOPIC, Gateway, ends_of, events_in, example, records_after

CONTRACT = load_catalog()[EVENT]


def landed(gateway: Gateway, answer: httpx.Response) -> list[dict[str, Any]]:
    """The events in Kafka where the answer says they are."""
    assert answer.status_code == 202, answer.text
    found = []
    for told in answer.json()["records"]:
        start = {TopicPartition(told["topic"], told["partition"]): told["offset"]}
        (event,) = events_in(records_after(gateway.settings, start)[:1])
        found.append(event)
    return found


def test_plain_json_gives_topic_partition_and_offset(gateway: Gateway) -> None:
    event = example()
    (sent,) = landed(gateway, gateway.post(event, query="?wait=true"))
    assert sent["event_id"] == event["event_id"]
    assert sent["dossier_code"] == event["dossier_code"]


def test_an_event_without_id_is_given_one(gateway: Gateway) -> None:
    event = example()
    del event["event_id"]
    answer = gateway.post(event, query="?wait=true")
    assert landed(gateway, answer)[0]["event_id"] == answer.json()["event_ids"][0]


def test_a_batch_keeps_its_order(gateway: Gateway) -> None:
    start = ends_of(gateway.settings, TOPIC)
    events = [example(occurred_at=1_624_500_000_000 + number) for number in range(300)]
    answer = gateway.post(events)
    assert (answer.status_code, answer.json()["accepted"]) == (202, 300)
    assert answer.json()["event_ids"] == [event["event_id"] for event in events]
    sent = events_in(records_after(gateway.settings, start))
    assert [event["event_id"] for event in sent] == [event["event_id"] for event in events]


def cloud_event(event: dict[str, Any], **attributes: Any) -> dict[str, Any]:
    told = {"specversion": "1.0", "id": str(uuid4()), "source": SOURCE, "type": f"vn.hagiang.{TOPIC}"}
    return {**told, "time": "2021-06-23T08:15:00+07:00", "data": event, **attributes}


def bare(event: dict[str, Any]) -> dict[str, Any]:
    """The event without what a CloudEvent's attributes give."""
    return {name: value for name, value in event.items() if name not in ("event_id", "source", "occurred_at")}


@pytest.mark.parametrize("kind", [TOPIC, f"vn.hagiang.{TOPIC}"])
def test_a_structured_cloud_event_fills_the_envelope(gateway: Gateway, kind: str) -> None:
    told = cloud_event(bare(example()), type=kind)
    answer = gateway.post(told, query="?wait=true", content_type="application/cloudevents+json; charset=UTF-8")
    (sent,) = landed(gateway, answer)
    assert (sent["event_id"], sent["source"]) == (told["id"], SOURCE)
    assert sent["occurred_at"] == 1_624_410_900_000


def test_an_id_that_is_no_uuid_gives_the_same_event_id_each_time(gateway: Gateway) -> None:
    told = cloud_event(bare(example()), id="hồ sơ 7")
    answers = [gateway.post(told, content_type="application/cloudevents+json").json()["event_ids"] for _ in range(2)]
    assert answers[0] == answers[1]


def test_a_batch_of_cloud_events(gateway: Gateway) -> None:
    told = [cloud_event(example()) for _ in range(3)]
    answer = gateway.post(told, query="?wait=true", content_type="application/cloudevents-batch+json")
    assert [sent["event_id"] for sent in landed(gateway, answer)] == [each["data"]["event_id"] for each in told]


def test_a_binary_cloud_event(gateway: Gateway) -> None:
    identity = str(uuid5(NAMESPACE_URL, "binary"))
    attributes = {"ce_specversion": "1.0", "ce_id": identity, "ce_source": "H22%2E21", "ce_type": TOPIC}
    answer = gateway.post(bare(example()), query="?wait=true", ce_time="2021-06-23T01:15:00Z", **attributes)
    (sent,) = landed(gateway, answer)
    assert (sent["event_id"], sent["source"], sent["occurred_at"]) == (identity, SOURCE, 1_624_410_900_000)


def test_a_cloud_event_with_base64_data(gateway: Gateway) -> None:
    event = example()
    told = cloud_event(event, data_base64=base64.b64encode(json.dumps(event).encode()).decode())
    del told["data"]
    answer = gateway.post(told, query="?wait=true", content_type="application/cloudevents+json")
    assert landed(gateway, answer)[0]["event_id"] == event["event_id"]


@pytest.mark.parametrize("content_type", ["application/avro", "avro/binary"])
def test_a_bare_avro_datum(gateway: Gateway, content_type: str) -> None:
    event = example()
    answer = gateway.post(prepare(CONTRACT).encode(event), query="?wait=true", content_type=content_type)
    assert landed(gateway, answer)[0]["event_id"] == event["event_id"]


def test_a_framed_avro_datum_of_today_and_of_the_first_version(gateway: Gateway) -> None:
    first = load_released()[EVENT][0]
    with Registry(gateway.settings.registry_url) as registry:
        for contract in (CONTRACT, first):
            names = {field["name"] for field in contract.schema["fields"]}
            event = {name: value for name, value in example().items() if name in names}
            number = registry.register(contract.subject, contract.schema)
            body = frame(number, prepare(contract).encode(event))
            answer = gateway.post(body, query="?wait=true", content_type="application/avro")
            assert landed(gateway, answer)[0]["event_id"] == event["event_id"]


def test_the_record_is_signed_by_the_platform_for_the_client(gateway: Gateway) -> None:
    start = ends_of(gateway.settings, TOPIC)
    gateway.post(example())
    (record,) = records_after(gateway.settings, start)
    headers = dict(record.headers)
    signer = gateway.settings.signer
    assert headers["hg-client"].decode() == signer.client
    assert headers["hg-on-behalf-of"].decode() == gateway.client
    assert verified(signer.signing_key, record.topic, record.key, record.value, headers["hg-signature"])
