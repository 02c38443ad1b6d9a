"""What the page of one contract shows, ready for its template."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from schemas.codec import EventCodec, prepare
from schemas.compatibility import changes
from schemas.contract import Contract, Field
from schemas.example_files import Example
from schemas.site.bilingual import DRAFT, OPTIONAL, PERSONAL_DATA, RELEASED, SEVERITIES, Bilingual, rule_words
from schemas.usage.readers import Readers


@dataclass(frozen=True)
class Fact:
    """A line of the list below the title; `code` for names that are typed somewhere."""

    name: Bilingual
    values: tuple[str, ...]
    code: bool = False


@dataclass(frozen=True)
class Mark:
    """A short label; `kind` gives its colour."""

    kind: str
    text: Bilingual


@dataclass(frozen=True)
class FieldRow:
    """A field; `path` is its anchor in the page."""

    path: str
    name: str
    type: str
    symbols: tuple[str, ...]
    unit: str | None
    marks: tuple[Mark, ...]
    rules: tuple[Bilingual, ...]
    doc: Bilingual


@dataclass(frozen=True)
class ListPart:
    """A list of records and its table."""

    name: str
    table: str
    doc: Bilingual
    fields: tuple[FieldRow, ...]


@dataclass(frozen=True)
class RuleRow:
    """An expectation written by hand."""

    name: str
    severity: Bilingual
    reason: Bilingual


@dataclass(frozen=True)
class AcceptedExample:
    """An event that the contract takes."""

    title: str
    json: str


@dataclass(frozen=True)
class RejectedExample:
    """An event that the contract refuses, and why."""

    field: str
    rule: str
    why: Bilingual


@dataclass(frozen=True)
class FigureRow:
    """A figure of `mart.kpi` and the tables it is made from."""

    key: str
    name: Bilingual
    tables: tuple[str, ...]


@dataclass(frozen=True)
class VersionRow:
    """A version and what it changed."""

    number: int
    state: Bilingual
    changes: tuple[str, ...]


@dataclass(frozen=True)
class ContractView:
    """The whole page."""

    event: str
    domain: str
    topic: str
    owner: str
    doc: Bilingual
    facts: tuple[Fact, ...]
    fields: tuple[FieldRow, ...]
    lists: tuple[ListPart, ...]
    rules: tuple[RuleRow, ...]
    accepted: tuple[AcceptedExample, ...]
    rejected: tuple[RejectedExample, ...]
    marts: tuple[str, ...]
    figures: tuple[FigureRow, ...]
    versions: tuple[VersionRow, ...]


def contract_view(
    contract: Contract, released: Sequence[Contract], examples: Sequence[Example], readers: Readers
) -> ContractView:
    """The page of one contract; `released` are its released versions, oldest first."""
    codec = prepare(contract)
    return ContractView(
        event=contract.event,
        domain=contract.domain,
        topic=contract.topic,
        owner=contract.owner,
        doc=Bilingual(contract.doc, contract.doc_vi),
        facts=tuple(_facts(contract)),
        fields=tuple(_field_row("", field) for field in contract.fields),
        lists=tuple(_lists(contract)),
        rules=tuple(_rules(readers)),
        accepted=tuple(_accepted(each) for each in examples if each.accepted),
        rejected=tuple(_rejected(codec, each) for each in examples if not each.accepted),
        marts=tuple(mart.table for mart in readers.marts),
        figures=tuple(
            FigureRow(each.key, Bilingual(each.name_en, each.name_vi), tuple(sorted(each.tables)))
            for _, each in readers.figures
        ),
        versions=tuple(_versions(contract, released)),
    )


def _facts(contract: Contract) -> Iterator[Fact]:
    event, breaker = contract.event, contract.breaker
    tables = (f"core.{event}", *(f"core.{event}_{child.name}" for child in contract.children))
    stops = (f"{breaker.share:.0%}", f"{breaker.rows} rows / dòng")
    yield Fact(Bilingual("Owner", "Đơn vị phụ trách"), (contract.owner,))
    yield Fact(Bilingual("Producers", "Bên gửi"), contract.producers)
    yield Fact(Bilingual("Tables", "Bảng"), tables, code=True)
    yield Fact(Bilingual("Topic", "Topic"), (contract.topic,), code=True)
    yield Fact(Bilingual("Subject in the registry", "Tên trong kho lược đồ"), (contract.subject,), code=True)
    yield Fact(Bilingual("Key", "Khóa"), (contract.key,), code=True)
    yield Fact(Bilingual("Partitions", "Số phân vùng"), (str(contract.partitions),))
    yield Fact(Bilingual("Days kept in Kafka", "Số ngày lưu trong Kafka"), (str(contract.retention_days),))
    keep = contract.keep
    yield Fact(Bilingual("Days kept in the lake", "Số ngày lưu trong hồ dữ liệu"), _days(keep.lake_days))
    closed = Bilingual("Days closed entries are kept in quarantine", "Số ngày lưu bản ghi cách ly đã xử lý")
    yield Fact(closed, _days(keep.quarantine_days))
    yield Fact(Bilingual("Days kept in core", "Số ngày lưu trong kho"), _days(keep.core_days))
    yield Fact(Bilingual("DAG", "Luồng nạp"), (f"load_{event}",), code=True)
    yield Fact(
        Bilingual("Staging, one a load", "Bảng tạm, mỗi lần nạp một bảng"), (f"staging.{event}__<load_id>",), True
    )
    yield Fact(Bilingual("Suite of expectations", "Bộ kiểm tra"), (f"expectations/{event}.json",), code=True)
    yield Fact(Bilingual("A load stops when bad rows exceed both", "Dừng nạp khi dòng lỗi vượt cả hai mức"), stops)


def _days(term: int | None) -> tuple[str]:
    return ("for good / lâu dài" if term is None else str(term),)


def _field_row(at: str, field: Field) -> FieldRow:
    marks = [Mark("optional", OPTIONAL)] if field.nullable else []
    if field.personal_data in PERSONAL_DATA:
        marks.append(Mark(field.personal_data, PERSONAL_DATA[field.personal_data]))
    return FieldRow(
        path=at + field.name,
        name=field.name,
        type=f"decimal({field.precision},{field.scale})" if field.kind == "decimal" else field.kind,
        symbols=field.symbols,
        unit=field.unit,
        marks=tuple(marks),
        rules=tuple(rule_words(field)),
        doc=Bilingual(field.doc, field.doc_vi),
    )


def _lists(contract: Contract) -> Iterator[ListPart]:
    for child in contract.children:
        rows = tuple(_field_row(f"{child.name}.", field) for field in child.fields)
        yield ListPart(child.name, f"core.{contract.event}_{child.name}", Bilingual(child.doc, child.doc_vi), rows)


def _rules(readers: Readers) -> Iterator[RuleRow]:
    for rule in readers.rules:
        severity = SEVERITIES.get(rule.severity, Bilingual(rule.severity, rule.severity))
        yield RuleRow(rule.rule, severity, Bilingual(rule.reason_en, rule.reason_vi))


def _accepted(example: Example) -> AcceptedExample:
    return AcceptedExample(example.name.replace("_", " "), json.dumps(example.payload, ensure_ascii=False, indent=2))


def _rejected(codec: EventCodec, example: Example) -> RejectedExample:
    found = codec.check(example.payload)
    why = Bilingual("; ".join(each.message for each in found), "; ".join(each.message_vi for each in found))
    return RejectedExample(str(example.field), str(example.rule), why)


def _versions(contract: Contract, released: Sequence[Contract]) -> Iterator[VersionRow]:
    """The newest first."""
    drafts = [] if contract.version in {version.version for version in released} else [contract]
    history = [*released, *drafts]
    for before, after in reversed(list(pairwise(history))):
        found = tuple(str(change) for change in changes(before.schema, after.schema))
        yield VersionRow(after.version, DRAFT if after in drafts else RELEASED, found or ("documentation",))
    yield VersionRow(history[0].version, DRAFT if history[0] in drafts else RELEASED, ("first version / đầu tiên",))
