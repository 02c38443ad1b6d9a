"""Writes the first draft of a contract with its examples: in order from the start, and to be filled in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.errors import OperatorError
from schemas.catalog import load_catalog
from schemas.contract import NAMESPACE, Json, camel_case
from schemas.folders import ContractFolders
from schemas.lint_contract import Named, record_remarks

OWNER = "digital-transformation-board"
_EVENT = {
    "event_id": "017a36b3-8200-7000-8000-000000000001",
    "occurred_at": "2021-06-23T08:00:00+07:00",
    "synthetic": True,
}


class NotCreatable(OperatorError):
    """The contract was not written: choose another domain or name, snake_case and in the past tense."""


@dataclass(frozen=True)
class Source:
    """Who publishes the events of a domain: the producer's kind, and what its `source` looks like."""

    producer: str
    pattern: str
    example: str
    doc: str
    doc_vi: str


_AGENCY = Source(
    *("agency", r"^[A-Z]\d{2}(\.\d{1,3}){0,3}$", "H22.06"),
    doc="Code of the agency whose system publishes the event.",
    doc_vi="Mã cơ quan có hệ thống gửi sự kiện.",
)
_FPT = Source(
    *("fpt", "^fpt(:[a-z0-9_-]{1,40})?$", "fpt"),
    doc="Partner whose system publishes the event.",
    doc_vi="Đối tác có hệ thống gửi sự kiện.",
)
_MARKETPLACE = Source(
    *("marketplace", "^[a-z]+:[A-Za-z0-9_-]{1,40}$", "postmart:hagiang"),
    doc="Platform and shop, `platform:shop`.",
    doc_vi="Sàn và gian hàng, dạng `sàn:gian hàng`.",
)
_SOURCES: Mapping[str, Source] = {"fpt": _FPT, "marketplace": _MARKETPLACE}


def create(folders: ContractFolders, domain: str, event: str, owner: str = OWNER) -> list[Path]:
    """Write the contract and five examples of it; returns their paths. Raises NotCreatable, and then writes nothing."""
    schema = skeleton(domain, event, owner)
    remarks = list(record_remarks(Named(domain, event, schema)))
    if remarks:
        raise NotCreatable("; ".join(f"{remark.what}: {remark.mend}" for remark in remarks))
    if event in load_catalog(folders.avro) or (folders.examples / event).exists():
        raise NotCreatable(f"there is an event {event}, or examples of it, already")
    contract = folders.avro / domain / f"{event}.avsc"
    files = {contract: schema, **{folders.examples / event / name: found for name, found in _examples(domain, event)}}
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return list(files)


def skeleton(domain: str, event: str, owner: str) -> Json:
    """The schema: the envelope, and a code of the thing the event is about, which is the key."""
    source = _SOURCES.get(domain, _AGENCY)
    return {
        "type": "record",
        "name": camel_case(event),
        "namespace": f"{NAMESPACE}.{domain}",
        "doc": f"Describe what has happened ({event}); one event is one change of one thing.",
        "doc_vi": f"Mô tả việc đã xảy ra ({event}); mỗi sự kiện là một thay đổi của một đối tượng.",
        "owner": owner,
        "key": key_of(event),
        "producers": [source.producer],
        "retention_days": 30,
        "partitions": 1,
        "version": 1,
        "fields": [*_envelope(source), _key_field(key_of(event))],
    }


def key_of(event: str) -> str:
    """`product_listed` is keyed by `product_code`."""
    return f"{event.rpartition('_')[0] or event}_code"


def _envelope(source: Source) -> Iterator[Json]:
    yield _field(
        "event_id",
        {"type": "string", "logicalType": "uuid"},
        "Identity of this event; a repeat of it counts once.",
        "Định danh của sự kiện; gửi lại chỉ tính một lần.",
    )
    moment = {"type": "long", "logicalType": "timestamp-millis"}
    yield _field("occurred_at", moment, "When it happened.", "Thời điểm xảy ra.", unit="UTC ms")
    yield _field("source", "string", source.doc, source.doc_vi, rules={"pattern": source.pattern, "max_length": 60})
    yield _field(
        "synthetic",
        "boolean",
        "True for demonstration or fitted data.",
        "Đúng nếu là dữ liệu minh họa hoặc được dựng lại.",
    )


def _key_field(name: str) -> Json:
    rules = {"pattern": "^[A-Z0-9.-]+$", "max_length": 60}
    return _field(name, "string", "Code of the thing it is about.", "Mã đối tượng của sự kiện.", rules=rules)


def _field(name: str, avro: Any, doc: str, doc_vi: str, **attributes: Any) -> Json:
    return {"name": name, "type": avro, "doc": doc, "doc_vi": doc_vi, **attributes, "personal_data": "none"}


def _examples(domain: str, event: str) -> Iterator[tuple[str, Json]]:
    key = key_of(event)
    good = {**_EVENT, "source": _SOURCES.get(domain, _AGENCY).example, key: "HG-0001"}
    yield "first.accepted.json", good
    yield "later.accepted.json", {**good, "occurred_at": "2021-06-24T09:30:00+07:00", key: "HG-0002"}
    yield f"{key}.pattern.rejected.json", {**good, key: "hg 0001"}
    yield f"{key}.required.rejected.json", {name: value for name, value in good.items() if name != key}
    yield "occurred_at.type.no_offset.rejected.json", {**good, "occurred_at": "2021-06-23T08:00:00"}
