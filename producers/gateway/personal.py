"""Personal numbers that a client sends in clear are turned into pseudonyms before anything else sees them.

In JSON a pseudonym's field may hold `{"clear": "<the number>"}` in place of the pseudonym itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from producers.gateway.problems import about
from producers.pseudonyms import Pseudonyms, canonical, purpose_of
from schemas.codec import EventInvalid
from schemas.contract import Contract, Field
from schemas.pseudonym_fields import is_pseudonym
from schemas.rules import HIDDEN

CLEAR = "clear"
LONGEST = 200


class Pseudonymiser:
    """Knows the pseudonyms' fields of one contract."""

    def __init__(self, contract: Contract, keys: Pseudonyms) -> None:
        self._keys = keys
        self._fields = _purposes(contract.fields)
        found = {child.name: _purposes(child.fields) for child in contract.children}
        self._lists = {name: purposes for name, purposes in found.items() if purposes}

    def hide(self, event: Any) -> Any:
        """The event with pseudonyms for numbers in clear; raises EventInvalid for a number that is none."""
        if not isinstance(event, dict):
            return event
        hidden = self._hide(event, self._fields, "")
        for name, purposes in self._lists.items():
            items = hidden.get(name)
            if isinstance(items, list):
                hidden = {
                    **hidden,
                    name: [self._hide_item(item, purposes, f"{name}[{n}].") for n, item in enumerate(items)],
                }
        return hidden

    def _hide_item(self, item: Any, purposes: Mapping[str, str], at: str) -> Any:
        return self._hide(item, purposes, at) if isinstance(item, dict) else item

    def _hide(self, record: dict[str, Any], purposes: Mapping[str, str], at: str) -> dict[str, Any]:
        for name, purpose in purposes.items():
            value = record.get(name)
            if isinstance(value, dict):
                record = {**record, name: self._keys.pseudonym(purpose, _number_in(value, at + name))}
        return record


def _purposes(fields: tuple[Field, ...]) -> dict[str, str]:
    return {field.name: purpose_of(field.name) for field in fields if is_pseudonym(field)}


def _number_in(value: Mapping[str, Any], at: str) -> str:
    number = value.get(CLEAR)
    if len(value) == 1 and isinstance(number, str) and len(number) <= LONGEST and canonical(number):
        return number
    told = f'must be a pseudonym, or {{"{CLEAR}": "<number as text of at most {LONGEST} characters>"}}'
    told_vi = f'phải là mã băm, hoặc {{"{CLEAR}": "<số, dạng chuỗi>"}}'
    raise EventInvalid([about(at, "pattern", HIDDEN, told, told_vi)])
