"""`Idempotency-Key`: a request that is repeated gives its events the same ids, so that they count once.

The ids follow from client, event, key and body, so that no store is needed for them, and a key that is used again for
another body cannot make its events look like repeats. Such a use is refused as long as the key is remembered.
"""

from __future__ import annotations

import hashlib
import uuid
from collections import OrderedDict

from producers.gateway.bodies.content import Headers
from producers.gateway.problems import Problem

NAMESPACE_OF_IDS = uuid.UUID("0b2f8f0e-8a55-5d7e-9a3e-5f7e2d6c1b47")
LONGEST = 255
_KEYS_KEPT = 50_000


class IdempotencyKeys:
    """The keys of late, for the event loop's thread alone."""

    def __init__(self, kept: int = _KEYS_KEPT) -> None:
        self._kept = kept
        self._bodies: OrderedDict[tuple[str, str, str], bytes] = OrderedDict()

    def seed_of(self, headers: Headers, client: str, topic: str, body: bytes) -> str | None:
        """What the request's event ids are made from; None without a key. Raises Problem 400, 422."""
        key = headers.get(b"idempotency-key")
        if key is None:
            return None
        text = key.decode("latin-1")
        if not text or len(text) > LONGEST or not text.isascii() or not text.isprintable():
            raise _unusable(text)
        digest = hashlib.sha256(body).digest()
        self._remember((client, topic, text), digest)
        return f"{client}\n{topic}\n{text}\n{digest.hex()}"

    def _remember(self, name: tuple[str, str, str], digest: bytes) -> None:
        known = self._bodies.get(name)
        if known is None:
            self._bodies[name] = digest
            if len(self._bodies) > self._kept:
                self._bodies.popitem(last=False)
        elif known != digest:
            detail = "This Idempotency-Key came with another body before: use a new key for a new request."
            detail_vi = "Idempotency-Key này đã đến cùng nội dung khác: dùng khóa mới cho yêu cầu mới."
            raise Problem(422, "idempotency", detail, detail_vi=detail_vi)


def _unusable(key: str) -> Problem:
    if not key:
        found, found_vi = "this one is empty", "khóa này để trống"
    elif len(key) > LONGEST:
        found, found_vi = f"this one has {len(key)}", f"khóa này có {len(key)} ký tự"
    else:
        found, found_vi = "this one has others", "khóa này có ký tự khác"
    return Problem(
        400,
        "idempotency-key",
        f"Send an Idempotency-Key of 1 to {LONGEST} printable ASCII characters, or none; {found}.",
        detail_vi=f"Gửi Idempotency-Key gồm 1 đến {LONGEST} ký tự ASCII in được, hoặc bỏ tiêu đề này; {found_vi}.",
    )


def event_id_for(seed: str, number: int) -> str:
    """The event_id of a request's event, counted from 0, when it has none of its own."""
    return str(uuid.uuid5(NAMESPACE_OF_IDS, f"{seed}\n{number}"))
