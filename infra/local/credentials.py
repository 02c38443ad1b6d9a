"""Passwords and keys of the embedded stack: made once, kept in `credentials.json` (mode 0600)."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from infra.local.private_file import write_private


@dataclass(frozen=True, repr=False)
class Credentials:
    """One secret for each user of each part. Names say part first, then user. No value holds a quote, space or `%`."""

    supervisor: str
    postgres: str
    warehouse: str
    dashboard: str
    airflow_database: str
    registry_database: str
    gateway_database: str
    landing_database: str
    registry: str
    registry_reader: str
    kafka_admin: str
    kafka_landing: str
    kafka_publisher: str
    lake_key: str
    lake_secret: str
    airflow_admin: str
    airflow_reviewer: str
    airflow_landing: str
    airflow_fernet_key: str
    airflow_jwt_secret: str
    airflow_secret_key: str
    signing_master: str


def new_secret(name: str) -> str:
    """192 random bits, letters and digits only; a Fernet key has the form that Airflow demands."""
    if name == "airflow_fernet_key":
        return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    return secrets.token_hex(24)


def load_credentials(path: Path) -> Credentials:
    """The kept credentials; missing ones (all, on the first call) are made and kept."""
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    names = [field.name for field in fields(Credentials)]
    credentials = Credentials(**{name: kept.get(name) or new_secret(name) for name in names})
    if asdict(credentials) != kept:
        write_private(path, json.dumps(asdict(credentials), indent=1) + "\n")
    return credentials
