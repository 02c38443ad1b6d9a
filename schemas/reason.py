"""Why a value is refused, in both languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """The end of a sentence that begins with the field's name."""

    en: str
    vi: str
