"""Certificates for the embedded broker: an authority of the stack's own, and a server's certificate signed by it."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from infra.local.private_file import write_private

_VALID = timedelta(days=825)
_RENEW_BEFORE = timedelta(days=30)


@dataclass(frozen=True)
class Certificates:
    """PEM files: `authority` is for clients, `server` holds the server's key and certificate."""

    authority: Path
    server: Path


def certificates_in(folder: Path) -> Certificates:
    """Where they are kept."""
    return Certificates(folder / "authority.pem", folder / "server.pem")


def ensure_certificates(certificates: Certificates, address: str, now: datetime) -> None:
    """Make both for a server at the IP address, unless they are there and hold for a month yet.

    The authority's key is forgotten at once: nobody can sign a second certificate.
    """
    if certificates.server.exists() and certificates.authority.exists():
        kept = x509.load_pem_x509_certificate(certificates.authority.read_bytes())
        if kept.not_valid_after_utc > now + _RENEW_BEFORE:
            return
    authority_key, server_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer, subject = _name("Hà Giang embedded stack"), _name(address)
    authority = (
        _certificate(issuer, issuer, authority_key, now)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address)), x509.DNSName("localhost")])
    server = _certificate(subject, issuer, server_key, now).add_extension(names, critical=False)
    key = server_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write_private(certificates.server, (key + _pem(server.sign(authority_key, hashes.SHA256()))).decode())
    write_private(certificates.authority, _pem(authority).decode())


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + _VALID)
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
