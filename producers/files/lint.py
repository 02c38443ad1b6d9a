"""Holds a mapping to its contract before a row is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from producers.files.headers import Header
from producers.files.mapping import FileMapping, Origin
from producers.files.reading import fields_of
from producers.files.refusal import FileRefused
from producers.files.spelling import folded
from schemas.contract import Contract, Field
from schemas.findings import Finding, nearest
from schemas.fitting import Reason, fit_for
from schemas.rules import checks_of, show

_HOLE = re.compile(r"\{(\w+)\}")
_BRACES = re.compile(r"[{}]")


def lint_mapping(mapping: FileMapping, contract: Contract) -> list[Finding]:
    """Everything that is wrong with the mapping, whatever the file; empty when it can be used."""
    fields = fields_of(contract)
    found = [*_unknown(mapping, contract, fields), *_missing(mapping, contract), *_grouping(mapping, contract, fields)]
    for name, origin in mapping.fields.items():
        if name in fields:
            found += [_finding(mapping, name, *each) for each in _values(fields[name], origin)]
            found += [_finding(mapping, name, *each) for each in _template(origin, mapping)]
    return found


def refuse_unmapped(mapping: FileMapping, contract: Contract, header: Header, name: str) -> None:
    """Raises FileRefused when the file lacks a column that a field needs."""
    fields = fields_of(contract)
    lacking = [
        f"{origin.columns[0]} ({field})"
        for field, origin in mapping.fields.items()
        if origin.columns and field not in header.places and origin.empty is None and not fields[field].nullable
    ]
    if lacking:
        found = f"; unused are {', '.join(header.unused)}" if header.unused else ""
        found_vi = f"; cột chưa dùng: {', '.join(header.unused)}" if header.unused else ""
        raise FileRefused(
            f"{name}, header in row {header.row}: no column {', '.join(lacking)}{found}; "
            f"add it, or name the file's header in {mapping.path.name}",
            f"{name}, tiêu đề ở dòng {header.row}: thiếu cột {', '.join(lacking)}{found_vi}; "
            f"hãy thêm cột, hoặc ghi tên cột của tệp vào {mapping.path.name}",
        )


def _finding(mapping: FileMapping, where: str, what: str, mend: str) -> Finding:
    return Finding(mapping.path, where, what, mend, mapping.line_of(where))


def _unknown(mapping: FileMapping, contract: Contract, fields: Mapping[str, Field]) -> Iterator[Finding]:
    for name in mapping.fields:
        if name not in fields:
            what = f"is no field of {contract.topic} / không phải trường của {contract.topic}"
            yield _finding(mapping, name, what, nearest(name, list(fields)))


def _missing(mapping: FileMapping, contract: Contract) -> Iterator[Finding]:
    """A field that may not be null needs an origin, or a default in the contract."""
    defaults = {field["name"] for field in contract.schema["fields"] if "default" in field}
    wanted = [field.name for field in contract.fields if field.name not in defaults and field.name != "event_id"]
    for child in contract.children:
        if any(name.startswith(f"{child.name}.") for name in mapping.fields):
            wanted += [f"{child.name}.{field.name}" for field in child.fields if not field.nullable]
    for name in wanted:
        if name not in mapping.fields:
            what = "is required by the contract and not mapped / hợp đồng dữ liệu bắt buộc nhưng chưa có ánh xạ"
            yield _finding(mapping, name, what, f"Add [fields.{name}] with column, value or template")


def _grouping(mapping: FileMapping, contract: Contract, fields: Mapping[str, Field]) -> Iterator[Finding]:
    flat = [name for name in fields if "." not in name]
    for name in mapping.group_by:
        if name not in flat or not mapping.fields.get(name, Origin()).columns:
            what = f"group_by names {name}, which no column gives / group_by: không có cột nào cho {name}"
            yield _finding(mapping, "", what, f"Name fields of {contract.event} that have a column")


def _values(field: Field, origin: Origin) -> Iterator[tuple[str, str]]:
    """Constants and translations must be what the contract takes."""
    given = [("value", origin.value), ("empty", origin.empty), *((f"values.{k}", v) for k, v in origin.values.items())]
    for key, value in given:
        reason = _refusal(field, value)
        if reason is not None:
            yield f"{key} {reason.en}, is {show(value)} / {reason.vi}", "Write a value that the contract takes"
    words: dict[str, Any] = {}
    for word, value in origin.values.items():
        if words.setdefault(folded(word), value) != value:
            what = f"values has {word} twice, apart from case and marks / từ {word} bị lặp nếu không kể dấu"
            yield what, "Keep one of them"


def _refusal(field: Field, value: Any) -> Reason | None:
    if value is None:
        return None
    typed = fit_for(field)(value)
    if isinstance(typed, Reason):
        return typed
    return next((check.reason for check in checks_of(field) if check.breaks(typed)), None)


def _template(origin: Origin, mapping: FileMapping) -> Iterator[tuple[str, str]]:
    if origin.template is None:
        return
    holes = _HOLE.findall(origin.template)
    if _BRACES.search(_HOLE.sub("", origin.template)) or not holes:
        yield "the template is not understood / mẫu không hợp lệ", "Write it as in `voso:{shop_id}`"
    for hole in holes:
        source = mapping.fields.get(hole)
        if source is None or source.template is not None:
            yield f"the template needs {hole}, which is not mapped / mẫu cần {hole}", f"Add [fields.{hole}]"
