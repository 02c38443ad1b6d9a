"""The query of an address: names that mean something there, each once; a misspelt one would be passed over."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from urllib.parse import parse_qsl

from producers.gateway.problems import told_at_once
from schemas.rules import HIDDEN, Violation, show

_SHOWN = 40


def query_of(query: bytes, known: Collection[str]) -> dict[str, str]:
    """The query's values by name; raises Problem 400 for a name that is not among the known, or is there twice."""
    if not query:
        return {}
    found = parse_qsl(query.decode("utf-8", "replace"), keep_blank_values=True)
    names = [name for name, _ in found]
    wrong = [_unknown(name, known) for name in dict.fromkeys(names) if name not in known]
    wrong += [_repeated(name) for name in dict.fromkeys(names) if name in known and names.count(name) > 1]
    if wrong:
        raise told_at_once(400, "query", wrong)
    return dict(found)


def _unknown(name: str, known: Collection[str]) -> Violation:
    said = show(name[:_SHOWN])
    near = get_close_matches(name[:_SHOWN].lower(), known, n=1)
    hint, hint_vi = (f" (did you mean {near[0]}?)", f" (có phải là {near[0]}?)") if near else ("", "")
    listed = ", ".join(sorted(known))
    return Violation(
        field=name[:_SHOWN].encode("utf-8", "replace").decode(),
        rule="unknown_parameter",
        value=HIDDEN,
        message=f"{said} is no parameter of this address, which takes {listed}{hint}",
        message_vi=f"{said} không phải là tham số của địa chỉ này, chỉ có {listed}{hint_vi}",
    )


def _repeated(name: str) -> Violation:
    said, said_vi = "is in the address more than once: give it once", "có nhiều lần trong địa chỉ: chỉ ghi một lần"
    return Violation(name, "repeated_parameter", HIDDEN, f"{name} {said}", f"{name} {said_vi}")
