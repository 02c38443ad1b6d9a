"""Broken forms of a document, the same for the same seed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

Mutation = Callable[[Random, bytes], bytes]

NASTY: Sequence[bytes] = (
    b"",
    b"\x00",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    "ễ".encode() * 50,
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"&lt;",
    b"&#0;",
    b"&#x10FFFF;",
    b"&a;",
    b"<a>" * 40,
    b"</edXML>",
    b'" x="',
    b"9" * 400,
    b"-1",
    b"1e999",
    b"NaN",
    b"null",
    b"true",
    b"[]",
    b"{}",
    b"[" * 3000,
    b'{"a":' * 3000,
    b'"\\ud800"',
    b'"\\u0000"',
    b'""',
    b"20210230250000",
    b"0000",
    b"H22",
)


def mutate(data: bytes, seed: int) -> bytes:
    """The document after one to four changes."""
    rng = Random(seed)
    for _ in range(rng.randint(1, 4)):
        data = rng.choice(MUTATIONS)(rng, data)
    return data


def _flip(rng: Random, data: bytes) -> bytes:
    at = _place(rng, data)
    return data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]


def _insert(rng: Random, data: bytes) -> bytes:
    at = _place(rng, data)
    return data[:at] + rng.choice(NASTY) + data[at:]


def _delete(rng: Random, data: bytes) -> bytes:
    at = _place(rng, data)
    return data[:at] + data[at + rng.randint(1, 40) :]


def _repeat(rng: Random, data: bytes) -> bytes:
    at, size = _place(rng, data), rng.randint(1, 200)
    return data[: at + size] + data[at : at + size] * rng.randint(1, 5) + data[at + size :]


def _cut(rng: Random, data: bytes) -> bytes:
    return data[: _place(rng, data)]


def _replace_between(rng: Random, data: bytes) -> bytes:
    """Put something nasty in the place of a value: what stands between two marks of the format."""
    marks = [at for at, byte in enumerate(data) if byte in b'><"']
    if len(marks) < 2:
        return data
    number = rng.randrange(len(marks) - 1)
    return data[: marks[number] + 1] + rng.choice(NASTY) + data[marks[number + 1] :]


def _swap(rng: Random, data: bytes) -> bytes:
    first, second, third = sorted(_place(rng, data) for _ in range(3))
    return data[:first] + data[second:third] + data[first:second] + data[third:]


def _place(rng: Random, data: bytes) -> int:
    return rng.randrange(len(data) + 1)


# Values are replaced most: other changes are refused by the format itself before an adapter sees them.
MUTATIONS: Sequence[Mutation] = (_flip, _insert, _delete, _repeat, _cut, _swap, *[_replace_between] * 6)
