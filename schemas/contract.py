"""One event's contract: what its `.avsc` file says, parsed into frozen values.

Beside plain Avro a contract carries attributes of our own: on the record `doc_vi`, `owner`, `key`, `producers`,
`retention_days`, `partitions`, `version` and, when they differ from the default, `keep` and `breaker`; on each field
`doc_vi`, `unit`, `personal_data` and `rules`. Avro readers ignore them, so the file is also the schema that is
registered.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from infra.errors import OperatorError

Kind = Literal["uuid", "string", "int", "long", "timestamp", "date", "boolean", "double", "decimal", "enum"]
PersonalData = Literal["none", "basic", "sensitive"]
Json = dict[str, Any]

ENVELOPE = ("event_id", "occurred_at", "source", "synthetic")
NAMESPACE = "vn.hagiang"

_PLAIN: Mapping[str, Kind] = {
    "string": "string",
    "int": "int",
    "long": "long",
    "boolean": "boolean",
    "double": "double",
}
_LOGICAL: Mapping[tuple[str, str], Kind] = {
    ("string", "uuid"): "uuid",
    ("long", "timestamp-millis"): "timestamp",
    ("int", "date"): "date",
    ("bytes", "decimal"): "decimal",
}


class ContractInvalid(OperatorError):
    """The contract file cannot be used: mend the `.avsc` file, then run `hagiang contracts lint`."""


@dataclass(frozen=True)
class Rules:
    """What a value must satisfy beyond its type; `ref` names a reference list that is checked in the warehouse."""

    min: float | None = None
    max: float | None = None
    pattern: str | None = None
    max_length: int | None = None
    ref: str | None = None


@dataclass(frozen=True)
class Field:
    """A flat field: a column of the warehouse."""

    name: str
    kind: Kind
    nullable: bool
    doc: str
    doc_vi: str
    personal_data: PersonalData
    unit: str | None = None
    symbols: tuple[str, ...] = ()
    precision: int | None = None
    scale: int | None = None
    rules: Rules = Rules()


@dataclass(frozen=True)
class ChildList:
    """A field that is a list of records: a child table `<event>_<name>`, one row for each record of the list."""

    name: str
    doc: str
    doc_vi: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Breaker:
    """A load stops before it writes when more than `rows` rows and more than `share` of all its rows fail."""

    share: float = 0.2
    rows: int = 100


@dataclass(frozen=True)
class Keep:
    """How many days after Kafka took a record each store keeps it behind the topic; None keeps it for good.

    `lake_days` is the lake's batches, `quarantine_days` what was closed there, `core_days` rows with their lists.
    """

    lake_days: int | None = None
    quarantine_days: int | None = None
    core_days: int | None = None


@dataclass(frozen=True)
class Contract:
    """`schema` is the whole `.avsc` as JSON, as it is registered."""

    domain: str
    event: str
    doc: str
    doc_vi: str
    owner: str
    key: str
    producers: tuple[str, ...]
    retention_days: int
    partitions: int
    version: int
    breaker: Breaker
    fields: tuple[Field, ...]
    children: tuple[ChildList, ...]
    schema: Json
    keep: Keep = Keep()

    @property
    def topic(self) -> str:
        """Kafka topic: `<domain>.<event>`."""
        return f"{self.domain}.{self.event}"

    @property
    def subject(self) -> str:
        """The registry's subject of the topic's values."""
        return f"{self.topic}-value"

    def field(self, name: str) -> Field:
        """The flat field of that name; raises KeyError."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(f"{self.topic} has no flat field {name}")


def load_contract(path: Path) -> Contract:
    """The contract in `<domain>/<event>.avsc`; raises ContractInvalid that names the file and what is wrong."""
    try:
        schema = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise ContractInvalid(f"{path}: not JSON: {error}") from error
    try:
        return parse_contract(schema, domain=path.parent.name, event=path.stem)
    except KeyError as error:
        raise ContractInvalid(f"{path}: the attribute {error} is missing") from error
    except ContractInvalid as error:
        raise ContractInvalid(f"{path}: {error.found}") from error


def parse_contract(schema: Json, *, domain: str, event: str) -> Contract:
    """The contract that `schema` describes; raises ContractInvalid or KeyError (a missing attribute)."""
    if schema.get("name") != camel_case(event) or schema.get("namespace") != f"{NAMESPACE}.{domain}":
        raise ContractInvalid(f"must be the record {NAMESPACE}.{domain}.{camel_case(event)}, after its folder and file")
    enums = _enums(schema["fields"])
    flat = tuple(parse_field(f, enums) for f in schema["fields"] if not _is_list(f["type"]))
    lists = tuple(_parse_list(f, enums) for f in schema["fields"] if _is_list(f["type"]))
    if tuple(f["name"] for f in schema["fields"][:4]) != ENVELOPE:
        raise ContractInvalid(f"must begin with the envelope {', '.join(ENVELOPE)}")
    if schema["key"] not in {f.name for f in flat if not f.nullable}:
        raise ContractInvalid(f"its key {schema['key']} is not one of its fields that are never null")
    return Contract(
        domain=domain,
        event=event,
        doc=schema["doc"],
        doc_vi=schema["doc_vi"],
        owner=schema["owner"],
        key=schema["key"],
        producers=tuple(schema["producers"]),
        retention_days=schema["retention_days"],
        partitions=schema["partitions"],
        version=schema["version"],
        breaker=Breaker(**schema.get("breaker", {})),
        fields=flat,
        children=lists,
        schema=schema,
        keep=Keep(**schema.get("keep", {})),
    )


def camel_case(event: str) -> str:
    """Record name of an event: `order_status_changed` gives `OrderStatusChanged`."""
    return "".join(part.capitalize() for part in event.split("_"))


def _enums(fields: list[Json]) -> dict[str, Json]:
    """The enums these fields define, by name: Avro lets a later field refer to one by its name alone."""
    defined: dict[str, Json] = {}
    for field in fields:
        avro = field["type"]
        for branch in avro if isinstance(avro, list) else [avro]:
            if isinstance(branch, dict) and branch.get("type") == "enum":
                defined[branch["name"]] = branch
    return defined


def parse_field(field: Json, enums: Mapping[str, Json]) -> Field:
    """A flat field; raises ContractInvalid when its type is none of those a column can hold."""
    avro, nullable = _unwrap_null(field)
    avro = enums.get(avro, avro) if isinstance(avro, str) else avro
    kind = _kind_of(field["name"], avro)
    rules = field.get("rules", {})
    unknown = set(rules) - set(Rules.__dataclass_fields__)
    if unknown:
        raise ContractInvalid(f"{field['name']}: unknown rules {sorted(unknown)}")
    return Field(
        name=field["name"],
        kind=kind,
        nullable=nullable,
        doc=field["doc"],
        doc_vi=field["doc_vi"],
        personal_data=field["personal_data"],
        unit=field.get("unit"),
        symbols=tuple(avro["symbols"]) if kind == "enum" else (),
        precision=avro["precision"] if kind == "decimal" else None,
        scale=avro.get("scale", 0) if kind == "decimal" else None,
        rules=Rules(**rules),
    )


def _unwrap_null(field: Json) -> tuple[Any, bool]:
    avro = field["type"]
    if not isinstance(avro, list):
        return avro, False
    if len(avro) != 2 or avro[0] != "null" or field.get("default", ...) is not None:
        raise ContractInvalid(f"{field['name']}: a union must be [null, type] with the default null")
    return avro[1], True


def _kind_of(name: str, avro: Any) -> Kind:
    if isinstance(avro, str) and avro in _PLAIN:
        return _PLAIN[avro]
    if isinstance(avro, dict) and avro.get("type") == "enum":
        return "enum"
    if isinstance(avro, dict) and (avro.get("type"), avro.get("logicalType")) in _LOGICAL:
        return _LOGICAL[avro["type"], avro["logicalType"]]
    raise ContractInvalid(f"{name}: the type {json.dumps(avro)} has no column type; see schemas/contract.py")


def _is_list(avro: Any) -> bool:
    return isinstance(avro, dict) and avro.get("type") == "array"


def _parse_list(field: Json, enums: Mapping[str, Json]) -> ChildList:
    items = field["type"]["items"]
    if not isinstance(items, dict) or items.get("type") != "record":
        raise ContractInvalid(f"{field['name']}: a list must hold records")
    known = {**enums, **_enums(items["fields"])}
    columns = tuple(parse_field(f, known) for f in items["fields"])
    return ChildList(name=field["name"], doc=field["doc"], doc_vi=field["doc_vi"], fields=columns)
