"""A mapping: which column of a file becomes which field of an event. One TOML file, read strictly.

    event = "tourism_visit_reported"
    ignore = ["STT"]

    [fields.visitor_kind]
    column = ["Loại khách", "Đối tượng khách"]
    values = { "trong nước" = "domestic", "quốc tế" = "international" }

producers/files/README.md describes every key.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Any

from infra.errors import OperatorError
from producers.files.encodings import ENCODINGS
from schemas.findings import nearest

SHIPPED = Path(__file__).parent / "mappings"
_KEYS = ("event", "encoding", "delimiter", "sheet", "decimal", "ignore", "group_by", "fields")
_FIELD_KEYS = ("column", "value", "template", "values", "empty", "at")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}")


class MappingInvalid(OperatorError):
    """The mapping file cannot be used: mend what is named; producers/files/README.md describes every key."""


@dataclass(frozen=True)
class Origin:
    """Where a field's value comes from: a column (the first of these headers that the file has), a constant `value`,
    or a `template` over other fields.

    `values` translates cells, `empty` stands for a blank one, `at` is the local time of a day without one.
    """

    columns: tuple[str, ...] = ()
    value: Any = None
    template: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    empty: Any = None
    at: time = time(0)


@dataclass(frozen=True)
class FileMapping:
    """`fields` by name, `lines.quantity` for a field of a list's records.

    Consecutive rows with the same `group_by` fields are one event. `decimal` is the sign before the decimals.
    """

    path: Path
    text: str
    event: str
    fields: Mapping[str, Origin]
    ignore: tuple[str, ...] = ()
    group_by: tuple[str, ...] = ()
    decimal: str = ","
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.path.stem

    def line_of(self, name: str) -> int:
        """The line of the mapping file that tells of a field; 1 when none does."""
        wanted = re.compile(rf"""^[ \t]*\[?fields\.["']?{re.escape(name)}["']?[\s\].=]""", re.MULTILINE)
        found = wanted.search(self.text)
        return self.text.count("\n", 0, found.start()) + 1 if found else 1


def mappings_folder(environ: Mapping[str, str]) -> Path | None:
    """HAGIANG_MAPPINGS: a folder with mappings of one's own, looked through before those shipped."""
    named = environ.get("HAGIANG_MAPPINGS")
    return Path(named) if named else None


def find_mapping(name: str, folder: Path | None = None) -> FileMapping:
    """The mapping of that path, or of that name in `folder` or among those shipped; raises MappingInvalid."""
    if Path(name).suffix == ".toml":
        return load_mapping(Path(name))
    folders = [one for one in (folder, SHIPPED) if one is not None]
    known = sorted({path.stem for one in folders for path in one.glob("*.toml")})
    for one in folders:
        if _NAME.fullmatch(name) and (one / f"{name}.toml").is_file():
            return load_mapping(one / f"{name}.toml")
    raise MappingInvalid(f"there is no mapping {name}; {nearest(name, known)}")


def load_mapping(path: Path) -> FileMapping:
    """The mapping in a file; raises MappingInvalid that names the file and what is wrong."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        return parse_mapping(text, path)
    except OSError as error:
        raise MappingInvalid(f"{path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingInvalid(f"{path}: not TOML in UTF-8: {error}") from error


def parse_mapping(text: str, path: Path) -> FileMapping:
    """The mapping that a TOML text describes; raises MappingInvalid or tomllib.TOMLDecodeError."""
    given = tomllib.loads(text)
    _known(given, _KEYS, path, "")
    if not isinstance(given.get("event"), str) or not isinstance(given.get("fields"), dict):
        raise MappingInvalid(f'{path}: needs `event = "..."` and a table [fields.<name>] for each field')
    decimal = given.get("decimal", ",")
    encoding = given.get("encoding")
    if decimal not in (",", "."):
        raise MappingInvalid(f'{path}: decimal must be "," or ".", is {decimal!r}')
    if encoding is not None and encoding not in ENCODINGS:
        raise MappingInvalid(f"{path}: encoding {encoding!r} is unknown. {nearest(str(encoding), list(ENCODINGS))}")
    return FileMapping(
        path=path,
        text=text,
        event=given["event"],
        fields=dict(_origins(given["fields"], path)),
        ignore=tuple(given.get("ignore", ())),
        group_by=tuple(given.get("group_by", ())),
        decimal=decimal,
        encoding=encoding,
        delimiter=given.get("delimiter"),
        sheet=given.get("sheet"),
    )


def _origins(fields: Mapping[str, Any], path: Path) -> Iterator[tuple[str, Origin]]:
    for name, given in fields.items():
        if not isinstance(given, dict):
            raise MappingInvalid(f"{path}: [fields.{name}] must be a table with column, value or template")
        if given and not {"column", "value", "template"} & given.keys() and _all_tables(given):
            yield from ((f"{name}.{inner}", _origin(each, f"{name}.{inner}", path)) for inner, each in given.items())
        else:
            yield name, _origin(given, name, path)


def _all_tables(given: Mapping[str, Any]) -> bool:
    return all(isinstance(each, dict) for each in given.values())


def _origin(given: Mapping[str, Any], name: str, path: Path) -> Origin:
    _known(given, _FIELD_KEYS, path, f"[fields.{name}] ")
    if sum(key in given for key in ("column", "value", "template")) != 1:
        raise MappingInvalid(f"{path}: [fields.{name}] needs exactly one of column, value, template")
    columns = given.get("column", ())
    return Origin(
        columns=(columns,) if isinstance(columns, str) else tuple(columns),
        value=given.get("value"),
        template=given.get("template"),
        values=dict(given.get("values", {})),
        empty=given.get("empty"),
        at=_time(given.get("at", "00:00"), name, path),
    )


def _time(text: Any, name: str, path: Path) -> time:
    try:
        return time.fromisoformat(str(text))
    except ValueError as error:
        raise MappingInvalid(f'{path}: [fields.{name}] at must be a time such as "12:00", is {text!r}') from error


def _known(given: Mapping[str, Any], known: Collection[str], path: Path, where: str) -> None:
    for key in given:
        if key not in known:
            raise MappingInvalid(f"{path}: {where}the key {key} is unknown. {nearest(key, known)}")
