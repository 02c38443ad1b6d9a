"""A record's signature covers topic, key and value, and each client has a key of its own."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from schemas.signature import client_id, sign, signatures, signed_headers, signing_key_of, verified

KEY = bytes(range(32))


def test_the_bytes_are_those_that_the_documentation_says() -> None:
    signed = b"government.document_sent\x00" + b"\x00\x00\x00\x03" + b"abc" + b"\x00\x00\x00\x00\x07datum"
    assert sign(KEY, "government.document_sent", b"abc", b"\x00\x00\x00\x00\x07datum") == (
        hmac.new(KEY, signed, hashlib.sha256).digest()
    )


def test_the_worked_example_of_the_readme() -> None:
    signature = sign(KEY, "fpt.training_session_held", b"TS-1", bytes.fromhex("000000002a") + b"datum")
    assert signature.hex() == "60880c9537fb161bc4813651458fdc0e1857dfa238220c3fca78f26959f148a4"


@pytest.mark.parametrize(
    ("topic", "key", "value"),
    [("other", b"k", b"v"), ("topic", b"x", b"v"), ("topic", None, b"v"), ("topic", b"k", b"w"), ("topic", b"kv", b"")],
)
def test_a_signature_does_not_fit_another_record(topic: str, key: bytes | None, value: bytes) -> None:
    signature = sign(KEY, "topic", b"k", b"v")
    assert verified(KEY, "topic", b"k", b"v", signature)
    assert not verified(KEY, topic, key, value, signature)


def test_a_byte_cannot_move_from_the_key_to_the_value() -> None:
    assert sign(KEY, "topic", b"key\0", b"value") != sign(KEY, "topic", b"key", b"\0value")


def test_a_record_without_key_or_value_can_be_signed() -> None:
    assert signatures(KEY, "topic", [None, b""], [None, b""]) == [sign(KEY, "topic", b"", b"")] * 2


@pytest.mark.parametrize("signing_key", [KEY, b"", b"k" * 64, b"long" * 40])
def test_many_records_are_signed_like_each_alone(signing_key: bytes) -> None:
    keys = [None, b"", b"H22.26", b"k" * 3000]
    values = [b"", b"value", None, b"v" * 5000]
    pairs = [(key, value) for key in keys for value in values]
    assert signatures(signing_key, "fpt.tên", [key for key, _ in pairs], [value for _, value in pairs]) == [
        sign(signing_key, "fpt.tên", key, value) for key, value in pairs
    ]


def test_each_client_and_version_has_its_own_key() -> None:
    keys = {
        signing_key_of(master, client_id(name, version))
        for master in (b"1", b"2")
        for name in "ab"
        for version in (1, 2)
    }
    assert len(keys) == 8
    assert {len(key) for key in keys} == {32}


def test_headers_are_client_whatever_else_is_given_and_signature() -> None:
    on_behalf_of = ("hg-on-behalf-of", b"b")
    headers = signed_headers("a@1", KEY, "topic", b"k", b"v", [on_behalf_of])
    assert headers == [("hg-client", b"a@1"), on_behalf_of, ("hg-signature", sign(KEY, "topic", b"k", b"v"))]
