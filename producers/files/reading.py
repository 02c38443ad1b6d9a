"""From the rows of a table to events of a contract: converts cells, and gathers rows that belong to one event."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from producers.files.convert import Converter, converter_for
from producers.files.headers import Header
from producers.files.mapping import FileMapping
from producers.files.problems import Problem, row_problem, unreadable_cell
from producers.files.tables import Row, is_blank
from schemas.contract import Contract, Field
from schemas.fitting import Reason

_HOLE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class _Cell:
    """How one column is read: `inner` is its field's name in the event, or in a record of its list."""

    name: str
    inner: str
    place: int
    field: Field
    convert: Converter


@dataclass(frozen=True)
class Reader:
    """Everything that is decided before the first row is read."""

    contract: Contract
    group_by: tuple[str, ...]
    constants: Mapping[str, Any]
    line_constants: Mapping[str, Mapping[str, Any]]
    templates: Mapping[str, str]
    cells: tuple[_Cell, ...]
    line_cells: Mapping[str, tuple[_Cell, ...]]
    header: Header
    fields: Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class Draft:
    """An event as its rows give it, with what was wrong with them; good if nothing was, and the contract agrees.

    `given`: the event's own fields whose cells are not blank; kept only where rows are gathered.
    """

    rows: list[int]
    event: dict[str, Any]
    problems: list[Problem]
    given: tuple[str, ...] = ()


def make_reader(contract: Contract, mapping: FileMapping, header: Header) -> Reader:
    """The reader of a table with that header; the mapping has been linted."""
    fields = fields_of(contract)
    lists = [child.name for child in contract.children]
    constants = {name: origin.value for name, origin in mapping.fields.items() if origin.value is not None}
    blanks = {
        name: origin.empty
        for name, origin in mapping.fields.items()
        if origin.columns and name not in header.places and origin.empty is not None
    }
    fixed = {**blanks, **constants}
    cells = [
        _Cell(name, name.rpartition(".")[2], place, fields[name], _converter(fields[name], mapping, name))
        for name, place in header.places.items()
    ]
    return Reader(
        contract=contract,
        group_by=mapping.group_by,
        constants={name: value for name, value in fixed.items() if "." not in name},
        line_constants={each: _inside(each, fixed) for each in lists},
        templates={name: origin.template for name, origin in mapping.fields.items() if origin.template is not None},
        cells=tuple(cell for cell in cells if "." not in cell.name),
        line_cells={each: tuple(cell for cell in cells if cell.name.startswith(f"{each}.")) for each in lists},
        header=header,
        fields=fields,
    )


def fields_of(contract: Contract) -> dict[str, Field]:
    """Every field by the name that mappings use: `status`, `lines.quantity`."""
    inner = {f"{child.name}.{field.name}": field for child in contract.children for field in child.fields}
    return {**{field.name: field for field in contract.fields}, **inner}


def read_drafts(reader: Reader, rows: Iterable[Row]) -> Iterator[Draft]:
    """A draft for each row, in their order."""
    return (_draft(reader, row) for row in rows)


def _converter(field: Field, mapping: FileMapping, name: str) -> Converter:
    return converter_for(field, mapping.fields[name], mapping.decimal)


def _inside(each: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name.rpartition(".")[2]: value for name, value in values.items() if name.startswith(f"{each}.")}


def _draft(reader: Reader, row: Row) -> Draft:
    event = dict(reader.constants)
    problems: list[Problem] = []
    _fill(event, reader.cells, row, reader.header, problems)
    for name, cells in reader.line_cells.items():
        line = dict(reader.line_constants[name])
        if any(not is_blank(_cell_at(row, cell.place)) for cell in cells):
            _fill(line, cells, row, reader.header, problems)
            event[name] = [line]
        elif reader.group_by or not cells:
            event[name] = []
    for name, template in reader.templates.items():
        if all(hole in event for hole in _HOLE.findall(template)):
            event[name] = template.format_map(event)
    if len(row.cells) > reader.header.width and not all(map(is_blank, row.cells[reader.header.width :])):
        problems.append(_too_wide(row, reader.header))
    if not reader.group_by:
        return Draft([row.number], event, problems)
    given = tuple(cell.name for cell in reader.cells if not is_blank(_cell_at(row, cell.place)))
    return Draft([row.number], event, problems, given)


def _fill(into: dict[str, Any], cells: Sequence[_Cell], row: Row, header: Header, problems: list[Problem]) -> None:
    given = row.cells
    width = len(given)
    for cell in cells:
        value = cell.convert(given[cell.place] if cell.place < width else None)
        if value.__class__ is Reason:
            title, found = header.titles[cell.name], given[cell.place]
            _tell(unreadable_cell(row.number, title, cell.name, cell.field, found, value), problems)
        elif value is not None:
            into[cell.inner] = value


def _tell(problem: Problem, problems: list[Problem]) -> None:
    """Once, also when two fields are read from the cell."""
    if all((told.column, told.message) != (problem.column, problem.message) for told in problems):
        problems.append(problem)


def _cell_at(row: Row, place: int) -> Any:
    return row.cells[place] if place < len(row.cells) else None


def _too_wide(row: Row, header: Header) -> Problem:
    reason = Reason(
        f"has {len(row.cells)} cells, the header {header.width}; quote text that has the delimiter in it",
        f"có {len(row.cells)} ô, tiêu đề chỉ có {header.width}; hãy đặt trong ngoặc kép chữ có dấu phân cách",
    )
    return row_problem(row.number, "columns", reason, value="")
