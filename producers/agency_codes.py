"""Codes of agencies in the two orders that are in use."""

from __future__ import annotations

import re

_NEW = re.compile(r"[A-Z]\d{2}(\.\d{1,3}){0,3}", re.ASCII)
_OLD = re.compile(r"(\d{3})\.(\d{2})\.(\d{2})\.([A-Z]\d{2})", re.ASCII)


def canonical_agency_code(code: str) -> str | None:
    """The code in the order of Decision 20/2020 (`H22.05`), from either order; None when it is in neither.

    QCVN 102:2016 wrote the highest level last and filled with zeros: `000.00.05.H22` is `H22.05`.
    """
    if _NEW.fullmatch(code):
        return code
    found = _OLD.fullmatch(code)
    if found is None:
        return None
    levels = [found[4], found[3], found[2], found[1]]
    while not levels[-1].strip("0"):
        levels.pop()
    return ".".join(levels)
