"""Recognises pseudonyms in bytes by their traces, without knowing the pseudonyms."""

from __future__ import annotations

import hashlib
import re

Traces = frozenset[str]

# In a datum a text of 64 bytes stands behind its length, so that one look at each is enough.
_IN_DATUMS = re.compile(rb"\x80\x01([0-9A-Fa-f]{64})")
_ANYWHERE = re.compile(rb"(?=([0-9A-Fa-f]{64}))")


def trace_of(pseudonym: str) -> str:
    """SHA-256 in hexadecimal of the pseudonym in small letters; its 248 secret bits cannot be guessed."""
    return hashlib.sha256(pseudonym.lower().encode()).hexdigest()


def in_datums(data: bytes, traces: Traces) -> bool:
    """Whether Avro datums hold one of these pseudonyms as a text of its own."""
    return _found(_IN_DATUMS, data, traces)


def anywhere(data: bytes, traces: Traces) -> bool:
    """Whether bytes of any kind hold one of these pseudonyms; slower."""
    return _found(_ANYWHERE, data, traces)


def _found(pattern: re.Pattern[bytes], data: bytes, traces: Traces) -> bool:
    return any(hashlib.sha256(match[1].lower()).hexdigest() in traces for match in pattern.finditer(data))
