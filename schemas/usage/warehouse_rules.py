"""The rules that nobody can judge before the warehouse: those written by hand, and those that look a code up.

What a field must satisfy by itself is judged at the source as well (schemas/rules.py), so that rule is left out here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas.contract import Contract
from schemas.rules import RULE_NAMES

CONTRACT, REFERENCE, WARNING = "contract", "reference", "warning"


@dataclass(frozen=True)
class WarehouseRule:
    """A rule of the event's suite. A row that breaks it is kept apart, or only counted when it is a `warning`.

    `reference` is the list that a code must be in: such a row is loaded as soon as the list has the code.
    """

    name: str
    severity: str
    reason_en: str
    reason_vi: str
    reference: str | None = None

    @property
    def is_warning(self) -> bool:
        """Whether the row is loaded all the same."""
        return self.severity == WARNING


def warehouse_rules(folder: Path | None, contract: Contract) -> tuple[WarehouseRule, ...]:
    """Those of `<event>.json` in the folder of suites, in its order; none when there is no such file."""
    path = folder / f"{contract.event}.json" if folder else None
    if path is None or not path.is_file():
        return ()
    judged = set(_judged_at_the_source(contract))
    listed = json.loads(path.read_text(encoding="utf-8"))["expectations"]
    return tuple(
        _rule(each) for each in listed if each["meta"]["origin"] != CONTRACT or each["meta"]["rule"] not in judged
    )


def _rule(expectation: dict[str, Any]) -> WarehouseRule:
    meta = expectation["meta"]
    return WarehouseRule(
        meta["rule"], expectation["severity"], meta["reason_en"], meta["reason_vi"], meta.get(REFERENCE)
    )


def _judged_at_the_source(contract: Contract) -> Iterator[str]:
    """Names of derived rules as expectations/derive.py gives them."""
    for field in contract.fields:
        yield from (f"{field.name}_{rule}" for rule in RULE_NAMES)
    for child in contract.children:
        yield from (f"{child.name}_{field.name}" for field in child.fields)
