"""Whose certificate a signature names; nothing is verified here."""

from __future__ import annotations

import base64
import binascii
import re
import warnings
from dataclasses import dataclass

from cryptography import x509

from producers.edxml.element import Element

LONGEST_BASE64 = 20_000
# What certificates issued in Việt Nam carry in their subject: a tax code, or a person's identity number.
_ORGANISATION = re.compile(r"\bMST:", re.IGNORECASE)
_PERSON = re.compile(r"\b(CMND|CCCD|HC):", re.IGNORECASE)


@dataclass(frozen=True)
class Certificate:
    """Issuer (RFC 4514 text), serial number and subject, as the message gives them."""

    issuer: str
    serial: str
    subject: str


def certificate_of(signature: Element) -> Certificate | None:
    """From `X509IssuerSerial`, else from the certificate itself; None when there is neither, or it cannot be read."""
    data = signature.find("KeyInfo", "X509Data")
    if data is None:
        return None
    issuer, serial = (
        data.value("X509IssuerSerial", "X509IssuerName"),
        data.value("X509IssuerSerial", "X509SerialNumber"),
    )
    subject = data.value("X509SubjectName") or ""
    if issuer and serial:
        return Certificate(issuer, serial, subject)
    return _decoded(data.value("X509Certificate") or "", subject)


def is_organisations(certificate: Certificate, organisation: str | None) -> bool:
    """Whether the certificate says that it is an organisation's; one that does not say counts as a person's.

    So a doubtful one never makes a document count as signed by its agency.
    """
    if _PERSON.search(certificate.subject):
        return False
    if _ORGANISATION.search(certificate.subject):
        return True
    names = re.findall(r"(?:^|,)\s*CN\s*=\s*([^,]+)", certificate.subject, re.IGNORECASE)
    return organisation is not None and any(name.strip().casefold() == organisation.casefold() for name in names)


def _decoded(encoded: str, subject: str) -> Certificate | None:
    if not encoded or len(encoded) > LONGEST_BASE64:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of certificates that break rules which do not matter here
            read = x509.load_der_x509_certificate(base64.b64decode("".join(encoded.split()), validate=True))
            found = Certificate(read.issuer.rfc4514_string(), str(read.serial_number), read.subject.rfc4514_string())
    except (binascii.Error, ValueError, TypeError):
        return None
    return Certificate(found.issuer, found.serial, subject or found.subject)
