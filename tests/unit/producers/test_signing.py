from __future__ import annotations

import pytest

from infra.settings import Signer
from producers.signing import signing_as
from schemas.signature import signed_headers


@pytest.mark.parametrize("key", [b"k" * 32, b"", b"long" * 40])
@pytest.mark.parametrize("record_key", [None, b"", b"H22.26"])
def test_the_quick_way_signs_like_the_plain_one(key: bytes, record_key: bytes | None) -> None:
    for value in (b"", b"value", b"x" * 5000):
        told = signing_as(Signer("platform@1", key))("government.dossier_status_changed", record_key, value)
        assert list(told) == signed_headers("platform@1", key, "government.dossier_status_changed", record_key, value)
