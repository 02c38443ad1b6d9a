"""An event's fields by their paths, and what of them a change takes away from their readers."""

from __future__ import annotations

from schemas.compatibility import changes
from schemas.contract import Contract


def field_paths(contract: Contract) -> list[str]:
    """`status` for a flat field, `lines` for a list, `lines.quantity` for a field of its records."""
    lists = [[child.name, *(f"{child.name}.{field.name}" for field in child.fields)] for child in contract.children]
    return [*(field.name for field in contract.fields), *(path for paths in lists for path in paths)]


def paths_lost(old: Contract, new: Contract) -> list[str]:
    """Fields that readers of `old` cannot read in `new` as before: gone, or changed in a way that breaks."""
    kept = set(field_paths(new))
    gone = [path for path in field_paths(old) if path not in kept]
    changed = [each.where for each in changes(old.schema, new.schema) if each.breaking and each.where in kept]
    return list(dict.fromkeys([*gone, *changed]))
