"""API keys: `hg_<id>_<secret>`. The id finds the entry, the hash of the whole key proves it (ADR 0602)."""

from __future__ import annotations

import hashlib
import secrets

_PREFIX = "hg"
_NO_HASH = bytes(32)


def new_api_key() -> str:
    """A key with 256 random bits."""
    return f"{_PREFIX}_{secrets.token_hex(6)}_{secrets.token_hex(32)}"


def key_id_of(api_key: str) -> str | None:
    """The public id of a key; None for what does not look like one."""
    parts = api_key.split("_")
    return parts[1] if len(parts) == 3 and parts[0] == _PREFIX else None


def hash_of(api_key: str) -> bytes:
    """What is kept of a key."""
    return hashlib.sha256(api_key.encode()).digest()


def proves(api_key: str, kept: bytes | None) -> bool:
    """Whether the key has the kept hash, in constant time, also when there is none."""
    same = secrets.compare_digest(hash_of(api_key), kept if kept is not None else _NO_HASH)
    return same and kept is not None
