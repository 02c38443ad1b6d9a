"""Whether a source can be granted: one that no event of the client can have would only be a mistyped one."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from difflib import get_close_matches

from infra.access.clients import ANY
from infra.access.wishes import SourceNotAllowed
from schemas.contract import Contract
from schemas.pattern_beginnings import can_begin
from schemas.reference.lists import agencies

_LISTED = 3


def require_possible(sources: Sequence[str], contracts: Collection[Contract]) -> None:
    """Raises SourceNotAllowed for a source that none of the events can have, with the near ones that they can."""
    for source in sources:
        if contracts and not _is_possible(source, contracts):
            can = f"({_patterns(contracts)}){_hint(source, contracts)}"
            raise SourceNotAllowed(f"{source} can be the source of none of the granted events {can}")


def _is_possible(source: str, contracts: Collection[Contract]) -> bool:
    return any(_fits(source, contract) for contract in contracts)


def _fits(source: str, contract: Contract) -> bool:
    rules = contract.field("source").rules
    if rules.max_length is not None and len(source.removesuffix(ANY)) > rules.max_length:
        return False
    if rules.pattern is None:
        return True
    if source.endswith(ANY):
        return can_begin(rules.pattern, source[:-1])
    return re.fullmatch(rules.pattern, source, re.ASCII) is not None


def _patterns(contracts: Collection[Contract]) -> str:
    """Each pattern with the events that have it."""
    events: dict[str, list[str]] = {}
    for contract in contracts:
        events.setdefault(contract.field("source").rules.pattern or "any text", []).append(contract.event)
    return "; ".join(f"{', '.join(sorted(names))}: {pattern}" for pattern, names in events.items())


def _hint(source: str, contracts: Collection[Contract]) -> str:
    turned = [each for each in (source.upper(), source.lower()) if _is_possible(each, contracts)]
    known = [agency.code for agency in agencies() if _is_possible(agency.code, contracts)]
    near = get_close_matches(source.upper(), known, n=_LISTED, cutoff=0.7)
    names = [each for each in dict.fromkeys(turned or near) if each != source]
    return f"; did you mean {' or '.join(names)}?" if names else ""
