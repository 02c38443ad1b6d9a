"""The stack's key that signs seals: made once, kept in a file of mode 0600."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from consumers.warehouse.sealing.keys import private_pem
from infra.local.private_file import write_private


def ensure_seal_key(path: Path) -> None:
    """Make the key, unless it is there: what it has signed can be proven only with its own public key."""
    if not path.exists():
        write_private(path, private_pem(Ed25519PrivateKey.generate()))
