from __future__ import annotations

import pytest

from infra.settings import Signer
from producers.signing import signing_as
from schemas.signature import signed_headers

TOPIC = "government.dossier_status_changed"


@pytest.mark.parametrize("others", [(), (("hg-on-behalf-of", b"so-mot"), ("n", b""))])
@pytest.mark.parametrize("record_key", [None, b"", b"H22.26"])
def test_a_producer_signs_as_landing_likes_it_best(
    record_key: bytes | None, others: tuple[tuple[str, bytes], ...]
) -> None:
    key = b"k" * 32
    sign = signing_as(Signer("platform@1", key))
    for topic in (TOPIC, "fpt.other", TOPIC):
        told = sign(topic, record_key, b"value", others)
        assert list(told) == signed_headers("platform@1", key, topic, record_key, b"value", others)
