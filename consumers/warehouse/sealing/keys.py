"""The key that signs seals: an Ed25519 key in a PEM file of its own."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from infra.errors import OperatorError

_KEY_ID_DIGITS = 16


class SealKeyMissing(OperatorError):
    """The key that signs seals is missing or unreadable: `hagiang up` makes it; in production set SEAL_KEY."""


class SealKeyOpenToOthers(OperatorError):
    """Others may read the key that signs seals: set the file's mode to 0600."""


class PublicKeyUnreadable(OperatorError):
    """The file holds no Ed25519 public key in PEM: `hagiang receipt --public-key` prints the platform's."""


def load_private_key(path: Path) -> Ed25519PrivateKey:
    """The key that signs; raises SealKeyMissing, SealKeyOpenToOthers."""
    try:
        if path.stat().st_mode & 0o077:
            raise SealKeyOpenToOthers(str(path))
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SealKeyMissing(f"{path}: {type(error).__name__}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SealKeyMissing(f"{path} holds another kind of key")
    return key


def load_public_key(path: Path) -> Ed25519PublicKey:
    """The key that proves; raises PublicKeyUnreadable."""
    try:
        key = serialization.load_pem_public_key(path.read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise PublicKeyUnreadable(f"{path}: {type(error).__name__}") from error
    if not isinstance(key, Ed25519PublicKey):
        raise PublicKeyUnreadable(f"{path} holds another kind of key")
    return key


def private_pem(key: Ed25519PrivateKey) -> str:
    """How the private key is kept."""
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return key.private_bytes(encoding, form, serialization.NoEncryption()).decode()


def public_pem(key: Ed25519PublicKey) -> str:
    """How the public key is given away."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.PEM, form).decode()


def key_id_of(key: Ed25519PublicKey) -> str:
    """The first 16 hexadecimal digits of SHA-256 over the key's 32 bytes."""
    return sha256(key.public_bytes_raw()).hexdigest()[:_KEY_ID_DIGITS]
