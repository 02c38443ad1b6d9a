"""Digital signatures of documents: those that make a document signed, and those that do not."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

Signature = tuple[str, str]
"""Whose it is (organisation or personal) and what its check said."""

INVALID = ("invalid", "revoked", "expired")


def valid_signatures(rng: Random) -> list[Signature]:
    """A valid one of the organisation, with or without one of a person before it."""
    organisation = [("organisation", "valid")]
    return [("personal", "valid"), *organisation] if rng.random() < 0.4 else organisation


def other_signatures(rng: Random) -> list[Signature]:
    """None, only a person's, or one of the organisation that is not valid or was not checked."""
    chance = rng.random()
    if chance < 0.6:
        return []
    if chance < 0.8:
        return [("personal", "valid")]
    return [("organisation", rng.choice(INVALID) if chance < 0.9 else "unknown")]


def dated(rng: Random, signature: Signature, signer: str, sent_at: datetime) -> dict[str, Any]:
    """The signature made shortly before the document was sent; one that was checked was checked on arrival."""
    kind, validity = signature
    return {
        "file_sha256": rng.randbytes(32).hex(),
        "kind": kind,
        "signer_agency_code": signer,
        "certificate_pseudonym": rng.randbytes(32).hex(),
        "signed_at": sent_at - timedelta(minutes=rng.randint(2, 90)),
        "validity": validity,
        "checked_at": None if validity == "unknown" else sent_at + timedelta(seconds=rng.randint(1, 60)),
    }
