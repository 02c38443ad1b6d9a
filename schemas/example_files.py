"""Examples of each event: `examples/<event>/<name>.accepted.json` and `<field>.<rule>[.<remark>].rejected.json`.

The name of a rejected one is its reason: the field (`lines.quantity` in a list) and the rule it breaks, and it breaks
no other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from schemas.contract import ContractInvalid
from schemas.rules import RULE_NAMES

EXAMPLES_FOLDER = Path(__file__).parent / "examples"
ACCEPTED = ".accepted.json"
REJECTED = ".rejected.json"


@dataclass(frozen=True)
class Example:
    """One example event; a rejected one has the `field` (without list positions) and the `rule` that it breaks."""

    path: Path
    event: str
    name: str
    payload: Any
    field: str | None = None
    rule: str | None = None

    @property
    def accepted(self) -> bool:
        """Whether the contract takes it."""
        return self.rule is None


def load_examples(folder: Path = EXAMPLES_FOLDER) -> Mapping[str, tuple[Example, ...]]:
    """The examples below `folder` by event, in the order of their names; raises ContractInvalid for a misnamed file."""
    found: dict[str, list[Example]] = {}
    for path in sorted(folder.glob("*/*")):
        found.setdefault(path.parent.name, []).append(load_example(path))
    return MappingProxyType({event: tuple(examples) for event, examples in found.items()})


def load_example(path: Path) -> Example:
    """The example in one file; raises ContractInvalid when it is not JSON or its name says neither kind."""
    try:
        payload = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise ContractInvalid(f"{path}: not JSON: {error}") from error
    event = path.parent.name
    if path.name.endswith(ACCEPTED):
        return Example(path, event, path.name.removesuffix(ACCEPTED), payload)
    if path.name.endswith(REJECTED):
        name = path.name.removesuffix(REJECTED)
        field, rule = _reason_in(name, path)
        return Example(path, event, name, payload, field, rule)
    raise ContractInvalid(f"{path}: must end in {ACCEPTED} or {REJECTED}")


def _reason_in(name: str, path: Path) -> tuple[str, str]:
    parts = name.split(".")
    for position, part in enumerate(parts):
        if position and part in RULE_NAMES:
            return ".".join(parts[:position]), part
    raise ContractInvalid(f"{path}: its name must say <field>.<rule>, the rule one of {', '.join(RULE_NAMES)}")
