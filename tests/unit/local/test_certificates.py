"""The embedded broker's certificates."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509

from infra.local.certificates import certificates_in, ensure_certificates

NOW = datetime(2026, 11, 25, tzinfo=UTC)


def test_they_stay_until_a_month_before_their_end(tmp_path: Path) -> None:
    kept = certificates_in(tmp_path)
    ensure_certificates(kept, "127.0.0.1", NOW)
    before = kept.server.read_bytes(), kept.authority.read_bytes()
    ensure_certificates(kept, "127.0.0.1", NOW + timedelta(days=700))
    assert (kept.server.read_bytes(), kept.authority.read_bytes()) == before
    ensure_certificates(kept, "127.0.0.1", NOW + timedelta(days=800))
    assert kept.authority.read_bytes() != before[1]


def test_the_server_is_signed_by_the_authority_and_its_key_is_private(tmp_path: Path) -> None:
    kept = certificates_in(tmp_path)
    ensure_certificates(kept, "127.0.0.1", NOW)
    server, authority = (x509.load_pem_x509_certificate(path.read_bytes()) for path in (kept.server, kept.authority))
    server.verify_directly_issued_by(authority)
    assert stat.S_IMODE(kept.server.stat().st_mode) == 0o600
    assert b"PRIVATE KEY" not in kept.authority.read_bytes()
