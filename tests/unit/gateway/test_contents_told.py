"""A body under the wrong content type, half a CloudEvent, Avro that is none: told as what it is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from schemas.catalog import load_catalog
from schemas.codec import prepare
from schemas.example_files import load_examples
from tests.unit.gateway.in_memory import InMemory, post

EVENT = next(each.payload for each in load_examples()["dossier_status_changed"] if each.accepted)
TOPIC = "government.dossier_status_changed"
JSON = json.dumps(EVENT).encode()
DATUM = prepare(load_catalog()["dossier_status_changed"]).encode(EVENT)
ENVELOPE = {"specversion": "1.0", "id": "7", "source": "urn:x", "type": TOPIC, "data": EVENT}
AVRO, CLOUD_EVENT, BATCH = "application/avro", "application/cloudevents+json", "application/cloudevents-batch+json"


def refused(body: Any, **headers: str) -> tuple[int, dict[str, Any]]:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    status, _, answer = post(InMemory(), f"/events/{TOPIC}", content, **headers)
    return status, json.loads(answer)


@pytest.mark.parametrize("body", [ENVELOPE, [ENVELOPE, ENVELOPE]])
def test_a_cloud_event_sent_as_json_is_told_its_content_type(body: Any) -> None:
    status, problem = refused(body)
    assert status == 422
    assert len(problem["errors"]) == (len(body) if isinstance(body, list) else 1)
    assert {error["field"] for error in problem["errors"]} == {"specversion"}
    assert f"send one as Content-Type: {CLOUD_EVENT}, a list of them as {BATCH}" in problem["errors"][0]["message"]


def test_headers_of_a_cloud_event_without_its_version_are_refused() -> None:
    status, problem = refused(EVENT, ce_id="7", ce_type=TOPIC)
    assert (status, problem["type"]) == (400, "/docs/problems#unreadable")
    assert "add ce-specversion: 1.0" in problem["detail"]
    assert "thêm ce-specversion: 1.0" in problem["detail_vi"]


@pytest.mark.parametrize(
    ("body", "content_type", "status", "said"),
    [
        (ENVELOPE, BATCH, 400, f"one alone goes as Content-Type: {CLOUD_EVENT}"),
        ([ENVELOPE], CLOUD_EVENT, 422, f"send a list as Content-Type: {BATCH}"),
        (EVENT, CLOUD_EVENT, 422, "send a plain event as Content-Type: application/json"),
        ([EVENT], BATCH, 422, "send a plain event as Content-Type: application/json"),
    ],
)
def test_the_content_type_that_fits_is_told(body: Any, content_type: str, status: int, said: str) -> None:
    found, problem = refused(body, content_type=content_type)
    assert found == status
    (error,) = problem["errors"]
    assert said in error["message"]
    assert said.rpartition(" ")[2] in error["message_vi"]


@pytest.mark.parametrize(
    ("body", "said", "said_vi"),
    [
        (b"", "is empty: send Avro", "đang trống"),
        (JSON, "is JSON: send Avro, or set Content-Type: application/json", "là JSON"),
        (b"Obj\x01\x04\x14avro.codec", "is an Avro object container file: send one datum", "là tệp Avro"),
        (DATUM[:-3], "bytes end before the last field", "kết thúc trước trường cuối"),
        (DATUM + b"xx", "has 2 bytes after the datum: send one datum a request", "còn 2 byte sau bản ghi"),
        (b"\x48" + b"\xff" * 80, "is no Avro datum of dossier_status_changed", "không phải bản ghi Avro"),
        (b"\0\0\0\0\1", "has the schema id 1, which is not among", "có mã lược đồ 1 không thuộc"),
        (b"\0\0", "is cut short", "bị cụt"),
        (b"event.avro", "write --data-binary @event.avro", "viết --data-binary @event.avro"),
    ],
)
def test_avro_that_is_none_is_told_what_it_is(body: bytes, said: str, said_vi: str) -> None:
    status, problem = refused(body, content_type=AVRO)
    (error,) = problem["errors"]
    assert (status, said in error["message"], said_vi in error["message_vi"]) == (422, True, True), error
    assert "Error" not in error["message"]


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({"content_type": ""}, "it is missing"),
        ({"content_type": "application/x-www-form-urlencoded"}, "it is application/x-www-form-urlencoded, as curl"),
        ({"content_type": "text/plain; charset=utf-8"}, "it is text/plain; charset=utf-8"),
        ({"content_type": "application/json; charset=windows-1258"}, "charset is windows-1258 here"),
        ({"content_encoding": "gzip"}, "Content-Encoding is gzip here"),
    ],
)
def test_an_unknown_content_type_is_told_with_what_came(headers: dict[str, str], said: str) -> None:
    status, problem = refused(EVENT, **headers)
    assert status == 415
    assert said in problem["detail"]


@pytest.mark.parametrize(
    ("key", "said"), [("", "this one is empty"), ("x" * 300, "this one has 300"), ("l\u00f4-1", "this one has others")]
)
def test_a_key_that_cannot_be_used_is_no_key_used_twice(key: str, said: str) -> None:
    status, problem = refused(EVENT, idempotency_key=key)
    assert (status, problem["type"]) == (400, "/docs/problems#idempotency-key")
    assert problem["title"] == "The Idempotency-Key cannot be used"
    assert said in problem["detail"]
