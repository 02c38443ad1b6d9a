"""Each refusal has its status, says how it is mended, and shows nothing that must stay hidden."""

from __future__ import annotations

import json
import socket
import time
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, text

from tests.component.gateway.running import SOURCE, TOPIC, Gateway, ends_of, example, records_after, wait_until
from tests.granted_clients import grant_client, revoke_client


def told(answer: httpx.Response, status: int, kind: str) -> dict[str, Any]:
    """The problem, which must have that status and kind."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == status
    assert problem["type"] == f"/docs/problems#{kind}"
    assert len(problem["detail"]) > 10
    assert len(problem["detail_vi"]) > 10
    return problem


def test_field_rule_and_value_are_named(gateway: Gateway) -> None:
    problem = told(gateway.post(example(channel="truc_tuyen", fee_vnd=-1)), 422, "event-invalid")
    errors = {error["field"]: error for error in problem["errors"]}
    assert (errors["channel"]["rule"], errors["channel"]["value"]) == ("enum", "'truc_tuyen'")
    assert (errors["fee_vnd"]["rule"], errors["fee_vnd"]["value"]) == ("min", "-1")
    assert "phải" in errors["fee_vnd"]["message_vi"]


def test_the_good_events_of_a_batch_are_taken_and_the_bad_ones_told(gateway: Gateway) -> None:
    start = ends_of(gateway.settings, TOPIC)
    batch = [example(), example(channel="fax"), example(), 7]
    answer = gateway.post(batch)
    assert answer.status_code == 207
    assert (answer.json()["accepted"], answer.json()["rejected"]) == (2, 2)
    assert [item["status"] for item in answer.json()["items"]] == [202, 422, 202, 422]
    assert answer.json()["items"][1]["errors"][0]["field"] == "channel"
    assert len(records_after(gateway.settings, start)) == 2


def test_a_batch_of_bad_events_names_each(gateway: Gateway) -> None:
    problem = told(gateway.post([example(channel="fax"), example(status=99)]), 422, "event-invalid")
    assert [(error["item"], error["field"]) for error in problem["errors"]] == [(0, "channel"), (1, "status")]


@pytest.mark.parametrize("body", [b"", b"{", b'{"a": nan}', b"[]", b"7", b'"x"', b"\xff\xfe", b"[" * 100_000])
def test_a_body_that_is_no_event_is_unreadable(gateway: Gateway, body: bytes) -> None:
    problem = told(gateway.post(body), 400, "unreadable")
    assert problem["errors"][0]["field"] == "body"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"specversion": "0.3"}, "specversion"),
        ({"type": "vn.hagiang.government.document_sent"}, "type"),
        ({"id": ""}, "id"),
        ({"data_base64": "no base64!"}, "data_base64"),
    ],
)
def test_a_cloud_event_that_breaks_the_specification(gateway: Gateway, change: dict[str, str], field: str) -> None:
    event = {"specversion": "1.0", "id": "1", "source": SOURCE, "type": TOPIC, "data": example(), **change}
    problem = told(gateway.post(event, content_type="application/cloudevents+json"), 422, "event-invalid")
    assert problem["errors"][0]["field"] == field


@pytest.mark.parametrize("body", [b"", b"H", b"\0\0\0\0\1", b"\0\x7f\xff\xff\xff" + b"x" * 50, b"\x48" + b"a" * 80])
def test_avro_that_is_none(gateway: Gateway, body: bytes) -> None:
    told(gateway.post(body, content_type="application/avro"), 422, "event-invalid")


def test_whoever_has_no_key_or_a_wrong_one(gateway: Gateway) -> None:
    for authorization in ("", "Bearer", "Bearer hg_0_0", "Basic eDp5", f"Bearer {gateway.key}x"):
        answer = gateway.post(example(), authorization=authorization)
        told(answer, 401, "no-key")
        assert answer.headers["www-authenticate"].startswith("Bearer")
    assert gateway.post(example(), authorization="", x_api_key=gateway.key).status_code == 202


def test_a_revoked_client_is_refused_within_a_second_on_an_open_connection(gateway: Gateway, engine: Engine) -> None:
    key = grant_client(engine, "so-bi-thu-hoi", ["dossier_status_changed"], [SOURCE])
    headers = {"authorization": f"Bearer {key}"}
    with httpx.Client(base_url=gateway.url, headers=headers) as client:
        wait_until(lambda: client.post(f"/events/{TOPIC}", json=example()).status_code == 202)
        revoke_client(engine, "so-bi-thu-hoi")
        revoked = time.monotonic()
        wait_until(lambda: client.post(f"/events/{TOPIC}", json=example()).status_code == 401, 5)
    assert time.monotonic() - revoked < 1.0


def test_what_was_not_granted_is_refused_and_audited(gateway: Gateway, engine: Engine) -> None:
    told(gateway.post(example("document_sent"), topic="government.document_sent"), 403, "not-granted")
    problem = told(gateway.post(example(source="H22.99")), 403, "not-granted")
    assert (problem["errors"][0]["field"], problem["errors"][0]["rule"]) == ("source", "source_not_granted")

    def audited() -> set[str]:
        with engine.connect() as connection:
            query = text("SELECT subject FROM access.audit WHERE actor LIKE :actor AND action = 'refused'")
            return set(connection.execute(query, {"actor": f"%{gateway.client}%"}).scalars())

    wait_until(lambda: {"government.document_sent", TOPIC} <= audited())


def test_a_source_that_is_left_out_is_filled_in_for_a_client_that_has_one(gateway: Gateway, engine: Engine) -> None:
    key = grant_client(engine, "so-mot-nguon", ["dossier_status_changed"], [SOURCE])
    event = example()
    del event["source"]
    wait_until(lambda: gateway.post(event, authorization=f"Bearer {key}").status_code == 202)
    problem = told(gateway.post(event), 422, "event-invalid")
    assert (problem["errors"][0]["field"], problem["errors"][0]["rule"]) == ("source", "required")


def test_an_unknown_event_comes_with_near_names(gateway: Gateway) -> None:
    problem = told(gateway.post(example(), topic="government.dossier_status_change"), 404, "unknown-event")
    assert TOPIC in problem["detail"]


def test_the_wrong_method_and_address(gateway: Gateway) -> None:
    answer = httpx.get(f"{gateway.url}/events/{TOPIC}")
    told(answer, 405, "method")
    assert answer.headers["allow"] == "POST"
    told(httpx.get(f"{gateway.url}/nowhere"), 404, "not-found")


def test_an_address_with_a_slash_too_many_is_told_and_never_redirected(gateway: Gateway) -> None:
    for path in (f"/events/{TOPIC}", "/dossier-sync", "/edxml"):
        problem = told(httpx.post(f"{gateway.url}{path}/", content=b"{}"), 404, "not-found")
        assert f"use {path} without the slash at its end." in problem["detail"]


def test_nothing_misspelt_is_passed_over(gateway: Gateway) -> None:
    problem = told(gateway.post(example(), query="?wiat=true"), 400, "query")
    assert "did you mean wait?" in problem["detail"]
    twice = json.dumps(example()).encode().replace(b"{", b'{"source": "H22.99", ', 1)
    assert "'source' twice" in told(gateway.post(twice), 400, "unreadable")["detail"]
    told(gateway.post(example(), ce_id="7"), 400, "unreadable")
    told(gateway.post(example(event_id="")), 422, "event-invalid")


def test_a_byte_order_mark_is_taken(gateway: Gateway) -> None:
    assert gateway.post(b"\xef\xbb\xbf" + json.dumps(example()).encode()).status_code == 202


@pytest.mark.parametrize(
    "headers",
    [
        {"content_type": ""},
        {"content_type": "application/x-www-form-urlencoded"},
        {"content_type": "application/json; charset=utf-16"},
        {"content_encoding": "gzip"},
    ],
)
def test_a_content_type_that_is_not_known(gateway: Gateway, headers: dict[str, str]) -> None:
    told(gateway.post(example(), **headers), 415, "media-type")


def test_too_much_is_refused_while_it_comes(gateway: Gateway) -> None:
    answer = gateway.post(b"[" + b" " * (5 * 2**20) + b"]")
    told(answer, 413, "too-large")
    assert answer.headers["connection"] == "close"
    told(gateway.post([{}] * 5001), 413, "too-large")


def test_the_same_idempotency_key_gives_the_same_ids(gateway: Gateway) -> None:
    events = [{name: value for name, value in example().items() if name != "event_id"} for _ in range(3)]
    first, again = (gateway.post(events, idempotency_key="lô-1".encode().hex()).json() for _ in range(2))
    assert first == again
    assert len(set(first["event_ids"])) == 3
    told(gateway.post(events[:2], idempotency_key="lô-1".encode().hex()), 422, "idempotency")
    told(gateway.post(events, idempotency_key="x" * 300), 400, "idempotency-key")


def test_a_client_that_sends_too_fast_waits_and_others_do_not(
    servers: Any, own_gateway: Gateway, engine: Engine
) -> None:
    own_gateway.stop()
    own_gateway.start(GATEWAY_EVENTS_PER_SECOND="5", GATEWAY_BURST_EVENTS="10")
    other = grant_client(engine, "so-kien-nhan", ["dossier_status_changed"], [SOURCE])
    assert own_gateway.post([example() for _ in range(20)]).status_code == 202
    answer = own_gateway.post(example())
    told(answer, 429, "too-many")
    assert 1 <= int(answer.headers["retry-after"]) <= 4
    wait_until(lambda: own_gateway.post(example(), authorization=f"Bearer {other}").status_code == 202, 2)
    wait_until(lambda: own_gateway.post(example()).status_code == 202, 5)


def test_slow_heads_and_bodies_are_cut_off_and_hold_nobody_up(own_gateway: Gateway) -> None:
    own_gateway.stop()
    own_gateway.start(GATEWAY_HEADER_SECONDS="1", GATEWAY_BODY_SECONDS="1.5")
    head = f"POST /events/{TOPIC} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n"
    slow_heads = [opened(own_gateway, b"POST /events") for _ in range(20)]
    slow_bodies = [
        opened(own_gateway, f"{head}Authorization: Bearer {own_gateway.key}\r\n\r\n{{".encode()) for _ in range(20)
    ]
    assert own_gateway.post(example()).status_code == 202
    assert {everything_from(each) for each in slow_heads} == {b""}
    for each in slow_bodies:
        answer = everything_from(each)
        assert answer.startswith(b"HTTP/1.1 408 "), answer
        assert json.loads(answer.split(b"\r\n\r\n")[1])["type"].endswith("body-too-slow")


def opened(gateway: Gateway, start: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", gateway.port), 20)
    connection.sendall(start)
    return connection


def everything_from(connection: socket.socket) -> bytes:
    found = b""
    try:
        while part := connection.recv(65536):
            found += part
    except ConnectionResetError:
        pass
    connection.close()
    return found
