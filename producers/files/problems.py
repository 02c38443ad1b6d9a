"""What is wrong with a row, for the person who mends the file."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from schemas.contract import Field
from schemas.fitting import Reason
from schemas.rules import HIDDEN, Violation, show

_IN_LIST = re.compile(r"^(\w+)\[(\d+)\]")
TitleOf = Callable[[str], str]
"""The file's title of a field's column; empty for a field without one."""


@dataclass(frozen=True, slots=True)
class Problem:
    """`column` is the file's title; empty when the value comes from no column. `value` is hidden if it is personal."""

    row: int
    column: str
    field: str
    rule: str
    value: str
    message: str
    message_vi: str


def unreadable_cell(row: int, title: str, name: str, field: Field, cell: Any, reason: Reason) -> Problem:
    """A cell that its converter gave a Reason for."""
    rule = "enum" if field.kind == "enum" else "type"
    shown = HIDDEN if field.personal_data != "none" else show(cell)
    return Problem(row, title, name, rule, shown, f"{reason.en}, is {shown}", f"{reason.vi}, đang là {shown}")


def broken_rule(violation: Violation, rows: list[int], title_of: TitleOf, hint: Reason | None) -> Problem:
    """A violation of the contract, brought back to the row and column it came from."""
    inside = _IN_LIST.match(violation.field)
    row = rows[int(inside[2])] if inside else rows[0]
    name = _IN_LIST.sub(r"\1", violation.field)
    title = title_of(name)
    at = f" ({hint.en})" if hint else ""
    at_vi = f" ({hint.vi})" if hint else ""
    return Problem(
        row,
        title,
        name,
        violation.rule,
        violation.value,
        f"{violation.message}{at}",
        f"{violation.message_vi}{at_vi}",
    )


def row_problem(row: int, rule: str, reason: Reason, column: str = "", value: str = "") -> Problem:
    """Something that is wrong with the row as a whole."""
    return Problem(row, column, "", rule, value, reason.en, reason.vi)


def lost_zeros(field: Field, value: Any) -> Reason | None:
    """A hint for digits that would fit the field's pattern with zeros in front: Excel drops these."""
    pattern = field.rules.pattern
    if pattern is None or field.personal_data != "none" or not isinstance(value, str) or not value.isascii():
        return None
    if not value.isdecimal():
        return None
    for width in range(len(value) + 1, len(value) + 8):
        if re.fullmatch(pattern, value.zfill(width), re.ASCII):
            full = value.zfill(width)
            return Reason(
                f"leading zeros are lost, {full} is probably meant; format the column as Text",
                f"mất số 0 ở đầu, có thể là {full}; hãy định dạng cột là Text",
            )
    return None
