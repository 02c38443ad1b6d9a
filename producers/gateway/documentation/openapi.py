"""The OpenAPI 3.1 document: one path for each event of the catalogue, with its schema and examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from producers.gateway.documentation.documented import WAIT, Parameter, WayIn
from producers.gateway.documentation.event_samples import (
    AVRO,
    CLOUD_EVENT,
    CLOUD_EVENTS,
    JSON,
    cloud_event,
    sample_event,
)
from producers.gateway.documentation.json_schema import event_schema
from producers.gateway.problems import PROBLEM_JSON, TITLES
from schemas.contract import NAMESPACE, Contract, Json
from schemas.example_files import Example
from schemas.site.bilingual import Bilingual

_ABOUT = """Events of agencies, of the FPT partnership and of marketplaces, posted by HTTP.
A 202 means that the events are durable. A repeat is harmless: send the same `event_id`, or the same `Idempotency-Key`.

Gửi sự kiện qua HTTP. Mã 202 nghĩa là sự kiện đã được lưu bền vững. Gửi lại không gây trùng lặp nếu giữ nguyên
`event_id` hoặc `Idempotency-Key`."""

_AVRO = """One datum: bare, in today's version of the contract, or in the Confluent wire format (a zero byte, the schema
id in four bytes, the datum), in any released version. The page `/docs/{topic}` has a whole body as a curl line.

Một bản ghi Avro: không có đầu mục (phiên bản hiện hành) hoặc theo định dạng Confluent (mọi phiên bản đã phát hành)."""

# Status -> kind of problem, for every path that takes events.
REFUSALS: Mapping[str, str] = {
    "400": "unreadable",
    "401": "no-key",
    "403": "not-granted",
    "408": "body-too-slow",
    "413": "too-large",
    "422": "event-invalid",
    "429": "too-many",
    "503": "unavailable",
    "507": "spool-full",
}


def openapi(
    catalog: Mapping[str, Contract],
    examples: Mapping[str, Sequence[Example]],
    version: str,
    further: Mapping[str, WayIn],
) -> Json:
    """The document as JSON; `further` are the paths of other formats."""
    contracts = list(catalog.values())
    return {
        "openapi": "3.1.0",
        "info": {"title": "Hà Giang gateway", "version": version, "description": _ABOUT},
        "security": [{"bearer": []}, {"header": []}],
        "tags": [{"name": domain} for domain in dict.fromkeys(each.domain for each in contracts)],
        "paths": {
            f"/events/{each.topic}": {"post": _operation(each, examples.get(each.event, ()))} for each in contracts
        }
        | {"/events/{topic}/{event_id}": {"get": _STATE_OPERATION}}
        | {path: {"post": way.operation} for path, way in further.items()}
        | {
            "/health/live": _page("Whether the process answers."),
            "/health/ready": _page("Whether events can be taken."),
        },
        "components": {
            "schemas": {each.event: event_schema(each) for each in contracts} | _SHARED,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": "The API key."},
                "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
            },
        },
    }


def _operation(contract: Contract, examples: Sequence[Example]) -> Json:
    return {
        "operationId": f"post_{contract.event}",
        "tags": [contract.domain],
        "summary": contract.doc,
        "description": f"{contract.doc_vi}\n\nOwner / Đơn vị phụ trách: {contract.owner}",
        "parameters": [each.told() for each in PARAMETERS],
        "requestBody": {"required": True, "content": _bodies(contract, examples)},
        "responses": answers_of_bodies(several=True)
        | {"404": _refusal("unknown-event"), "415": _refusal("media-type")},
    }


def answers_of_bodies(*, several: bool) -> Json:
    """The responses of a path that takes events; `several`: in one body, so that some may be taken and others not."""
    taken = {"202": _response("All events are durable.", "Accepted")}
    if several:
        partly = "Some events are durable, the others are listed with their errors."
        taken["207"] = _response(partly, "PartlyAccepted")
    return taken | {status: _refusal(kind) for status, kind in REFUSALS.items()}


def _bodies(contract: Contract, examples: Sequence[Example]) -> Json:
    event = {"$ref": f"#/components/schemas/{contract.event}"}
    shown = {each.name: {"value": each.payload} for each in examples if each.accepted}
    sample = sample_event(contract, examples)
    told = [] if sample is None else [cloud_event(contract, sample)]
    envelope = _cloud_event(contract, event)
    return {
        JSON: {
            "schema": {"oneOf": [event, {"type": "array", "items": event, "minItems": 1}]},
            **({"examples": shown} if shown else {}),
        },
        CLOUD_EVENT: {
            "schema": envelope,
            **({"examples": {"structured": {"value": told[0]}}} if told else {}),
        },
        CLOUD_EVENTS: {
            "schema": {"type": "array", "items": envelope, "minItems": 1},
            **({"examples": {"batch": {"value": told}}} if told else {}),
        },
        AVRO: {"schema": {"type": "string", "format": "binary", "description": _AVRO.format(topic=contract.topic)}},
    }


def _cloud_event(contract: Contract, data: Json) -> Json:
    return {
        "type": "object",
        "properties": {
            "specversion": {"const": "1.0"},
            "id": {"type": "string", "minLength": 1},
            "source": {"type": "string", "minLength": 1},
            "type": {"enum": [f"{NAMESPACE}.{contract.topic}", contract.topic]},
            "time": {"type": "string", "format": "date-time"},
            "datacontenttype": {"const": JSON},
            "data": data,
        },
        "required": ["specversion", "id", "source", "type", "data"],
    }


def _response(description: str, schema: str) -> Json:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": description, "content": content}


def _refusal(kind: str) -> Json:
    content = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": TITLES[kind], "content": content}


def _page(summary: str) -> Json:
    any_json = {"content": {"application/json": {"schema": {"type": "object"}}}}
    answers = {"200": {"description": "Yes.", **any_json}, "503": {"description": "No.", **any_json}}
    return {"get": {"summary": summary, "security": [], "responses": answers}}


PARAMETERS = (
    WAIT,
    Parameter(
        "Idempotency-Key",
        Bilingual(
            "Makes a repeat of the same body harmless for events without event_id.",
            "Gửi lại cùng nội dung với cùng khóa không bị tính hai lần khi sự kiện không có event_id.",
        ),
        {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
        "header",
    ),
)

_STATE_OPERATION: Json = {
    "operationId": "event_state",
    "summary": "What became of an event that you posted. / Tình trạng của một sự kiện đã gửi.",
    "parameters": [
        {"name": "topic", "in": "path", "required": True, "schema": {"type": "string"}, "description": "As posted to."},
        {"name": "event_id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}},
    ],
    "responses": {
        "200": _response("It is in the warehouse or in its quarantine.", "EventState"),
        "401": _refusal("no-key"),
        "403": _refusal("not-granted"),
        "404": _refusal("not-arrived"),
        "429": _refusal("too-many"),
        "503": _refusal("unavailable"),
    },
}

_ERROR = {
    "type": "object",
    "properties": {
        "item": {"type": "integer", "minimum": 0},
        "field": {"type": "string"},
        "rule": {"type": "string"},
        "value": {"type": "string"},
        "message": {"type": "string"},
        "message_vi": {"type": "string"},
    },
    "required": ["field", "rule", "value", "message", "message_vi"],
}
_RECORD = {
    "type": "object",
    "properties": {
        "event_id": {"type": "string", "format": "uuid"},
        "topic": {"type": "string"},
        "partition": {"type": "integer"},
        "offset": {"type": "integer"},
        "spooled": {"type": "boolean"},
    },
}
_SHARED: Json = {
    "Accepted": {
        "type": "object",
        "properties": {
            "accepted": {"type": "integer", "minimum": 1},
            "event_ids": {"type": "array", "items": {"type": "string", "format": "uuid"}},
            "records": {"type": "array", "items": _RECORD},
        },
        "required": ["accepted", "event_ids"],
    },
    "PartlyAccepted": {
        "type": "object",
        "properties": {
            "accepted": {"type": "integer", "minimum": 1},
            "rejected": {"type": "integer", "minimum": 1},
            "items": {"type": "array", "items": {"type": "object", "required": ["item", "status"]}},
        },
        "required": ["accepted", "rejected", "items"],
    },
    "EventState": {
        "type": "object",
        "properties": {
            "event_id": {"type": "string", "format": "uuid"},
            "state": {"enum": ["loaded", "quarantined", "discarded"]},
            "since": {"type": "string", "format": "date-time"},
            "topic": {"type": "string"},
            "partition": {"type": "integer"},
            "offset": {"type": "integer"},
            "load_id": {"type": "integer"},
            "rules": {"type": "array", "items": {"type": "string"}},
            "reason": {"type": "string"},
            "reason_vi": {"type": "string"},
            "waits_for": {"type": "array", "items": {"type": "string"}},
            "tries": {"type": "integer"},
            "close_reason": {"type": "string"},
        },
        "required": ["event_id", "state", "since", "topic", "partition", "offset", "load_id"],
    },
    "Problem": {
        "type": "object",
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "title_vi": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "detail_vi": {"type": "string"},
            "errors": {"type": "array", "items": _ERROR},
            "errors_not_listed": {"type": "integer"},
        },
        "required": ["type", "title", "title_vi", "status", "detail", "detail_vi"],
    },
}
