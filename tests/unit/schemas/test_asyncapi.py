"""The AsyncAPI document is one by AsyncAPI's own JSON Schema, and says what the contracts say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import fastavro
import jsonschema
import pytest

from schemas.asyncapi import Servers, asyncapi
from schemas.catalog import load_catalog
from schemas.codec import prepare
from schemas.example_files import load_examples

CATALOG = load_catalog()
DOCUMENT = asyncapi(CATALOG, load_examples(), Servers(), "1.2.3")
OFFICIAL = jsonschema.Draft7Validator(
    json.loads((Path(__file__).parent / "asyncapi_3.0.0.schema.json").read_text(encoding="utf-8"))
)


def broken(change: tuple[str, ...], value: Any) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(json.dumps(DOCUMENT))
    part = document
    for name in change[:-1]:
        part = part[name]
    part[change[-1]] = value
    return document


def test_the_official_schema_accepts_it() -> None:
    assert [error.message for error in OFFICIAL.iter_errors(DOCUMENT)] == []


@pytest.mark.parametrize(
    ("change", "value"),
    [
        (("asyncapi",), "2.6.0"),
        (("channels", "order_status_changed", "adress"), "x"),
        (("operations", "receive_order_status_changed", "action"), "publish"),
        (("components", "securitySchemes", "scram", "type"), "password"),
        (("channels", "order_status_changed", "bindings", "kafka", "partitions"), 0),
    ],
)
def test_the_official_schema_would_refuse_a_mistake(change: tuple[str, ...], value: Any) -> None:
    assert list(OFFICIAL.iter_errors(broken(change, value)))


@pytest.mark.parametrize("event", CATALOG)
def test_every_topic_has_a_channel_with_its_message(event: str) -> None:
    contract, channel = CATALOG[event], DOCUMENT["channels"][event]
    message = DOCUMENT["components"]["messages"][event]
    assert channel["address"] == contract.topic
    assert channel["messages"][event] == {"$ref": f"#/components/messages/{event}"}
    kafka = channel["bindings"]["kafka"]
    assert kafka["partitions"] == contract.partitions
    assert kafka["topicConfiguration"]["retention.ms"] == contract.retention_days * 86_400_000
    assert message["payload"]["schema"] == contract.schema
    assert contract.key in message["bindings"]["kafka"]["key"]["description"]


@pytest.mark.parametrize("event", CATALOG)
def test_examples_are_values_of_the_avro_schema(event: str) -> None:
    examples = DOCUMENT["components"]["messages"][event]["examples"]
    assert len(examples) >= 2
    for example in examples:
        payload = {
            name: value.encode("latin-1") if CATALOG_KINDS[event].get(name) == "decimal" and value else value
            for name, value in example["payload"].items()
        }
        assert fastavro.validate(payload, prepare(CATALOG[event]).schema)


CATALOG_KINDS = {event: {field.name: field.kind for field in each.fields} for event, each in CATALOG.items()}


def test_the_server_is_the_one_given() -> None:
    own = asyncapi(CATALOG, {}, Servers("127.0.0.1:9092", "http://127.0.0.1:8081", encrypted=False), "1")
    server = own["servers"]["kafka"]
    assert (server["host"], server["protocol"]) == ("127.0.0.1:9092", "kafka")
    assert server["bindings"]["kafka"]["schemaRegistryUrl"] == "http://127.0.0.1:8081"
    assert not list(OFFICIAL.iter_errors(own))
