"""A contract as a Markdown page, English and Vietnamese side by side."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from schemas.catalog import contract_named, load_catalog
from schemas.codec import prepare
from schemas.compatibility import changes
from schemas.contract import ChildList, Contract, Field, Keep
from schemas.example_files import Example, load_examples
from schemas.folders import ContractFolders
from schemas.rules import Violation
from schemas.versions import load_released

_PERSONAL_DATA = {"none": "none / không", "basic": "basic / cơ bản", "sensitive": "sensitive / nhạy cảm"}
_LISTS = {
    "admin_unit": "administrative units / đơn vị hành chính",
    "agency": "agencies / cơ quan",
    "procedure": "procedures / thủ tục hành chính",
    "product": "products / sản phẩm",
}


def pages_of(folders: ContractFolders, event: str | None) -> dict[str, str]:
    """The page of one event's contract, or the pages of all and their index, by file name; raises UnknownEvent."""
    catalog, released = load_catalog(folders.avro), load_released(folders.released)
    examples = load_examples(folders.examples)
    chosen = [contract_named(catalog, event)] if event else list(catalog.values())
    index = {} if event else {"README.md": index_page(chosen)}
    return index | {
        f"{each.event}.md": contract_page(each, released.get(each.event, ()), examples.get(each.event, ()))
        for each in chosen
    }


def contract_page(contract: Contract, released: Sequence[Contract], examples: Sequence[Example]) -> str:
    """The whole page of one contract; `released` are its released versions, oldest first."""
    parts = [
        f"# {contract.topic}",
        f"{contract.doc}\n\n*{contract.doc_vi}*",
        "\n".join(_facts(contract)),
        "## Fields / Các trường",
        _field_table(contract.fields),
        *(part for child in contract.children for part in _child_part(contract, child)),
        *_example_parts(contract, examples),
        "## Versions / Các phiên bản",
        "\n".join(_versions(contract, released)),
    ]
    return "\n\n".join(parts) + "\n"


def index_page(contracts: Sequence[Contract]) -> str:
    """The page that lists the pages of all contracts."""
    rows = [f"| [{each.topic}]({each.event}.md) | {each.doc} | *{each.doc_vi}* | {each.owner} |" for each in contracts]
    head = "| Event / Sự kiện | Meaning | Ý nghĩa | Owner / Đơn vị phụ trách |\n|---|---|---|---|"
    return "# Contracts / Hợp đồng dữ liệu\n\n" + "\n".join([head, *rows]) + "\n"


def _facts(contract: Contract) -> Iterator[str]:
    share, rows = contract.breaker.share, contract.breaker.rows
    yield "| | |"
    yield "|---|---|"
    yield f"| Owner / Đơn vị phụ trách | {contract.owner} |"
    yield f"| Producers / Bên gửi | {', '.join(contract.producers)} |"
    yield f"| Topic, subject | `{contract.topic}`, `{contract.subject}` |"
    yield f"| Key / Khóa | `{contract.key}` |"
    yield f"| Partitions / Số phân vùng | {contract.partitions} |"
    yield f"| Kept in Kafka / Lưu trong Kafka | {contract.retention_days} days / ngày |"
    for store, days in kept_behind(contract.keep):
        yield f"| {store} | {days} |"
    yield f"| A load stops above / Dừng nạp khi vượt | {share:.0%} and {rows} bad rows / và {rows} dòng lỗi |"
    yield f"| Version / Phiên bản | {contract.version} |"


def kept_behind(keep: Keep) -> Iterator[tuple[str, str]]:
    """Each store behind the topic and how long it keeps a record, in both languages."""
    terms = (
        ("Kept in the lake / Lưu trong hồ dữ liệu", keep.lake_days),
        ("Closed entries of the quarantine kept / Lưu bản ghi cách ly đã xử lý", keep.quarantine_days),
        ("Kept in core / Lưu trong kho", keep.core_days),
    )
    yield from ((store, "for good / lâu dài" if days is None else f"{days} days / ngày") for store, days in terms)


def _field_table(fields: Sequence[Field]) -> str:
    head = (
        "| Field / Trường | Type / Kiểu | Required / Bắt buộc | Rules / Quy tắc | Unit / Đơn vị "
        "| Personal data / Dữ liệu cá nhân | Meaning / Ý nghĩa |"
    )
    return "\n".join([head, "|---|---|---|---|---|---|---|", *map(_field_row, fields)])


def _field_row(field: Field) -> str:
    cells = (
        f"`{field.name}`",
        _type_words(field),
        "no / không" if field.nullable else "yes / có",
        "<br>".join(_rule_words(field)),
        field.unit or "",
        _PERSONAL_DATA[field.personal_data],
        f"{field.doc}<br>*{field.doc_vi}*",
    )
    return f"| {' | '.join(_cell(cell) for cell in cells)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _prose(text: str) -> str:
    """Text that may hold patterns and values, so that Markdown shows every character of it."""
    return re.sub(r"([\\`*_{}\[\]<>|])", r"\\\1", text).replace("\n", " ")


def _type_words(field: Field) -> str:
    if field.kind == "enum":
        return "one of / một trong: " + ", ".join(f"`{symbol}`" for symbol in field.symbols)
    if field.kind == "decimal":
        return f"decimal({field.precision},{field.scale})"
    return field.kind


def _rule_words(field: Field) -> Iterator[str]:
    rules = field.rules
    if rules.min is not None:
        yield f"≥ {rules.min}"
    if rules.max is not None:
        yield f"≤ {rules.max}"
    if rules.max_length is not None:
        yield f"at most / không quá {rules.max_length} characters / ký tự"
    if rules.pattern is not None:
        yield f"`{rules.pattern}`"
    if rules.ref is not None:
        yield f"in the list of / thuộc danh mục {_LISTS.get(rules.ref, rules.ref)}"


def _child_part(contract: Contract, child: ChildList) -> Iterator[str]:
    yield f"## List / Danh sách `{child.name}`"
    yield f"{child.doc}\n\n*{child.doc_vi}*"
    yield f"Table / Bảng `core.{contract.event}_{child.name}`, one row a record / mỗi bản ghi một dòng."
    yield _field_table(child.fields)


def _example_parts(contract: Contract, examples: Sequence[Example]) -> Iterator[str]:
    codec = prepare(contract)
    yield "## Examples / Ví dụ"
    for example in examples:
        if example.accepted:
            yield f"Accepted / Hợp lệ: {example.name.replace('_', ' ')}"
            yield f"```json\n{json.dumps(example.payload, ensure_ascii=False, indent=2)}\n```"
    rejected = [example for example in examples if not example.accepted]
    if rejected:
        head = "| Rejected / Bị từ chối | Why | Lý do |\n|---|---|---|"
        yield "\n".join([head, *(_rejected_row(example, codec.check(example.payload)) for example in rejected)])


def _rejected_row(example: Example, violations: Sequence[Violation]) -> str:
    why = _prose("; ".join(each.message for each in violations))
    why_vi = _prose("; ".join(each.message_vi for each in violations))
    return f"| `{example.name}` | {why} | {why_vi} |"


def _versions(contract: Contract, released: Sequence[Contract]) -> Iterator[str]:
    history = [*released]
    if contract.version not in {version.version for version in released}:
        history.append(contract)
    yield "| Version / Phiên bản | State / Trạng thái | Changes / Thay đổi |"
    yield "|---|---|---|"
    yield _version_row(history[0], released, "first version / phiên bản đầu tiên")
    for before, after in pairwise(history):
        found = "<br>".join(_prose(str(change)) for change in changes(before.schema, after.schema))
        yield _version_row(after, released, found or "documentation / tài liệu")


def _version_row(version: Contract, released: Sequence[Contract], what: str) -> str:
    state = "released / đã phát hành" if version in released else "draft / dự thảo"
    return f"| {version.version} | {state} | {what} |"
