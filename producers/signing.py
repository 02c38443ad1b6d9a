"""Signs records as one client (schemas/signature.py says how), fast enough for each event of a gateway."""

from __future__ import annotations

from collections.abc import Callable

from infra.settings import Signer as SignerSettings
from producers.records import Headers
from schemas.signature import CLIENT_HEADER, SIGNATURE_HEADER, TopicSigner, topic_signer

Signer = Callable[[str, bytes | None, bytes, Headers], Headers]
"""Gives a record's headers that tell who wrote it, around others that it has; from its topic, key and value."""


def unsigned(_topic: str, _key: bytes | None, _value: bytes, others: Headers) -> Headers:
    """The signer of those who do not sign."""
    return others


def signing_as(signer: SignerSettings) -> Signer:
    """Signs as the client of the settings.

    The signature is the last header, as landing likes it best: what stands before is the same for a client's records.
    """
    client = (CLIENT_HEADER, signer.client.encode())
    signers: dict[str, TopicSigner] = {}

    def sign(topic: str, key: bytes | None, value: bytes, others: Headers) -> Headers:
        of_topic = signers.get(topic) or signers.setdefault(topic, topic_signer(signer.signing_key, topic))
        return (client, *others, (SIGNATURE_HEADER, of_topic(key, value)))

    return sign
