"""Finds the header row of a table and the place of each column that a mapping names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice

from producers.files.mapping import FileMapping
from producers.files.refusal import FileRefused
from producers.files.spelling import folded
from producers.files.tables import Row, Table, is_blank

LOOKED_THROUGH = 30  # title lines of a report stand above its header
LONGEST_TITLE = 200


@dataclass(frozen=True)
class Header:
    """`places`: position of each field's column; `titles`: what the file calls it; `unused`: columns nobody takes."""

    row: int
    width: int
    places: Mapping[str, int]
    titles: Mapping[str, str]
    unused: tuple[str, ...]


def find_header(table: Table, mapping: FileMapping) -> tuple[Header, Iterator[Row]]:
    """The row with most of the mapping's columns among the first 30, and the rows below it; raises FileRefused."""
    first = list(islice(table.rows, LOOKED_THROUGH))
    if not first:
        raise FileRefused(f"{table.name}: has no rows", f"{table.name}: không có dòng dữ liệu nào")
    tried = [_read(row, mapping) for row in first]
    best = max(range(len(first)), key=lambda place: len(tried[place].places))
    if not tried[best].places:
        raise _no_header(table.name, first[0], mapping)
    _refuse_doubled(first[best], mapping, table.name)
    return tried[best], chain(first[best + 1 :], table.rows)


def _no_header(name: str, row: Row, mapping: FileMapping) -> FileRefused:
    wanted = ", ".join(dict.fromkeys(origin.columns[0] for origin in mapping.fields.values() if origin.columns))
    found = ", ".join(str(cell) for cell in row.cells[:20] if not is_blank(cell))[:LONGEST_TITLE]
    return FileRefused(
        f"{name}: none of the first {LOOKED_THROUGH} rows is a header with the columns {wanted}; "
        f"row {row.number} is {found}",
        f"{name}: không thấy dòng tiêu đề có các cột {wanted}; dòng {row.number} là {found}",
    )


def _read(row: Row, mapping: FileMapping) -> Header:
    titles = _titles(row)
    alike = list(map(folded, titles))
    found = {field: _places_of(origin.columns, titles, alike) for field, origin in mapping.fields.items()}
    places = {field: of_field[0] for field, of_field in found.items() if of_field}
    passed_over = {
        *places.values(),
        *(place for title in mapping.ignore for place in _places_of([title], titles, alike)),
    }
    unused = [title for place, title in enumerate(titles) if title and place not in passed_over]
    named = {field: titles[place] for field, place in places.items()}
    return Header(row.number, len(titles), places, named, tuple(unused))


def _titles(row: Row) -> list[str]:
    return ["" if is_blank(cell) else " ".join(str(cell)[:LONGEST_TITLE].split()) for cell in row.cells]


def _places_of(wanted: Sequence[str], titles: Sequence[str], alike: Sequence[str]) -> list[int]:
    """The column as it is spelt, else those that differ in case, spaces and marks alone (`alike`: titles, folded)."""
    for title in wanted:
        plain = _folded_title(title)
        found = _all_places(title, titles) or _all_places(plain, alike)
        if found:
            return found
    return []


def _all_places(title: str, titles: Sequence[str]) -> list[int]:
    return [place for place, have in enumerate(titles) if have == title] if title in titles else []


@lru_cache(maxsize=1_024)
def _folded_title(title: str) -> str:
    return folded(title)


def _refuse_doubled(row: Row, mapping: FileMapping, name: str) -> None:
    titles = _titles(row)
    alike = list(map(folded, titles))
    for origin in mapping.fields.values():
        places = _places_of(origin.columns, titles, alike)
        if len(places) > 1:
            title = titles[places[0]]
            raise FileRefused(
                f"{name}: the column {title} is there {len(places)} times; rename or remove one",
                f"{name}: cột {title} xuất hiện {len(places)} lần; hãy đổi tên hoặc xóa bớt",
            )
