"""Keys that a JSON object has twice: readers take the last without a word, and what the sender meant is lost."""

from __future__ import annotations

import json
from typing import Any

import orjson

from schemas.rules import show

_SHOWN = 80


class KeyRepeated(ValueError):
    """An object has a key more than once; the message is the key, quoted."""


def distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of its pairs, for `json.loads(object_pairs_hook=...)`; raises KeyRepeated."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise KeyRepeated(show(next(name for name in names if names.count(name) > 1)[:_SHOWN]))
    return found


def check_keys(body: bytes, value: Any) -> None:
    """Raises KeyRepeated; `value` is what orjson has read from the body.

    A key that was dropped takes its colon with it, so colons are counted: a third of what reading takes. Bodies that
    write a colon as an escape, or nest deeper than orjson writes, are read once more to be sure.
    """
    try:
        same = body.count(b":") == orjson.dumps(value).count(b":")
        if same and b"\\u003a" not in body and b"\\u003A" not in body:
            return
    except orjson.JSONEncodeError:
        pass
    try:
        json.loads(body, object_pairs_hook=distinct)
    except RecursionError:
        return  # no contract is nested so deeply: the codec refuses it
