"""An accepted example of an event in each form that its address takes, ready to be posted."""

from __future__ import annotations

import base64
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from producers.gateway.documentation.documented import Sample
from producers.gateway.documentation.shell_lines import posting, posting_base64, pretty
from schemas.codec import prepare
from schemas.contract import NAMESPACE, Contract, Json
from schemas.example_files import Example
from schemas.site.bilingual import Bilingual

JSON = "application/json"
CLOUD_EVENT = "application/cloudevents+json"
CLOUD_EVENTS = "application/cloudevents-batch+json"
AVRO = "application/avro"
BASE64_WIDTH = 100


def event_samples(contract: Contract, examples: Sequence[Example]) -> list[Sample]:
    """The sample event as JSON, as CloudEvents and as Avro; none for an event without one."""
    event = sample_event(contract, examples)
    if event is None:
        return []
    return [
        _json(contract, event),
        _structured(contract, event),
        _binary(contract, event),
        _avro(contract, event),
    ]


def sample_event(contract: Contract, examples: Sequence[Example]) -> Json | None:
    """The first accepted example that really keeps the contract: a province's own examples may not have been linted."""
    codec = prepare(contract)
    return next((dict(each.payload) for each in examples if each.accepted and not codec.check(each.payload)), None)


def cloud_event(contract: Contract, event: Mapping[str, Any]) -> Json:
    """The event as a structured CloudEvent: what its attributes say is left out of its data."""
    return {**_attributes(contract, event), "datacontenttype": JSON, "data": _data(event)}


def _json(contract: Contract, event: Json) -> Sample:
    shell = posting(_path(contract), {"Content-Type": JSON}, pretty(event))
    return Sample("json", Bilingual("JSON, one event or a list", "JSON, một sự kiện hoặc danh sách"), event, shell)


def _structured(contract: Contract, event: Json) -> Sample:
    body = cloud_event(contract, event)
    shell = posting(_path(contract), {"Content-Type": CLOUD_EVENT}, pretty(body))
    title = Bilingual(
        f"CloudEvents, structured (a list of them as {CLOUD_EVENTS})",
        f"CloudEvents dạng cấu trúc (danh sách: {CLOUD_EVENTS})",
    )
    return Sample("cloudevent", title, body, shell)


def _binary(contract: Contract, event: Json) -> Sample:
    headers = {f"ce-{name}": value for name, value in _attributes(contract, event).items()}
    body = _data(event)
    shell = posting(_path(contract), {**headers, "Content-Type": JSON}, pretty(body))
    title = Bilingual("CloudEvents, binary: attributes as headers", "CloudEvents dạng nhị phân: thuộc tính là header")
    return Sample("cloudevent-binary", title, body, shell)


def _avro(contract: Contract, event: Json) -> Sample:
    datum = base64.b64encode(prepare(contract).encode(event)).decode()
    shell = posting_base64(_path(contract), {"Content-Type": AVRO}, "\n".join(textwrap.wrap(datum, BASE64_WIDTH)))
    title = Bilingual(
        f"Avro: one datum of version {contract.version}, here in Base64; with the five bytes of the Confluent wire "
        "format before it, any released version",
        f"Avro: một bản ghi theo phiên bản {contract.version}, ở đây mã hóa Base64; nếu có 5 byte định dạng Confluent "
        "phía trước thì dùng được mọi phiên bản đã phát hành",
    )
    return Sample("avro", title, datum, shell)


def _path(contract: Contract) -> str:
    return f"/events/{contract.topic}?wait=true"


def _attributes(contract: Contract, event: Mapping[str, Any]) -> dict[str, str]:
    told = {
        "specversion": "1.0",
        "id": event["event_id"],
        "source": event["source"],
        "type": f"{NAMESPACE}.{contract.topic}",
    }
    return told | ({"time": event["occurred_at"]} if _is_moved(event) else {})


def _data(event: Mapping[str, Any]) -> Json:
    moved = {"event_id", "source", *(["occurred_at"] if _is_moved(event) else [])}
    return {name: value for name, value in event.items() if name not in moved}


def _is_moved(event: Mapping[str, Any]) -> bool:
    """CloudEvents know time as text only."""
    return isinstance(event["occurred_at"], str)
