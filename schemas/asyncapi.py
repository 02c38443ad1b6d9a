"""The AsyncAPI 3 document of all topics, for developers of agencies and partners and for their generators of code.

Specification: https://www.asyncapi.com/docs/reference/specification/v3.0.0
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import fastavro

from schemas.codec import EventCodec, prepare
from schemas.contract import Contract, Json
from schemas.example_files import Example

AVRO = "application/vnd.apache.avro+json;version=1.9.0"
BINDING = {"bindingVersion": "0.5.0"}
DAY_MS = 86_400_000
_ABOUT = """Events of agencies, of the FPT partnership and of marketplaces, for the province's shared data warehouse.
Values are Avro in the Confluent wire format (a zero byte, the schema id in four bytes, the datum); no header is needed.

Sự kiện của các cơ quan, của chương trình hợp tác với FPT và của các sàn thương mại điện tử, gửi về kho dữ liệu
dùng chung của tỉnh. Giá trị là Avro theo định dạng Confluent; không cần header."""


@dataclass(frozen=True)
class Servers:
    """Where the brokers and the registry are: `host:port`, and a URL."""

    bootstrap: str = "kafka.hagiang.example:9093"
    registry_url: str = "https://registry.hagiang.example/apis/ccompat/v7"
    encrypted: bool = True


def asyncapi(
    catalog: Mapping[str, Contract], examples: Mapping[str, Sequence[Example]], servers: Servers, version: str
) -> Json:
    """The document as JSON; `version` is the platform's. Accepted examples are shown, as Avro sees them."""
    contracts = list(catalog.values())
    return {
        "asyncapi": "3.0.0",
        "id": "urn:vn:hagiang:events",
        "info": {
            "title": "Hà Giang: events / Sự kiện tỉnh Hà Giang",
            "version": version,
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
            "tags": [{"name": domain} for domain in dict.fromkeys(each.domain for each in contracts)],
        },
        "defaultContentType": "application/avro",
        "servers": {"kafka": _server(servers)},
        "channels": {each.event: _channel(each) for each in contracts},
        "operations": {f"receive_{each.event}": _operation(each) for each in contracts},
        "components": {
            "messages": {each.event: _message(each, examples.get(each.event, ())) for each in contracts},
            "securitySchemes": {"scram": _SCRAM},
        },
    }


_SCRAM = {
    "type": "scramSha512",
    "description": "Each producer has a login of its own, which may write the topics of its contracts alone. / "
    "Mỗi bên gửi có tài khoản riêng, chỉ được ghi vào các topic của mình.",
}


def _server(servers: Servers) -> Json:
    return {
        "host": servers.bootstrap,
        "protocol": "kafka-secure" if servers.encrypted else "kafka",
        "description": "The province's brokers; SASL with SCRAM-SHA-512. / Cụm Kafka của tỉnh.",
        "security": [{"$ref": "#/components/securitySchemes/scram"}],
        "bindings": {
            "kafka": {"schemaRegistryUrl": servers.registry_url, "schemaRegistryVendor": "apicurio", **BINDING}
        },
    }


def _channel(contract: Contract) -> Json:
    retention = {"cleanup.policy": ["delete"], "retention.ms": contract.retention_days * DAY_MS}
    return {
        "address": contract.topic,
        "title": contract.topic,
        "summary": contract.doc,
        "description": f"{contract.doc_vi}\n\nOwner / Đơn vị phụ trách: {contract.owner}. "
        f"Producers / Bên gửi: {', '.join(contract.producers)}.",
        "servers": [{"$ref": "#/servers/kafka"}],
        "messages": {contract.event: {"$ref": f"#/components/messages/{contract.event}"}},
        "tags": [{"name": contract.domain}],
        "bindings": {
            "kafka": {
                "topic": contract.topic,
                "partitions": contract.partitions,
                "topicConfiguration": retention,
                **BINDING,
            }
        },
    }


def _operation(contract: Contract) -> Json:
    """Seen from the platform, as AsyncAPI asks for: it receives what producers send."""
    return {
        "action": "receive",
        "title": f"load_{contract.event}",
        "summary": f"Landed, checked and loaded into core.{contract.event} by the DAG load_{contract.event}.",
        "channel": {"$ref": f"#/channels/{contract.event}"},
        "messages": [{"$ref": f"#/channels/{contract.event}/messages/{contract.event}"}],
    }


def _message(contract: Contract, examples: Sequence[Example]) -> Json:
    key = contract.field(contract.key)
    return {
        "name": contract.schema["name"],
        "title": contract.topic,
        "summary": contract.doc,
        "description": contract.doc_vi,
        "contentType": "application/avro",
        "headers": {"type": "object", "description": "None is needed, others are let pass. / Không cần header."},
        "payload": {"schemaFormat": AVRO, "schema": contract.schema},
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": f"`{key.name}`: {key.doc} / {key.doc_vi}"},
                "schemaIdLocation": "payload",
                "schemaIdPayloadEncoding": "confluent",
                "schemaLookupStrategy": "TopicIdStrategy",
                **BINDING,
            }
        },
        "examples": _examples(prepare(contract), examples),
    }


def _examples(codec: EventCodec, examples: Sequence[Example]) -> list[Json]:
    return [
        {"name": each.name, "summary": each.name.replace("_", " "), "payload": _as_written(codec, each.payload)}
        for each in examples
        if each.accepted
    ]


def _as_written(codec: EventCodec, payload: Any) -> Json:
    """The event as its Avro schema sees it: milliseconds, days, unscaled bytes (Latin-1), every field present."""
    record = fastavro.schemaless_reader(io.BytesIO(codec.encode(payload)), codec.schema, None)
    written: Json = json.loads(json.dumps(record, default=lambda value: value.decode("latin-1")))
    return written
