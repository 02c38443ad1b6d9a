"""Who wrote each record of a batch, as its headers say; not yet proven."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from consumers.landing.raw_headers import parse_headers
from schemas.signature import CLIENT_HEADER, ON_BEHALF_HEADER, SIGNATURE_BYTES, SIGNATURE_HEADER

_CLIENT, _SIGNATURE, _ON_BEHALF = CLIENT_HEADER.encode(), SIGNATURE_HEADER.encode(), ON_BEHALF_HEADER.encode()
# Name and value's size of a signature that is the last header, as on the wire.
_SIGNATURE_LAST = bytes((2 * len(_SIGNATURE),)) + _SIGNATURE + bytes((2 * SIGNATURE_BYTES,))


@dataclass(frozen=True)
class Claim:
    """A client's name, the version of its signing key, and for whom it says it writes."""

    name: str
    version: int
    on_behalf_of: str

    @property
    def client(self) -> str:
        """As in the header."""
        return f"{self.name}@{self.version}"


@dataclass(frozen=True)
class Claimed:
    """Places of the records that make a claim, in order, with their signatures."""

    rows: Sequence[int]
    signatures: Sequence[bytes]


def claims_of(headers: Sequence[bytes]) -> tuple[Mapping[Claim, Claimed], Sequence[int]]:
    """The records by their claim, and the places of those that make none.

    Records of one client begin alike up to the signature, if that is the last header; so few headers are looked into.
    """
    beginnings = [raw[:-SIGNATURE_BYTES] for raw in headers]
    if len(set(beginnings)) == 1 and (claim := _claim_of_beginning(beginnings[0])):
        return {claim: Claimed(range(len(headers)), [raw[-SIGNATURE_BYTES:] for raw in headers])}, ()
    known = {beginning: _claim_of_beginning(beginning) for beginning in set(beginnings)}
    found: defaultdict[Claim, tuple[list[int], list[bytes]]] = defaultdict(lambda: ([], []))
    unclaimed = []
    for row, (raw, beginning) in enumerate(zip(headers, beginnings, strict=True)):
        claim, signature = known[beginning], raw[-SIGNATURE_BYTES:]
        if claim is None:
            claim, signature = _claim_of(raw)
        if claim is None:
            unclaimed.append(row)
        else:
            found[claim][0].append(row)
            found[claim][1].append(signature)
    return {claim: Claimed(*records) for claim, records in found.items()}, unclaimed


def _claim_of_beginning(beginning: bytes) -> Claim | None:
    """The claim of headers that go on with nothing but a signature; None for any others."""
    return _claim_of(beginning + bytes(SIGNATURE_BYTES))[0] if beginning.endswith(_SIGNATURE_LAST) else None


def _claim_of(raw: bytes) -> tuple[Claim | None, bytes]:
    headers = parse_headers(raw) or {}
    client, signature = headers.get(_CLIENT), headers.get(_SIGNATURE)
    if client is None or signature is None:
        return None, b""
    name, _, version = client.decode(errors="replace").rpartition("@")
    on_behalf_of = (headers.get(_ON_BEHALF) or b"").decode(errors="replace")
    number = int(version) if version.isascii() and version.isdigit() and len(version) < _VERSION_DIGITS else 0
    return Claim(name or version, number, on_behalf_of), signature


_VERSION_DIGITS = 9
