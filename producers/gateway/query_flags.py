"""Flags in an address's query, in the words that clients of all languages write; any other word is refused."""

from __future__ import annotations

from collections.abc import Mapping

from producers.gateway.problems import Problem

_WORDS: Mapping[str, bool] = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def flag(query: Mapping[str, str], name: str) -> bool:
    """Whether the flag is set, False when it is absent; raises Problem 400 for a word that says neither."""
    said = query.get(name)
    if said is None:
        return False
    found = _WORDS.get(said.strip().lower())
    if found is None:
        raise Problem(
            400,
            "query",
            f"{name} in the address must be true or false, is {said[:40]!r}.",
            detail_vi=f"{name} trong địa chỉ phải là true hoặc false, đang là {said[:40]!r}.",
        )
    return found
