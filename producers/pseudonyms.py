"""Keyed pseudonyms: what stands in a topic for a person's or household's number.

A pseudonym has 64 hexadecimal digits: two for the version of the key, then the first 62 of HMAC-SHA256 over the
number's canonical form. Each purpose has keys of its own, so that pseudonyms of different purposes cannot be joined.
The keys stand in a file of mode 0600: `{"household": {"1": "<64 hex digits>"}}`; the highest version makes new ones.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from infra.errors import OperatorError
from schemas.contract import Contract
from schemas.pseudonym_fields import SUFFIX, is_pseudonym

log = logging.getLogger(__name__)

LAST_VERSION = 0xFF

# Fields that stand for the same kind of number share a purpose, so that one household is one pseudonym everywhere;
# any other field is a purpose of its own.
_SHARED = {"seller_pseudonym": "household", "producer_pseudonym": "household"}


class PseudonymKeysMissing(OperatorError):
    """The file of pseudonym keys is missing or unreadable: `hagiang up` makes it; in production set PSEUDONYM_KEYS."""


class KeysOpenToOthers(OperatorError):
    """Others may read the file of pseudonym keys: set its mode to 0600."""


class VersionsUsedUp(OperatorError):
    """A purpose has had 255 keys, as many as a pseudonym can name: use a new purpose, thus a new field."""


class Pseudonyms(Protocol):
    """Whoever makes pseudonyms."""

    def pseudonym(self, purpose: str, number: str, version: int | None = None) -> str:
        """The pseudonym of a number, by the newest key or that of a version; raises PseudonymKeysMissing."""


@dataclass(frozen=True, repr=False)
class PseudonymKeys:
    """Keys by purpose and version; its repr shows none of them."""

    of_purpose: Mapping[str, Mapping[int, bytes]]

    def pseudonym(self, purpose: str, number: str, version: int | None = None) -> str:
        """The pseudonym of a number, by the newest key or that of a version; raises PseudonymKeysMissing."""
        keys = self.of_purpose.get(purpose, {})
        chosen = max(keys, default=0) if version is None else version
        if chosen not in keys:
            raise PseudonymKeysMissing(f"no key of the purpose {purpose}")
        digest = hmac.new(keys[chosen], canonical(number).encode(), hashlib.sha256).hexdigest()
        return f"{chosen:02x}{digest[:62]}"


class FollowedKeys:
    """The keys of a file as they are now: a key that was rotated is taken up at the next number.

    A file that cannot be used any more leaves the keys as last known. Safe to share between threads.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._keys = load_keys(path)
        self._seen = _mark_of(path)

    def pseudonym(self, purpose: str, number: str, version: int | None = None) -> str:
        """See PseudonymKeys."""
        mark = _mark_of(self._path)
        if mark != self._seen:
            self._read(mark)
        return self._keys.pseudonym(purpose, number, version)

    def _read(self, mark: tuple[int, int] | None) -> None:
        self._seen = mark
        try:
            self._keys = load_keys(self._path)
        except OperatorError as error:
            log.error("Pseudonym keys stay as they were", extra={"action": "keys_unusable", "found": str(error)})  # noqa: TRY400


def _mark_of(path: Path) -> tuple[int, int] | None:
    """What changes when the file is replaced; None while there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns


def canonical(number: str) -> str:
    """One form of a number however it was typed: NFKC, capitals, without spaces, dots, dashes and slashes."""
    text = unicodedata.normalize("NFKC", number).upper()
    return "".join(character for character in text if character not in " .-/\t\u00a0")


def purpose_of(field: str) -> str:
    """The purpose of a field's pseudonyms."""
    return _SHARED.get(field, field.removesuffix(SUFFIX))


def purposes_of(contracts: Iterable[Contract]) -> set[str]:
    """Every purpose that the contracts need a key for."""
    fields = [
        field for each in contracts for fields in (each.fields, *(c.fields for c in each.children)) for field in fields
    ]
    return {purpose_of(field.name) for field in fields if is_pseudonym(field)}


def load_keys(path: Path) -> PseudonymKeys:
    """The keys in the file; raises PseudonymKeysMissing, KeysOpenToOthers."""
    try:
        if path.stat().st_mode & 0o077:
            raise KeysOpenToOthers(str(path))
        told = json.loads(path.read_text(encoding="utf-8"))
        return PseudonymKeys({p: {int(v): bytes.fromhex(key) for v, key in keys.items()} for p, keys in told.items()})
    except (OSError, ValueError, AttributeError) as error:
        raise PseudonymKeysMissing(f"{path}: {type(error).__name__}") from error


def ensure_keys(path: Path, purposes: Iterable[str]) -> PseudonymKeys:
    """The keys in the file, with a first key for each of the purposes that had none."""
    keys = load_keys(path) if path.exists() else PseudonymKeys({})
    missing = sorted(set(purposes) - set(keys.of_purpose))
    if missing or not path.exists():
        keys = PseudonymKeys({**keys.of_purpose, **{purpose: {1: secrets.token_bytes(32)} for purpose in missing}})
        _write(path, keys)
    return keys


def rotate_key(path: Path, purpose: str) -> int:
    """Give the purpose a new key and return its version; raises PseudonymKeysMissing, VersionsUsedUp.

    The same number has another pseudonym from then on; the earlier keys stay, so that a person's earlier pseudonyms
    can still be computed when he asks what is kept about him.
    """
    keys = load_keys(path)
    if purpose not in keys.of_purpose:
        raise PseudonymKeysMissing(f"{path} has no purpose {purpose}; there are {', '.join(sorted(keys.of_purpose))}")
    version = max(keys.of_purpose[purpose]) + 1
    if version > LAST_VERSION:
        raise VersionsUsedUp(purpose)
    grown = {**keys.of_purpose[purpose], version: secrets.token_bytes(32)}
    _write(path, PseudonymKeys({**keys.of_purpose, purpose: grown}))
    return version


def _write(path: Path, keys: PseudonymKeys) -> None:
    told = {p: {str(v): key.hex() for v, key in versions.items()} for p, versions in keys.of_purpose.items()}
    draft = path.with_suffix(".draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(told, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
