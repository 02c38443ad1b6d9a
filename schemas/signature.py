"""Record signatures: they tell who wrote a Kafka record, which the broker does not.

A writer puts two headers on each record. `hg-client` is its name and the version of its signing key, as in
`so-cong-thuong@1`. `hg-signature` is HMAC-SHA256 with that key, raw 32 bytes, over

    topic (UTF-8) · one zero byte · length of the record's key (4 bytes, big-endian) · key · value

The length keeps a byte of the key from being taken for one of the value. A record without key is signed like one with
an empty key, one without value like one with an empty value. Headers may stand in any order; landing is quickest when
the signature is the last.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from collections.abc import Iterable, Sequence

CLIENT_HEADER = "hg-client"
SIGNATURE_HEADER = "hg-signature"
ON_BEHALF_HEADER = "hg-on-behalf-of"
SIGNATURE_BYTES = 32

_LENGTH = struct.Struct(">I")

Header = tuple[str, bytes]


def sign(signing_key: bytes, topic: str, key: bytes | None, value: bytes | None) -> bytes:
    """The 32 bytes of the header `hg-signature`."""
    return signatures(signing_key, topic, [key], [value])[0]


def verified(signing_key: bytes, topic: str, key: bytes | None, value: bytes | None, signature: bytes) -> bool:
    """Whether the signature is the right one, compared in constant time."""
    return hmac.compare_digest(sign(signing_key, topic, key, value), signature)


def signatures(
    signing_key: bytes, topic: str, keys: Iterable[bytes | None], values: Iterable[bytes | None]
) -> list[bytes]:
    """The signatures of many records of one topic and one client."""
    digest, join, length, start = hmac.digest, b"".join, _LENGTH.pack, f"{topic}\0".encode()
    return [
        digest(signing_key, join((start, length(len(key or b"")), key or b"", value or b"")), hashlib.sha256)
        for key, value in zip(keys, values, strict=True)
    ]


def signed_headers(
    client: str, signing_key: bytes, topic: str, key: bytes | None, value: bytes | None, headers: Sequence[Header] = ()
) -> list[Header]:
    """The headers of a signed record: the client (name@version), then the given ones, then the signature."""
    signature = sign(signing_key, topic, key, value)
    return [(CLIENT_HEADER, client.encode()), *headers, (SIGNATURE_HEADER, signature)]


def client_id(name: str, version: int) -> str:
    """The value of the header `hg-client`."""
    return f"{name}@{version}"


def signing_key_of(master: bytes, client: str) -> bytes:
    """A client's signing key: HMAC-SHA256 of its name@version with the platform's master secret."""
    return hmac.digest(master, b"hagiang signing key\0" + client.encode(), hashlib.sha256)
