"""The pages and the OpenAPI document: whole, true to the contracts, linked within themselves."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from expectations.derive import derived_expectations
from infra.access.wishes import check_sources, contracts_for
from producers.gateway.documentation.openapi import REFUSALS
from schemas.catalog import load_catalog
from tests.gateway_pages import blocks, granted, links
from tests.unit.gateway.in_memory import CLIENT, KEY, InMemory

CATALOG = load_catalog()
EVENTS = [f"/docs/{contract.topic}" for contract in CATALOG.values()]
GRANTED = ["/docs/edxml", "/docs/dossier-sync", "/docs/partners/fpt/programme"]
PUSHED = [f"/docs/webhooks/{name}" for name in ("shopee", "lazada", "tiktok-shop", "sendo")]
PAGES = ["/docs", "/docs/problems", *EVENTS, *GRANTED, *PUSHED]
DOSSIER = "/docs/government.dossier_status_changed"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    everybody = replace(CLIENT, sources=("*",))
    with TestClient(InMemory(client=everybody).app, headers={"authorization": f"Bearer {KEY}"}) as client:
        yield client


def document(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/openapi.json").json()
    return found


def test_every_page_can_be_reached_from_the_first(client: TestClient) -> None:
    seen, todo = set(), ["/docs"]
    while todo:
        path = todo.pop()
        answer = client.get(path)
        assert answer.status_code == 200, path
        seen.add(path)
        todo += [each for each in links(answer.text) if each not in seen] if path != "/openapi.json" else []
    assert seen == {*PAGES, "/openapi.json"}


@pytest.mark.parametrize("path", ["/docs", "/docs/problems", DOSSIER, "/docs/edxml", PUSHED[0], "/openapi.json"])
def test_head_answers_as_get_does_without_a_body(client: TestClient, path: str) -> None:
    told, read = client.head(path), client.get(path)
    assert (told.status_code, told.content) == (200, b"")
    assert told.headers == read.headers
    assert client.head("/docs/no.such_event").status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_a_page_needs_nothing_from_elsewhere(client: TestClient, path: str) -> None:
    page = client.get(path).text
    assert not re.search(r"<(script|link|img|iframe|object)|@import|url\(", page)
    assert not [target for target in links(page) if not target.startswith("/")]


@pytest.mark.parametrize("path", [*EVENTS, *GRANTED, *PUSHED])
def test_a_page_tells_how_to_begin_what_to_send_and_what_is_answered(client: TestClient, path: str) -> None:
    page = client.get(path).text
    assert len(blocks(page, "before")) == 1
    assert blocks(page, "shell")
    assert all("curl -sS" in shell and '"$GATEWAY_URL/' in shell for shell in blocks(page, "shell"))
    for heading in re.findall(r"<h2[^>]*>(.*?)</h2>", page):
        assert " / " in heading or heading.startswith("<code>"), heading


@pytest.mark.parametrize("path", [*EVENTS, *GRANTED])
def test_what_a_page_lets_the_operator_grant_can_be_granted(client: TestClient, path: str) -> None:
    (line,) = blocks(client.get(path).text, "before")
    wish = granted(line)
    assert [each.event for each in contracts_for(CATALOG, wish.kind, wish.events)] == wish.events
    check_sources(wish.sources)


def test_a_way_in_names_all_the_events_it_makes(client: TestClient) -> None:
    for path in GRANTED:
        page = client.get(path).text
        (line,) = blocks(page, "before")
        made = [each.partition(".")[2] for each in links(page) if "." in each and each != "/openapi.json"]
        assert sorted(granted(line).events) == sorted(made), path
    assert "/docs/government.document_sent" in links(client.get("/docs/edxml").text)
    assert "/docs/marketplace.order_status_changed" in links(client.get("/docs/webhooks/sendo").text)


def test_parameters_stand_with_their_meaning_in_both_languages(client: TestClient) -> None:
    page = client.get("/docs/dossier-sync").text
    for name in ("source", "commune", "applicants", "synthetic", "wait"):
        assert f"<td><code>{name}</code></td>" in page
    assert "The commune of records without MaXa." in page
    assert "Mã xã của bản ghi không có MaXa." in page


def test_an_answer_is_shown_whole(client: TestClient) -> None:
    taken, partly, refused = map(json.loads, blocks(client.get(DOSSIER).text, "answer"))
    assert taken["records"][0]["topic"] == "government.dossier_status_changed"
    assert [each["status"] for each in partly["items"]] == [202, 422]
    assert (refused["status"], refused["errors"][0]["item"]) == (422, 0)
    one, refused = map(json.loads, blocks(client.get("/docs/edxml").text, "answer"))
    assert (one["accepted"], "item" in refused["errors"][0]) == (1, False)


def test_every_refusal_leads_to_what_is_done_about_it(client: TestClient) -> None:
    of_events = set(re.findall(r"/docs/problems#([a-z-]+)", client.get(DOSSIER).text))
    assert of_events > {*REFUSALS.values(), "media-type", "idempotency", "query"}
    places = set(re.findall(r'<tr id="([a-z-]+)"', client.get("/docs/problems").text))
    assert of_events <= places


def test_rules_of_the_warehouse_stand_on_the_page_and_those_of_the_gateway_do_not(client: TestClient) -> None:
    page = client.get(DOSSIER).text
    for told in (
        "agency_code names no agency known on the day of the event",
        "quarantined until the list has the code",
        "occurred_at must not lie more than a day after the record reached Kafka",
        "warning: loaded, counted",
    ):
        assert told in page
    assert "<code>agency_code_pattern</code>" not in page
    assert "in the list of agencies" in page


@pytest.mark.parametrize("event", CATALOG)
def test_no_rule_is_missing_between_gateway_and_warehouse(client: TestClient, event: str) -> None:
    page = client.get(f"/docs/{CATALOG[event].topic}").text
    references = [
        each["meta"] for each in derived_expectations(CATALOG[event]) if each["meta"].get("reference") is not None
    ]
    assert all(f"<code>{each['rule']}</code>" in page for each in references)
    assert len(references) == page.count("quarantined until the list has the code")


def test_the_document_has_an_example_of_every_body_that_json_can_show(client: TestClient) -> None:
    for path, item in document(client)["paths"].items():
        for media, content in item.get("post", {}).get("requestBody", {}).get("content", {}).items():
            if media == "application/avro":
                assert path.removeprefix("/events/") in content["schema"]["description"]
            else:
                assert content["examples"], (path, media)


def test_examples_of_other_formats_in_the_document_are_taken(client: TestClient) -> None:
    posted = 0
    for path, item in document(client)["paths"].items():
        if path.startswith("/webhooks") or "post" not in item:
            continue
        for media, content in item["post"]["requestBody"]["content"].items():
            for example in content.get("examples", {}).values():
                value = example["value"]
                body = value if isinstance(value, str) else json.dumps(value)
                answer = client.post(path, content=body.encode(), headers={"content-type": media})
                assert answer.status_code == 202, (path, media, answer.text)
                posted += 1
    assert posted > 3 * len(CATALOG)


def test_the_document_knows_every_event(client: TestClient) -> None:
    paths = document(client)["paths"]
    assert (
        len([path for path in paths if path.startswith("/events/")]) == len(CATALOG) + 1
    )  # and that which tells what became of one
