"""CloudEvents 1.0 over HTTP in structured, batched and binary mode (its JSON format and its HTTP binding).

Attributes fill the envelope of our contracts where the data leaves a field out: `id` gives event_id, `time`
occurred_at, `source` source. `type` must be the event's own, with or without `vn.hagiang.` before it.
"""

from __future__ import annotations

import base64
import binascii
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from producers.gateway.bodies.avro_bodies import AvroReader
from producers.gateway.bodies.content import CLOUD_EVENT, CLOUD_EVENTS, Headers
from producers.gateway.bodies.json_bodies import parse_json
from producers.gateway.problems import Problem, about
from schemas.codec import EventInvalid
from schemas.contract import NAMESPACE, Contract
from schemas.rules import HIDDEN, Violation, kind_of, show

# Event ids of CloudEvents whose id is no UUID: uuid5 of this and `source` + newline + `id`, which are unique together.
NAMESPACE_OF_IDS = uuid.UUID("6f0d2c9a-6c4e-5f0e-9d3b-3b1f0a6f5a10")
_REQUIRED = ("specversion", "id", "source", "type")
_LIST_HINT = (f": send a list as Content-Type: {CLOUD_EVENTS}", f": danh sách gửi với Content-Type: {CLOUD_EVENTS}")
_NO_CLOUD_EVENT = (
    "and type are missing: this is no CloudEvent; send a plain event as Content-Type: application/json",
    "và type bị thiếu: đây không phải CloudEvent; sự kiện thường gửi với Content-Type: application/json",
)


def event_of(envelope: Any, contract: Contract, avro: AvroReader) -> Any:
    """The event in one structured CloudEvent; raises EventInvalid."""
    if not isinstance(envelope, Mapping):
        kind = kind_of(envelope)
        hint, hint_vi = _LIST_HINT if isinstance(envelope, list) else ("", "")
        said, said_vi = f"must be an object, is {kind.en}{hint}", f"phải là đối tượng JSON, đang là {kind.vi}{hint_vi}"
        raise EventInvalid([about("cloudevent", "type", kind.en, said, said_vi)])
    if "specversion" not in envelope and "type" not in envelope:
        raise EventInvalid([about("specversion", "required", "null", *_NO_CLOUD_EVENT)])
    _check(envelope, contract)
    return _filled(_data(envelope, avro), envelope)


def is_envelope(event: Any) -> bool:
    """Whether a plain event is a CloudEvent whose content type was forgotten."""
    return event.__class__ is dict and "specversion" in event


def sent_as_plain() -> EventInvalid:
    """The one error about such an event: what its fields break would be noise."""
    said = f"is of a CloudEvent: send one as Content-Type: {CLOUD_EVENT}, a list of them as {CLOUD_EVENTS}"
    said_vi = f"thuộc CloudEvent: gửi một CloudEvent với Content-Type: {CLOUD_EVENT}, danh sách với {CLOUD_EVENTS}"
    return EventInvalid([about("specversion", "unknown_field", HIDDEN, said, said_vi)])


def binary_event_of(headers: Headers, body: bytes, contract: Contract, avro: AvroReader, *, as_avro: bool) -> Any:
    """The event of a request in binary mode: attributes in `ce-` headers, the data is the body.

    Raises Problem 400, EventInvalid.
    """
    attributes = {
        name[3:].decode("latin-1"): unquote(value.decode("latin-1")).strip('"')
        for name, value in headers.items()
        if name.startswith(b"ce-")
    }
    _check(attributes, contract)
    return _filled(avro.event_in(body) if as_avro else parse_json(body), attributes)


def _check(attributes: Mapping[str, Any], contract: Contract) -> None:
    wrong = [_missing(name) for name in _REQUIRED if not _is_text(attributes.get(name))]
    if not wrong and attributes["specversion"] != "1.0":
        found = show(attributes["specversion"])
        wrong.append(about("specversion", "enum", found, "must be 1.0", "phải là 1.0"))
    known = (contract.topic, f"{NAMESPACE}.{contract.topic}")
    if not wrong and attributes["type"] not in known:
        wanted = f"must be {known[1]} or {known[0]}"
        wrong.append(about("type", "enum", show(attributes["type"]), wanted, f"phải là {known[1]}"))
    if wrong:
        raise EventInvalid(wrong)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _missing(name: str) -> Violation:
    told = "is missing; CloudEvents 1.0 requires it as a text"
    return about(name, "required", "null", told, "bị thiếu; CloudEvents 1.0 bắt buộc")


def _data(envelope: Mapping[str, Any], avro: AvroReader) -> Any:
    kind = envelope.get("datacontenttype", "application/json")
    as_avro = isinstance(kind, str) and kind.partition(";")[0].strip().lower() in ("application/avro", "avro/binary")
    if "data_base64" in envelope:
        raw = _decoded(envelope["data_base64"])
        return avro.event_in(raw) if as_avro else _json_data(raw)
    if "data" not in envelope:
        raise EventInvalid([_missing("data")])
    return envelope["data"]


def _decoded(text: Any) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError, TypeError) as error:
        wrong = about("data_base64", "type", HIDDEN, "must be Base64 text", "phải là chuỗi Base64")
        raise EventInvalid([wrong]) from error


def _json_data(raw: bytes) -> Any:
    try:
        return parse_json(raw)
    except Problem as error:
        wrong = about("data_base64", "json", HIDDEN, "must hold JSON", "phải chứa JSON hợp lệ")
        raise EventInvalid([wrong]) from error


def _filled(data: Any, attributes: Mapping[str, Any]) -> Any:
    """The data with what its attributes add; anything but an object is for the codec to refuse."""
    if not isinstance(data, dict):
        return data
    event = dict(data)
    if event.get("event_id") is None:
        event["event_id"] = _event_id(attributes["source"], attributes["id"])
    if event.get("source") is None:
        event["source"] = attributes["source"]
    if event.get("occurred_at") is None and "time" in attributes:
        event["occurred_at"] = attributes["time"]
    return event


def _event_id(source: str, identity: str) -> str:
    try:
        given = uuid.UUID(identity)
    except ValueError:
        return str(uuid.uuid5(NAMESPACE_OF_IDS, f"{source}\n{identity}"))
    return str(given)
