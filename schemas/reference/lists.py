"""Reads the reference lists (CSV beside this module) into frozen records.

Origin: the administrative units are facts (see THIRD_PARTY_NOTICES.md). The code `H22` and the names of the provincial
agencies are facts too; the codes below `H22` and all of procedures.csv are invented, and marked `synthetic`.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar

from infra.errors import OperatorError

FOLDER = Path(__file__).parent

UnitKind = Literal["tinh", "thanh_pho", "huyen", "phuong", "thi_tran", "xa"]
Change = Literal["merged_whole", "unchanged", "split_part_main", "split_part_other", "abolished"]
Level = Literal["province", "district", "commune"]


class ReferenceInvalid(OperatorError):
    """A reference list cannot be read: restore the file from the repository, or mend the row that is named."""


@dataclass(frozen=True)
class AdminUnit:
    """An administrative unit. Codes of 2021 and 2025 overlap with another meaning: a unit is (code, valid from)."""

    code: str
    name: str
    kind: UnitKind
    parent_code: str


@dataclass(frozen=True)
class NewAdminUnit(AdminUnit):
    """A unit of Tuyên Quang since 2025-07-01; `from_ha_giang` is `yes`, `no` or, for the province, `partly`."""

    from_ha_giang: Literal["yes", "no", "partly"]


@dataclass(frozen=True)
class AdminUnitChange:
    """What became of a unit; `new_code` is empty for an abolished one. A split unit has a row for each part."""

    old_code: str
    new_code: str
    effective_date: date
    kind_of_change: Change


@dataclass(frozen=True)
class Agency:
    """An agency; `code` is in the order of Decision 20/2020, the province first: `H22.26.04`."""

    code: str
    name_vi: str
    name_en: str
    level: Level
    parent_code: str
    admin_unit_code: str
    valid_from: date
    synthetic: bool


@dataclass(frozen=True)
class Procedure:
    """An administrative procedure; `authority` decides it, `online_level` is 2 to 4 as of Decree 43/2011."""

    code: str
    name_vi: str
    field: str
    authority: Level
    online_level: int
    fee_vnd: int
    legal_days: int
    synthetic: bool


Row = TypeVar("Row")


def admin_units_2021(folder: Path = FOLDER) -> list[AdminUnit]:
    """The province, its 11 districts and 193 communes, as of 2020-01-01 to 2025-06-30."""
    return list(read_list(folder / "admin_units_2021.csv", AdminUnit))


def admin_units_2025(folder: Path = FOLDER) -> list[NewAdminUnit]:
    """The merged province and its 124 communes, as of 2025-07-01."""
    return list(read_list(folder / "admin_units_2025.csv", NewAdminUnit))


def admin_unit_changes_2025(folder: Path = FOLDER) -> list[AdminUnitChange]:
    """What became of each unit of 2021 on 2025-07-01."""
    return list(read_list(folder / "admin_unit_changes_2025.csv", AdminUnitChange))


def agencies(folder: Path = FOLDER) -> list[Agency]:
    """The province's committee, 21 provincial bodies, 11 district and 193 commune committees."""
    return list(read_list(folder / "agencies.csv", Agency))


def procedures(folder: Path = FOLDER) -> list[Procedure]:
    """The procedures, by code."""
    return list(read_list(folder / "procedures.csv", Procedure))


def read_list(path: Path, row: type[Row]) -> Iterator[Row]:
    """The rows of a CSV file whose header is exactly the record's fields; raises ReferenceInvalid."""
    names = [field.name for field in fields(row)]  # type: ignore[arg-type]
    readers = [_READERS.get(str(field.type), str) for field in fields(row)]  # type: ignore[arg-type]
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        if next(lines, None) != names:
            raise ReferenceInvalid(f"{path}: its header must be {','.join(names)}")
        for values in lines:
            try:
                yield row(*(read(value) for read, value in zip(readers, values, strict=True)))
            except ValueError as error:
                raise ReferenceInvalid(f"{path}, line {lines.line_num}: {error}") from error


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f"{text!r} is neither true nor false")
    return text == "true"


_READERS: dict[str, Callable[[str], Any]] = {"int": int, "bool": _boolean, "date": date.fromisoformat}
